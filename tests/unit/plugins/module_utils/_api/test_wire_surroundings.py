# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What surrounds a request: netrc, proxies and certificates."""

from __future__ import annotations

import json
import warnings

import pytest
from ansible_collections.webex_partner.billing.plugins.module_utils._api import wire
from ansible_collections.webex_partner.billing.plugins.module_utils._api.client import BillingClient
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


@pytest.mark.parametrize('variable', ['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY'])
def test_a_proxy_from_the_environment_is_used(monkeypatch, variable):
    with RawServer(http(b'no', status='403 Forbidden')) as proxy:
        monkeypatch.setenv(variable, f'http://{proxy.address}')
        with pytest.raises(NetworkFault, match='403'):
            client_at('https://webexapis.invalid/v1').list_reports()
        assert proxy.requests[0].startswith(b'CONNECT webexapis.invalid:443 HTTP/1.')


@pytest.mark.parametrize('exempt', ['webexapis.invalid', 'example.com,webexapis.invalid', '*', '.invalid'])
def test_no_proxy_is_honored(monkeypatch, exempt):
    with RawServer(http(LIST)) as proxy:
        monkeypatch.setenv('HTTPS_PROXY', f'http://{proxy.address}')
        monkeypatch.setenv('NO_PROXY', exempt)
        with pytest.raises(NetworkFault):
            client_at('https://webexapis.invalid/v1').list_reports()
        assert proxy.requests == []


@pytest.mark.parametrize('variable', ['HTTP_PROXY', 'http_proxy', 'ALL_PROXY'])
def test_nothing_for_a_loopback_host_goes_through_a_proxy(monkeypatch, sandbox, time, variable):
    with RawServer(http(LIST)) as proxy:
        monkeypatch.setenv(variable, f'http://{proxy.address}')
        monkeypatch.setenv('NO_PROXY', 'elsewhere.example')
        assert len(client_of(sandbox, time, **minting(sandbox)).list_reports()) == 3
        assert asked(sandbox) == ['POST token', 'GET list'] and proxy.requests == []


@pytest.mark.parametrize('host', ['127.0.0.1', '127.1.2.3', 'localhost', 'LOCALHOST', '[::1]'])
def test_whatever_a_loopback_host_is_called(monkeypatch, host):
    with RawServer(http(LIST)) as proxy:
        for variable in ('HTTP_PROXY', 'HTTPS_PROXY'):
            monkeypatch.setenv(variable, f'http://{proxy.address}')
        for scheme in ('http', 'https'):
            with pytest.raises(NetworkFault):
                client_at(f'{scheme}://{host}:9/v1').list_reports()
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
    monkeypatch.setenv('HTTPS_PROXY', proxy)
    with pytest.raises(InvalidInput, match='HTTPS_PROXY') as caught:
        client_at('https://webexapis.invalid/v1').list_reports()
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


@pytest.fixture(params=['missing', 'no certificate'])
def unusable(request, tmp_path):
    """The path of a bundle that requests could not use."""
    path = tmp_path / 'bundle.pem'
    if request.param != 'missing':
        path.write_text(request.param)
    return str(path)


@pytest.mark.parametrize('variable', ['REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE'])
def test_an_unusable_bundle_of_the_environment_is_refused_by_the_name_of_its_variable(monkeypatch, tls, time, unusable, variable):
    monkeypatch.setenv(variable, unusable)
    client = BillingClient(connection_to(f'https://{tls.address}/v1', retry_timeout=60), Secrets(), time)
    with pytest.raises(InvalidInput, match=variable):
        client.list_reports()
    assert tls.requests == [] and time.pauses == []


def test_an_unusable_bundle_that_is_not_used_is_no_fault(monkeypatch, sandbox, time, tls, tmp_path, unusable):
    monkeypatch.setenv('REQUESTS_CA_BUNDLE', unusable)
    assert len(client_of(sandbox, time).list_reports()) == 3
    assert len(client_at(f'https://{tls.address}/v1', validate_certs=False).list_reports()) == 1
    monkeypatch.setenv('REQUESTS_CA_BUNDLE', certificates.vouching(tmp_path))
    monkeypatch.setenv('CURL_CA_BUNDLE', unusable)
    monkeypatch.setenv('SSL_CERT_FILE', unusable)  # requests does not read this one
    assert len(client_at(f'https://{tls.address}/v1').list_reports()) == 1


def test_a_directory_of_certificates_in_the_environment_is_left_to_openssl(monkeypatch, tls, tmp_path):
    monkeypatch.setenv('REQUESTS_CA_BUNDLE', str(tmp_path))
    with pytest.raises(NetworkFault, match='certificate'):
        client_at(f'https://{tls.address}/v1').list_reports()


def test_https_to_a_host_without_tls(sandbox, time):
    with pytest.raises(NetworkFault):
        client_at(sandbox.api_url.replace('http:', 'https:')).list_reports()
    assert asked(sandbox) == []


def test_without_requests_the_failure_says_what_to_install(monkeypatch):
    monkeypatch.setattr(wire, 'requests', None)
    with pytest.raises(InvalidInput, match='requests'):
        client_at('http://127.0.0.1:9/v1')
