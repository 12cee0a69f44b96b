# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Wholesale modules: options in, the printed result out. What they share with their siblings is tested there and in _reports."""

from __future__ import annotations

import json

import pytest
from ansible.module_utils import basic
from ansible_collections.webex_partner.billing.plugins.module_utils._api.products import WHOLESALE
from ansible_collections.webex_partner.billing.plugins.module_utils._edge import edge
from ansible_collections.webex_partner.billing.plugins.modules import (
    wholesale_billing_report, wholesale_billing_report_download, wholesale_billing_report_info,
)
from ansible_collections.webex_partner.billing.tests.unit import printed
from ansible_collections.webex_partner.billing.tests.unit.connecting import asked
from ansible_collections.webex_partner.billing.tests.unit.playing import Playing

KEYS = {
    'id', 'billing_period', 'billing_start_date', 'billing_end_date', 'type', 'category', 'status', 'created', 'created_by', 'temp_download_url',
    'temp_download_url_expires', 'errors',
}
DAYS = {'start_date': '2026-10-01', 'end_date': '2026-10-15'}


@pytest.fixture
def played(sandbox):
    return Playing(sandbox, WHOLESALE)


@pytest.fixture
def run(monkeypatch, capsys, played, time):
    """Runs a module with the options given."""
    def module(which, check_mode=False, **options):
        options = {'api_url': played.api_url, 'access_token': played.access_token, 'retry_timeout': 0, '_ansible_check_mode': check_mode, **options}
        monkeypatch.setattr(basic, '_ANSIBLE_ARGS', json.dumps({'ANSIBLE_MODULE_ARGS': options}).encode())
        monkeypatch.setattr(basic, '_ANSIBLE_PROFILE', 'legacy', raising=False)
        monkeypatch.setattr(edge, 'Time', lambda: time)
        with pytest.raises(SystemExit):
            which.main()
        return printed.result(capsys)
    return module


@pytest.mark.parametrize(('period', 'month'), [({'billing_period': '2026-10'}, '2026-10'), (DAYS, None)])
def test_a_report_is_created_and_then_adopted(played, run, period, month):
    foretold = run(wholesale_billing_report, check_mode=True, **period)
    first, second = (run(wholesale_billing_report, **period) for _time in range(2))
    other = run(wholesale_billing_report, type='CUSTOMER', **period)
    assert [foretold['changed'], first['changed'], second['changed'], other['changed']] == [True, True, False, True]
    assert first['report'] == second['report'] and set(first['report']) == set(foretold['report']) == KEYS
    assert (first['report']['billing_period'], first['report']['billing_start_date'], other['report']['type']) == (month, '2026-10-01', 'CUSTOMER')
    assert asked(played).count('POST list') == 2
    assert set(first['diff']['after']['reports'][0]) == {'id', 'billing_period', 'billing_start_date', 'billing_end_date', 'type', 'category', 'status'}
    emptied = run(wholesale_billing_report, state='absent', **period)
    assert [report['id'] for report in emptied['diff']['before']['reports']] == [first['report']['id']]
    assert run(wholesale_billing_report, state='absent', id=other['report']['id'])['changed'] is True


@pytest.mark.parametrize('options', [
    {'billing_period': '2026-11'}, {'start_date': '2026-11-01', 'end_date': '2026-11-05'}, {'billing_period': '2026-10', 'sub_partner_org_id': ''},
    {'start_date': '2026-10-02', 'end_date': '2026-10-01'}, {'state': 'absent', 'billing_period': '2026-10', 'internal': True},
], ids=str)
def test_a_value_that_cannot_be_meant_is_refused_before_any_request(played, run, options):
    result = run(wholesale_billing_report, **options)
    assert result['failed'] is True and result['error']['kind'] == 'invalid_input' and played.requests == []


def test_the_days_until_yesterday_have_ended(run):
    assert run(wholesale_billing_report, start_date='2026-11-01', end_date='2026-11-04')['changed'] is True
    refused = run(wholesale_billing_report, start_date='2026-11-01', end_date='2026-11-05')
    assert refused['msg'].startswith('The period 2026-11-01 to 2026-11-05 of type PARTNER has not ended yet in UTC')


@pytest.mark.parametrize(('module', 'options'), [
    (wholesale_billing_report, {}), (wholesale_billing_report, {'start_date': '2026-10-01'}), (wholesale_billing_report, {'end_date': '2026-10-01'}),
    (wholesale_billing_report, {'billing_period': '2026-10', **DAYS}), (wholesale_billing_report, {'billing_period': '2026-10', 'type': 'partner'}),
    (wholesale_billing_report, {'state': 'absent', 'id': 'abc', **DAYS}), (wholesale_billing_report_info, {'id': 'abc', 'type': 'USER'}),
    (wholesale_billing_report_info, {'id': 'abc', 'billing_period': '2026-10'}), (wholesale_billing_report_info, {'internal': True}),
    (wholesale_billing_report_info, {'id': 'abc', 'sub_partner_org_id': 'sub'}),
], ids=str)
def test_what_ansible_refuses_carries_no_error(played, run, module, options):
    result = run(module, **options)
    assert result['failed'] is True and 'error' not in result and played.requests == []


def test_reports_are_read_by_id_by_key_or_all(played, run):
    ids = [played.add_report('2026-10', seconds=0, **key) for key in (
        {}, {'type': 'CUSTOMER'}, {'sub_partner_org_id': 'sub'}, {'category': 'POINT_IN_TIME'},
    )]
    one = run(wholesale_billing_report_info, id=ids[1])
    assert one['report'] == one['ansible_facts']['wholesale_billing_report'] and set(one['report']) == KEYS and one['report']['type'] == 'CUSTOMER'
    for options, found in (
        ({'billing_period': '2026-10'}, {ids[0], ids[2], ids[3]}), ({'billing_period': '2026-10', 'type': 'CUSTOMER'}, {ids[1]}),
        ({'billing_period': '2026-10', 'sub_partner_org_id': 'sub'}, {ids[2]}), ({'type': 'CUSTOMER'}, {ids[1]}), ({'type': 'USER'}, set()),
    ):
        assert {report['id'] for report in run(wholesale_billing_report_info, **options)['reports']} == found, options
    everything = run(wholesale_billing_report_info)
    assert len(everything['reports']) == 7 and everything['ansible_facts'] == {'wholesale_billing_reports': everything['reports']}


@pytest.mark.parametrize(('period', 'named'), [({'billing_period': '2026-10'}, '/2026-10_'), (DAYS, '/2026-10-01_2026-10-15_')])
def test_a_file_is_downloaded(played, run, tmp_path, period, named):
    report = played.add_report(seconds=0, rows=3, **period)
    result = run(wholesale_billing_report_download, id=report, dest=str(tmp_path))
    assert result['changed'] and result['records'] == 3 and result['report']['type'] == 'PARTNER' and named in result['dest']
    assert 'Signature' not in json.dumps(result)
