# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The API host answers as Webex documents it."""

from __future__ import annotations

import base64
import re
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
from webex_sandbox import Sandbox

REPORTS = '/broadworks/billing/reports'
EXAMPLE = 'Y2lzY29zcGFyazovL3VzL0JJTExJTkdfUkVQT1JULzViOGQ1MThhLThmMDAtNDUxYi1hNDA2LWVhZjQ5YjRhN2ZhOA'
FAILED_EXAMPLE = 'Y2lzY29zcGFyazovL3VzL0JJTExJTkdfUkVQT1JULzViOGQ1MThhLThmMDAtNDUxYi1hNDA2LWVhZjQ5YjRhN2Zh5D'


def create(call, period='2025-12'):
    return call('POST', REPORTS, {'billingPeriod': period}).json['id']


def read(call, report_id):
    return call('GET', f'{REPORTS}/{report_id}').json


def is_webex_error(reply, status):
    body = reply.json
    return (reply.status == status and body['message'] and body['errors'][0]['description']
            and body['trackingId'].startswith('ROUTER_') and body['trackingId'] == reply.headers['TrackingID'])


def test_the_list_is_the_documented_one(call):
    reply = call('GET', REPORTS)
    assert reply.status == 200
    assert [(item['billingPeriod'], item['status']) for item in reply.json['items']] == [
        ('2021-05', 'COMPLETED'), ('2021-04', 'COMPLETED'), ('2021-03', 'FAILED')]
    assert all(set(item) == {'id', 'billingPeriod', 'status'} for item in reply.json['items'])
    assert reply.headers['TrackingID'].startswith('ROUTER_')


def test_a_trailing_slash_makes_no_difference(call):
    assert call('GET', f'{REPORTS}/').json == call('GET', REPORTS).json


def test_the_documented_report(call, sandbox):
    report = read(call, EXAMPLE)
    url = report.pop('tempDownloadURL')
    assert report == {
        'id': EXAMPLE, 'billingPeriod': '2021-05', 'status': 'COMPLETED', 'created': '2021-06-16T12:40:33.109Z',
        'createdBy': 'Y2lzY29zcGFyazovL3VzL1BFT1BMRS8wYWNkMzg3NS00ZTEyLTRkNzctYjk4MS1lMzg5ZmQ4ODQ2YzA'}
    assert url.startswith(sandbox.files_url)
    assert re.search(r'/2021/06/16/[0-9a-f-]{36}\.csv\?Expires=\d+&Signature=[\w~-]{344}&Key-Pair-Id=\w+$', url)


def test_a_list_may_leave_out_the_month_of_a_report(call, sandbox):
    silent = sandbox.add_report('2025-12', month_listed=False)
    item, = [item for item in call('GET', REPORTS).json['items'] if item['id'] == silent]
    assert set(item) == {'id', 'status'} and read(call, silent)['billingPeriod'] == '2025-12'


def test_padding_makes_no_other_id(call):
    assert read(call, f'{EXAMPLE}%3D%3D')['id'] == EXAMPLE
    assert call('DELETE', f'{REPORTS}/{EXAMPLE}=').status == 204


def test_a_created_report_may_be_invisible_for_a_while(client_of, clock):
    with Sandbox(clock=clock, now=clock.now, lag_seconds=5, generation_seconds=3) as sandbox:
        call = client_of(sandbox)
        made = create(call)
        for seconds, status in ((0, 404), (4, 404), (1, 200)):
            clock.advance(seconds)
            assert call('GET', f'{REPORTS}/{made}').status == status
            assert (made in str(call('GET', REPORTS).json)) is (status == 200)


def test_the_documented_error(call):
    report = read(call, FAILED_EXAMPLE)
    assert report['errors'] == [{'code': 2024, 'description': 'Billing Report not found.'}]
    assert 'tempDownloadURL' not in report


def test_create_answers_an_id_and_nothing_else(call):
    reply = call('POST', REPORTS, {'billingPeriod': '2020-11'})
    assert reply.status == 200
    assert set(reply.json) == {'id'}
    padded = reply.json['id'] + '=' * (-len(reply.json['id']) % 4)
    assert re.fullmatch(rb'ciscospark://us/BILLING_REPORT/[0-9a-f-]{36}', base64.urlsafe_b64decode(padded))


def test_a_report_completes_when_its_time_is_up(call, clock):
    report_id = create(call)
    clock.advance(2.9)
    pending = read(call, report_id)
    clock.advance(0.1)
    done = read(call, report_id)
    assert pending['status'] == 'IN_PROGRESS' and not {'tempDownloadURL', 'errors'} & set(pending)
    assert done['status'] == 'COMPLETED' and done['tempDownloadURL']
    assert pending['created'] == done['created'] == '2026-01-01T00:00:00.250Z'


def test_a_month_told_to_fail_fails(call, clock):
    report_id = create(call, '2025-11')
    assert 'errors' not in read(call, report_id)
    clock.advance(3)
    report = read(call, report_id)
    assert (report['status'], report['errors'][0]['code']) == ('FAILED', 2024)
    assert 'tempDownloadURL' not in report


