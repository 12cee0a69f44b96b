# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""First tokens of the sandbox: what a person allows, denies or leaves unanswered."""

from __future__ import annotations

import base64
import hashlib
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from webex_sandbox.consent import CODE_SECONDS, DEVICE_GRANT, DEVICE_SECONDS, INTERVAL
from webex_sandbox.tokens import READ_SCOPE, WRITE_SCOPE

FORM = 'application/x-www-form-urlencoded'
REPORTS = '/broadworks/billing/reports'
REDIRECT = 'http://localhost:4200/authorize'
VERIFIER = 'v' * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b'=').decode()


@pytest.fixture
def post(call):
    return lambda path, **form: call('POST', path, urlencode(form), None, Content_Type=FORM)


@pytest.fixture
def device(post, sandbox):
    """Begin a device grant, and ask for its token."""
    begun = post('/device/authorize', client_id=sandbox.client_id, scope=READ_SCOPE).json

    def ask(**changes):
        form = {'grant_type': DEVICE_GRANT, 'device_code': begun['device_code'], 'client_id': sandbox.client_id, 'client_secret': sandbox.client_secret}
        return post('/device/token', **{**form, **changes})
    return begun, ask


def test_a_device_waits_for_the_person(call, sandbox, clock, device):
    begun, ask = device
    assert (len(begun['user_code']), begun['expires_in'], begun['interval']) == (6, DEVICE_SECONDS, INTERVAL)
    pending = ask()
    assert (pending.status, pending.json['error']) == (428, 'authorization_pending')
    assert (ask().status, ask().json['error']) == (400, 'slow_down')
    assert call('GET', f'/device/consent?user_code={begun["user_code"]}', None, None).status == 200
    clock.advance(INTERVAL)
    answer = ask().json
    assert answer['scope'] == READ_SCOPE and answer['refresh_token'] != sandbox.refresh_token
    assert call('GET', REPORTS, None, answer['access_token']).status == 200
    assert call('POST', REPORTS, b'{"billingPeriod": "2021-06"}', answer['access_token']).status == 403
    clock.advance(INTERVAL)
    assert ask().json['error'] == 'invalid_grant', 'good once'


def test_a_person_may_deny(call, device):
    begun, ask = device
    call('GET', f'/device/consent?user_code={begun["user_code"]}&answer=deny', None, None)
    assert ask().json['error'] == 'access_denied'


def test_a_device_code_expires(clock, device):
    _begun, ask = device
    clock.advance(DEVICE_SECONDS)
    assert ask().json['error'] == 'invalid_grant'


@pytest.mark.parametrize(('changes', 'status', 'error'), [
    ({'client_secret': 'wrong'}, 401, 'invalid_client'), ({'device_code': 'wrong'}, 400, 'invalid_grant'), ({'grant_type': 'x'}, 400, 'unsupported_grant_type'),
])
def test_wrong_questions_of_a_device(device, changes, status, error):
    answer = device[1](**changes)
    assert (answer.status, answer.json['error']) == (status, error)


def code_of(call, sandbox, **changes):
    """The query with which the browser comes to the redirect URI."""
    query = {
        'client_id': sandbox.client_id, 'redirect_uri': REDIRECT, 'response_type': 'code', 'scope': f'{READ_SCOPE} {WRITE_SCOPE}', 'state': 's',
        'code_challenge': CHALLENGE, 'code_challenge_method': 'S256', **changes,
    }
    reply = call('GET', f'/authorize?{urlencode(query)}', None, None)
    assert reply.status == 302 and reply.headers['Location'].startswith(f'{REDIRECT}?')
    return {name: values[0] for name, values in parse_qs(urlsplit(reply.headers['Location']).query).items()}


def test_a_code_is_good_once_for_its_verifier(call, post, sandbox):
    form = {'grant_type': 'authorization_code', 'redirect_uri': REDIRECT, 'client_id': sandbox.client_id, 'client_secret': sandbox.client_secret}
    came = code_of(call, sandbox)
    assert came['state'] == 's'
    answer = post('/access_token', **form, code=came['code'], code_verifier=VERIFIER)
    assert (answer.status, answer.json['scope']) == (200, f'{READ_SCOPE} {WRITE_SCOPE}')
    for code, verifier in ((came['code'], VERIFIER), (code_of(call, sandbox)['code'], 'wrong')):
        assert post('/access_token', **form, code=code, code_verifier=verifier).json['error'] == 'invalid_grant'
    renewed = post('/access_token', **{**form, 'grant_type': 'refresh_token'}, refresh_token=answer.json['refresh_token'])
    assert renewed.json['scope'] == f'{READ_SCOPE} {WRITE_SCOPE}'


def test_a_code_expires_and_a_person_may_deny(call, post, sandbox, clock):
    assert code_of(call, sandbox, answer='deny') == {'error': 'access_denied', 'state': 's'}
    code = code_of(call, sandbox)['code']
    clock.advance(CODE_SECONDS)
    form = {'grant_type': 'authorization_code', 'redirect_uri': REDIRECT, 'client_id': sandbox.client_id, 'client_secret': sandbox.client_secret}
    assert post('/access_token', **form, code=code, code_verifier=VERIFIER).json['error'] == 'invalid_grant'


@pytest.mark.parametrize('changes', [{'client_id': 'wrong'}, {'scope': 'other'}, {'scope': ''}, {'response_type': 'token'}, {'code_challenge_method': 'plain'}])
def test_wrong_requests_for_consent(call, sandbox, changes):
    query = {'client_id': sandbox.client_id, 'redirect_uri': REDIRECT, 'response_type': 'code', 'scope': READ_SCOPE, **changes}
    assert call('GET', f'/authorize?{urlencode(query)}', None, None).status in (400, 401)
