# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every kind of trouble does what its entry says, to the requests it says, as often as it says."""

from __future__ import annotations

import base64
import gzip
import http.client
import json
import socket
import time
from urllib.parse import urlsplit

import pytest

REPORTS = '/broadworks/billing/reports'
GZIPPED = gzip.compress(b'{}', mtime=0)


def raw(sandbox, token):
    """All bytes of the answer to a list call, and how the connection ended."""
    address = urlsplit(sandbox.api_url)
    headers = f'Host: x\r\nConnection: close\r\nAuthorization: Bearer {token}\r\n'
    with socket.create_connection((address.hostname, address.port), timeout=5) as connection:
        connection.sendall(f'GET /v1{REPORTS} HTTP/1.1\r\n{headers}\r\n'.encode())
        received = b''
        try:
            while part := connection.recv(65536):
                received += part
        except ConnectionResetError:
            return received, 'reset'
        return received, 'closed'


def file_url(call):
    report_id = call('GET', REPORTS).json['items'][0]['id']
    return call('GET', f'{REPORTS}/{report_id}').json['tempDownloadURL']


def test_a_status_alone_comes_with_a_webex_error(call, sandbox):
    sandbox.trouble(status=429, headers={'Retry-After': '194'})
    first, second = call('GET', REPORTS), call('GET', REPORTS)
    assert (first.status, first.headers['Retry-After'], second.status) == (429, '194', 200)
    assert first.json['message'] == 'Too many requests have been sent in a short time.'
    assert first.json['trackingId'] == first.headers['TrackingID']


@pytest.mark.parametrize('status', [400, 401, 403, 404, 405, 409, 410, 415, 423, 428, 429, 500, 502, 503, 504])
def test_every_documented_status_has_words_of_its_own(call, sandbox, status):
    sandbox.trouble(status=status)
    sandbox.trouble(status=499)
    assert call('GET', REPORTS).json['message'] != call('GET', REPORTS).json['message']


def test_a_status_alone_is_xml_on_the_file_host(call, sandbox):
    url = file_url(call)
    sandbox.trouble(host='files', status=503)
    reply = call('GET', url, None, None)
    assert (reply.status, reply.headers['Content-Type']) == (503, 'application/xml')
    assert b'<Code>SlowDown</Code>' in reply.body


@pytest.mark.parametrize('entry, body, content_type', [
    ({'status': 502, 'body': '<html>é'}, '<html>é'.encode(), 'text/plain; charset=utf-8'),
    ({'status': 502, 'body': '<html>', 'headers': {'content-type': 'text/html'}}, b'<html>', 'text/html'),
    ({'status': 200, 'json': None}, b'null', 'application/json'),
    ({'status': 200}, b'', 'text/plain; charset=utf-8'),
    ({'status': 200, 'body_base64': base64.b64encode(GZIPPED).decode(), 'headers': {'Content-Encoding': 'gzip'}},
     GZIPPED, 'application/octet-stream')])
def test_a_status_with_a_body(call, sandbox, entry, body, content_type):
    sandbox.trouble(**entry)
    reply = call('GET', REPORTS)
    assert (reply.status, reply.body, reply.headers['Content-Type']) == (entry['status'], body, content_type)
    assert reply.headers['TrackingID'].startswith('ROUTER_')
    assert all(reply.headers[name] == value for name, value in entry.get('headers', {}).items())


def test_headers_alone_are_added_to_the_normal_answer_or_left_out(call, sandbox):
    sandbox.trouble(headers={'Link': '<http://127.0.0.1/next>; rel="next"', 'trackingid': None, 'Content-Length': None})
    reply = call('GET', REPORTS)
    assert reply.headers['Link'] == '<http://127.0.0.1/next>; rel="next"'
    assert reply.headers['TrackingID'] is reply.headers['Content-Length'] is None
    assert len(reply.json['items']) == 3


