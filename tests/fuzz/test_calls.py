# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Any bytes as the answer to any call of the client: what the API would have said, or an error of ours, and soon."""

from __future__ import annotations

import re
import time as real_time

import pytest
from ansible_collections.webex_partner.billing.plugins.module_utils._api import wire
from ansible_collections.webex_partner.billing.plugins.module_utils._api.client import BillingClient
from ansible_collections.webex_partner.billing.plugins.module_utils._api.report import Report
from ansible_collections.webex_partner.billing.plugins.module_utils._api.retry import UNDONE
from ansible_collections.webex_partner.billing.plugins.module_utils._errors import BillingError
from ansible_collections.webex_partner.billing.plugins.module_utils._secrets import Secrets
from ansible_collections.webex_partner.billing.plugins.module_utils._time import Time
from ansible_collections.webex_partner.billing.tests.fuzz import documents
from ansible_collections.webex_partner.billing.tests.fuzz.answers import answers
from ansible_collections.webex_partner.billing.tests.fuzz.documents import CANARY, PERIOD, REPORT_ID
from ansible_collections.webex_partner.billing.tests.fuzz.judging import judge_result, outcome, soon
from ansible_collections.webex_partner.billing.tests.unit.connecting import connection_to
from ansible_collections.webex_partner.billing.tests.unit.fake_time import FakeTime
from ansible_collections.webex_partner.billing.tests.unit.raw_server import RawServer, http
from ansible_collections.webex_partner.billing.tests.unit.reporting import of
from hypothesis import example, given, settings
from hypothesis import strategies as st

LIMIT = 0.2
SAYS_UNDONE = re.compile(rb'HTTP/\S+\s+(%s)\b' % b'|'.join(b'%d' % status for status in UNDONE))
MINTING = {'access_token': '', 'client_id': 'id', 'client_secret': CANARY, 'refresh_token': CANARY}


def client_at(server, time=None, **options):
    options = {'access_token': CANARY, 'request_timeout': 5, 'retry_timeout': 0, **options}
    return BillingClient(connection_to(f'http://{server.address}/v1', **options), Secrets(), time or FakeTime())


def called(answer, call, **options):
    """What comes of a call."""
    with RawServer(answer) as server, soon():
        client = client_at(server, **options)
        return outcome(lambda: call(client), client.secrets), client.secrets


def judge_reports(reports, secrets):
    judge_result(secrets.scrub([report.to_result() for report in reports]))
    for report in reports:
        assert isinstance(report, Report) and report.id


@given(answers(documents.lists), st.sampled_from((None, PERIOD)))
@example(http(b'[' * 100_000), None)
def test_list(answer, billing_period):
    found, secrets = called(answer, lambda client: client.list_reports(of(billing_period) if billing_period else None))
    if not isinstance(found, BillingError):
        judge_reports(found, secrets)
        assert billing_period is None or all(report.billing_period == billing_period for report in found)


@given(answers(documents.reports))
@example(b'HTTP/\t' + CANARY.encode())
@example(b'x' * 60_000)
def test_get(answer):
    found, secrets = called(answer, lambda client: client.get_report(REPORT_ID))
    if not isinstance(found, BillingError):
        judge_reports([found], secrets)
        assert found.id == REPORT_ID


@given(answers(documents.lists), answers(documents.reports))
def test_each_of_a_list_in_full(listing, report):
    with RawServer(lambda request: listing if b'/reports HTTP' in request else report) as server, soon():
        client = client_at(server)
        found = outcome(lambda: client.in_full(client.list_reports()), client.secrets)
    if not isinstance(found, BillingError):
        judge_reports(found, client.secrets)


@given(answers(documents.reports))
def test_create(answer):
    with RawServer(answer) as server, soon():
        client = client_at(server, retry_timeout=60)
        found = outcome(lambda: client.create_report(of(PERIOD)), client.secrets)
        assert len(server.requests) == 1 or SAYS_UNDONE.search(answer), 'it could have created two'
    if not isinstance(found, BillingError):
        judge_result(client.secrets.scrub(found))


@given(answers())
def test_delete(answer):
    found, _secrets = called(answer, lambda client: client.delete_report(REPORT_ID))
    assert isinstance(found, (bool, BillingError))


@given(answers(documents.tokens), answers(documents.lists))
def test_mint(token, listing):
    with RawServer(lambda request: token if b'/access_token HTTP' in request else listing) as server, soon():
        client = client_at(server, **MINTING)
        found = outcome(client.list_reports, client.secrets)
        assert len(server.requests) <= 4
    if not isinstance(found, BillingError):
        judge_reports(found, client.secrets)


@settings(max_examples=30)
@given(st.lists(answers(documents.lists), min_size=1, max_size=3))
def test_retries_end(script):
    time, turns = FakeTime(), iter(script)
    start = time.clock()
    with RawServer(lambda request: next(turns, script[-1])) as server, soon():
        client = client_at(server, time, retry_timeout=60)
        outcome(client.list_reports, client.secrets)
    assert time.clock() - start <= 60


@settings(max_examples=10)
@given(answers(documents.lists))
def test_a_server_that_lingers_is_left_in_time(answer):
    with RawServer(answer, lingers=True) as server:
        client = client_at(server, Time(), request_timeout=LIMIT)
        start = real_time.monotonic()
        outcome(client.list_reports, client.secrets)
        assert real_time.monotonic() - start < LIMIT + 1


@pytest.fixture(scope='module')
def small_limit():
    """A limit that examples can reach."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wire, 'SIZE_LIMIT', 1000)
        yield


@settings(max_examples=30)
@given(answers(documents.lists))
def test_the_size_limit(small_limit, answer):
    with RawServer(answer) as server, soon():
        client = client_at(server)
        answered = outcome(lambda: client._wire.exchange('GET', f'http://{server.address}/'), client.secrets)
    assert isinstance(answered, BillingError) or len(answered.body) <= 1000
