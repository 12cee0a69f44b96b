# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What distinguishes the products: their keys in options, requests, answers, results and sentences."""

from __future__ import annotations

import pytest
from ansible_collections.webex_partner.billing.plugins.module_utils._api import keys
from ansible_collections.webex_partner.billing.plugins.module_utils._api.periods import days_of, is_day, is_over, month_of
from ansible_collections.webex_partner.billing.plugins.module_utils._api.products import BROADWORKS, PRODUCTS, WHOLESALE
from ansible_collections.webex_partner.billing.plugins.module_utils._api.report import Report, moment, newest_first
from ansible_collections.webex_partner.billing.plugins.module_utils._errors import InvalidInput
from ansible_collections.webex_partner.billing.tests.unit.connecting import asked, client_of
from ansible_collections.webex_partner.billing.tests.unit.playing import Playing
from ansible_collections.webex_partner.billing.tests.unit.reporting import of

OCTOBER = {'billingStartDate': '2026-10-01', 'billingEndDate': '2026-10-31'}
EXAMPLE = 'Y2lzY29zcGFyazovL3VzL0JJTExJTkdfUkVQT1JULzViOGQ1MThhLThmMDAtNDUxYi1hNDA2LWVhZjQ5YjRhN2ZhOA'
NOTHING = dict.fromkeys(('billing_period', 'start_date', 'end_date', 'type', 'sub_partner_org_id', 'internal'))


def read(**document):
    return Report.from_api({'id': 'abc', **document}, WHOLESALE)


@pytest.mark.parametrize(('key', 'body', 'query', 'words'), [
    (of('2026-10'), {'billingPeriod': '2026-10'}, {}, '2026-10'),
    (of('2026-10', WHOLESALE), {**OCTOBER, 'type': 'PARTNER'}, {**OCTOBER, 'type': 'PARTNER'}, '2026-10 of type PARTNER'),
    (
        of('2026-10', WHOLESALE, type='USER', sub_partner_org_id='sub', internal=True),
        {**OCTOBER, 'type': 'USER', 'subPartnerOrgId': 'sub', 'internal': True}, {**OCTOBER, 'type': 'USER', 'subPartnerOrgId': 'sub'},
        '2026-10 of type USER for sub-partner sub with internal organizations',
    ),
    (
        keys.key(WHOLESALE, {**NOTHING, 'start_date': '2026-10-01', 'end_date': '2026-10-02'}),
        {'billingStartDate': '2026-10-01', 'billingEndDate': '2026-10-02', 'type': 'PARTNER'},
        {'billingStartDate': '2026-10-01', 'billingEndDate': '2026-10-02', 'type': 'PARTNER'}, '2026-10-01 to 2026-10-02 of type PARTNER',
    ),
    (BROADWORKS.key(), {}, {}, ''),
    (WHOLESALE.key(type='USER'), {'type': 'USER'}, {'type': 'USER'}, ''),
], ids=str)
def test_a_key_in_requests_and_sentences(key, body, query, words):
    assert (key.body(), key.query(), str(key)) == (body, query, words)


@pytest.mark.parametrize(('options', 'words'), [
    ({'start_date': '2026-10-32', 'end_date': '2026-10-31'}, 'start_date must be a day'),
    ({'start_date': '2026-10', 'end_date': '2026-10'}, 'start_date must be a day'),
    ({'start_date': '', 'end_date': '2026-10-31'}, 'start_date must be a day'),
    ({'start_date': '2026-10-31', 'end_date': '2026-10-01'}, 'start_date 2026-10-31 is later than end_date 2026-10-01'),
    ({'billing_period': '2026-10', 'sub_partner_org_id': 'a b'}, 'sub_partner_org_id must be the ID of an organization'),
    ({'billing_period': '2026-10-01'}, 'billing_period must be a month'),
])
def test_options_that_mean_no_key(options, words):
    with pytest.raises(InvalidInput, match=words):
        keys.key(WHOLESALE, {**NOTHING, **options})


def test_options_without_a_period_mean_no_key():
    assert keys.key(WHOLESALE, {**NOTHING, 'type': 'USER'}) is None and keys.key(BROADWORKS, NOTHING) is None