def test_an_added_report_is_as_told(call, clock, sandbox):
    report_id = sandbox.add_report('2025-10', seconds=5, status='REQUESTED', ends='FAILED', id='an id/with a slash',
                                   errors=[{'code': 7, 'description': 'made up'}], created='2025-11-02T00:00:00.000Z')
    path = f'{REPORTS}/an%20id%2Fwith%20a%20slash'
    before = call('GET', path).json
    clock.advance(5)
    after = call('GET', path).json
    assert report_id == after['id'] == 'an id/with a slash'
    assert (before['status'], after['status']) == ('REQUESTED', 'FAILED')
    assert 'errors' not in before and after['errors'] == [{'code': 7, 'description': 'made up'}]
    assert after['created'] == '2025-11-02T00:00:00.000Z'


@pytest.mark.parametrize('values, word', [
    ({'billing_period': '2025-13'}, 'billing_period'), ({'seconds': -1}, 'seconds'), ({'rows': 1.5}, 'rows'),
    ({'created': 'yesterday'}, 'created'), ({'errors': ['no']}, 'errors'), ({'ends': 1}, 'ends')])
def test_a_report_that_cannot_be_meant_is_refused(sandbox, values, word):
    with pytest.raises(ValueError, match=f'^{word} must be'):
        sandbox.add_report(**{'billing_period': '2025-12', **values})


def test_a_status_can_be_set_and_a_report_forgotten(call, sandbox):
    sandbox.set_status(EXAMPLE, 'IN_PROGRESS')
    assert read(call, EXAMPLE)['status'] == 'IN_PROGRESS'
    sandbox.set_status(EXAMPLE, 'FAILED')
    assert read(call, EXAMPLE)['errors']
    sandbox.forget_report(EXAMPLE)
    assert is_webex_error(call('GET', f'{REPORTS}/{EXAMPLE}'), 404)
    with pytest.raises(LookupError):
        sandbox.forget_report(EXAMPLE)


def test_delete_answers_nothing_and_works_once(call):
    first, second = (call('DELETE', f'{REPORTS}/{EXAMPLE}') for _time in range(2))
    assert (first.status, first.body, first.headers['Content-Length']) == (204, b'', None)
    assert first.headers['TrackingID'].startswith('ROUTER_')
    assert is_webex_error(second, 404)


@pytest.mark.parametrize('body', [
    {'billingPeriod': '2020-13'}, {'billingPeriod': '2020-1'}, {'billingPeriod': 202011}, {'billingPeriod': ['2020-11']},
    {'billingPeriod': None}, {}, [], '2020-11', '{', b'\xff'])
def test_a_malformed_create_is_refused(call, sandbox, body):
    assert is_webex_error(call('POST', REPORTS, body), 400)
    assert len(sandbox.state()['reports']) == 3


@pytest.mark.parametrize('method, path, status', [
    ('GET', '/people', 404), ('PUT', REPORTS, 405), ('PATCH', f'{REPORTS}/{EXAMPLE}', 405), ('DELETE', REPORTS, 405),
    ('POST', f'{REPORTS}/{EXAMPLE}', 405), ('GET', '/access_token', 405), ('GET', f'{REPORTS}?sortBy=created', 400),
    ('GET', f'{REPORTS}?before=soon', 400), ('GET', f'{REPORTS}?after=2020-13', 400)])
def test_other_calls_get_a_webex_error(call, method, path, status):
    assert is_webex_error(call(method, path), status)


@pytest.mark.parametrize('query, months', [
    ('before=2021-06', ['2021-04', '2021-03']),
    ('after=2021-05', ['2021-05']),
    ('after=2021-04&before=2021-06', ['2021-04']),
    ('after=2021-05-31T00:00:00Z', ['2021-05']), ('sortBy=billingPeriod', ['2021-05', '2021-04', '2021-03']),
    ('sortBy=status&after=2021-04', ['2021-05', '2021-04'])])
def test_the_list_is_filtered_by_month_of_creation_and_sorted(call, query, months):
    assert [item['billingPeriod'] for item in call('GET', f'{REPORTS}?{query}').json['items']] == months


def test_a_wrong_filter_is_named(call):
    assert call('GET', f'{REPORTS}?before=soon').json['errors'] == [{'description': 'before must be a month written YYYY-MM'}]


def test_the_list_sorts_by_id(call):
    ids = [item['id'] for item in call('GET', f'{REPORTS}?sortBy=id').json['items']]
    assert ids == sorted(ids)


def test_a_connection_is_kept_alive(sandbox, call):
    connection = HTTPConnection(urlsplit(sandbox.api_url).netloc, timeout=5)
    try:
        ports = set()
        for _time in range(2):
            connection.request('GET', f'/v1{REPORTS}', headers={'Authorization': f'Bearer {call.token}'})
            connection.getresponse().read()
            ports.add(connection.sock.getsockname())
        assert len(ports) == 1
    finally:
        connection.close()
