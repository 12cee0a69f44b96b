# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One exchange: it ends in time, whole, where it was sent, or not at all."""

from __future__ import annotations

import base64
import gzip
import json
import time as real_time

import pytest
from ansible_collections.webex_partner.billing.plugins.module_utils._api import wire
from ansible_collections.webex_partner.billing.plugins.module_utils._api.client import BillingClient
from ansible_collections.webex_partner.billing.plugins.module_utils._errors import BillingError, ExchangeTimeout, InvalidResponse, NetworkFault
from ansible_collections.webex_partner.billing.plugins.module_utils._secrets import Secrets
from ansible_collections.webex_partner.billing.plugins.module_utils._time import Time
from ansible_collections.webex_partner.billing.tests.unit.connecting import asked, client_of, connection_to
from ansible_collections.webex_partner.billing.tests.unit.raw_server import RawServer, http

LIST = json.dumps({'items': [{'id': 'abc', 'billingPeriod': '2021-05', 'status': 'COMPLETED'}]}).encode()
LIMIT = 0.15


def client_at(address, **options):
    connection = connection_to(f'http://{address}/v1', **{'retry_timeout': 0, 'request_timeout': 5, **options})
    return BillingClient(connection, Secrets(), Time())


@pytest.mark.clock
@pytest.mark.parametrize('trouble', [
    pytest.param({'delay': 60}, id='silent'),
    pytest.param({'drip': 0.03, 'drip_from': 'headers'}, id='headers that drip'),
    pytest.param({'drip': 0.03, 'drip_from': 'body'}, id='a body that drips'),
])
def test_the_time_limit_holds_for_the_exchange_as_a_whole(sandbox, trouble):
    sandbox.trouble(times=1, **trouble)
    client = client_of(sandbox, Time(), request_timeout=LIMIT)
    start = real_time.monotonic()
    with pytest.raises(ExchangeTimeout) as caught:
        client.list_reports()
    assert LIMIT <= real_time.monotonic() - start < LIMIT + 0.3
    assert caught.value.kind == 'timeout' and 'Listing the billing reports' in str(caught.value)
    assert len(client.list_reports()) == 3, 'the next exchange works'


def test_a_socket_that_is_the_first_to_notice_says_the_same(sandbox, time):
    sandbox.trouble(delay=60)
    with pytest.raises(ExchangeTimeout):
        client_of(sandbox, time, request_timeout=LIMIT).list_reports()


@pytest.mark.clock
def test_nothing_goes_on_past_the_end_of_the_caller(sandbox):
    sandbox.trouble(delay=60)
    time = Time()
    start = time.clock()
    with pytest.raises(ExchangeTimeout):
        client_of(sandbox, time, end_by=start + LIMIT, request_timeout=30).list_reports()
    assert time.clock() - start < LIMIT + 0.3


def test_nothing_begins_after_the_end_of_the_caller(sandbox, time):
    with pytest.raises(ExchangeTimeout):
        client_of(sandbox, time, end_by=time.clock()).list_reports()
    assert asked(sandbox) == []


@pytest.mark.parametrize('cut', ['before', 'headers', 'body'])
def test_an_answer_that_is_cut_is_a_network_fault(sandbox, time, cut):
    sandbox.trouble(cut=cut)
    client = client_of(sandbox, time)
    with pytest.raises(NetworkFault) as caught:
        client.list_reports()
    assert caught.value.http_status is None and 'Traceback' not in str(caught.value)
    assert asked(sandbox) == ['GET list'], 'nobody asked again in silence'
    assert len(client.list_reports()) == 3


