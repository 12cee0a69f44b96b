# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The billing calls: lists, reports one by one, and what is refused on the way."""

from __future__ import annotations

import json

import pytest
from ansible_collections.webex_partner.billing.plugins.module_utils._errors import AnotherReport, BillingError, Conflict, InvalidResponse, NotFound
from ansible_collections.webex_partner.billing.tests.unit.connecting import REPORTS, asked, client_of
from ansible_collections.webex_partner.billing.tests.unit.reporting import of

MAY = 'Y2lzY29zcGFyazovL3VzL0JJTExJTkdfUkVQT1JULzViOGQ1MThhLThmMDAtNDUxYi1hNDA2LWVhZjQ5YjRhN2ZhOA'
MARCH = 'Y2lzY29zcGFyazovL3VzL0JJTExJTkdfUkVQT1JULzViOGQ1MThhLThmMDAtNDUxYi1hNDA2LWVhZjQ5YjRhN2Zh5D'


@pytest.fixture
def client(sandbox, time):
    return client_of(sandbox, time)


def test_a_list_has_what_the_api_lists_and_nulls(client):
    reports = client.list_reports()
    assert [(report.billing_period, report.status) for report in reports] == [
        ('2021-05', 'COMPLETED'), ('2021-04', 'COMPLETED'), ('2021-03', 'FAILED'),
    ]
    assert all(report.created is report.created_by is report.temp_download_url is None for report in reports)


def test_a_list_is_sorted_here_and_not_trusted(sandbox, client):
    items = [{'id': period, 'billingPeriod': period} for period in ('2021-03', '2022-01', '2020-12')]
    sandbox.trouble(status=200, json={'items': items})
    assert [report.id for report in client.list_reports()] == ['2022-01', '2021-03', '2020-12']


def test_an_empty_list(sandbox, client):
    sandbox.trouble(status=200, json={'items': []})
    assert client.list_reports() == []


@pytest.mark.parametrize('body', [
    {}, [], {'items': None}, {'items': {}}, {'items': 'x'}, {'items': [None]}, {'items': ['abc']}, {'items': [{}]},
    {'items': [{'id': 'a'}, {'id': None}]}, {'message': 'ok'}, 'x', 7, None,
], ids=json.dumps)
def test_a_list_that_is_none_is_refused_whole(sandbox, client, body):
    sandbox.trouble(status=200, json=body)
    with pytest.raises(InvalidResponse, match='Listing the billing reports'):
        client.list_reports()


def test_a_report_in_full(sandbox, client):
    report = client.get_report(MARCH)
    assert (report.id, report.billing_period, report.status) == (MARCH, '2021-03', 'FAILED')
    assert report.created == '2021-04-16T12:40:33.109Z'
    assert list(report.errors) == [{'code': 2024, 'description': 'Billing Report not found.'}]


def test_a_report_that_is_unknown(client):
    with pytest.raises(NotFound, match='Reading billing report nothing') as caught:
        client.get_report('nothing')
    assert caught.value.kind == 'not_found' and caught.value.http_status == 404


@pytest.mark.parametrize(('report_id', 'target'), [
    ('a/b', 'a%2Fb'),
    ('a?b=c', 'a%3Fb%3Dc'),
    ('a#b', 'a%23b'),
    ('../../people', '..%2F..%2Fpeople'),
    ('%2e%2e', '%252e%252e'),
    ('a;b', 'a%3Bb'),
    ('ü', '%C3%BC'),
    ('a-b_c', 'a-b_c'),
])
def test_an_id_stays_one_segment_of_the_path(sandbox, client, report_id, target):
    with pytest.raises(BillingError):
        client.get_report(report_id)
    assert [request['target'] for request in sandbox.requests] == [f'{REPORTS}/{target}']


def test_the_reports_of_a_month_newest_first_and_in_full(sandbox, client):
    ids = [sandbox.add_report('2021-03', seconds=0, created=created) for created in (
        '2021-05-01T00:00:00.000Z', '2021-05-01T00:00:00.25Z', '2021-05-01T00:00:00.109Z')]
    reports = client.in_full(client.list_reports(of('2021-03')))
    assert [report.id for report in reports] == [ids[1], ids[2], ids[0], MARCH]
    assert all(report.created for report in reports)
    assert asked(sandbox)[0] == 'GET list' and sorted(asked(sandbox)[1:]) == sorted(f'GET {report_id}' for report_id in [*ids, MARCH])


