# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who is let in, what the refresh grant mints, and what the log says of it all."""

from __future__ import annotations

import base64
import json
from urllib.parse import urlencode

import pytest
from webex_sandbox import READ_SCOPE, WRITE_SCOPE, Sandbox

REPORTS = '/broadworks/billing/reports'
NEEDS_TOKEN = 'The request requires a valid access token set in the Authorization request header.'
FORM = 'application/x-www-form-urlencoded'


def refresh(call, sandbox, **changes):
    form = {'grant_type': 'refresh_token', 'client_id': sandbox.client_id, 'client_secret': sandbox.client_secret,
            'refresh_token': sandbox.refresh_token, **changes}
    body = urlencode({key: value for key, value in form.items() if value})
    return call('POST', '/access_token', body, None, Content_Type=FORM)


@pytest.mark.parametrize('token', [None, 'no token of ours'])
def test_a_missing_and_a_wrong_token_get_webex_words(call, token):
    reply = call('GET', REPORTS, None, token)
    assert (reply.status, reply.json['message']) == (401, NEEDS_TOKEN)
    assert reply.json['trackingId'] == reply.headers['TrackingID']


def test_without_a_token_nothing_is_done(call, sandbox):
    assert call('POST', REPORTS, {'billingPeriod': '2020-11'}, None).status == 401
    assert len(sandbox.state()['reports']) == 3


@pytest.mark.parametrize('scope, allowed, refused', [
    (READ_SCOPE, 'GET', ('POST', 'DELETE')), (WRITE_SCOPE, 'POST', ('GET',))])
def test_a_token_needs_the_scope_of_the_call(call, sandbox, scope, allowed, refused):
    token = sandbox.grant(scopes=(scope,))
    statuses = {method: call(method, REPORTS, {'billingPeriod': '2020-11'}, token).status for method in (allowed, *refused)}
    assert statuses == {allowed: 200, **{method: 403 for method in refused}}


def test_an_unknown_scope_is_refused(sandbox):
    with pytest.raises(ValueError, match=READ_SCOPE):
        sandbox.grant(scopes=('read',))


def test_refresh_mints_a_token_that_works(call, sandbox):
    reply = refresh(call, sandbox)
    assert reply.status == 200
    assert reply.json == {
        'access_token': sandbox.minted[0], 'expires_in': 1209600,
        'refresh_token': sandbox.refresh_token, 'refresh_token_expires_in': 7776000, 'token_type': 'Bearer'}
    assert len(sandbox.minted) == 1 and sandbox.minted[0] != sandbox.access_token
    assert call('GET', REPORTS, None, reply.json['access_token']).status == 200


def test_refresh_takes_the_client_as_http_basic(call, sandbox):
    basic = base64.b64encode(f'{sandbox.client_id}:{sandbox.client_secret}'.encode()).decode()
    form = urlencode({'grant_type': 'refresh_token', 'refresh_token': sandbox.refresh_token})
    assert call('POST', '/access_token', form, None, Content_Type=FORM, Authorization=f'Basic {basic}').status == 200


@pytest.mark.parametrize('changes, status, error', [
    ({'refresh_token': 'old'}, 400, 'invalid_grant'), ({'refresh_token': None}, 400, 'invalid_grant'),
    ({'client_secret': 'wrong'}, 401, 'invalid_client'), ({'client_id': None}, 401, 'invalid_client'),
    ({'grant_type': 'password'}, 400, 'unsupported_grant_type')])
def test_a_wrong_refresh_is_refused(call, sandbox, changes, status, error):
    reply = refresh(call, sandbox, **changes)
    assert (reply.status, reply.json['error']) == (status, error)
    assert reply.json['message'] and reply.json['errors'] and reply.json['trackingId']
    assert sandbox.minted == []


@pytest.mark.parametrize('basic', ['not base64!', 'bm8gY29sb24=', '/zp4'])  # the others hold no colon, and no text
def test_unreadable_basic_credentials_are_a_wrong_client(call, sandbox, basic):
    form = urlencode({'grant_type': 'refresh_token', 'refresh_token': sandbox.refresh_token})
    assert call('POST', '/access_token', form, None, Content_Type=FORM, Authorization=f'Basic {basic}').status == 401


def test_a_rotated_refresh_token_is_good_once(client_of):
    with Sandbox(rotate_refresh_token=True, refresh_token='the first') as sandbox:
        call = client_of(sandbox)
        renewed = refresh(call, sandbox).json['refresh_token']
        assert renewed == sandbox.refresh_token != 'the first'
        assert refresh(call, sandbox, refresh_token='the first').json['error'] == 'invalid_grant'
        assert refresh(call, sandbox).status == 200


