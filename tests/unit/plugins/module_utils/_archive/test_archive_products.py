# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where reports of each product and type are archived, what their manifests say, and which reports do not belong together."""

from __future__ import annotations

import json

import pytest
from ansible.module_utils import basic
from ansible_collections.webex_partner.billing.plugins.module_utils._api.products import WHOLESALE
from ansible_collections.webex_partner.billing.plugins.module_utils._archive.month import Month
from ansible_collections.webex_partner.billing.plugins.module_utils._edge import edge
from ansible_collections.webex_partner.billing.plugins.module_utils._errors import Conflict, InvalidInput
from ansible_collections.webex_partner.billing.plugins.module_utils._evidence import evidence
from ansible_collections.webex_partner.billing.plugins.modules import billing_report_archive
from ansible_collections.webex_partner.billing.tests.unit import printed
from ansible_collections.webex_partner.billing.tests.unit.filing import PERIOD
from ansible_collections.webex_partner.billing.tests.unit.playing import Playing
from ansible_collections.webex_partner.billing.tests.unit.reading import Page

KEY = ('product', 'billing_start_date', 'billing_end_date', 'type', 'category', 'sub_partner_org_id', 'internal')


@pytest.fixture
def played(sandbox):
    return Playing(sandbox, WHOLESALE)


@pytest.fixture
def archived(monkeypatch, capsys, played, time, tmp_path):
    """Runs the module with the options given."""
    monkeypatch.setattr(edge, 'Time', lambda: time)

    def run(**options):
        options = {
            'archive': str(tmp_path / 'archive'), 'api_url': played.api_url, 'access_token': played.access_token, 'retry_timeout': 0,
            'product': 'wholesale', **options,
        }
        monkeypatch.setattr(basic, '_ANSIBLE_ARGS', json.dumps({'ANSIBLE_MODULE_ARGS': options}).encode())
        monkeypatch.setattr(basic, '_ANSIBLE_PROFILE', 'legacy', raising=False)
        with pytest.raises(SystemExit):
            billing_report_archive.main()
        return printed.result(capsys)
    return run


@pytest.mark.parametrize('kind', ['PARTNER', 'CUSTOMER', 'USER'])
@pytest.mark.parametrize('type_key', ['type', 'reportType', ''])
def test_each_type_has_a_directory_of_its_own(played, archived, tmp_path, kind, type_key):
    report = played.add_report(PERIOD, type=kind, type_key=type_key, seconds=0)
    result = archived(id=report, **({} if type_key else {'type': kind}))
    place = tmp_path / 'archive/default' / f'wholesale-{kind.lower()}' / PERIOD / 'v001'
    assert result['path'] == str(place / f'billing-report-default-wholesale-{kind.lower()}-{PERIOD}.csv')
    manifest = json.loads((place / 'manifest.json').read_text(encoding='utf-8'))
    assert manifest == result['manifest'] and manifest['billing_period'] == PERIOD
    assert [manifest[name] for name in KEY] == ['wholesale', f'{PERIOD}-01', f'{PERIOD}-31', kind, 'RECONCILIATION', None, False]
    assert archived(id=report, **({} if type_key else {'type': kind}))['changed'] is False


def test_both_products_of_a_partner_stand_side_by_side(played, archived, sandbox):
    wholesale = archived(id=played.add_report(PERIOD, seconds=0))
    broadworks = archived(product='broadworks', id=sandbox.add_report(PERIOD, seconds=0))
    assert broadworks['changed'] and broadworks['manifest']['product'] == 'broadworks' and 'type' not in broadworks['manifest']
    assert broadworks['path'].endswith(f'/default/{PERIOD}/v001/billing-report-default-{PERIOD}.csv') and wholesale['version'] == 1
    assert archived(id=played.add_report(PERIOD, seconds=0, rows=7))['version'] == 2


@pytest.mark.parametrize(('first', 'second', 'words'), [
    ({}, {'sub_partner_org_id': 'sub'}, 'for sub-partner sub'), ({'sub_partner_org_id': 'sub'}, {}, 'for sub-partner sub'),
    ({'internal': True}, {'internal': False}, 'with internal organizations'), ({}, {'internal': True}, 'with internal organizations'),
])
def test_a_report_of_another_key_does_not_belong_there(played, archived, first, second, words):
    report, other = (played.add_report(PERIOD, seconds=0, rows=rows) for rows in (3, 4))
    filed = archived(id=report, **first)
    assert filed['changed'] and {name: filed['manifest'][name] for name in first} == first
    for check_mode in (True, False):
        refused = archived(id=other, **second, _ansible_check_mode=check_mode)
        assert refused['error']['kind'] == 'conflict' and words in refused['msg'] and 'another partner label' in refused['msg']
    assert archived(id=other, **second, partner='other')['changed'] and archived(id=other, **first)['version'] == 2