@pytest.mark.parametrize('answer', [
    pytest.param(http(LIST, f'Content-Length: {len(LIST) + 5}'), id='short against its length'),
    pytest.param(http(LIST, 'Transfer-Encoding: chunked'), id='chunks that are none'),
    pytest.param(http(b'%x\r\n' % len(LIST) + LIST + b'\r\n', 'Transfer-Encoding: chunked'), id='no last chunk'),
    pytest.param(b'', id='closed without a word'),
    pytest.param(b'SSH-2.0-OpenSSH_9.2\r\n', id='not HTTP'),
    pytest.param(b'HTTP/1.1 abc OK\r\n\r\n', id='a status that is no number'),
    pytest.param(b'HTTP/1.1 200 OK\r\n' + b'X: ' + b'y' * 70000 + b'\r\n\r\n', id='an endless header'),
    pytest.param(b'HTTP/1.1 200 OK\r\n' + b'X: y\r\n' * 200 + b'\r\n', id='too many headers'),
    pytest.param(http(b'\x1f\x8bjunk', 'Content-Encoding: gzip'), id='gzip that is none'),
    pytest.param(http(gzip.compress(LIST)[:-12], 'Content-Encoding: gzip'), id='half a gzip'),
    pytest.param(http(LIST, 'Content-Encoding: gzip, gzip, gzip, gzip, gzip, gzip, gzip'), id='a chain of encodings'),
    pytest.param(http(LIST, 'Content-Encoding: br'), id='an unknown encoding of JSON'),
    pytest.param(http(b'', 'Location: http://[', status='302 Found'), id='a redirect to nowhere'),
    pytest.param(http(LIST, 'Content-Length: \xb2'), id='a length that is a digit but no number'),
    pytest.param(http(LIST, 'Link: <http://[>; rel="next"'), id='a link to nowhere'),
    pytest.param(http(LIST, 'Link: \xff;;;=,<'), id='a link that is junk'),
    pytest.param(http(b'{"message": "no"}', status='99999 What'), id='a status beyond HTTP'),
    pytest.param(http(b'\xff\xfe{\x00}\x00', 'Content-Type: application/json; charset=utf-16'), id='another encoding of text'),
])
def test_whatever_the_server_sends_is_a_result_or_an_error_of_ours(answer):
    with RawServer(answer) as server:
        try:
            client_at(server.address).list_reports()
        except BillingError as error:
            assert error.kind in ('network', 'invalid_response', 'unavailable') and error.to_result(Secrets().mask)['msg'].isprintable()


@pytest.mark.parametrize('counts', [True, False], ids=['as urllib3 2 does', 'as urllib3 1 does'])
def test_a_short_body_never_counts_as_whole(monkeypatch, counts):
    if not counts:
        monkeypatch.setattr('urllib3.response.HTTPResponse._init_length', lambda *_args: None)
    body = LIST + b' ' * 10  # valid JSON also when its end is missing
    with RawServer(http(LIST, f'Content-Length: {len(body)}')) as server:
        with pytest.raises(NetworkFault):
            client_at(server.address).list_reports()


def test_a_redirect_is_not_followed_and_takes_no_token_along(sandbox, time):
    with RawServer(http(LIST)) as elsewhere:
        sandbox.trouble(status=302, headers={'Location': f'http://{elsewhere.address}/v1/broadworks/billing/reports'})
        with pytest.raises(InvalidResponse) as caught:
            client_of(sandbox, time).list_reports()
        assert elsewhere.requests == []
    assert caught.value.http_status == 302
    assert asked(sandbox) == ['GET list']


@pytest.mark.parametrize('status', [301, 303, 307, 308])
def test_a_redirect_to_the_same_host_is_not_followed_either(sandbox, time, status):
    sandbox.trouble(status=status, headers={'Location': '/v1/broadworks/billing/reports'})
    with pytest.raises(InvalidResponse):
        client_of(sandbox, time).list_reports()
    assert asked(sandbox) == ['GET list']


@pytest.mark.parametrize('answer', [
    pytest.param(lambda size: http(b' ' * size + LIST), id='plain'),
    pytest.param(lambda size: http(gzip.compress(b' ' * size + LIST), 'Content-Encoding: gzip'), id='a gzip bomb'),
])
def test_the_size_limit(monkeypatch, answer):
    monkeypatch.setattr(wire, 'SIZE_LIMIT', 100_000)
    with RawServer(answer(90_000)) as server:
        assert len(client_at(server.address).list_reports()) == 1
    with RawServer(answer(100_001)) as server:
        with pytest.raises(InvalidResponse):
            client_at(server.address).list_reports()


