# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The API host answers the Wholesale calls as Webex documents them."""

from __future__ import annotations

import pytest

REPORTS = '/wholesale/billing/reports'
EXAMPLE = 'Y2lzY29zcGFyazovL3VzL0JJTExJTkdfUkVQT1JULzViOGQ1MThhLThmMDAtNDUxYi1hNDA2LWVhZjQ5YjRhN2ZhOA'
OCTOBER = {'billingStartDate': '2025-10-01', 'billingEndDate': '2025-10-31'}


def listed(call, query=''):
    return [item['id'] for item in call('GET', f'{REPORTS}{query}').json['items']]


def test_the_list_is_the_documented_one(call):
    items = call('GET', REPORTS).json['items']
    assert len(items) == 3 and {item.pop('id')[-2:] for item in items} == {'OA', '2B', '5D'}
    assert items == [
        {'billingStartDate': '2021-05-21', 'billingEndDate': '2021-05-30', 'status': 'COMPLETED', 'type': 'PARTNER', 'category': 'RECONCILIATION'},
    ] * 3


def test_the_documented_report(call):
    report = call('GET', f'{REPORTS}/{EXAMPLE}').json
    assert '.csv?Expires=' in report.pop('tempDownloadURL')
    assert report == {
        'id': EXAMPLE, 'billingStartDate': '2021-05-21', 'billingEndDate': '2021-05-30', 'type': 'PARTNER', 'category': 'RECONCILIATION',
        'status': 'COMPLETED', 'created': '2021-06-16T12:40:33.109Z',
        'createdBy': 'Y2lzY29zcGFyazovL3VzL1BFT1BMRS8wYWNkMzg3NS00ZTEyLTRkNzctYjk4MS1lMzg5ZmQ4ODQ2YzA',
    }


def test_create_echoes_the_key(call, clock):
    echoed = call('POST', REPORTS, {**OCTOBER, 'type': 'USER', 'subPartnerOrgId': 'sub', 'internal': True}).json
    made = echoed.pop('id')
    assert echoed == {**OCTOBER, 'type': 'USER', 'category': 'RECONCILIATION', 'internal': True}
    clock.advance(3)
    report = call('GET', f'{REPORTS}/{made}').json
    assert report['status'] == 'COMPLETED' and not {'subPartnerOrgId', 'internal'} & set(report)
    assert call('DELETE', f'{REPORTS}/{made}').status == 204 and call('GET', f'{REPORTS}/{made}').status == 404


@pytest.mark.parametrize('body', [
    [], {}, {'billingStartDate': '2025-10-01'}, {**OCTOBER, 'billingEndDate': '2025-09-30'}, {**OCTOBER, 'billingEndDate': '2026-01-01'},
    {**OCTOBER, 'billingStartDate': '2020-12-31'}, {**OCTOBER, 'billingEndDate': '2025-10-32'}, {**OCTOBER, 'type': 'partner'},
    {**OCTOBER, 'internal': 'yes'}, {'billingPeriod': '2025-10'},
], ids=str)
def test_a_create_that_is_not_as_documented_is_refused(call, body):
    assert call('POST', REPORTS, body).status == 400 and len(listed(call)) == 3


def test_the_filters_of_the_list(call, sandbox):
    for number, key in enumerate(({}, {'type': 'CUSTOMER'}, {'sub_partner_org_id': 'sub'}, {'internal': True, 'ends': 'FAILED'})):
        sandbox.add_report('2025-10', product='wholesale', id=f'report-{number}', seconds=0, **key)
    october = '?billingStartDate=2025-10-01&billingEndDate=2025-10-31'
    for query, found in (
        ('', '0123'), ('&type=PARTNER', '023'), ('&type=CUSTOMER', '1'), ('&subPartnerOrgId=sub', '2'), ('&status=FAILED', '3'), ('&type=USER', ''),
    ):
        assert sorted(listed(call, october + query)) == [f'report-{number}' for number in found]
    assert listed(call, '?sortBy=id')[-1] == 'report-3' and call('GET', f'{REPORTS}?sortBy=type').status == 400


def test_a_long_list_comes_in_pages(call, sandbox):
    for number in range(200):
        sandbox.add_report('2025-10', product='wholesale', id=f'report-{number:03}')
    reply, sizes, ids = call('GET', f'{REPORTS}?max=90'), [], set()
    while reply:
        items = reply.json['items']
        sizes.append(len(items))
        ids |= {item['id'] for item in items}
        following = reply.headers['Link']
        assert following is None or following.endswith('>; rel="next"')
        reply = call('GET', following[1:].partition('>')[0]) if following else None
    assert sizes == [90, 90, 23] and len(ids) == 203
    assert len(listed(call)) == 100 and call('GET', f'{REPORTS}?max=101').status == 400


@pytest.mark.parametrize(('spelled', 'shown'), [('type', {'type'}), ('reportType', {'reportType'}), ('', set())])
def test_an_answer_may_spell_the_type_in_two_ways_or_leave_it_out(call, sandbox, spelled, shown):
    made = sandbox.add_report('2025-10', product='wholesale', type='USER', type_key=spelled)
    report = call('GET', f'{REPORTS}/{made}').json
    assert {key for key in report if 'ype' in key} == shown and listed(call, '?type=USER') == [made]


def test_a_list_may_leave_out_the_dates_of_a_report(call, sandbox):
    silent = sandbox.add_report('2025-10', product='wholesale', month_listed=False)
    item, = [item for item in call('GET', REPORTS).json['items'] if item['id'] == silent]
    assert set(item) == {'id', 'status', 'type', 'category'}


def test_each_product_has_reports_and_scopes_of_its_own(call, sandbox):
    made = sandbox.add_report('2025-10', product='wholesale')
    assert call('GET', f'/broadworks/billing/reports/{made}').status == 404
    token = sandbox.grant(scopes='spark-admin:wholesale_billing_reports_read')
    statuses = [call('GET', path, token=token).status for path in (REPORTS, '/broadworks/billing/reports')]
    assert statuses == [200, 403] and call('POST', REPORTS, OCTOBER, token=token).status == 403


@pytest.mark.parametrize('values', [{}, {'start_date': '2025-10-01'}, {'billing_period': '2025-10', 'type': 'X'}, {'billing_period': '2025-10', 'x': 1}])
def test_a_wrong_value_is_named(sandbox, values):
    with pytest.raises(ValueError, match='must be|not known'):
        sandbox.add_report(product='wholesale', **values)
