# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reports that end FAILED."""

from __future__ import annotations

import pytest
from playbook import TOLERANT, wait

ERRORS = [{'code': 2024, 'description': 'Billing Report not found.'}, {'code': 2031, 'description': 'Try the other moon.'}]


@pytest.fixture
def failing(sandbox):
    return sandbox.add_report('2026-08', seconds=0, ends='FAILED', errors=ERRORS)


def test_a_failed_report_fails_the_task_with_its_errors(failing, play):
    outcome = play([wait('failed', id=failing)])
    assert outcome.code == 2
    failed = outcome['failed']
    assert failed['error']['kind'] == 'report_failed'
    assert failed['error']['details'] == failed['report']['errors'] == ERRORS
    assert failed['timed_out'] is False
    for part in (failing, '2026-08', '2024 Billing Report not found.', '2031 Try the other moon.'):
        assert part in failed['msg']
        assert part in outcome.stdout


def test_unless_it_may_fail(failing, play):
    outcome = play([wait('failed', id=failing, fail_on_failed=False)])
    assert outcome.code == 0, outcome.stdout
    assert outcome['failed']['report']['status'] == 'FAILED'
    assert outcome.facts['broadworks_billing_report']['errors'] == ERRORS


def test_of_many_once_all_have_ended(sandbox, failing, play):
    ended = sandbox.add_report('2026-09', seconds=0)
    slow = sandbox.add_report('2026-10', seconds=4)
    asked = [slow, failing, ended]
    outcome = play([
        wait('failed', ids=asked, poll_interval=0.4) | TOLERANT,
        wait('tolerated', ids=asked, fail_on_failed=False),
    ])
    failed = outcome['failed']
    assert failed['error']['kind'] == 'report_failed'
    assert [report['id'] for report in failed['reports']] == asked
    assert [report['status'] for report in failed['reports']] == ['COMPLETED', 'FAILED', 'COMPLETED']
    assert failed['report'] is None
    assert failing in failed['msg']
    assert '1 of 3' in failed['msg']
    assert '2024 Billing Report not found.' in failed['msg']
    assert [report['temp_download_url'] for report in failed['reports']] == [None] * 3
    assert 'Signature' not in outcome.stdout + outcome.stderr

    tolerated = outcome['tolerated']
    assert [report['id'] for report in tolerated['reports']] == asked
    assert tolerated['report'] is None
    assert 'Signature=' in tolerated['reports'][0]['temp_download_url']
    assert 'broadworks_billing_report' not in outcome.facts
    assert outcome.facts['broadworks_billing_reports'] == tolerated['reports']
