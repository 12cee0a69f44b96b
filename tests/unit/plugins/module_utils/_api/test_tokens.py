# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tokens: minted when there is none, once more after a 401, and never told."""

from __future__ import annotations

import json

import pytest
from ansible_collections.webex_partner.billing.plugins.module_utils._errors import AuthenticationFailed, BillingError, InvalidResponse, Unavailable
from ansible_collections.webex_partner.billing.plugins.module_utils._secrets import MASK, Secrets
from ansible_collections.webex_partner.billing.tests.unit.connecting import asked, client_of, minting
from webex_sandbox import Sandbox


def authorizations(sandbox):
    return [request['authorization'] for request in sandbox.requests]


def test_a_given_token_is_used_and_nothing_is_minted(sandbox, time):
    client_of(sandbox, time, **minting(sandbox, access_token=sandbox.access_token)).list_reports()
    assert asked(sandbox) == ['GET list'] and sandbox.minted == []


def test_a_token_is_minted_when_there_is_none_and_used_from_then_on(sandbox, time):
    client = client_of(sandbox, time, **minting(sandbox))
    client.list_reports()
    client.list_reports()
    assert asked(sandbox) == ['POST token', 'GET list', 'GET list']
    assert authorizations(sandbox) == ['none', 'valid', 'valid']


def test_a_401_mints_once_more_and_asks_again(sandbox, time):
    client = client_of(sandbox, time, **minting(sandbox, access_token=sandbox.access_token))
    client.list_reports()
    sandbox.expire_tokens()
    assert len(client.list_reports()) == 3
    assert asked(sandbox) == ['GET list', 'GET list', 'POST token', 'GET list']


def test_a_second_401_is_final(sandbox, time):
    sandbox.trouble(path='/reports', status=401, times=0)
    client = client_of(sandbox, time, retry_timeout=60, **minting(sandbox, access_token=sandbox.access_token))
    with pytest.raises(AuthenticationFailed) as caught:
        client.list_reports()
    assert asked(sandbox) == ['GET list', 'POST token', 'GET list']
    assert caught.value.kind == 'authentication' and caught.value.http_status == 401


def test_a_401_without_the_refresh_inputs_is_final(sandbox, time):
    with pytest.raises(AuthenticationFailed) as caught:
        client_of(sandbox, time, access_token='wrong', retry_timeout=60).list_reports()
    assert asked(sandbox) == ['GET list']
    assert 'The request requires a valid access token' in str(caught.value) and 'WEBEX_ACCESS_TOKEN' in str(caught.value)


def test_a_401_on_a_post_is_asked_again_once_since_nothing_happened(sandbox, time):
    client = client_of(sandbox, time, **minting(sandbox, access_token='expired'))
    client._call('Testing', 'POST', f'{sandbox.api_url}/broadworks/billing/reports', json={'billingPeriod': '2021-06'})
    assert asked(sandbox) == ['POST list', 'POST token', 'POST list']
    assert [report['billing_period'] for report in sandbox.state()['reports']].count('2021-06') == 1


def test_a_rotated_refresh_token_is_used_the_next_time(time):
    with Sandbox(rotate_refresh_token=True, clock=time.clock, now=time.now) as sandbox:
        client = client_of(sandbox, time, **minting(sandbox))
        for _round in range(3):
            assert len(client.list_reports()) == 3
            sandbox.expire_tokens()
    assert len(sandbox.minted) == 3


@pytest.mark.parametrize('answer', [{'refresh_token': None}, {'refresh_token': ''}, {'refresh_token': 7}], ids=str)
def test_an_answer_without_a_refresh_token_keeps_the_old_one(sandbox, time, answer):
    sandbox.trouble(path='access_token', replace=answer)
    client = client_of(sandbox, time, **minting(sandbox))
    client.list_reports()
    sandbox.expire_tokens()
    assert len(client.list_reports()) == 3


@pytest.mark.parametrize('wrong', [{'refresh_token': 'expired'}, {'client_secret': 'wrong'}, {'client_id': 'wrong'}], ids=lambda wrong: list(wrong)[0])
def test_refused_refresh_inputs_are_a_failed_authentication(sandbox, time, wrong):
    with pytest.raises(AuthenticationFailed) as caught:
        client_of(sandbox, time, **minting(sandbox, **wrong)).list_reports()
    result = caught.value.to_result(str)
    assert result['error']['kind'] == 'authentication'
    assert result['error']['http_status'] == (400 if 'refresh_token' in wrong else 401)
    assert result['error']['tracking_id'] in result['msg']
    assert 'Getting an access token' in result['msg'] and 'webex_partner.billing.authorize' in result['msg']


def test_invalid_grant_in_the_words_of_oauth(sandbox, time):
    sandbox.trouble(path='access_token', status=400, json={'error': 'invalid_grant', 'error_description': 'refresh token expired'})
    with pytest.raises(AuthenticationFailed, match='refresh token expired') as caught:
        client_of(sandbox, time, **minting(sandbox)).list_reports()
    assert 'webex_partner.billing.authorize' in str(caught.value)


