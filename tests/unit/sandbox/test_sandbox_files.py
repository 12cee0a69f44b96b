# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The file host: signed URLs, and the files behind them."""

from __future__ import annotations

import csv
import io
import re
from xml.etree import ElementTree

import pytest

REPORTS = '/broadworks/billing/reports'


def signed_url(call, report_id):
    return call('GET', f'{REPORTS}/{report_id}').json['tempDownloadURL']


def fetch(call, url, method='GET', **headers):
    return call(method, url, None, None, **headers)


def error_code(reply):
    return ElementTree.fromstring(reply.body).findtext('Code')


@pytest.fixture
def report_id(sandbox):
    return sandbox.add_report('2025-12', seconds=0, rows=3)


@pytest.fixture
def url(call, report_id):
    return signed_url(call, report_id)


def test_the_file_is_csv_and_says_that_it_is_made_up(call, url):
    reply = fetch(call, url)
    header, *records = csv.reader(io.StringIO(reply.body.decode(), newline=''))
    assert (reply.status, reply.headers['Content-Type'], reply.headers['Accept-Ranges']) == (200, 'text/csv', 'bytes')
    assert reply.headers['Content-Length'] == str(len(reply.body))
    assert all(name.startswith('made_up_') for name in header)
    assert len(records) == 3 and all(len(record) == len(header) for record in records)
    assert any('\n' in value and ',' in value for record in records for value in record)


def test_the_size_is_as_told(call, sandbox):
    def records(rows):
        report_id = sandbox.add_report('2025-12', seconds=0, rows=rows)
        content = fetch(call, signed_url(call, report_id)).body.decode()
        return len(list(csv.reader(io.StringIO(content, newline='')))) - 1
    assert [records(rows) for rows in (0, 1, 40, None)] == [0, 1, 40, 25]


def test_each_look_at_the_report_signs_anew_and_the_file_stays(call, report_id, url):
    other = signed_url(call, report_id)
    first, second = fetch(call, url), fetch(call, other)
    assert other != url
    assert (first.body, first.headers['ETag']) == (second.body, second.headers['ETag'])
    assert re.fullmatch(r'"[0-9a-f]{32}"', first.headers['ETag'])


def test_a_signature_holds_every_character_that_is_easily_spoilt(url):
    signature = url.split('Signature=')[1].split('&')[0]
    assert {'-', '_', '~'} <= set(signature)


@pytest.mark.parametrize('spoil', [
    lambda url: url.replace('~', '%7E'),
    lambda url: url.replace('_', '%5F'),
    lambda url: f'{url}&x=1',
    lambda url: url.split('?')[0],
    lambda url: url.replace('Expires=1', 'Expires=2'),
    lambda url: url.replace('.csv', '.CSV'),
    lambda url: '{0}?{3}&{2}&{1}'.format(*re.split('[?&]', url))])
def test_a_url_that_is_not_byte_for_byte_what_was_signed_is_refused(call, url, spoil):
    reply = fetch(call, spoil(url))
    assert (reply.status, error_code(reply), reply.headers['Content-Type']) == (403, 'AccessDenied', 'application/xml')


def test_a_url_expires_when_it_says(call, url, clock):
    expires = int(re.search(r'Expires=(\d+)', url)[1])
    assert expires == 1767225600 + 60
    clock.advance(59.5)
    assert fetch(call, url).status == 200
    clock.advance(0.5)
    assert (fetch(call, url).status, error_code(fetch(call, url))) == (403, 'AccessDenied')


def test_a_token_is_not_wanted_here(call, url):
    reply = call('GET', url)
    assert (reply.status, error_code(reply)) == (400, 'InvalidArgument')


def test_the_file_of_a_deleted_report_is_gone(call, url, report_id):
    call('DELETE', f'{REPORTS}/{report_id}')
    assert error_code(fetch(call, url)) == 'NoSuchKey'


def test_nothing_is_put_here(call, url):
    assert error_code(fetch(call, url, 'PUT')) == 'MethodNotAllowed'


def test_head_answers_headers_only(call, url):
    head, whole = fetch(call, url, 'HEAD'), fetch(call, url)
    assert (head.status, head.body) == (200, b'')
    assert (head.headers['Content-Length'], head.headers['ETag']) == (whole.headers['Content-Length'], whole.headers['ETag'])


@pytest.mark.parametrize('wanted, part', [
    ('bytes=0-9', slice(0, 10)),
    ('bytes=10-', slice(10, None)),
    ('bytes=-7', slice(-7, None)),
    ('bytes=5-999999', slice(5, None)),
    ('bytes=-999999', slice(0, None))])
def test_a_range_is_served(call, url, wanted, part):
    whole = fetch(call, url).body
    reply = fetch(call, url, Range=wanted)
    start = part.indices(len(whole))[0]
    assert (reply.status, reply.body) == (206, whole[part])
    assert reply.headers['Content-Range'] == f'bytes {start}-{start + len(reply.body) - 1}/{len(whole)}'
    assert reply.headers['Content-Length'] == str(len(reply.body))


@pytest.mark.parametrize('wanted', ['bytes=999999-', 'bytes=-0'])
def test_a_range_beyond_the_end_is_refused(call, url, wanted):
    size = len(fetch(call, url).body)
    reply = fetch(call, url, Range=wanted)
    assert (reply.status, reply.headers['Content-Range'], error_code(reply)) == (416, f'bytes */{size}', 'InvalidRange')


@pytest.mark.parametrize('headers', [
    {'Range': 'bytes=9-0'},
    {'Range': 'bytes=-'},
    {'Range': 'lines=0-1'},
    {'Range': 'bytes=0-1,4-5'},
    {'Range': 'bytes=' + '9' * 5000 + '-'},
    {'Range': 'bytes=0-1', 'If_Range': '"another"'}])
def test_a_range_that_means_nothing_is_ignored(call, url, headers):
    assert fetch(call, url, **headers).status == 200


def test_a_range_of_the_same_file_is_served(call, url):
    assert fetch(call, url, Range='bytes=0-1', If_Range=fetch(call, url).headers['ETag']).status == 206
