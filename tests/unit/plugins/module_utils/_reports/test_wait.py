# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""When a wait looks, and when it stops; hours of it in no time."""

from __future__ import annotations

import itertools

import pytest
from ansible_collections.webex_partner.billing.plugins.module_utils._errors import WaitTimeout
from ansible_collections.webex_partner.billing.tests.unit.reporting import a_report
from ansible_collections.webex_partner.billing.tests.unit.waiting import EndsAfter, Script, Told, wait_of

NEVER = float('inf')


def timed_out(time, wait, watched):
    with pytest.raises(WaitTimeout) as caught:
        wait.until_ended(watched)
    assert wait.timed_out is True and caught.value.kind == 'wait_timeout'
    return str(caught.value)


@pytest.mark.parametrize('dice', [0, 0.5, 0.999])
@pytest.mark.parametrize('seconds', [0, 0.1, 1, 4.9, 5, 5.1, 12, 17.3, 49, 50, 51, 77, 100, 333, 599, 600, 601, 1234, 2999, 3500])
def test_a_report_is_noticed_a_tenth_late_at_most(time, dice, seconds):
    time.dice = dice
    wait, watched = wait_of(time), EndsAfter(time, seconds)
    wait.until_ended(watched)
    assert 0 <= wait.elapsed - seconds <= max(5, seconds / 10) + 1e-9
    assert wait.polls == len(watched.looks) and wait.timed_out is False


@pytest.mark.parametrize('poll_interval', [0, 0.5, 1, 20, 60])
@pytest.mark.parametrize('seconds', [3, 45, 700])
def test_the_bound_follows_poll_interval(time, poll_interval, seconds):
    wait = wait_of(time, poll_interval=poll_interval)
    wait.until_ended(EndsAfter(time, seconds))
    assert wait.elapsed - seconds <= max(poll_interval, seconds / 10) + 1e-9


@pytest.mark.parametrize('dice', [0, 0.999])
def test_pauses_begin_with_poll_interval_grow_with_the_time_waited_and_stop_growing(time, dice):
    time.dice = dice
    watched = EndsAfter(time, NEVER)
    timed_out(time, wait_of(time, timeout=3600), watched)
    pauses = time.pauses
    assert watched.looks[0] == 0 and pauses[0] == 5
    assert pauses[:-1] == sorted(pauses[:-1])
    assert max(pauses) <= 60
    for elapsed, pause in zip(watched.looks, pauses[:-1]):
        if 60 <= elapsed <= 600:
            assert 0.09 * elapsed - 1e-9 <= pause <= 0.1 * elapsed + 1e-9
    assert pauses[-2] == 60
    assert len(watched.looks) < 100, 'an hour costs few looks'


def test_jitter_pulls_waits_apart(time):
    looks = set()
    for dice in (0, 0.5, 0.9):
        time.dice = dice
        watched = EndsAfter(time, 300)
        wait_of(time).until_ended(watched)
        looks.add(watched.looks[-1])
    assert len(looks) == 3


@pytest.mark.parametrize(('poll_interval', 'max_poll_interval', 'longest'), [(5, 7, 7), (30, 10, 10), (1, 1, 1)])
def test_the_ceiling_is_a_ceiling(time, poll_interval, max_poll_interval, longest):
    watched = EndsAfter(time, NEVER)
    timed_out(time, wait_of(time, timeout=600, poll_interval=poll_interval, max_poll_interval=max_poll_interval), watched)
    assert max(time.pauses) == longest


@pytest.mark.parametrize('intervals', [(0, 60), (0, 0), (5, 0)], ids=str)
def test_intervals_of_zero_do_not_hammer(time, intervals):
    watched = Script(time, itertools.repeat(False, 1000))
    timed_out(time, wait_of(time, timeout=10, poll_interval=intervals[0], max_poll_interval=intervals[1]), watched)
    assert len(watched.looks) <= 102


@pytest.mark.parametrize('timeout', [0.01, 1, 5, 7, 12.5, 60, 61, 600, 3600])
def test_the_last_pause_is_cut_and_the_last_look_is_at_the_deadline(time, timeout):
    wait, watched = wait_of(time, timeout=timeout), EndsAfter(time, NEVER)
    timed_out(time, wait, watched)
    assert watched.looks[-1] == pytest.approx(timeout)
    assert wait.elapsed == pytest.approx(timeout)
    assert watched.looks.count(watched.looks[-1]) == 1, 'one last look, not two'


def test_a_report_that_ends_with_the_deadline_is_a_success(time):
    wait = wait_of(time, timeout=7)
    wait.until_ended(EndsAfter(time, 7))
    assert wait.elapsed == 7 and wait.timed_out is False


def test_one_that_ends_just_after_it_is_not(time):
    timed_out(time, wait_of(time, timeout=7), EndsAfter(time, 7.001))


@pytest.mark.parametrize(('steps', 'ended'), [([True], True), ([False], False)], ids=['ready', 'not ready'])
def test_a_timeout_of_zero_is_one_look(time, steps, ended):
    wait, watched = wait_of(time, timeout=0), Script(time, steps)
    if ended:
        wait.until_ended(watched)
    else:
        assert 'abc' in timed_out(time, wait, watched)
    assert (wait.polls, time.pauses) == (1, [])


def test_what_has_ended_already_costs_one_look_and_no_pause(time):
    wait = wait_of(time)
    wait.until_ended(Script(time, [True]))
    assert (wait.polls, wait.elapsed, time.pauses) == (1, 0, [])


@pytest.mark.parametrize('takes', [3, 30, 300])
def test_slow_looks_do_not_add_up_beyond_the_deadline(time, takes):
    watched = EndsAfter(time, NEVER, takes=takes)
    timed_out(time, wait_of(time, timeout=100), watched)
    assert watched.looks[-1] <= 100 + takes
    assert sum(look >= 100 for look in watched.looks) == 1


@pytest.mark.parametrize('status', ['IN_PROGRESS', 'REQUESTED', None])
def test_a_timeout_says_id_month_status_and_time(time, status):
    told = Told(time, a_report('abc', '2026-10', status))
    sentence = timed_out(time, wait_of(time, told, timeout=30), EndsAfter(time, NEVER))
    assert 'abc' in sentence and '2026-10' in sentence and '30 s' in sentence
    assert status is None or status in sentence
    assert 'error' not in sentence and 'None' not in sentence


def test_elapsed_runs_from_the_start(time):
    wait = wait_of(time)
    time.advance(12.5)
    assert wait.elapsed == 12.5
