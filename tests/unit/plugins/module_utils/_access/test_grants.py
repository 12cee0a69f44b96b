# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""First tokens for a person: what Webex and the person may answer, and what comes of each answer."""

from __future__ import annotations

import re
import urllib.error
import urllib.request
from itertools import count
from urllib.parse import parse_qs, urlsplit

import pytest
from ansible_collections.webex_partner.billing.plugins.module_utils._access.grants import (
    EXPIRES, INTERVAL, LONGEST_INTERVAL, LONGEST_WAIT, SLOWER, Grants,
)
from ansible_collections.webex_partner.billing.plugins.module_utils._api.products import BROADWORKS
from ansible_collections.webex_partner.billing.plugins.module_utils._errors import AuthenticationFailed, InvalidInput, InvalidResponse, Unavailable, WaitTimeout
from ansible_collections.webex_partner.billing.plugins.module_utils._secrets import MASK, Secrets
from ansible_collections.webex_partner.billing.tests.unit.connecting import connection_to

REDIRECT = 'http://localhost:4200/authorize'
SCOPES = BROADWORKS.scopes


@pytest.fixture
def secrets():
    return Secrets()


@pytest.fixture
def grants(sandbox, time, secrets):
    def of(**changes):
        options = {'access_token': 'not-used', 'client_id': sandbox.client_id, 'client_secret': sandbox.client_secret, **changes}
        return Grants(connection_to(sandbox.api_url, **options), secrets, time)
    return of


class StaysHere(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_arguments):
        return None


def visit(address):
    """What a browser of the person does with an address; returns where it is sent."""
    try:
        with urllib.request.build_opener(StaysHere).open(address):
            return None
    except urllib.error.HTTPError as answer:
        return answer.headers['Location']


def texts():
    numbers = count()
    return lambda: f'{next(numbers):048}'


def looks(sandbox):
    return sum('/device/token' in request['target'] for request in sandbox.requests)


def test_by_device(sandbox, grants, time, secrets):
    invitation = grants().invite(SCOPES)
    assert re.fullmatch('[0-9]{6}', invitation.user_code) and invitation.until - time.clock() == EXPIRES and invitation.interval == INTERVAL
    visit(invitation.address)
    access = grants().accepted(invitation)
    assert access.access_token == sandbox.minted[-1] and access.scopes == tuple(sorted(SCOPES))
    assert (access.client_id, access.client_secret) == (sandbox.client_id, sandbox.client_secret)
    assert access.refresh_token_expires == time.now() + 7776000
    for secret in (access.access_token, access.refresh_token, sandbox.client_secret, invitation.device_code):
        assert secrets.scrub(secret) == MASK and secret not in repr((access, invitation))


def test_a_person_who_takes_time(sandbox, grants, time):
    invitation = grants().invite(SCOPES)
    time.pulses.append(lambda: looks(sandbox) == 5 and visit(invitation.address))
    assert grants().accepted(invitation).access_token and looks(sandbox) >= 6


@pytest.mark.parametrize('refusal', [
    {'error': 'slow_down'}, {'message': 'slow_down'}, {'message': 'No.', 'errors': [{'description': 'slow_down'}]},
    {'error': 7, 'message': 'invalid_request, invalid_client', 'errors': [{'description': 'Please slow_down.'}]},
])
def test_slow_down_is_heeded_for_good_wherever_it_stands(sandbox, grants, time, refusal):
    invitation = grants().invite(SCOPES)
    sandbox.trouble(path='device/token', status=400, json=refusal)
    visit(invitation.address)
    grants().accepted(invitation)
    assert time.pauses == [INTERVAL, INTERVAL + SLOWER]


def test_faults_that_pass_are_waited_out(sandbox, grants, time):
    invitation = grants().invite(SCOPES)
    visit(invitation.address)
    pending = {'status': 400, 'json': {'error': 'authorization_pending'}}
    for trouble in ({'status': 503}, {'status': 429, 'headers': {'Retry-After': '30'}}, {'cut': 'before'}, pending):
        sandbox.trouble(path='device/token', **trouble)
    assert grants().accepted(invitation).access_token
    assert time.pauses == [INTERVAL, INTERVAL, 30, 30, 30]


def test_nobody_answers(sandbox, grants, time):
    with pytest.raises(WaitTimeout, match='nobody allowed access in time; run the playbook again'):
        grants().accepted(grants().invite(SCOPES))
    assert sum(time.pauses) <= EXPIRES


@pytest.mark.parametrize(('error', 'part'), [
    ('access_denied', 'and allow access'), ('invalid_client', 'check client_id'), ('tokenlimit_reached', 'limits the live tokens'),
    ('invalid_grant', 'for another one'), ('expired_token', 'for another one'), ('invalid_scope', 'add the scopes to the integration'),
    ('x\x1b[2J', 'check client_id'), (['access_denied'], 'check client_id'), (None, 'check client_id'),
    ('access_denied, tokenlimit_reached', 'check client_id'),
])
def test_a_refusal_ends_it_and_says_what_to_do(sandbox, grants, error, part):
    invitation = grants().invite(SCOPES)
    sandbox.trouble(path='device/token', status=400, json={'error': error, 'message': 'No.'})
    with pytest.raises(AuthenticationFailed, match=part) as caught:
        grants().accepted(invitation)
    assert looks(sandbox) == 1 and caught.value.http_status == 400 and '\x1b' not in str(caught.value)