def test_replace_changes_the_normal_answer(call, sandbox):
    report_id = call('GET', REPORTS).json['items'][0]['id']
    sandbox.trouble(path=report_id, replace={'status': 'REQUESTED', 'tempDownloadURL': None, 'new': [1]})
    changed, normal = (call('GET', f'{REPORTS}/{report_id}').json for _time in range(2))
    url = normal.pop('tempDownloadURL')
    assert url and changed == {**normal, 'status': 'REQUESTED', 'new': [1]}


def test_replace_says_so_where_it_cannot(call, sandbox):
    url = file_url(call)
    sandbox.trouble(replace={'status': 'REQUESTED'})
    reply = call('GET', url, None, None)
    assert reply.status == 500 and b'not a JSON object' in reply.body


def test_cut_before_resets_the_connection_and_the_request_has_no_effect(call, sandbox):
    sandbox.trouble(method='GET', cut='before')
    sandbox.trouble(method='POST', cut='before')
    assert raw(sandbox, call.token) == (b'', 'reset')
    with pytest.raises((ConnectionResetError, http.client.RemoteDisconnected)):
        call('POST', REPORTS, {'billingPeriod': '2025-12'})
    assert len(sandbox.state()['reports']) == 3


@pytest.mark.parametrize('entry', [
    {'cut': 'before', 'processed': True}, {'status': 504, 'processed': True}, {'cut': 'headers'}, {'cut': 'body'}])
def test_an_answer_may_be_lost_after_the_request_has_worked(call, sandbox, entry):
    sandbox.trouble(method='POST', **entry)
    try:
        reply = call('POST', REPORTS, {'billingPeriod': '2025-12'})
        assert reply.status == 504 or reply.body == b''
    except (ConnectionError, http.client.HTTPException):
        pass
    assert [report['billing_period'] for report in sandbox.state()['reports']].count('2025-12') == 1


def test_cut_amid_the_headers(call, sandbox):
    sandbox.trouble(cut='headers')
    received, end = raw(sandbox, call.token)
    assert received.startswith(b'HTTP/1.1 200 OK\r\n')
    assert b'\r\n\r\n' not in received and b'Content-Length' not in received
    assert end == 'closed'


