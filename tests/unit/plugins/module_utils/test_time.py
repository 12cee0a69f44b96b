# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Real time waits and looks up while it does; the fake one of the tests has the same interface."""

from __future__ import annotations

import inspect
import threading

import pytest
from ansible_collections.webex_partner.billing.plugins.module_utils import _time
from ansible_collections.webex_partner.billing.plugins.module_utils._time import Time
from ansible_collections.webex_partner.billing.tests.unit.fake_time import FakeTime


class Stop(BaseException):
    """What a signal handler or a pulse raises."""


def stop():
    raise Stop


def test_the_fake_has_every_part_of_the_real_one():
    parts = {name for name in dir(Time()) if not name.startswith('_')}
    assert parts <= set(dir(FakeTime()))
    for name in parts - {'pulses'}:
        assert str(inspect.signature(getattr(FakeTime, name))) == str(inspect.signature(getattr(Time, name)))


def test_a_sleep_lasts_as_long_as_asked():
    time = Time()
    start = time.clock()
    time.sleep(0.05)
    assert 0.05 <= time.clock() - start < 0.5


@pytest.mark.parametrize('seconds', [0, -1])
def test_a_sleep_of_nothing_returns_at_once(seconds):
    time = Time()
    start = time.clock()
    time.sleep(seconds)
    assert time.clock() - start < 0.05


def test_a_wait_ends_with_its_event():
    time, event = Time(), threading.Event()
    threading.Timer(0.02, event.set).start()
    start = time.clock()
    assert time.wait(event, 30) is True
    assert time.clock() - start < 1


def test_a_wait_that_is_in_vain_says_so():
    assert Time().wait(threading.Event(), 0.02) is False


def test_pulses_beat_during_a_long_pause(monkeypatch):
    monkeypatch.setattr(_time, 'SLICE', 0.01)
    time, beats = Time(), []
    time.pulses.append(lambda: beats.append(1))
    time.sleep(0.08)
    assert 3 <= len(beats) <= 9


@pytest.mark.parametrize('pause', [
    pytest.param(lambda time: time.sleep(30), id='a sleep'),
    pytest.param(lambda time: time.wait(threading.Event(), 30), id='a wait'),
])
def test_a_pulse_ends_a_pause_at_once(monkeypatch, pause):
    monkeypatch.setattr(_time, 'SLICE', 0.01)
    time = Time()
    time.pulses.append(stop)
    start = time.clock()
    with pytest.raises(Stop):
        pause(time)
    assert time.clock() - start < 1


def test_dice_and_clocks():
    time = Time()
    assert all(0 <= time.random() < 1 for _throw in range(100))
    assert time.clock() <= time.clock()
    assert time.now() > 1767225600