def test_a_refused_refresh_is_not_repeated(sandbox, time):
    with pytest.raises(AuthenticationFailed):
        client_of(sandbox, time, retry_timeout=60, **minting(sandbox, refresh_token='expired')).list_reports()
    assert asked(sandbox) == ['POST token'] and time.pauses == []


def test_a_token_call_that_is_unavailable_says_so(sandbox, time):
    sandbox.trouble(path='access_token', status=503)
    with pytest.raises(Unavailable, match='Getting an access token'):
        client_of(sandbox, time, **minting(sandbox)).list_reports()


@pytest.mark.parametrize('trouble', [
    pytest.param({'body': '<html>'}, id='HTML'),
    pytest.param({'json': []}, id='a list'),
    pytest.param({'json': {}}, id='an empty object'),
    pytest.param({'json': {'access_token': None}}, id='null'),
    pytest.param({'json': {'access_token': 7}}, id='a number'),
])
def test_an_answer_without_a_token_is_invalid(sandbox, time, trouble):
    sandbox.trouble(path='access_token', status=200, **trouble)
    with pytest.raises(InvalidResponse, match='Getting an access token'):
        client_of(sandbox, time, **minting(sandbox)).list_reports()
    assert asked(sandbox) == ['POST token']


def test_a_redirect_of_the_token_call_is_not_followed(sandbox, time):
    sandbox.trouble(path='access_token', status=307, headers={'Location': f'{sandbox.files_url}/v1/access_token'})
    with pytest.raises(InvalidResponse):
        client_of(sandbox, time, **minting(sandbox)).list_reports()
    assert asked(sandbox) == ['POST token']


def test_given_and_minted_secrets_are_masked_and_told(time):
    with Sandbox(rotate_refresh_token=True, clock=time.clock, now=time.now) as sandbox:
        told = []
        secrets = Secrets(told.append)
        first = sandbox.refresh_token
        client_of(sandbox, time, secrets, **minting(sandbox)).list_reports()
        everything = [first, sandbox.refresh_token, sandbox.client_secret, sandbox.minted[0]]
    assert set(everything) <= set(told)
    assert secrets.mask(' '.join(everything)) == ' '.join([MASK] * 4)


def test_a_minted_token_that_the_server_echoes_is_not_told(sandbox, time):
    secrets = Secrets()
    client = client_of(sandbox, time, secrets, **minting(sandbox))
    client.list_reports()
    sandbox.trouble(path='/reports', status=403, json={'message': f'{sandbox.minted[0]} lacks a scope'})
    with pytest.raises(BillingError) as caught:
        client.list_reports()
    assert sandbox.minted[0] not in json.dumps(caught.value.to_result(secrets.mask))


@pytest.mark.parametrize('status', [400, 401, 403, 404, 405, 410])
def test_a_refusal_of_the_token_call_is_never_one_of_the_report(sandbox, time, status):
    sandbox.trouble(path='access_token', status=status)
    with pytest.raises(AuthenticationFailed, match='Getting an access token') as caught:
        client_of(sandbox, time, **minting(sandbox)).get_report('abc')
    assert caught.value.http_status == status


@pytest.mark.parametrize('token', ['canary\ntoken', 'canary token\r\nX-Evil: 1', 'canary\x00', 'canary€', 'canary\U0001f4a9'], ids=ascii)
def test_a_minted_token_that_no_header_bears_is_an_error_without_it(sandbox, time, token):
    sandbox.trouble(path='access_token', json={'access_token': token}, status=200, times=0)
    with pytest.raises(BillingError) as caught:
        client_of(sandbox, time, **minting(sandbox)).list_reports()
    assert 'canary' not in json.dumps(caught.value.to_result(str))


@pytest.mark.parametrize('name', ['client_secret', 'refresh_token'])
def test_a_secret_with_bytes_that_are_no_text_is_an_error_of_ours(sandbox, time, name):
    with pytest.raises(BillingError):
        client_of(sandbox, time, **minting(sandbox, **{name: 'caf\udce9'})).list_reports()


@pytest.mark.parametrize('trouble', [{'status': 400}, {'status': 503}, {'cut': 'before'}, {'status': 200, 'body': '<html>'}], ids=str)
def test_without_a_token_nothing_was_done(sandbox, time, trouble):
    sandbox.trouble(path='access_token', **trouble)
    with pytest.raises(BillingError) as caught:
        client_of(sandbox, time, **minting(sandbox)).list_reports()
    assert caught.value.nothing_done is True


def test_with_a_token_nobody_knows(sandbox, time):
    sandbox.trouble(path='reports', status=503)
    with pytest.raises(Unavailable) as caught:
        client_of(sandbox, time, **minting(sandbox)).list_reports()
    assert caught.value.nothing_done is False
