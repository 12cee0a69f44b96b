# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Any bytes as the answer to a grant, and any text from the person: first tokens that can be used, or an error of ours, before the code expires."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import asdict
from urllib.parse import quote

from ansible_collections.webex_partner.billing.plugins.module_utils._access.grants import LONGEST_WAIT, Grants, Invitation
from ansible_collections.webex_partner.billing.plugins.module_utils._api.options import is_token
from ansible_collections.webex_partner.billing.plugins.module_utils._errors import BillingError, InvalidInput
from ansible_collections.webex_partner.billing.plugins.module_utils._secrets import Secrets
from ansible_collections.webex_partner.billing.tests.fuzz import documents
from ansible_collections.webex_partner.billing.tests.fuzz.answers import answers
from ansible_collections.webex_partner.billing.tests.fuzz.documents import CANARY
from ansible_collections.webex_partner.billing.tests.fuzz.judging import judge_line, judge_result, outcome, soon
from ansible_collections.webex_partner.billing.tests.unit.connecting import connection_to
from ansible_collections.webex_partner.billing.tests.unit.fake_time import FakeTime
from ansible_collections.webex_partner.billing.tests.unit.raw_server import RawServer, http
from hypothesis import example, given, settings
from hypothesis import strategies as st

STATE = 'the-state-of-this-run'
REDIRECT = 'http://localhost:4200/authorize'


@contextmanager
def granting(answer):
    """Grants at a server, with its secrets and its time."""
    time, secrets = FakeTime(), Secrets()
    with RawServer(answer) as server, soon():
        options = {'access_token': 'unused', 'client_id': 'id', 'client_secret': CANARY, 'request_timeout': 5}
        yield Grants(connection_to(f'http://{server.address}/v1', **options), secrets, time), secrets, time


def judge_access(access, secrets):
    if not isinstance(access, BillingError):
        assert is_token(access.access_token) and is_token(access.refresh_token)
        judge_result(secrets.scrub({**asdict(access), 'scopes': list(access.scopes or ())}))


@given(answers(documents.devices))
@example(http(b'{"device_code": "c", "user_code": "1", "verification_uri": "http://[", "expires_in": 1%b}' % (b'0' * 400)))
def test_an_invitation(answer):
    with granting(answer) as (grants, secrets, time):
        invited = outcome(lambda: grants.invite(['read']), secrets)
    if not isinstance(invited, BillingError):
        judge_line(invited.user_code)
        judge_line(invited.address)
        assert 0 < invited.until - time.clock() <= LONGEST_WAIT and invited.interval > 0


@settings(max_examples=40)
@given(st.lists(answers(documents.tokens) | answers(documents.oauth_refusals), min_size=1, max_size=4))
def test_a_device_waits_no_longer_than_its_code_lives(script):
    turns = iter(script)
    with granting(lambda request: next(turns, script[-1])) as (grants, secrets, time):
        until = time.clock() + 60
        access = outcome(lambda: grants.accepted(Invitation('https://h/', '123456', until, 2, 'device-code')), secrets)
        assert time.clock() <= until
    judge_access(access, secrets)


@given(answers(documents.tokens))
@example(http(b'{"access_token": "a", "refresh_token": "b", "expires_in": 1%b}' % (b'0' * 400)))
def test_a_code(answer):
    with granting(answer) as (grants, secrets, _time):
        visit = grants.visit(['read'], REDIRECT, lambda: STATE)
        access = outcome(lambda: grants.returned(visit, f'{REDIRECT}?code={quote(CANARY)}&state={STATE}'), secrets)
    judge_access(access, secrets)


@given(st.text(documents.characters) | documents.texts | documents.urls)
@example('http://[')
@example('\udcfc')
def test_what_a_person_pastes(text):
    with granting(lambda request: b'') as (grants, secrets, _time):
        visit = grants.visit(['read'], REDIRECT, lambda: STATE)
        for address in (text, f'{REDIRECT}?{text}', f'{REDIRECT}?code={CANARY}{text}&state={STATE}', f'{REDIRECT}?code=c&state={text}'):
            assert isinstance(outcome(lambda pasted=address: grants.returned(visit, pasted), secrets), BillingError)
        assert isinstance(outcome(lambda: grants.returned(visit, f'{REDIRECT}?code=c&state=x{text}'), secrets), InvalidInput)
