# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A wait that is stopped stops at once: no request follows, and no process is left."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest
from playbook import TOLERANT, asked, until, wait

SOON = 3  # seconds

pytestmark = pytest.mark.skipif(not Path('/proc/self/environ').exists(), reason='needs /proc to find processes')


def interrupted(process):
    """What Ctrl-C does: the terminal signals the whole group."""
    os.killpg(process.pid, signal.SIGINT)


def terminated(process):
    os.kill(process.pid, signal.SIGTERM)


def killed(process):
    """ansible-playbook goes without a word to its worker."""
    os.kill(process.pid, signal.SIGKILL)


@pytest.fixture(params=['pause', 'request'])
def report(request, sandbox):
    """A report that is never ready, met in the pause between two looks or in a request that takes long."""
    report = sandbox.add_report('2026-10', seconds=3600)
    if request.param == 'request':
        sandbox.trouble(path=report, delay=120, times=0)
    return report


@pytest.mark.clock
@pytest.mark.kills
@pytest.mark.parametrize('stop', [interrupted, terminated, killed])
def test_from_outside(sandbox, controller, report, stop):
    process = controller.start(['ansible-playbook', controller.write([wait('waited', id=report, poll_interval=SOON - 1)])])
    assert until(lambda: asked(sandbox, report), seconds=20)
    stopped = time.monotonic()
    stop(process)
    assert until(lambda: process.poll() is not None and not controller.processes(), seconds=SOON), controller.processes()
    assert time.monotonic() - stopped <= SOON
    stdout, stderr = process.communicate()
    assert process.returncode != 0
    assert 'Traceback' not in stdout + stderr
    assert len(asked(sandbox, report)) <= 2  # of those that the pace would allow in the meantime
    assert [path for path in controller.home.rglob('*') if path.is_file()] == [], 'a temporary file; empty folders and sockets are left by core'


@pytest.mark.clock
@pytest.mark.kills
def test_by_the_task_keyword_timeout(sandbox, controller, report):
    outcome = controller.play([
        wait('waited', id=report, poll_interval=0.4) | TOLERANT | {'timeout': 1},
        {'ansible.builtin.debug': {'msg': 'the play goes on'}},
    ])
    assert outcome.code == 0, outcome.stdout
    assert 'the play goes on' in outcome.stdout
    assert outcome['waited']['failed'] is True
    assert 'Traceback' not in outcome.stdout + outcome.stderr
    looks = [request['seconds'] for request in asked(sandbox, report)]
    assert looks[-1] - looks[0] < 1 + 1
    assert controller.processes() == []


@pytest.mark.clock
def test_the_end_of_a_run_leaves_nothing(sandbox, controller):
    report = sandbox.add_report('2026-10', seconds=3600)
    sandbox.trouble(path=report, delay=120, times=0)
    outcome = controller.play([wait('late', id=report, wait_timeout=0, request_timeout=0.5) | TOLERANT])
    assert outcome['late']['timed_out'] is True
    assert until(lambda: not controller.processes(), seconds=1), controller.processes()
