# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Creating and deleting reports, as the module does it: arguments in as core hands them over, the printed result out."""

from __future__ import annotations

import json

import pytest
from ansible.module_utils import basic
from ansible_collections.webex_partner.billing.plugins.module_utils._edge import edge
from ansible_collections.webex_partner.billing.plugins.modules import broadworks_billing_report
from ansible_collections.webex_partner.billing.tests.unit import printed
from ansible_collections.webex_partner.billing.tests.unit.connecting import asked, minting

MAY = 'Y2lzY29zcGFyazovL3VzL0JJTExJTkdfUkVQT1JULzViOGQ1MThhLThmMDAtNDUxYi1hNDA2LWVhZjQ5YjRhN2ZhOA'
MARCH = 'Y2lzY29zcGFyazovL3VzL0JJTExJTkdfUkVQT1JULzViOGQ1MThhLThmMDAtNDUxYi1hNDA2LWVhZjQ5YjRhN2Zh5D'
KEYS = {'id', 'billing_period', 'status', 'created', 'created_by', 'temp_download_url', 'temp_download_url_expires', 'errors'}
NOW = '2026-11'  # by the clock of these tests


@pytest.fixture
def warned(monkeypatch):
    texts = []
    monkeypatch.setattr(basic.AnsibleModule, 'warn', lambda _self, text, **_kwargs: texts.append(text))
    return texts


@pytest.fixture
def ensure(monkeypatch, capsys, sandbox, time):
    """Runs the module with the options given."""
    def run(check_mode=False, **options):
        options = {'api_url': sandbox.api_url, 'access_token': sandbox.access_token, 'retry_timeout': 0, '_ansible_check_mode': check_mode, **options}
        monkeypatch.setattr(basic, '_ANSIBLE_ARGS', json.dumps({'ANSIBLE_MODULE_ARGS': options}).encode())
        monkeypatch.setattr(basic, '_ANSIBLE_PROFILE', 'legacy', raising=False)
        monkeypatch.setattr(edge, 'Time', lambda: time)
        with pytest.raises(SystemExit):
            broadworks_billing_report.main()
        return printed.result(capsys)
    return run


def test_a_report_is_created_and_then_adopted(sandbox, ensure):
    first, second = ensure(billing_period='2026-10'), ensure(state='present', billing_period='2026-10')
    assert [first['changed'], second['changed']] == [True, False]
    assert first['report'] == second['report'] and set(first['report']) == KEYS
    assert asked(sandbox).count('POST list') == 1
    assert set(first) - {'invocation'} == {'changed', 'report', 'diff'}
    assert first['diff']['before'] == {'reports': []} and first['diff']['after'] == second['diff']['after']


def test_check_mode_sends_reads_only(sandbox, ensure):
    result = ensure(check_mode=True, billing_period='2026-10')
    assert result['changed'] is True and asked(sandbox) == ['GET list']
    assert result['report'] == {**dict.fromkeys(KEYS), 'billing_period': '2026-10', 'errors': []}
    assert ensure(check_mode=True, state='absent', id=MAY)['changed'] is True
    assert {request['method'] for request in sandbox.requests} == {'GET'}


def test_the_options_for_failures_and_for_another_one(sandbox, ensure):
    assert ensure(billing_period='2021-03')['error']['kind'] == 'report_failed'
    recreated = ensure(billing_period='2021-03', on_failed='recreate')
    another = ensure(billing_period='2021-03', force_new=True)
    assert recreated['changed'] and another['changed'] and len({MARCH, recreated['report']['id'], another['report']['id']}) == 3
    assert asked(sandbox).count(f'DELETE {MARCH}') == 1


@pytest.mark.parametrize('option', ['id', 'report_id'])
def test_a_report_is_deleted(sandbox, ensure, option):
    assert [ensure(state='absent', **{option: MAY})['changed'] for _time in range(2)] == [True, False]
    assert asked(sandbox) == [f'GET {MAY}', f'DELETE {MAY}', f'GET {MAY}']


def test_a_month_is_emptied(ensure):
    result = ensure(state='absent', billing_period='2021-05')
    assert result['changed'] and result['report'] is None and [report['id'] for report in result['diff']['before']['reports']] == [MAY]
    assert ensure(state='absent', billing_period=NOW)['changed'] is False, 'an open month is nothing to be afraid of here'


@pytest.mark.parametrize('period', [NOW, '2026-12', '2027-01', '9999-12'])
def test_a_month_that_has_not_ended_is_refused_unless_allowed(sandbox, ensure, period):
    for check_mode in (False, True):
        refused = ensure(billing_period=period, check_mode=check_mode)
        assert refused['error']['kind'] == 'invalid_input' and sandbox.requests == []
        assert period in refused['msg'] and 'allow_open_period: true' in refused['msg']
    assert ensure(billing_period=period, allow_open_period=True)['changed'] is True


@pytest.mark.parametrize('options', [
    *({'billing_period': value, **more} for value in ('2021-13', '', 'previous', '2021-1', '2021-01 ', '2021-01-01') for more in (
        {}, {'allow_open_period': True}, {'state': 'absent'},
    )),
    {'state': 'absent', 'id': ''}, {'state': 'absent', 'id': '..'}, {'state': 'absent', 'id': 'a b'},
    {'billing_period': '2021-05', 'request_timeout': 0}, {'billing_period': '2021-05', 'access_token': ''},
], ids=str)
def test_a_value_that_cannot_be_meant_is_refused_before_any_request(sandbox, ensure, options):
    result = ensure(**options)
    assert result['failed'] is True and result['error']['kind'] == 'invalid_input' and sandbox.requests == []


@pytest.mark.parametrize('options', [
    {}, {'state': 'absent'}, {'id': MAY}, {'id': MAY, 'billing_period': '2021-05'}, {'state': 'absent', 'id': MAY, 'billing_period': '2021-05'},
    {'state': 'gone', 'id': MAY}, {'billing_period': '2021-05', 'on_failed': 'delete'}, {'billing_period': '2021-05', 'set_facts': True},
], ids=str)
def test_what_ansible_refuses_carries_no_error(sandbox, ensure, options):
    result = ensure(**options)
    assert result['failed'] is True and 'error' not in result and sandbox.requests == []


def test_no_secret_leaves_by_a_result_a_failure_or_a_warning(sandbox, ensure, warned):
    options = minting(sandbox)
    given_away = f'{sandbox.refresh_token} {sandbox.client_secret} https://h/f?Signature=canary'
    adopted = ensure(billing_period='2021-05', **options)
    sandbox.trouble(path='reports/', status=403, json={'message': given_away})
    unread = ensure(billing_period='2026-10', **options)
    sandbox.trouble(method='POST', path='reports$', status=403, json={'message': given_away})
    refused = ensure(billing_period='2026-09', **options)
    assert (adopted['changed'], unread['changed'], refused['error']['kind'], len(warned)) == (False, True, 'permission', 1)
    for secret in ('Signature', sandbox.client_secret, sandbox.refresh_token, *sandbox.minted):
        assert secret not in json.dumps([adopted, unread, refused, warned])
