# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The server under it all: many clients, rude clients, a quick end, and the control calls."""

from __future__ import annotations

import json
import socket
import statistics
import struct
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode, urlsplit

import pytest
from webex_sandbox import Sandbox

REPORTS = '/broadworks/billing/reports'


def connect(url):
    address = urlsplit(url)
    return socket.create_connection((address.hostname, address.port), timeout=5)


@pytest.fixture
def control(call, sandbox):
    def send(method, name, body=None):
        return call(method, f'{sandbox.control_url}/{name}', body, None)
    return send


def test_it_listens_on_loopback_only(sandbox):
    assert {urlsplit(url).hostname for url in (sandbox.api_url, sandbox.files_url, sandbox.control_url)} == {'127.0.0.1'}
    assert sandbox.api_url.endswith('/v1') and sandbox.control_url == sandbox.api_url.removesuffix('/v1') + '/_sandbox'


def test_a_taken_port_is_an_error(sandbox):
    with pytest.raises(OSError):
        Sandbox(port=urlsplit(sandbox.api_url).port)


def test_many_clients_at_once(call, sandbox):
    with ThreadPoolExecutor(60) as pool:
        replies = list(pool.map(lambda _number: call('POST', REPORTS, {'billingPeriod': '2025-12'}), range(120)))
    assert {reply.status for reply in replies} == {200}
    assert len({reply.json['id'] for reply in replies}) == 120
    assert [entry['number'] for entry in sandbox.requests] == list(range(1, 121))


@pytest.mark.clock
def test_small_answers_are_not_held_back(sandbox, call):
    with connect(sandbox.api_url) as connection:
        request = f'GET /v1{REPORTS} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {call.token}\r\n\r\n'.encode()
        pauses = []
        for _time in range(41):
            start = time.monotonic()
            connection.sendall(request)
            received = b''
            while not received.endswith(b']}'):
                received += connection.recv(65536)
            pauses.append(time.monotonic() - start)
        assert statistics.median(pauses) < 0.03  # 40 ms, if Nagle's algorithm were at work


@pytest.mark.parametrize('sent', [
    b'',
    b'\x16\x03\x01 not HTTP\r\n\r\n',
    b'GET / HTTP/9.9\r\n\r\n',
    b'BREW / HTTP/1.1\r\n\r\n',
    b'POST /v1/access_token HTTP/1.1\r\nContent-Length: -1\r\n\r\n',
    b'POST /v1/access_token HTTP/1.1\r\nContent-Length: ' + b'9' * 5000 + b'\r\n\r\n',
    b'POST /v1/access_token HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n',
    b'POST /v1/access_token HTTP/1.1\r\nContent-Length: 9\r\n\r\nhalf'])
def test_a_client_that_talks_nonsense_or_goes_away_leaves_no_trace(sandbox, call, sent, capfd):
    with connect(sandbox.api_url) as connection:
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        received = connection.recv(65536)
    assert not received or b'TrackingID: ROUTER_' in received and int(received.split()[1]) >= 400
    assert call('GET', REPORTS).status == 200
    assert [entry['method'] for entry in sandbox.requests] == ['GET']
    assert capfd.readouterr() == ('', '')


def test_a_client_that_resets_amid_the_answer_leaves_no_traceback(sandbox, call, capfd):
    sandbox.trouble(drip=0.01)
    with connect(sandbox.api_url) as connection:
        connection.sendall(f'GET /v1{REPORTS} HTTP/1.1\r\nHost: x\r\n\r\n'.encode())
        connection.recv(1)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
    time.sleep(0.1)
    assert call('GET', REPORTS).status == 200
    assert capfd.readouterr().err == ''