def test_tokens_live_as_long_as_the_terms_say(client_of, clock):
    with Sandbox(access_token_seconds=100, refresh_token_seconds=1000, clock=clock, now=clock.now) as sandbox:
        call = client_of(sandbox)
        answer = refresh(call, sandbox).json
        assert (answer['expires_in'], answer['refresh_token_expires_in']) == (100, 1000)
        clock.advance(100)
        assert call('GET', REPORTS, None, answer['access_token']).status == 401
        clock.advance(899)
        assert refresh(call, sandbox).status == 200, 'and its life begins anew'
        clock.advance(999)
        sandbox.set_terms(refresh_token_seconds=10)
        assert refresh(call, sandbox).json['refresh_token_expires_in'] == 10
        clock.advance(10)
        refused = refresh(call, sandbox)
        assert (refused.status, refused.json['error']) == (400, 'invalid_grant')


def test_what_the_refresh_token_allows_is_named_when_it_is_set(call, sandbox):
    assert 'scope' not in refresh(call, sandbox).json
    sandbox.set_terms(scopes=[READ_SCOPE])
    answer = refresh(call, sandbox).json
    assert answer['scope'] == READ_SCOPE
    assert call('GET', REPORTS, None, answer['access_token']).status == 200
    assert call('POST', REPORTS, {'billingPeriod': '2020-11'}, answer['access_token']).status == 403


def test_revoked_tokens_are_refused_for_good(call, sandbox):
    sandbox.revoke_tokens()
    assert call('GET', REPORTS).status == 401
    refused = refresh(call, sandbox)
    assert (refused.status, refused.json['error']) == (400, 'invalid_grant') and sandbox.minted == []


@pytest.mark.parametrize('terms', [
    {'access_token_seconds': -1}, {'refresh_token_seconds': '90 days'}, {'rotate_refresh_token': 1},
    {'scopes': ['read']}, {'scopes': READ_SCOPE}, {'scopes': [[]]},
], ids=str)
def test_terms_that_cannot_be_meant(sandbox, terms):
    with pytest.raises(ValueError, match=next(iter(terms))):
        sandbox.set_terms(**terms)
    with pytest.raises(ValueError, match=next(iter(terms))):
        Sandbox(**terms)


def test_given_credentials_are_used(client_of):
    given = {'access_token': 'AT', 'client_id': 'CI', 'client_secret': 'CS', 'refresh_token': 'RT'}
    with Sandbox(**given) as sandbox:
        assert {name: getattr(sandbox, name) for name in given} == given
        assert client_of(sandbox)('GET', REPORTS, None, 'AT').status == 200


def test_expired_tokens_are_refused_and_new_ones_are_not(call, sandbox):
    minted = refresh(call, sandbox).json['access_token']
    sandbox.expire_tokens()
    assert [call('GET', REPORTS, None, token).status for token in (call.token, minted)] == [401, 401]
    assert call('GET', REPORTS, None, sandbox.grant('given')).status == 200
    assert call('GET', REPORTS, None, refresh(call, sandbox).json['access_token']).status == 200


def test_a_token_ends_when_it_says(call, clock):
    expiry = call('GET', '/authorizations/tokenExpiry')
    assert (expiry.status, expiry.json) == (200, {'exp': 1767225600250 + 1209600 * 1000})
    clock.advance(1209600)
    assert call('GET', '/authorizations/tokenExpiry').status == 401


def test_the_log_tells_all_but_the_secrets(call, sandbox, clock):
    clock.advance(2.5)
    call('GET', REPORTS)
    call('GET', REPORTS, None, None)
    call('DELETE', f'{REPORTS}/none', None, 'canary')
    refresh(call, sandbox)
    call('GET', REPORTS, None, None, Authorization='Basic canary')
    signed = call('GET', f"{REPORTS}/{call('GET', REPORTS).json['items'][0]['id']}").json['tempDownloadURL']
    call('GET', signed, None, None)
    log = sandbox.requests
    assert log[0] == {'number': 1, 'seconds': 2.5, 'host': 'api', 'method': 'GET', 'target': f'/v1{REPORTS}',
                      'status': 200, 'authorization': 'valid'}
    assert [(entry['authorization'], entry['status']) for entry in log] == [
        ('valid', 200), ('none', 401), ('refused', 401), ('none', 200), ('other', 401), ('valid', 200), ('valid', 200),
        ('none', 200)]
    assert [entry.get('grant_type') for entry in log] == [None] * 3 + ['refresh_token'] + [None] * 4
    assert log[-1]['host'] == 'files' and signed.startswith(sandbox.files_url + log[-1]['target'].split('Signature=')[0])
    signature = signed.split('Signature=')[1].split('&')[0]
    for secret in (sandbox.access_token, sandbox.client_secret, sandbox.refresh_token, *sandbox.minted, signature, 'canary'):
        assert secret not in json.dumps(log)


def test_the_log_can_be_cleared(call, sandbox):
    call('GET', REPORTS)
    sandbox.clear_requests()
    assert sandbox.requests == []