def test_a_category_of_its_own_does_not_belong_there_either(played, archived):
    assert archived(id=played.add_report(PERIOD, seconds=0))['changed']
    assert archived(id=played.add_report(PERIOD, seconds=0, category='POINT_IN_TIME'))['error']['kind'] == 'conflict'


@pytest.mark.parametrize(('report', 'options', 'kind'), [
    ({'type': 'USER'}, {'type': 'CUSTOMER'}, 'conflict'), ({}, {'billing_period': '2026-09'}, 'conflict'),
    ({'start_date': '2026-10-01', 'end_date': '2026-10-30'}, {}, 'invalid_input'), ({'type_key': ''}, {}, 'invalid_response'),
    ({}, {'sub_partner_org_id': 'a b'}, 'invalid_input'), ({}, {'product': 'broadworks', 'type': 'USER'}, 'invalid_input'),
])
def test_what_is_not_archived(played, archived, tmp_path, report, options, kind):
    key = report if 'start_date' in report else {'billing_period': PERIOD, **report}
    assert archived(id=played.add_report(seconds=0, **key), **options)['error']['kind'] == kind
    assert not (tmp_path / 'archive').exists()


def test_a_type_that_a_server_makes_up_leads_nowhere(played, archived, tmp_path):
    report = played.add_report(PERIOD, seconds=0)
    played.trouble(path=report, times=0, replace={'type': '/../../evil'})
    assert archived(id=report)['error']['kind'] == 'invalid_response' and archived(id=report, type='USER')['error']['kind'] == 'conflict'
    assert not (tmp_path / 'archive').exists()


def test_a_file_that_was_downloaded_before_is_filed_by_what_its_report_says(played, archived, tmp_path):
    report = played.add_report(PERIOD, type='CUSTOMER', seconds=0)
    (tmp_path / 'source.csv').write_bytes(b'A\n1\n')
    told = {
        'id': report, 'billing_period': PERIOD, 'billing_start_date': f'{PERIOD}-01', 'billing_end_date': f'{PERIOD}-31', 'type': 'CUSTOMER',
        'category': None, 'status': 'COMPLETED', 'created': None, 'created_by': None, 'errors': [],
    }
    options = {'src': str(tmp_path / 'source.csv'), 'report': told, 'api_url': None, 'access_token': None}
    result = archived(**options)
    assert result['changed'] and '/wholesale-customer/' in result['path'] and result['manifest']['category'] == 'RECONCILIATION'
    assert played.requests == [] and archived(**options, type='USER')['error']['kind'] == 'conflict'


def test_the_evidence_names_product_and_type(played, archived, time, tmp_path):
    archived(id=played.add_report(PERIOD, type='CUSTOMER', seconds=0), sub_partner_org_id='sub')
    month = Month(str(tmp_path / 'archive'), 'default', PERIOD, 'wholesale-customer')
    written = evidence.write(month, None, time, lock_timeout=0)
    with open(written['evidence_path'], 'rb') as file:
        page = Page(file.read())
    assert page.is_inert() and 'Webex Wholesale billing report' in page.text and 'Type CUSTOMER' in page.text and 'sub' in page.text
    assert written['msg'] == f'default wholesale-customer {PERIOD}: evidence of version 1 written'


def test_a_manifest_of_another_shelf_is_a_contradiction(archived, played, tmp_path):
    archived(id=played.add_report(PERIOD, type='USER', seconds=0))
    (tmp_path / 'archive/default/wholesale-user').rename(tmp_path / 'archive/default/wholesale-partner')
    with pytest.raises(Conflict, match='is not that of version 1'):
        Month(str(tmp_path / 'archive'), 'default', PERIOD, 'wholesale-partner').manifests()


def test_options_that_mean_no_month():
    options = {'archive': '/a', 'partner': 'north', 'billing_period': PERIOD, 'product': 'broadworks', 'type': None}
    assert Month.from_params(options).path == f'/a/north/{PERIOD}'
    assert Month.from_params({**options, 'product': 'wholesale'}).name == f'north wholesale-partner {PERIOD}'
    for wrong in ({'type': 'USER'}, {'partner': '..'}, {'archive': 'a'}, {'billing_period': '2026'}):
        with pytest.raises(InvalidInput):
            Month.from_params({**options, **wrong})
