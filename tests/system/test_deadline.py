# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an operator learns when the time is over, and how to go on."""

from __future__ import annotations

import re

import pytest
import yaml
from playbook import TOLERANT, WAIT, asked, wait


def resumption(stdout):
    """The task that the output offers, copied from each place where it stands."""
    first, *others = [yaml.safe_load(text) for text in re.findall(rf'{re.escape(WAIT)}: \{{.*?\}}', stdout)]
    assert all(other == first for other in others), stdout
    return first


@pytest.mark.clock
def test_the_deadline_is_told_and_the_wait_resumed(sandbox, play):
    report = sandbox.add_report('2026-10', seconds=3600)
    sandbox.trouble(path=report, status=503, skip=1)
    outcome = play([wait('late', id=report, wait_timeout=1.5, poll_interval=0.4)])
    assert outcome.code == 2
    late = outcome['late']
    assert (late['timed_out'], late['error']['kind'], late['report']['status']) == (True, 'wait_timeout', 'IN_PROGRESS')
    assert 1.5 <= late['elapsed'] < 2.5
    assert late['polls'] == len(asked(sandbox, report))
    for part in (report, '1.5 s', 'IN_PROGRESS', 'last error', '503'):
        assert part in late['msg'], late['msg']
    assert late['msg'] in outcome.stdout.replace('\\"', '"')

    sandbox.set_status(report, 'COMPLETED')
    resumed = play([{**resumption(outcome.stdout), 'register': 'resumed'}])
    assert resumed.code == 0, resumed.stdout
    assert resumed['resumed']['report']['id'] == report
    assert resumed['resumed']['report']['status'] == 'COMPLETED'


def test_many_reports_are_resumed_without_those_that_ended(sandbox, play):
    ended = sandbox.add_report('2026-09', seconds=0)
    pending = [sandbox.add_report('2026-10', seconds=3600) for _number in range(2)]
    outcome = play([wait('late', ids=[pending[0], ended, pending[1]], wait_timeout=0) | TOLERANT])
    late = outcome['late']
    assert late['timed_out'] is True
    assert [report['status'] for report in late['reports']] == ['IN_PROGRESS', 'COMPLETED', 'IN_PROGRESS']
    assert late['report'] is None
    assert resumption(outcome.stdout) == {WAIT: {'ids': pending}}


@pytest.mark.clock
def test_at_the_deadline_there_is_one_last_look(sandbox, play):
    report = sandbox.add_report('2026-10', seconds=3600)
    outcome = play([wait('late', id=report, wait_timeout=1, poll_interval=30) | TOLERANT])
    assert len(asked(sandbox, report)) == 2
    assert outcome['late']['polls'] == 2
    assert 1 <= outcome['late']['elapsed'] < 2


@pytest.mark.clock
def test_nothing_outlives_the_deadline_by_more_than_one_request(sandbox, play):
    report = sandbox.add_report('2026-10', seconds=3600)
    sandbox.trouble(path=report, delay=30, times=0)
    late = play([wait('late', id=report, wait_timeout=1, poll_interval=0.2, request_timeout=1.5) | TOLERANT])['late']
    assert (late['timed_out'], late['error']['kind']) == (True, 'wait_timeout')
    assert late['elapsed'] < 1 + 1.5 + 0.5
    assert late['report']['status'] is None
    assert report in late['msg']


def test_a_month_never_seen_can_still_be_resumed(sandbox, play):
    sandbox.trouble(status=502, times=0)
    outcome = play([wait('late', billing_period='2026-10', wait_timeout=0) | TOLERANT])
    late = outcome['late']
    assert late['timed_out'] is True
    assert '502' in late['msg']
    assert '2026-10' in late['msg']
    assert (late['reports'], late['report']) == ([], None)
    assert resumption(outcome.stdout) == {WAIT: {'billing_period': '2026-10'}}
