# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading reports, as the module does it: arguments in as core hands them over, the printed result out."""

from __future__ import annotations

import json

import pytest
from ansible.module_utils import basic
from ansible_collections.webex_partner.billing.plugins.module_utils._edge.output import RESULT_IS_HIDDEN
from ansible_collections.webex_partner.billing.plugins.modules import broadworks_billing_report_info
from ansible_collections.webex_partner.billing.tests.unit import printed
from ansible_collections.webex_partner.billing.tests.unit.connecting import asked, minting

MAY = 'Y2lzY29zcGFyazovL3VzL0JJTExJTkdfUkVQT1JULzViOGQ1MThhLThmMDAtNDUxYi1hNDA2LWVhZjQ5YjRhN2ZhOA'
MARCH = 'Y2lzY29zcGFyazovL3VzL0JJTExJTkdfUkVQT1JULzViOGQ1MThhLThmMDAtNDUxYi1hNDA2LWVhZjQ5YjRhN2Zh5D'
KEYS = {'id', 'billing_period', 'status', 'created', 'created_by', 'temp_download_url', 'temp_download_url_expires', 'errors'}


@pytest.fixture
def warned(monkeypatch):
    texts = []
    monkeypatch.setattr(basic.AnsibleModule, 'warn', lambda _self, text, **_kwargs: texts.append(text))
    return texts


@pytest.fixture
def read(monkeypatch, capsys, sandbox):
    """Runs the module with the options given."""
    def run(**options):
        options = {'api_url': sandbox.api_url, 'access_token': sandbox.access_token, 'retry_timeout': 0, RESULT_IS_HIDDEN: True, **options}
        monkeypatch.setattr(basic, '_ANSIBLE_ARGS', json.dumps({'ANSIBLE_MODULE_ARGS': options}).encode())
        monkeypatch.setattr(basic, '_ANSIBLE_PROFILE', 'legacy', raising=False)
        with pytest.raises(SystemExit):
            broadworks_billing_report_info.main()
        return printed.result(capsys)
    return run


def test_one_report(sandbox, read):
    result = read(id=MAY)
    assert asked(sandbox) == [f'GET {MAY}']
    assert not result.get('changed') and not result.get('failed')
    assert set(result['report']) == KEYS and result['reports'] == [result['report']]
    assert result['report']['temp_download_url'].startswith(sandbox.files_url)
    assert result['ansible_facts'] == {'broadworks_billing_report': result['report'], 'broadworks_billing_reports': result['reports']}


def test_the_alias(read):
    assert read(report_id=MAY)['report']['id'] == MAY


def test_a_failed_report_is_information(read):
    result = read(id=MARCH)
    assert not result.get('failed') and result['report']['errors'] == [{'code': 2024, 'description': 'Billing Report not found.'}]


def test_all_reports_from_one_call(sandbox, read):
    result = read()
    assert asked(sandbox) == ['GET list']
    assert [report['billing_period'] for report in result['reports']] == ['2021-05', '2021-04', '2021-03']
    assert 'report' not in result and set(result['ansible_facts']) == {'broadworks_billing_reports'}
    assert all(set(report) == KEYS and report['created'] is None and report['errors'] == [] for report in result['reports'])


def test_a_month_in_full(sandbox, read):
    sandbox.add_report('2021-03', seconds=0, id='newer')
    result = read(billing_period='2021-03')
    assert [report['id'] for report in result['reports']] == ['newer', MARCH] and all(report['created'] for report in result['reports'])
    assert read(billing_period='2019-01')['reports'] == []


@pytest.mark.parametrize(('options', 'periods'), [
    ({'status': ['FAILED']}, ['2021-03']),
    ({'status': ['FAILED', 'COMPLETED']}, ['2021-05', '2021-04', '2021-03']),
    ({'status': 'IN_PROGRESS'}, []),
    ({'status': ['FAILED'], 'billing_period': '2021-03'}, ['2021-03']),
    ({'status': ['COMPLETED'], 'billing_period': '2021-03'}, []),
], ids=str)
def test_by_status(read, options, periods):
    assert [report['billing_period'] for report in read(**options)['reports']] == periods


def test_facts_can_be_turned_off(read):
    assert 'ansible_facts' not in read(id=MAY, set_facts=False)


@pytest.mark.parametrize('options', [
    {'billing_period': '2021-13'}, {'billing_period': ''}, {'billing_period': 'previous'}, {'id': ''}, {'id': '..'}, {'id': 'a b'},
    {'access_token': ''}, {'api_url': 'http://127.0.0.1@evil.example'}, {'request_timeout': 'nan'}, {'retry_timeout': -1},
], ids=str)
def test_a_value_that_cannot_be_meant_is_refused_before_any_request(sandbox, read, options):
    result = read(**options)
    assert result['failed'] is True and result['error']['kind'] == 'invalid_input' and sandbox.requests == []


@pytest.mark.parametrize('options', [
    {'id': 'a', 'billing_period': '2021-03'}, {'id': 'a', 'status': ['FAILED']}, {'nonsense': 1}, {'request_timeout': 'long'},
], ids=str)
def test_what_ansible_refuses_carries_no_error(sandbox, read, options):
    result = read(**options)
    assert result['failed'] is True and 'error' not in result and sandbox.requests == []


def test_an_unknown_report_is_a_failure_with_data(read):
    result = read(id='nothing')
    assert result['failed'] is True and 'Reading billing report nothing' in result['msg']
    assert set(result['error']) == {'kind', 'http_status', 'message', 'details', 'tracking_id', 'retry_after'}
    assert (result['error']['kind'], result['error']['http_status']) == ('not_found', 404)


@pytest.mark.parametrize('options', [{'id': MAY}, {'billing_period': '2021-05'}], ids=str)
def test_a_result_that_nobody_hides_carries_no_url(read, warned, options):
    result = read(**{RESULT_IS_HIDDEN: False, **options})
    assert result['reports'][0]['temp_download_url'] is None and 'Signature' not in json.dumps(result)
    assert len(warned) == 1 and 'show_download_url' in warned[0]


def test_unless_it_is_to_be_shown(read, warned):
    result = read(id=MAY, show_download_url=True, **{RESULT_IS_HIDDEN: False})
    assert result['report']['temp_download_url'] and warned == []


@pytest.mark.parametrize('options', [{'id': MARCH}, {}, {'billing_period': '2019-01'}], ids=str)
def test_where_there_is_no_url_nobody_is_warned(read, warned, options):
    assert not read(**{RESULT_IS_HIDDEN: False, **options}).get('failed') and warned == []


def test_empty_options_are_unset(monkeypatch, sandbox, read):
    monkeypatch.setenv('WEBEX_API_URL', sandbox.api_url)
    monkeypatch.setenv('WEBEX_ACCESS_TOKEN', sandbox.access_token)
    monkeypatch.setenv('WEBEX_CLIENT_ID', '')
    result = read(api_url='', access_token='', client_id='', ca_path='', validate_certs='', request_timeout='')
    assert len(result['reports']) == 3


def test_no_secret_leaves_with_a_result_or_a_failure(sandbox, read):
    options = minting(sandbox)
    good = read(**options)
    sandbox.trouble(path='reports', status=403, json={'message': f'{sandbox.refresh_token} {sandbox.client_secret} lacks a scope'})
    bad = read(**options)
    assert len(good['reports']) == 3 and bad['error']['kind'] == 'permission'
    for secret in (sandbox.access_token, sandbox.client_secret, sandbox.refresh_token, *sandbox.minted):
        assert secret not in json.dumps([good, bad])
