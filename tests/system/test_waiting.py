# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How soon an end is noticed, at what cost, and what an operator sees meanwhile."""

from __future__ import annotations

import os
import pty
import time
from datetime import datetime

import pytest
from playbook import asked, connection, end_later, wait
from runner import run

REQUEST = 0.6  # seconds that a look may take on a busy machine


def shortened(report):
    """Return what a progress line shows of an ID."""
    return f'…{report[-8:]}'


def on_a_terminal(controller, tasks, env=None):
    """Run tasks on a terminal, and return the lines with the moment each appeared."""
    master, slave = pty.openpty()
    process = controller.start(['ansible-playbook', controller.write(tasks)], env=env, stdout=slave, stderr=slave)
    os.close(slave)
    lines, rest = [], b''
    while chunk := _read(master):
        *whole, rest = (rest + chunk).split(b'\n')
        lines += [(time.monotonic(), line.decode().strip()) for line in whole]
    os.close(master)
    return lines, controller.finish(process)


def _read(terminal):
    try:
        return os.read(terminal, 4096)
    except OSError:
        return b''  # the last process has closed its end


@pytest.mark.clock
def test_an_end_is_noticed_a_tenth_late_at_most(sandbox, controller):
    seconds, interval, beat = 8, 0.25, 2
    report = sandbox.add_report('2026-10', seconds=3600)
    end_later(sandbox, report, seconds)
    lines, outcome = on_a_terminal(controller, [wait('waited', id=report, poll_interval=interval, heartbeat_interval=beat)])
    assert outcome.code == 0, lines
    told = [(moment, line) for moment, line in lines if shortened(report) in line]

    (begun, _first), (noticed, last) = told[0], told[-1]
    assert 'COMPLETED' in last
    assert seconds - REQUEST <= noticed - begun <= seconds + max(interval, seconds / 10) + REQUEST

    polls = outcome['waited']['polls']
    assert polls == len(asked(sandbox, report))
    assert polls < 0.9 * seconds / interval, 'the pause grows'

    *signs, _end = [moment for moment, _line in told]
    gaps = [later - earlier for earlier, later in zip(signs, signs[1:])]
    assert len(gaps) in (2, 3, 4), told
    assert all(beat - 0.1 <= gap <= beat + 1.2 for gap in gaps), 'each as it happens'
    assert all('IN_PROGRESS' in line for _moment, line in told[:-1])


def test_many_reports_cost_one_list_a_round(sandbox, play):
    reports = [sandbox.add_report('2026-10', seconds=number / 8) for number in range(20)] + [sandbox.add_report('2026-09', seconds=3600)]
    end_later(sandbox, reports[-1], 3)
    outcome = play([wait('many', ids=reports, poll_interval=0.4)])
    assert outcome.code == 0, outcome.stdout
    many = outcome['many']
    assert [report['id'] for report in many['reports']] == reports
    assert {report['status'] for report in many['reports']} == {'COMPLETED'}
    assert all(report['temp_download_url'] for report in many['reports'])
    lists = [request for request in sandbox.requests if request['target'].endswith('/reports')]
    assert len(lists) == many['polls'] > 3
    assert len(sandbox.requests) == len(lists) + len(reports)


@pytest.mark.clock
def test_ansible_runner_shows_progress_as_it_happens(sandbox, controller):
    report = sandbox.add_report('2026-10', seconds=3600)
    end_later(sandbox, report, 3.5)
    ran = run(controller, [wait('waited', id=report, poll_interval=0.5, heartbeat_interval=1)], env=connection(sandbox))
    assert ran.outcome.code == 0, ran.outcome.stdout
    told = [datetime.fromisoformat(created.replace('Z', '+00:00')) for created, line in ran.lines() if shortened(report) in line]
    assert len(told) >= 3, ran.lines()
    assert (told[-1] - told[0]).total_seconds() == pytest.approx(ran.outcome['waited']['elapsed'], abs=1)


def test_no_sign_of_life_when_none_is_wanted(sandbox, controller):
    report = sandbox.add_report('2026-10', seconds=3600)
    end_later(sandbox, report, 2.5)
    lines, outcome = on_a_terminal(controller, [wait('waited', id=report, poll_interval=0.3, heartbeat_interval=0)])
    assert outcome['waited']['polls'] > 3
    told = [line for _moment, line in lines if shortened(report) in line]
    assert len(told) == 2, told
    assert 'IN_PROGRESS' in told[0] and 'COMPLETED' in told[1]
