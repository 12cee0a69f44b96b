# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What goes over the wire to the host of the files, byte by byte, and where it may go."""

from __future__ import annotations

import pytest
from ansible_collections.webex_partner.billing.plugins.module_utils._errors import BillingError, DownloadFailed, InvalidInput, NetworkFault
from ansible_collections.webex_partner.billing.plugins.module_utils._file.host import FileHost
from ansible_collections.webex_partner.billing.plugins.module_utils._file.stream import Version
from ansible_collections.webex_partner.billing.plugins.module_utils._time import Time
from ansible_collections.webex_partner.billing.tests.unit import certificates
from ansible_collections.webex_partner.billing.tests.unit.connecting import client_of, connection_to
from ansible_collections.webex_partner.billing.tests.unit.raw_server import RawServer, http

FILE = b'a,b\n1,2\n'
TARGETS = [
    '/a366de9b/2021/06/16/340177d1.csv?Expires=1624978489&Signature=Syp3~vr_-w__&Key-Pair-Id=APKAJADAKLCI2FW2U32Q',
    '/a%7eb%2fc%2Fd?Signature=%7e%2f%2F%3d%41&x=a+b&y=%20&z=%zz&w=%',
    '/..%2f../a/../b/./c//d?q=/../e',
    '//double//slash.csv?x',
    '/?',
    '/a?b?c=d&&=&',
    "/a|b{c}^`d[e]<f>'g\"h\\i;j?|{}^`[]<>'\"\\;@:!$()*,",
    '/a?https://elsewhere.example/b?c',
]


def host(**options):
    return FileHost(connection_to('https://webexapis.example/v1', **{'request_timeout': 5, 'access_token': 'canary', **options}), Time())


def fetch(url, start=0, version=None, **options):
    with host(**options).open(url, start, version) as stream:
        return b''.join(stream.chunks())


def lines(request):
    first, *headers = request.decode().split('\r\n\r\n')[0].split('\r\n')
    return first, {name.lower(): value for name, value in (header.split(': ', 1) for header in headers)}


@pytest.mark.parametrize('target', TARGETS)
def test_the_target_goes_out_byte_for_byte(target):
    with RawServer(http(FILE)) as server:
        assert fetch(f'http://{server.address}{target}') == FILE
        assert lines(server.requests[0])[0] == f'GET {target} HTTP/1.1'


@pytest.mark.parametrize('variable', ['HTTP_PROXY', 'ALL_PROXY'])
def test_nothing_for_a_loopback_host_goes_through_a_proxy_redirects_included(monkeypatch, variable):
    with RawServer(http(FILE)) as near, RawServer(b'') as proxy:
        monkeypatch.setenv(variable, f'http://{proxy.address}')
        with RawServer(http(b'', f'Location: http://{near.address}/b', status='302 Found')) as far:
            assert fetch(f'http://{far.address}/a?Signature=secret') == FILE
        assert proxy.requests == []


@pytest.mark.parametrize(('url', 'target'), [('http://{0}', '/'), ('http://{0}?a=%7e', '/?a=%7e'), ('HTTP://{0}/a#b', '/a')])
def test_what_is_missing_of_a_target(url, target):
    with RawServer(http(FILE)) as server:
        fetch(url.format(server.address))
        assert lines(server.requests[0])[0] == f'GET {target} HTTP/1.1'


def test_nothing_that_identifies_goes_along(tmp_path):
    netrc = tmp_path / '.netrc'
    netrc.write_text('machine 127.0.0.1 login someone password other\ndefault login someone password other\n')
    netrc.chmod(0o600)
    with RawServer(http(FILE)) as server:
        fetch(f'http://{server.address}/a', start=3, version=Version('', '"e"'))
        headers = lines(server.requests[0])[1]
        assert b'canary' not in server.requests[0] and b'webex' not in server.requests[0]
    assert set(headers) <= {'host', 'accept', 'accept-encoding', 'user-agent', 'range', 'if-range', 'connection'}
    assert (headers['accept-encoding'], headers['range'], headers['if-range']) == ('identity', 'bytes=3-', '"e"')


@pytest.mark.parametrize(('start', 'version'), [(0, Version('', '"e"')), (3, None)])
def test_without_a_start_and_a_version_there_is_no_range(start, version):
    with RawServer(http(FILE)) as server:
        fetch(f'http://{server.address}/a', start, version)
        assert not {'range', 'if-range'} & set(lines(server.requests[0])[1])


@pytest.mark.parametrize('url', [
    'http://files.example/a', 'http://127.0.0.1.example/a', 'ftp://127.0.0.1/a', 'file:///etc/passwd', '//127.0.0.1/a', '', 'x', 'https://',
    'https://user:word@files.example/a', 'https://files.example\\@127.0.0.1/a', 'http://127.0.0.1:0/a', 'http://127.0.0.1:99999/a',
    'http://127.0.0.1/a b', 'http://127.0.0.1/a\r\nX: y', 'http://127.0.0.1/ü', 'http://[::1/a', 'http://0x7f000001.example/',
])
def test_a_link_that_leads_to_no_file_is_refused_and_not_shown(url):
    with pytest.raises(DownloadFailed) as caught:
        fetch(url)
    assert 'word' not in str(caught.value) and '/a' not in str(caught.value)