@pytest.mark.clock
@pytest.mark.parametrize('entry', [{'drip': 30}, {'drip': 0.001, 'drip_from': 'body'}, {'delay': 30}])
def test_it_stops_at_once_whatever_is_under_way(client_of, entry, capfd):
    before = set(threading.enumerate())
    with Sandbox() as sandbox:
        client_of(sandbox)('GET', REPORTS)
        sandbox.trouble(**entry)
        with connect(sandbox.api_url) as dripping, connect(sandbox.files_url):
            dripping.sendall(f'GET /v1{REPORTS} HTTP/1.1\r\nHost: x\r\n\r\n'.encode())
            while len(sandbox.requests) < 2:
                time.sleep(0.01)
            start = time.monotonic()
            sandbox.stop()
            assert time.monotonic() - start < 0.5
        with pytest.raises(OSError):
            connect(sandbox.api_url)
    assert set(threading.enumerate()) <= before
    assert capfd.readouterr().err == ''


def test_it_stops_by_itself_at_the_end_of_its_life():
    with Sandbox(lifetime=0.1) as sandbox:
        sandbox.wait()
        with pytest.raises(OSError):
            connect(sandbox.api_url)


def test_control_shows_state_and_requests(call, control, sandbox):
    call('GET', REPORTS)
    state = control('GET', 'state').json
    assert state == json.loads(json.dumps(sandbox.state()))
    assert (len(state['reports']), state['requests'], state['trouble']) == (3, 1, [])
    assert control('GET', 'requests').json == sandbox.requests != []
    assert control('DELETE', 'requests').json == {}
    assert sandbox.requests == []


def test_control_adds_a_report(call, control):
    reply = control('POST', 'reports', {'billing_period': '2025-12', 'seconds': 9, 'status': 'REQUESTED'})
    report = call('GET', f"{REPORTS}/{reply.json['id']}").json
    assert (reply.status, report['billingPeriod'], report['status']) == (200, '2025-12', 'REQUESTED')


def test_control_queues_and_clears_trouble(call, control):
    assert control('POST', 'trouble', {'status': 503}).status == 200
    assert control('POST', 'trouble', [{'status': 429}, {'status': 500, 'times': 0}]).status == 200
    assert [call('GET', REPORTS).status for _time in range(3)] == [503, 429, 500]
    control('DELETE', 'trouble')
    assert call('GET', REPORTS).status == 200


def test_control_expires_tokens(call, control):
    control('POST', 'expire_tokens')
    assert call('GET', REPORTS).status == 401


def test_control_sets_the_terms_of_tokens_and_revokes_them(call, control, sandbox):
    assert control('POST', 'terms', {'rotate_refresh_token': True, 'refresh_token_seconds': 60}).json == {}
    first = sandbox.refresh_token
    form = urlencode({'grant_type': 'refresh_token', 'client_id': sandbox.client_id, 'client_secret': sandbox.client_secret, 'refresh_token': first})
    answer = call('POST', '/access_token', form, None).json
    assert answer['refresh_token'] == sandbox.refresh_token != first and answer['refresh_token_expires_in'] == 60
    assert control('POST', 'revoke_tokens').json == {}
    assert call('GET', REPORTS, None, answer['access_token']).status == 401


@pytest.mark.parametrize('name, body, message', [
    ('terms', {'scopes': ['read']}, 'scopes'),
    ('terms', {'rotate': True}, 'rotate'),
    ('terms', [1], 'mapping'),
    ('trouble', {'stauts': 500}, 'stauts'),
    ('trouble', [{'status': 500}, {'status': 0}], 'status'),
    ('trouble', 'x', 'dictionary'),
    ('trouble', b'{', 'JSON'),
    ('reports', {'billing_period': 'x'}, 'billing_period'),
    ('reports', {'seconds': 1}, 'billing_period'),
    ('reports', {'billing_period': '2025-12', 'colour': 1}, 'colour')])
def test_control_names_what_is_wrong(control, sandbox, name, body, message):
    reply = control('POST', name, json.dumps(body) if isinstance(body, str) else body)
    assert reply.status == 400 and message in reply.json['message']
    assert sandbox.state()['trouble'] == [] and len(sandbox.state()['reports']) == 3


def test_control_lists_its_calls(control):
    reply = control('PUT', 'state')
    assert reply.status == 404 and 'GET state' in reply.json['message']


def test_control_stops_the_sandbox(control, sandbox):
    assert (control('POST', 'stop').status, sandbox.wait()) == (200, None)
    with pytest.raises(OSError):
        connect(sandbox.api_url)