def test_cut_in_the_middle_of_the_body(call, sandbox):
    whole = call('GET', REPORTS).body
    sandbox.trouble(cut='body')
    head, body = raw(sandbox, call.token)[0].split(b'\r\n\r\n')
    assert f'Content-Length: {len(whole)}'.encode() in head
    assert body == whole[:len(whole) // 2]


def test_cut_in_the_middle_of_a_file(call, sandbox):
    url = file_url(call)
    size = int(call('HEAD', url, None, None).headers['Content-Length'])
    sandbox.trouble(host='files', cut='body')
    with pytest.raises(http.client.IncompleteRead) as caught:
        call('GET', url, None, None)
    assert len(caught.value.partial) == size // 2 and caught.value.expected == size - size // 2


def test_a_cut_answer_has_no_status_in_the_log(call, sandbox):
    for cut in ('before', 'headers', 'body'):
        sandbox.trouble(cut=cut)
        raw(sandbox, call.token)
    assert [entry['status'] for entry in sandbox.requests] == [None] * 3


@pytest.mark.clock
def test_delay_comes_before_a_normal_answer(call, sandbox):
    sandbox.trouble(delay=0.15)
    start = time.monotonic()
    assert call('GET', REPORTS).status == 200
    assert 0.15 <= time.monotonic() - start < 2


def test_delay_goes_with_a_status(call, sandbox):
    sandbox.trouble(delay=0.15, status=503)
    start = time.monotonic()
    assert call('GET', REPORTS).status == 503
    assert time.monotonic() - start >= 0.15


@pytest.mark.clock
@pytest.mark.parametrize('drip_from', ['headers', 'body'])
def test_drip_sends_single_bytes(sandbox, drip_from):
    sandbox.trouble(status=200, body='slowly', headers={'TrackingID': None}, drip=0.003, drip_from=drip_from)
    address = urlsplit(sandbox.api_url)
    with socket.create_connection((address.hostname, address.port), timeout=5) as connection:
        connection.sendall(b'GET /v1/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
        parts = []
        while part := connection.recv(65536):
            parts.append((time.monotonic(), part))
    whole = b''.join(part for _when, part in parts)
    dripped = whole if drip_from == 'headers' else b'slowly'
    assert whole.endswith(b'\r\n\r\nslowly')
    assert parts[-1][0] - parts[0][0] >= 0.003 * (len(dripped) - 1) * 0.9
    assert (len(parts[0][1]) == 1) == (drip_from == 'headers')


def test_entries_are_met_in_order_and_as_often_as_they_say(call, sandbox):
    sandbox.trouble(status=503, times=2)
    sandbox.trouble(status=429, skip=1)
    sandbox.trouble(status=500, method='post', times=0)
    assert [call('GET', REPORTS).status for _time in range(5)] == [503, 503, 200, 429, 200]
    assert [call('POST', REPORTS, {}).status for _time in range(3)] == [500] * 3
    assert [entry['status'] for entry in sandbox.state()['trouble']] == [500]
    sandbox.clear_trouble()
    assert call('POST', REPORTS, {}).status == 400


def test_an_entry_meets_only_whom_it_names(call, sandbox):
    url = file_url(call)
    sandbox.trouble(status=500, method='GET', path=r'/reports\?sortBy=(id|status)$', host='api', times=0)
    sandbox.trouble(status=502, host='files', times=0)
    assert call('GET', f'{REPORTS}?sortBy=id').status == 500
    assert call('POST', f'{REPORTS}?sortBy=id', {'billingPeriod': '2025-12'}).status == 200
    assert call('GET', REPORTS).status == 200
    assert call('GET', url, None, None).status == 502


@pytest.mark.parametrize('entry, message', [
    ({}, 'needs one of status'),
    ({'path': 'x'}, 'needs one of status'),
    ({'stauts': 500}, 'stauts is not known here'),
    ({'status': '500'}, 'status must be'),
    ({'status': True}, 'status must be'),
    ({'status': 99}, 'status must be'),
    ({'status': 500, 'times': -1}, 'times must be'),
    ({'status': 500, 'skip': 0.5}, 'skip must be'),
    ({'status': 500, 'path': '('}, 'path must be'),
    ({'status': 500, 'host': 'web'}, 'host must be api or files'),
    ({'status': 500, 'method': 1}, 'method must be'),
    ({'status': 500, 'body': b''}, 'body must be'),
    ({'status': 500, 'body_base64': '?'}, 'body_base64 must be'),
    ({'status': 500, 'body': '', 'json': {}}, 'body and json'),
    ({'status': 500, 'processed': 1}, 'processed must be'),
    ({'body': '', 'cut': 'body'}, 'body needs a status'),
    ({'cut': 'after'}, 'cut must be'),
    ({'delay': -1}, 'delay must be'),
    ({'delay': float('nan')}, 'delay must be'),
    ({'delay': float('inf')}, 'delay must be'),
    ({'drip': True}, 'drip must be'),
    ({'drip': 1, 'drip_from': 'end'}, 'drip_from must be'),
    ({'delay': 1, 'drip_from': 'body'}, 'drip_from needs'),
    ({'replace': []}, 'replace must be'),
    ({'headers': {'A': 1}}, 'headers must be'),
    ({'headers': {'A': 'b\r\nC: d'}}, 'headers must be')])
def test_an_entry_that_cannot_be_meant_is_refused(sandbox, entry, message):
    with pytest.raises(ValueError, match=message):
        sandbox.trouble(**entry)
    assert sandbox.state()['trouble'] == []


def test_an_entry_may_hold_json_of_any_kind(call, sandbox):
    for value in ([], 'text', 1.5, {'errors': [{'key': 'k', 'message': [{}]}]}):
        sandbox.trouble(status=400, json=value)
        assert json.loads(call('GET', REPORTS).body) == value
