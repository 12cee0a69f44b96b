# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The wait as a whole, against the sandbox, by a clock that both of them share."""

from __future__ import annotations

import json

import pytest
from ansible_collections.webex_partner.billing.plugins.action import billing_report_wait
from ansible_collections.webex_partner.billing.plugins.plugin_utils import _action
from ansible_collections.webex_partner.billing.tests.unit.acting import act
from ansible_collections.webex_partner.billing.tests.unit.connecting import asked, minting

PERIOD = '2026-10'
ALWAYS = {'reports', 'report', 'elapsed', 'polls', 'timed_out'}


@pytest.fixture
def printed(monkeypatch):
    lines = []
    monkeypatch.setattr(_action.display, 'display', lambda line, *_args, **_kwargs: lines.append(line))
    return lines


@pytest.fixture
def wait(monkeypatch, sandbox, time, printed):
    """Runs a wait with the options given."""
    def run(**options):
        monkeypatch.setattr(billing_report_wait, 'Time', lambda: time)
        options = {'api_url': sandbox.api_url, 'access_token': sandbox.access_token, **options}
        return act(billing_report_wait.ActionModule, **options)
    return run


def test_a_report_that_takes_its_time(sandbox, time, wait, printed):
    report_id = sandbox.add_report(PERIOD, seconds=1000)
    result = wait(id=report_id)
    assert not result.get('failed') and ALWAYS <= set(result)
    assert result['report'] == result['reports'][0] and result['report']['status'] == 'COMPLETED'
    assert 1000 <= result['elapsed'] <= 1100 and result['timed_out'] is False
    assert result['polls'] == len(sandbox.requests) and set(asked(sandbox)) == {f'GET {report_id}'}
    assert result['ansible_facts']['broadworks_billing_report'] == result['report']
    assert result['_ansible_no_log'] is True
    assert 'IN_PROGRESS' in printed[0] and 'COMPLETED' in printed[-1] and 10 <= len(printed) <= 25


def test_a_timeout_tells_what_is_known_and_how_to_go_on(sandbox, wait):
    report_id = sandbox.add_report(PERIOD, seconds=1000)
    result = wait(report_id=report_id, wait_timeout=60)
    assert result['failed'] is True and ALWAYS <= set(result)
    assert (result['error']['kind'], result['timed_out'], result['elapsed']) == ('wait_timeout', True, 60)
    assert result['report']['status'] == 'IN_PROGRESS'
    for part in (report_id, 'IN_PROGRESS', f"billing_report_wait: {{id: '{report_id}'}}"):
        assert part in result['msg']
    assert 'ansible_facts' not in result


def test_many_reports_fail_once_all_have_ended(sandbox, wait):
    ids = [sandbox.add_report(PERIOD, seconds=seconds, ends=ends) for seconds, ends in ((5, 'FAILED'), (300, 'COMPLETED'), (0, 'COMPLETED'))]
    result = wait(ids=ids)
    assert result['failed'] is True and result['error']['kind'] == 'report_failed'
    assert result['elapsed'] >= 300 and result['report'] is None
    assert [report['status'] for report in result['reports']] == ['FAILED', 'COMPLETED', 'COMPLETED']
    assert '2024 Billing Report not found.' in result['msg'] and ids[0] in result['msg'] and ids[1] not in result['msg']
    assert 'Signature' not in json.dumps(result)


def test_a_failed_report_may_be_a_success(sandbox, wait):
    result = wait(id=sandbox.add_report(PERIOD, seconds=0, ends='FAILED'), fail_on_failed=False)
    assert not result.get('failed') and result['report']['errors'][0]['code'] == 2024


@pytest.mark.parametrize('trouble', [
    pytest.param([{'times': 0, 'delay': 60}], id='every answer hangs'),
    pytest.param([{'times': 0, 'path': 'reports', 'status': 401}, {'times': 0, 'path': 'access_token', 'delay': 60}], id='the token call hangs'),
    pytest.param([{'skip': 3, 'times': 0, 'delay': 60}], id='from the fourth on'),
])
@pytest.mark.parametrize('what', ['id', 'ids', 'billing_period'])
def test_nothing_outlives_the_deadline_by_more_than_one_request_timeout(sandbox, wait, time, trouble, what):
    time.patience = 0.02
    ids = [sandbox.add_report(PERIOD, seconds=1000) for _report in range(3)]
    sandbox.troubles(trouble)
    asked_for = {'id': ids[0], 'ids': ids, 'billing_period': PERIOD}[what]
    start = time.clock()
    result = wait(**{what: asked_for}, wait_timeout=20, request_timeout=30, **minting(sandbox, access_token=sandbox.access_token))
    assert result['failed'] is True and result['error']['kind'] == 'wait_timeout' and result['timed_out'] is True
    assert 20 <= time.clock() - start <= 20 + 30
    assert 'answer' in result['msg'], 'the last error is named'


@pytest.mark.parametrize('what', [
    {}, {'id': ''}, {'id': '.'}, {'id': '..'}, {'id': 'a b'}, {'ids': []}, {'ids': ['a', '']}, {'billing_period': ''}, {'billing_period': '2021-13'},
    {'id': 'a', 'ids': ['b']}, {'id': 'a', 'billing_period': PERIOD}, {'id': 'a', 'wait_timeout': -1}, {'id': 'a', 'wait_timeout': 'nan'},
    {'id': 'a', 'poll_interval': 'inf'}, {'id': 'a', 'max_poll_interval': -1}, {'id': 'a', 'heartbeat_interval': -1}, {'id': 'a', 'retry_timeout': -1},
    {'id': 'a', 'access_token': ''}, {'id': 'a', 'api_url': 'http://localhost.example.com/v1'},
], ids=str)
def test_a_value_that_cannot_be_meant_is_refused_before_any_request(sandbox, wait, what):
    result = wait(**what)
    assert result['failed'] is True and result['error']['kind'] == 'invalid_input'
    assert ALWAYS <= set(result) and result['polls'] == 0 and sandbox.requests == []


def test_check_mode_looks_once(sandbox, wait, time):
    result = wait(id=sandbox.add_report(PERIOD, seconds=1000), check_mode=True)
    assert not result.get('failed') and (result['polls'], len(sandbox.requests), time.pauses) == (1, 1, [])
    assert result['report']['status'] == 'IN_PROGRESS'


@pytest.mark.parametrize(('show', 'core_hides', 'has_url', 'hidden'), [
    (False, True, True, True), (True, True, True, False), (False, False, False, False), (True, False, True, False),
])
def test_a_url_is_hidden_shown_or_left_out(monkeypatch, sandbox, wait, show, core_hides, has_url, hidden):
    monkeypatch.setattr(billing_report_wait, 'core_hides_results', lambda: core_hides)
    result = wait(id=sandbox.add_report(PERIOD, seconds=0), show_download_url=show)
    assert bool(result['report']['temp_download_url']) is has_url
    assert result.get('_ansible_no_log', False) is hidden
    assert bool(result.get('warnings')) is (not has_url)


def test_a_signed_url_in_the_errors_of_a_report_is_no_part_of_a_failure(sandbox, wait):
    errors = [{'code': 7, 'description': 'upload to https://files.example/1.csv?Signature=canary failed'}]
    result = wait(id=sandbox.add_report(PERIOD, seconds=0, ends='FAILED', errors=errors))
    assert result['failed'] is True and 'https://files.example/1.csv' in result['msg']
    assert 'canary' not in json.dumps(result)