@pytest.mark.parametrize(('document', 'shown'), [
    ({**OCTOBER, 'type': 'USER', 'category': 'POINT_IN_TIME'}, ('2026-10', '2026-10-01', '2026-10-31', 'USER', 'POINT_IN_TIME')),
    ({**OCTOBER, 'reportType': 'USER'}, ('2026-10', '2026-10-01', '2026-10-31', 'USER', None)),
    ({'billingStartDate': '2026-10-01', 'billingEndDate': '2026-10-30'}, (None, '2026-10-01', '2026-10-30', None, None)),
    ({'billingStartDate': '2026-10-01', 'billingEndDate': 7, 'type': ['USER']}, (None, '2026-10-01', None, None, None)),
    ({}, (None,) * 5),
])
def test_a_report_shows_its_key(document, shown):
    result = read(**document).to_result()
    assert tuple(result[name] for name in ('billing_period', 'billing_start_date', 'billing_end_date', 'type', 'category')) == shown
    assert set(result) == {
        'id', 'billing_period', 'billing_start_date', 'billing_end_date', 'type', 'category', 'status', 'created', 'created_by', 'temp_download_url',
        'temp_download_url_expires', 'errors',
    }


def test_newest_periods_come_first():
    periods = [('2026-10-01', '2026-10-31'), ('2026-10-01', '2026-10-15'), ('2026-09-16', '2026-12-31'), (None, None)]
    reports = [Report(str(number), WHOLESALE.key(billing_start_date=start, billing_end_date=end)) for number, (start, end) in enumerate(periods)]
    assert [report.id for report in newest_first(reversed(reports))] == ['0', '1', '2', '3']


@pytest.mark.parametrize(('month', 'last'), [('2024-02', '29'), ('2023-02', '28'), ('2026-10', '31'), ('2026-11', '30')])
def test_the_days_of_a_month(month, last):
    days = days_of(month)
    assert days == (f'{month}-01', f'{month}-{last}') and month_of(*days) == month and all(map(is_day, days))
    assert month_of(days[0], f'{month}-15') is month_of(f'{month}-02', days[1]) is month_of(None, None) is month_of(*reversed(days)) is None


@pytest.mark.parametrize('text', ['', '2026-10', '2026-02-29', '2026-13-01', '2026-1-01', '0999-01-01', '2026-10-01T00:00:00Z', '2026-10-01\n'])
def test_what_is_no_day(text):
    assert not is_day(text)


@pytest.mark.parametrize(('when', 'over'), [('2026-10-31T23:59:59Z', False), ('2026-11-01T00:00:00Z', True), ('2026-11-01T01:00:00+02:00', False)])
def test_a_day_is_over_as_its_month_is(when, over):
    assert is_over('2026-10-31', moment(when)) is is_over('2026-10', moment(when)) is over


def test_exactly_one_product_needs_no_naming():
    assert [product.options for product in PRODUCTS.values()] == [{}, {'product': 'wholesale'}]


def test_a_long_list_is_followed_page_by_page(sandbox, time):
    played = Playing(sandbox, WHOLESALE)
    for number in range(350):
        played.add_report('2026-10', seconds=0, id=f'report-{number:03}')
    reports = client_of(played, time).list_reports(of('2026-10', WHOLESALE))
    assert len({report.id for report in reports}) == 350 and asked(played) == ['GET list'] * 4
    assert len(client_of(played, time).list_reports()) == 353


def test_the_calls_as_cisco_documents_them(sandbox, time):
    played = Playing(sandbox, WHOLESALE)
    client = client_of(played, time)
    assert [str(report.key) for report in client.list_reports()] == ['2021-05-21 to 2021-05-30 of type PARTNER'] * 3
    report = client.get_report(EXAMPLE)
    assert report.created == '2021-06-16T12:40:33.109Z' and report.status == 'COMPLETED' and report.temp_download_url
    made = client.create_report(of('2026-10', WHOLESALE, type='CUSTOMER', internal=True))
    assert client.get_report(made).to_result()['type'] == 'CUSTOMER' and client.delete_report(made)
    assert client.delete_report(EXAMPLE) and not client.delete_report(EXAMPLE)


def test_a_refusal_names_the_scopes_of_the_product(sandbox, time):
    played = Playing(sandbox, WHOLESALE)
    played.trouble(path='reports$', status=403)
    with pytest.raises(Exception, match='spark-admin:wholesale_billing_reports_read .* licensed for Webex Wholesale'):
        client_of(played, time).list_reports()
