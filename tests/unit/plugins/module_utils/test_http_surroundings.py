# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What surrounds a request: netrc, proxies and certificates."""

from __future__ import annotations

import json
import warnings

import pytest
from ansible_collections.webex_partner.billing.plugins.module_utils import _http
from ansible_collections.webex_partner.billing.plugins.module_utils._client import BillingClient
from ansible_collections.webex_partner.billing.plugins.module_utils._errors import InvalidInput, NetworkFault
from ansible_collections.webex_partner.billing.plugins.module_utils._secrets import Secrets
from ansible_collections.webex_partner.billing.plugins.module_utils._time import Time
from ansible_collections.webex_partner.billing.tests.unit import certificates
from ansible_collections.webex_partner.billing.tests.unit.connecting import asked, client_of, connection_to, minting
from ansible_collections.webex_partner.billing.tests.unit.raw_server import RawServer, http

LIST = json.dumps({'items': [{'id': 'abc'}]}).encode()


def client_at(api_url, **options):
    return BillingClient(connection_to(api_url, **{'retry_timeout': 0, 'request_timeout': 5, **options}), Secrets(), Time())


@pytest.fixture
def netrc(tmp_path):
    path = tmp_path / '.netrc'
    path.write_text('machine 127.0.0.1 login someone password other\ndefault login someone password other\n')
    path.chmod(0o600)


@pytest.fixture
def tls():
    with RawServer(http(LIST), certificates.shown()) as server:
        yield server


def test_netrc_does_not_replace_the_token(netrc, sandbox, time):
    client_of(sandbox, time).list_reports()
    assert [request['authorization'] for request in sandbox.requests] == ['valid']


def test_netrc_does_not_join_the_token_call(netrc, sandbox, time):
    client_of(sandbox, time, **minting(sandbox)).list_reports()
    assert asked(sandbox) == ['POST token', 'GET list']
    assert [request['authorization'] for request in sandbox.requests] == ['none', 'valid']


@pytest.mark.parametrize('variable', ['HTTP_PROXY', 'http_proxy', 'ALL_PROXY'])
def test_a_proxy_from_the_environment_is_used(monkeypatch, variable):
    with RawServer(http(LIST)) as proxy:
        monkeypatch.setenv(variable, f'http://{proxy.address}')
        assert len(client_at('http://localhost:9/v1').list_reports()) == 1
        assert proxy.requests[0].startswith(b'GET http://localhost:9/v1/broadworks/billing/reports HTTP/1.1')


@pytest.mark.parametrize('exempt', ['127.0.0.1', 'example.com,127.0.0.1', '*', '127.0.0.0/8'])
def test_no_proxy_is_honoured(monkeypatch, sandbox, time, exempt):
    with RawServer(http(LIST)) as proxy:
        monkeypatch.setenv('HTTP_PROXY', f'http://{proxy.address}')
        monkeypatch.setenv('NO_PROXY', exempt)
        assert len(client_of(sandbox, time).list_reports()) == 3
        assert proxy.requests == []


def test_https_goes_through_a_tunnel_and_the_proxy_sees_no_token(monkeypatch):
    with RawServer(http(b'no', status='407 Proxy Authentication Required')) as proxy:
        monkeypatch.setenv('HTTPS_PROXY', f'http://someone:hidden@{proxy.address}')
        with pytest.raises(NetworkFault) as caught:
            client_at('https://webexapis.invalid/v1').list_reports()
    assert proxy.requests[0].startswith(b'CONNECT webexapis.invalid:443')
    assert b'given-token' not in proxy.requests[0]
    assert '407' in str(caught.value) and 'hidden' not in str(caught.value)


def test_a_proxy_that_is_not_there(monkeypatch):
    with RawServer(b'') as proxy:
        address = proxy.address
    monkeypatch.setenv('HTTPS_PROXY', f'http://someone:hidden@{address}')
    with pytest.raises(NetworkFault) as caught:
        client_at('https://webexapis.invalid/v1').list_reports()
    assert 'HTTPS_PROXY' in str(caught.value) and 'hidden' not in str(caught.value)


@pytest.mark.parametrize('proxy', ['http://[', 'nonsense://127.0.0.1:1', 'http://127.0.0.1:port', 'user:hidden@127.0.0.1:bad'])
def test_a_proxy_that_is_none_is_refused_without_telling_its_password(monkeypatch, proxy):
    monkeypatch.setenv('HTTP_PROXY', proxy)
    with pytest.raises(InvalidInput, match='HTTP_PROXY') as caught:
        client_at('http://localhost:9/v1').list_reports()
    assert 'hidden' not in str(caught.value)


def test_a_certificate_that_nobody_vouches_for_is_refused(tls):
    with pytest.raises(NetworkFault, match='certificate') as caught:
        client_at(f'https://{tls.address}/v1').list_reports()
    assert tls.requests == [b''] or tls.requests == []
    assert 'ca_path' in str(caught.value)


def test_ca_path_vouches_for_it(tls, tmp_path):
    assert len(client_at(f'https://{tls.address}/v1', ca_path=certificates.vouching(tmp_path)).list_reports()) == 1


def test_a_bundle_for_other_programs_does_not_replace_ca_path(tls, monkeypatch, tmp_path):
    monkeypatch.setenv('REQUESTS_CA_BUNDLE', str(tmp_path / 'missing.pem'))
    assert len(client_at(f'https://{tls.address}/v1', ca_path=certificates.vouching(tmp_path)).list_reports()) == 1


@pytest.mark.parametrize('bundle', [False, True], ids=['alone', 'with a bundle'])
def test_certificates_need_not_be_verified(tls, bundle, recwarn, tmp_path):
    options = {'ca_path': certificates.vouching(tmp_path)} if bundle else {}
    with warnings.catch_warnings():
        assert len(client_at(f'https://{tls.address}/v1', validate_certs=False, **options).list_reports()) == 1
    assert not recwarn.list


def test_a_bundle_that_is_none_is_refused_before_any_request(tls, tmp_path):
    path = tmp_path / 'ca.pem'
    path.write_text('no certificate')
    with pytest.raises(InvalidInput, match='ca_path'):
        client_at(f'https://{tls.address}/v1', ca_path=str(path)).list_reports()
    assert tls.requests == []


def test_https_to_a_host_without_tls(sandbox, time):
    with pytest.raises(NetworkFault):
        client_at(sandbox.api_url.replace('http:', 'https:')).list_reports()
    assert asked(sandbox) == []


def test_without_requests_the_failure_says_what_to_install(monkeypatch):
    monkeypatch.setattr(_http, 'requests', None)
    with pytest.raises(InvalidInput, match='requests'):
        client_at('http://127.0.0.1:9/v1')