def test_what_is_packed_twice_is_not_unpacked():
    with RawServer(http(gzip.compress(gzip.compress(LIST)), 'Content-Encoding: gzip, gzip')) as server:
        with pytest.raises(InvalidResponse, match='more than once'):
            client_at(server.address).list_reports()


def test_the_real_size_limit_bears_ten_thousand_reports():
    assert 3_000_000 < wire.SIZE_LIMIT <= 100_000_000


@pytest.mark.parametrize('body', [
    pytest.param(LIST, id='plain'),
    pytest.param(b'\xef\xbb\xbf' + LIST, id='with a byte order mark'),
])
@pytest.mark.parametrize('encoding', [None, 'gzip'])
def test_a_body_however_encoded(sandbox, time, body, encoding):
    content = gzip.compress(body) if encoding else body
    sandbox.trouble(status=200, body_base64=base64.b64encode(content).decode(), headers={'Content-Encoding': encoding})
    assert [report.id for report in client_of(sandbox, time).list_reports()] == ['abc']


def test_what_a_request_says():
    with RawServer(http(LIST)) as server:
        client_at(server.address, access_token='the-token').list_reports()
        lines = server.requests[0].decode().split('\r\n')
    assert lines[0] == 'GET /v1/broadworks/billing/reports HTTP/1.1'
    headers = dict(line.lower().split(': ', 1) for line in lines[1:] if line)
    assert headers['authorization'] == 'bearer the-token'
    assert headers['accept-encoding'] == 'identity'
    assert headers['user-agent'].startswith('webex_partner.billing/')
    assert 'cookie' not in headers


def test_a_host_that_is_not_there_is_a_network_fault():
    with RawServer(b'') as server:
        address = server.address
    with pytest.raises(NetworkFault) as caught:
        client_at(address).list_reports()
    assert 'refused' in str(caught.value) and 'HTTPConnectionPool' not in str(caught.value)


@pytest.mark.parametrize('transfer', ['identity, chunked', 'gzip, chunked', 'chunked '])
def test_a_transfer_that_is_not_understood_is_refused(transfer):
    with RawServer(http(b'%x\r\n%b\r\n0\r\n\r\n' % (len(LIST), LIST), f'Transfer-Encoding: {transfer}')) as server:
        with pytest.raises(InvalidResponse, match='Transfer-Encoding'):
            client_at(server.address).list_reports()


def test_what_is_no_http_is_not_told_in_full():
    with RawServer(b'x' * 60_000 + b'\r\n\r\n') as server:
        with pytest.raises(NetworkFault) as caught:
            client_at(server.address).list_reports()
    assert 'does not speak HTTP' in str(caught.value) and 'xxx' not in str(caught.value)


@pytest.mark.parametrize('before', [b'', b'3;', b'0\r\n'], ids=['the size', 'an extension', 'a trailer'])
def test_a_line_between_chunks_that_never_ends_is_not_kept(monkeypatch, before):
    monkeypatch.setattr('urllib3.response._MAX_CHUNK_LINE_LENGTH', 1 << 40, raising=False)  # urllib3 before 2.8 knows no limit
    with RawServer(http(before + b'1' * 4 * wire.SIZE_LIMIT, 'Transfer-Encoding: chunked')) as server:
        with pytest.raises(NetworkFault):
            client_at(server.address).list_reports()
        assert server.answered == 0


def test_the_body_of_a_redirect_is_not_read_to_its_end():
    with RawServer(http(b' ' * 4 * wire.SIZE_LIMIT, 'Location: /elsewhere', status='302 Found')) as server:
        with pytest.raises(InvalidResponse, match='larger'):
            client_at(server.address).list_reports()
        assert server.answered == 0
