# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filing a report, as the module does it: arguments in as core hands them over, the printed result out."""

from __future__ import annotations

import json

import pytest
from ansible.module_utils import basic
from ansible_collections.webex_partner.billing.plugins.modules import billing_report_archive
from ansible_collections.webex_partner.billing.tests.unit import printed
from ansible_collections.webex_partner.billing.tests.unit.filing import NAME, PERIOD, Filing
from ansible_collections.webex_partner.billing.tests.unit.reporting import a_report

SIGNED = 'https://files.example/1.csv?Expires=1624978489&Signature=sesame'
REPORT = a_report('abc', PERIOD, 'COMPLETED', '2026-11-02T10:00:00.000Z', 'someone', SIGNED, ({'code': 1, 'description': 'x'},)).to_result()


@pytest.fixture
def filing(tmp_path):
    filing = Filing(tmp_path)
    filing.src.write_bytes(b'A,B\n1,2\n')
    return filing


@pytest.fixture
def archived(monkeypatch, capsys, filing):
    """Runs the module with the options given; one of None is left out."""
    def run(**options):
        options = {'src': str(filing.src), 'archive': str(filing.root), 'report': REPORT, **options}
        monkeypatch.setattr(basic, '_ANSIBLE_ARGS', json.dumps({'ANSIBLE_MODULE_ARGS': options}).encode())
        monkeypatch.setattr(basic, '_ANSIBLE_PROFILE', 'legacy', raising=False)
        with pytest.raises(SystemExit):
            billing_report_archive.main()
        return printed.result(capsys)
    return run


def test_a_report_as_other_plugins_return_it_is_filed(filing, archived):
    result = archived(records=1, columns=['A', 'B'], awx={'job': 41}, downloaded_at='2026-11-02T10:14:33Z', api_url='https://webexapis.com/v1')
    assert set(result) - {'invocation'} == {
        'changed', 'msg', 'version', 'path', 'manifest_path', 'manifest', 'columns_added', 'columns_removed', 'diff', 'stale',
    }
    assert result['changed'] is True and result['path'] == str(filing.month / 'v001' / NAME)
    assert result['manifest'] == filing.manifest(1) and result['manifest']['awx']['job'] == '41'
    assert result['manifest']['report'] == {'id': 'abc', 'created': '2026-11-02T10:00:00.000Z', 'created_by': 'someone'}


def test_the_signed_url_is_in_nothing_that_is_told_or_filed(filing, archived):
    for result in (archived(), archived(archive=''), archived(nonsense=1)):
        assert 'sesame' not in json.dumps(result)
    assert all(b'sesame' not in path.read_bytes() for path in filing.root.rglob('*') if path.is_file())


def test_a_report_of_nulls_will_do(archived):
    assert archived(report=a_report('abc', PERIOD).to_result())['manifest']['report'] == {'id': 'abc', 'created': None, 'created_by': None}


def test_null_is_unset(archived):
    unset = dict.fromkeys(('partner', 'sha256', 'records', 'columns', 'api_url', 'requested_at', 'completed_at', 'downloaded_at', 'awx', 'lock_timeout'))
    result = archived(**unset)
    assert result['manifest']['partner'] == 'default' and result['manifest']['file']['records'] is result['manifest']['file']['columns'] is None


def test_check_mode_leaves_no_trace(filing, archived):
    told = archived(_ansible_check_mode=True)
    assert told['changed'] is True and told['version'] == 1 and 'state' not in told and not filing.root.exists()
    assert archived() == told
    assert archived(_ansible_check_mode=True)['changed'] is False


@pytest.mark.parametrize('options', [
    {'partner': '..'}, {'partner': ''}, {'archive': ''}, {'archive': 'arch'}, {'src': ''}, {'src': 'bill.csv'}, {'records': -1}, {'lock_timeout': -1},
    {'lock_timeout': 'nan'}, {'report': {'id': 'a', 'billing_period': '2026-1'}}, {'report': {'id': '', 'billing_period': PERIOD}},
    {'sha256': 'x'}, {'requested_at': 'today'}, {'api_url': 'https://a@b.example'},
], ids=str)
def test_a_value_that_cannot_be_meant_is_refused_and_nothing_is_made(filing, archived, options):
    result = archived(**options)
    assert result['failed'] is True and result['error']['kind'] == 'invalid_input'
    assert set(result['error']) == {'kind', 'http_status', 'message', 'details', 'tracking_id', 'retry_after'}
    assert '\n' not in result['msg'] and not filing.root.exists()


@pytest.mark.parametrize('options', [
    {'report': {'id': 'a'}}, {'report': {'billing_period': PERIOD}}, {'report': 'abc'}, {'nonsense': 1}, {'records': 'many'},
    {'report': None}, {'awx': {'host': 'a'}},
], ids=str)
def test_what_ansible_refuses_carries_no_error(filing, archived, options):
    result = archived(**options)
    assert result['failed'] is True and 'error' not in result and not filing.root.exists()


def test_what_contradicts_is_a_conflict_with_data(filing, archived):
    archived()
    (filing.month / 'v001' / 'manifest.json').write_text('{"schema": 2}')
    result = archived()
    assert result['failed'] is True and result['error']['kind'] == 'conflict' and 'v001/manifest.json' in result['msg']