@pytest.mark.parametrize('came', ['OTHER', MARCH[:-1], f'{MARCH}=x', f'={MARCH}', MARCH.lower()])
def test_another_report_than_the_one_asked_for_is_no_answer_and_is_named(sandbox, client, came):
    sandbox.trouble(path=MARCH, replace={'id': came})
    with pytest.raises(AnotherReport, match=f'Reading billing report {MARCH}.* whose id is {came}') as caught:
        client.get_report(MARCH)
    assert caught.value.kind == 'invalid_response'


@pytest.mark.parametrize(('asked_for', 'came'), [('abc==', 'abc'), ('abc', 'abc=='), ('abc=', 'abc=='), ('abc==', 'abc==')])
def test_padding_makes_no_other_id(sandbox, client, asked_for, came):
    sandbox.add_report('2021-06', id='abc')
    sandbox.trouble(path='/abc', replace={'id': came})
    if asked_for == 'abc==':
        assert client.get_report(asked_for).id == asked_for
    else:
        sandbox.add_report('2021-06', id=asked_for)
        assert client.get_report(asked_for).id == asked_for
    assert client.delete_report(asked_for)


def test_a_month_without_reports_costs_one_call(sandbox, client):
    assert client.in_full(client.list_reports(of('2019-01'))) == []
    assert asked(sandbox) == ['GET list']


def test_a_report_that_is_deleted_meanwhile_is_left_out(sandbox, client):
    other = sandbox.add_report('2021-03', seconds=0)
    sandbox.trouble(path=MARCH, status=404)
    assert [report.id for report in client.in_full(client.list_reports(of('2021-03')))] == [other]


def test_another_trouble_with_one_of_them_fails_the_month(sandbox, client):
    sandbox.add_report('2021-03', seconds=0)
    sandbox.trouble(path=MARCH, status=403)
    with pytest.raises(BillingError, match=MARCH):
        client.in_full(client.list_reports(of('2021-03')))


@pytest.mark.parametrize('status', [200, 201, 202])
def test_a_created_report_is_known_by_its_id(sandbox, client, status):
    sandbox.trouble(method='POST', status=status, json={'id': 'abc'})
    assert client.create_report(of('2021-06')) == 'abc'
    assert asked(sandbox) == ['POST list']


def test_the_month_reaches_the_api(sandbox, client):
    made = client.create_report(of('2021-06'))
    assert [report['id'] for report in sandbox.state()['reports'] if report['billing_period'] == '2021-06'] == [made]


@pytest.mark.parametrize('body', [{}, [], None, {'id': None}, {'id': ''}, {'id': 7}, 'abc'], ids=json.dumps)
def test_a_creation_without_an_id_is_no_answer(sandbox, client, body):
    sandbox.trouble(method='POST', status=200, json=body)
    with pytest.raises(InvalidResponse, match='Creating a billing report of 2021-06'):
        client.create_report(of('2021-06'))


def test_a_report_is_deleted_once(sandbox, client):
    assert client.delete_report(MARCH) is True
    assert client.delete_report(MARCH) is False
    assert asked(sandbox) == [f'DELETE {MARCH}'] * 2


def test_an_id_stays_one_segment_of_the_path_of_a_deletion(sandbox, client):
    assert client.delete_report('a/../b?c') is False
    assert [request['target'] for request in sandbox.requests] == [f'{REPORTS}/a%2F..%2Fb%3Fc']


@pytest.mark.parametrize('status', [404, 410])
def test_what_is_gone_at_a_second_try_went_with_the_first(sandbox, time, status):
    sandbox.trouble(method='DELETE', status=504)
    sandbox.trouble(method='DELETE', status=status)
    assert client_of(sandbox, time, retry_timeout=60).delete_report(MARCH) is True
    assert asked(sandbox) == [f'DELETE {MARCH}'] * 2


def test_a_deletion_that_is_refused_is_an_error_by_name(sandbox, client):
    sandbox.trouble(method='DELETE', status=409)
    with pytest.raises(Conflict, match=f'Deleting billing report {MARCH}'):
        client.delete_report(MARCH)
