# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Answers that no waiting can cure end the wait at once, with all an operator needs."""

from __future__ import annotations

import pytest
from playbook import TOLERANT, asked, end_later, wait
from webex_sandbox.api import MESSAGES

REFUSALS = {
    400: ('invalid_input', 'check the id'),
    401: ('authentication', 'WEBEX_ACCESS_TOKEN'),
    403: ('permission', 'spark-admin:broadworks_billing_reports_read'),
    404: ('not_found', 'check the id'),
    410: ('gone', 'create the report again'),
}


def test_a_refusal_ends_the_wait(sandbox, play):
    reports = {status: sandbox.add_report('2026-10', seconds=3600) for status in REFUSALS}
    for status, report in reports.items():
        sandbox.trouble(path=report, status=status, times=0)
    outcome = play([wait(f'refused_{status}', id=report, poll_interval=0.1) | TOLERANT for status, report in reports.items()])
    for status, (kind, remedy) in REFUSALS.items():
        refused = outcome[f'refused_{status}']
        assert len(asked(sandbox, reports[status])) == 1, status
        assert refused['failed'] is True
        error = refused['error']
        assert (error['kind'], error['http_status'], error['message']) == (kind, status, MESSAGES[status])
        assert error['tracking_id'].startswith('ROUTER_')
        for part in (reports[status], str(status), MESSAGES[status], error['tracking_id'], remedy):
            assert part in refused['msg'], (part, refused['msg'])
            assert part in outcome.stdout
        assert (refused['polls'], refused['timed_out']) == (1, False)
        assert refused['report'] == refused['reports'][0]
        assert refused['report']['id'] == reports[status]
        assert 'ansible_facts' not in refused
    assert outcome.facts == {}


@pytest.mark.clock
@pytest.mark.parametrize('status, kind', [(429, 'rate_limited'), (503, 'unavailable')])
def test_a_demand_that_cannot_fit_fails_at_once(sandbox, play, status, kind):
    report = sandbox.add_report('2026-10', seconds=3600)
    sandbox.trouble(path=report, status=status, headers={'Retry-After': '900'}, times=0)
    refused = play([wait('refused', id=report, wait_timeout=5) | TOLERANT])['refused']
    assert refused['error']['kind'] == kind
    assert refused['error']['retry_after'] == 900
    assert (refused['timed_out'], refused['polls']) == (False, 1)
    assert refused['elapsed'] < 2
    assert '900 s' in refused['msg']
    assert 'wait_timeout' in refused['msg']


def test_a_token_that_expires_is_minted_anew(sandbox, play):
    report = sandbox.add_report('2026-10', seconds=3600)
    end_later(sandbox, report, 1.5)
    sandbox.trouble(path=report, skip=1, status=401)
    credentials = {'client_id': sandbox.client_id, 'client_secret': sandbox.client_secret, 'refresh_token': sandbox.refresh_token}
    outcome = play([wait('waited', id=report, poll_interval=0.3, access_token=sandbox.access_token, **credentials)])
    assert outcome.code == 0, outcome.stdout
    assert len(sandbox.minted) == 1
    assert 'warnings' not in outcome['waited']


def test_minting_alone_does(sandbox, play):
    report = sandbox.add_report('2026-10', seconds=0)
    credentials = {'client_id': sandbox.client_id, 'client_secret': sandbox.client_secret, 'refresh_token': sandbox.refresh_token}
    outcome = play(
        [
            wait('good', id=report, **credentials),
            wait('bad', id=report, **{**credentials, 'refresh_token': 'stale'}) | TOLERANT,
        ],
        env={'WEBEX_ACCESS_TOKEN': None},
    )
    assert outcome['good']['report']['status'] == 'COMPLETED'
    assert outcome['bad']['error']['kind'] == 'authentication'
    assert 'refresh_token' in outcome['bad']['msg']
    assert len(sandbox.minted) == 1