def test_denied_by_the_person(grants):
    invitation = grants().invite(SCOPES)
    visit(f'{invitation.address}&answer=deny')
    with pytest.raises(AuthenticationFailed, match='run the playbook again, and allow access'):
        grants().accepted(invitation)


@pytest.mark.parametrize('changes', [{'client_id': 'wrong'}, {'client_secret': 'wrong'}])
def test_an_integration_that_webex_does_not_know(grants, changes):
    with pytest.raises(AuthenticationFailed, match='check client_id and client_secret'):
        wrong = grants(**changes)
        wrong.accepted(wrong.invite(SCOPES))


@pytest.mark.parametrize('changes', [
    {'device_code': None}, {'device_code': 7}, {'user_code': None}, {'verification_uri_complete': None, 'verification_uri': None},
    {'verification_uri_complete': 'javascript:alert(1)'}, {'verification_uri_complete': '[http://'},
])
def test_an_invitation_that_cannot_be_used(sandbox, grants, changes):
    sandbox.trouble(path='device/authorize', replace=changes)
    with pytest.raises(InvalidResponse, match='no device_code, user_code and verification_uri'):
        grants().invite(SCOPES)


@pytest.mark.parametrize('changes', [
    {'interval': 0, 'expires_in': -5}, {'interval': 'soon', 'expires_in': None}, {'interval': True, 'expires_in': float('nan')},
], ids=str)
def test_odd_times_are_those_of_the_examples(sandbox, grants, time, changes):
    sandbox.trouble(path='device/authorize', replace=changes)
    invitation = grants().invite(SCOPES)
    assert (invitation.interval, invitation.until - time.clock()) == (INTERVAL, EXPIRES)


@pytest.mark.parametrize('huge', [1e300, float('inf'), 10 ** 400], ids=['number', 'infinite', 'beyond_floats'])
def test_huge_times_are_cut(sandbox, grants, time, huge):
    sandbox.trouble(path='device/authorize', replace={'interval': huge, 'expires_in': huge})
    invitation = grants().invite(SCOPES)
    assert (invitation.interval, invitation.until - time.clock()) == (LONGEST_INTERVAL, LONGEST_WAIT)


@pytest.mark.parametrize('address', ['https://login.example/device', 'HTTP://127.0.0.1/['])
def test_an_address_is_shown_as_it_came(sandbox, grants, address):
    sandbox.trouble(path='device/authorize', replace={'verification_uri_complete': None, 'verification_uri': address})
    assert grants().invite(SCOPES).address == address


def test_by_code(sandbox, grants, time, secrets):
    begun = grants().visit(SCOPES, REDIRECT, texts())
    query = {name: values[0] for name, values in parse_qs(urlsplit(begun.address).query).items()}
    assert query['scope'] == ' '.join(SCOPES) and query['redirect_uri'] == REDIRECT and begun.verifier not in begun.address
    came = visit(begun.address)
    access = grants().returned(begun, f' {came}\n')
    assert access.access_token == sandbox.minted[-1] and access.scopes == tuple(sorted(SCOPES))
    code = parse_qs(urlsplit(came).query)['code'][0]
    assert secrets.scrub(f'{code} {begun.verifier} {access.refresh_token}') == f'{MASK} {MASK} {MASK}'
    with pytest.raises(AuthenticationFailed, match='Webex answered 400'):
        grants().returned(begun, came)


@pytest.mark.parametrize('address', [
    '', 'http://[', 'a code', f'{REDIRECT}?code=stolen', f'{REDIRECT}?code=stolen&state=other', f'{REDIRECT}?code=x&state=ü',
    f'{REDIRECT}?code=x&state=\udcfc',
])
def test_an_address_of_another_run_is_refused_before_the_code_is_sent(sandbox, grants, address):
    begun = grants().visit(SCOPES, REDIRECT, texts())
    with pytest.raises(InvalidInput, match='not one that this run asked for'):
        grants().returned(begun, address)
    assert sandbox.requests == []


@pytest.mark.parametrize('query', ['', '&code=', '&code=a\udcfcb', '&code=a%20b'])
def test_an_address_without_a_usable_code(sandbox, grants, query):
    begun = grants().visit(SCOPES, REDIRECT, texts())
    with pytest.raises(AuthenticationFailed, match='the browser came back with no code'):
        grants().returned(begun, f'{REDIRECT}?state={begun.state}{query}')
    assert sandbox.requests == []


def test_a_person_may_deny_a_visit(grants):
    begun = grants().visit(SCOPES, REDIRECT, texts())
    with pytest.raises(AuthenticationFailed, match='the browser came back with access_denied; run the playbook again, and allow access'):
        grants().returned(begun, visit(f'{begun.address}&answer=deny'))


@pytest.mark.parametrize('changes', [{'access_token': None}, {'refresh_token': ''}, {'refresh_token': 'a b'}])
def test_a_token_answer_that_cannot_be_used(sandbox, grants, changes):
    begun = grants().visit(SCOPES, REDIRECT, texts())
    sandbox.trouble(path='access_token', replace=changes)
    with pytest.raises(InvalidResponse, match='no usable access_token and refresh_token'):
        grants().returned(begun, visit(begun.address))


def test_a_fault_ends_the_code_flow_as_what_it_is(sandbox, grants):
    begun = grants().visit(SCOPES, REDIRECT, texts())
    sandbox.trouble(path='access_token', status=503)
    with pytest.raises(Unavailable):
        grants().returned(begun, visit(begun.address))