def redirect(location, status='302 Found'):
    return http(b'', f'Location: {location}', status=status)


@pytest.mark.parametrize('status', ['301 Moved', '302 Found', '303 See Other', '307 Temporary', '308 Permanent'])
def test_a_redirect_is_followed_byte_for_byte(status):
    with RawServer(http(FILE)) as there, RawServer(redirect(f'http://{there.address}/b?c=%7e%2f', status)) as here:
        assert fetch(f'http://{here.address}/a') == FILE
        assert lines(there.requests[0])[0] == 'GET /b?c=%7e%2f HTTP/1.1'


@pytest.mark.parametrize('location', ['http://files.example/a', 'ftp://127.0.0.1/a', '//files.example/a', 'http://['])
def test_a_redirect_to_a_place_without_https_is_not_followed(location):
    with RawServer(redirect(location)) as here:
        with pytest.raises(DownloadFailed):
            fetch(f'http://{here.address}/a')
        assert len(here.requests) == 1


def tls(answer):
    return RawServer(answer, certificates.shown())


def test_a_redirect_from_https_to_loopback_is_not_followed(tmp_path):
    with RawServer(http(FILE)) as there, tls(redirect(f'http://{there.address}/b')) as here:
        with pytest.raises(DownloadFailed, match='without https'):
            fetch(f'https://{here.address}/a', ca_path=certificates.vouching(tmp_path))
        assert there.requests == []


def test_redirects_in_a_circle():
    with RawServer(redirect('/a')) as here:
        with pytest.raises(DownloadFailed, match='too often'):
            fetch(f'http://{here.address}/a')
        assert len(here.requests) == 4


@pytest.mark.filterwarnings('ignore:Unverified HTTPS request')  # the client turns it off
def test_certificates(tmp_path):
    with tls(http(FILE)) as server:
        with pytest.raises(NetworkFault, match='certificate'):
            fetch(f'https://{server.address}/a')
        assert fetch(f'https://{server.address}/a?b=%7e', ca_path=certificates.vouching(tmp_path)) == FILE
        assert fetch(f'https://{server.address}/a', validate_certs=False) == FILE
        assert lines(server.requests[-2])[0] == 'GET /a?b=%7e HTTP/1.1'


def test_an_unusable_bundle_of_the_environment_is_refused_by_the_name_of_its_variable(monkeypatch):
    monkeypatch.setenv('CURL_CA_BUNDLE', '/no/such/file.pem')
    with tls(http(FILE)) as server:
        with pytest.raises(InvalidInput, match='CURL_CA_BUNDLE'):
            fetch(f'https://{server.address}/a')
        assert server.requests == []


def test_advice_for_a_sandbox_that_is_not_there():
    with RawServer(b'') as server:
        url = f'http://{server.address}/a'
    with pytest.raises(NetworkFault, match='is the sandbox still running'):
        fetch(url)


def test_https_goes_through_the_tunnel_of_a_proxy(monkeypatch):
    with RawServer(http(b'no', status='407 Proxy Authentication Required')) as proxy:
        monkeypatch.setenv('HTTPS_PROXY', f'http://someone:hidden@{proxy.address}')
        with pytest.raises(NetworkFault) as caught:
            fetch('https://files.invalid/a?Signature=secret')
    assert proxy.requests[0].startswith(b'CONNECT files.invalid:443') and b'secret' not in proxy.requests[0]
    assert 'hidden' not in str(caught.value) and 'secret' not in str(caught.value)


def test_a_proxy_that_is_none(monkeypatch):
    monkeypatch.setenv('HTTPS_PROXY', 'http://someone:hidden@[')
    with pytest.raises(InvalidInput) as caught:
        fetch('https://files.invalid/a')
    assert 'hidden' not in str(caught.value)


@pytest.mark.parametrize('answer', [
    b'', b'SSH-2.0-OpenSSH_9.2\r\n', b'HTTP/1.1 abc OK\r\n\r\n', http(FILE, 'Transfer-Encoding: chunked'), http(FILE, 'Content-Length: 50'),
    http(FILE, 'Content-Length: \xb2'), http(FILE, 'Content-Length: -1'), http(b'', status='99999 What'), http(FILE, status='204 None'),
    http(b'5\r\na,b\n1', 'Transfer-Encoding: chunked'),
], ids=lambda answer: answer[:60])
def test_whatever_the_host_sends_is_a_file_or_an_error_of_ours(answer):
    with RawServer(answer) as server:
        try:
            assert fetch(f'http://{server.address}/a?Signature=secret') in (FILE, b'')
        except BillingError as error:
            assert error.kind in ('network', 'download') and 'secret' not in str(error)


def test_the_sandbox_compares_bytes_as_well(sandbox):
    report = next(report for report in sandbox.state()['reports'] if report['status'] == 'COMPLETED')
    link = client_of(sandbox).get_report(report['id']).temp_download_url
    assert '~' in link and fetch(link).startswith(b'made_up')
