# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Retries of one call: which, when, and for how long. The pauses are those of a fake clock."""

from __future__ import annotations

import re

import pytest
from ansible_collections.webex_partner.billing.plugins.module_utils._errors import BillingError, RateLimited, Unavailable
from ansible_collections.webex_partner.billing.tests.unit.connecting import asked, client_of
from ansible_collections.webex_partner.billing.tests.unit.fake_time import FakeTime

PASSING = [
    pytest.param({'status': 423}, id='423'),
    pytest.param({'status': 429}, id='429'),
    pytest.param({'status': 500}, id='500'),
    pytest.param({'status': 502, 'body': '<html>Bad Gateway</html>'}, id='502 with HTML'),
    pytest.param({'status': 503}, id='503'),
    pytest.param({'status': 504}, id='504'),
    pytest.param({'cut': 'before'}, id='reset'),
    pytest.param({'cut': 'headers'}, id='cut in the headers'),
    pytest.param({'cut': 'body'}, id='cut in the body'),
]
LASTING = [
    *(pytest.param({'status': status}, id=str(status)) for status in (302, 400, 403, 404, 405, 409, 410, 415, 428, 418)),
    pytest.param({'status': 401}, id='401 with nothing to refresh'),
    pytest.param({'status': 200, 'body': '<html>Log in</html>'}, id='an HTML page'),
]


def call(client, sandbox, method):
    url = f'{sandbox.api_url}/broadworks/billing/reports'
    return client._call('Testing', method, f'{url}/abc' if method == 'DELETE' else url, json={'billingPeriod': '2021-06'} if method == 'POST' else None)


@pytest.mark.parametrize('trouble', PASSING)
def test_what_passes_is_survived(sandbox, time, trouble):
    sandbox.trouble(times=2, **trouble)
    assert len(client_of(sandbox, time, retry_timeout=60).list_reports()) == 3
    assert len(sandbox.requests) == 3 and len(time.pauses) == 2


def test_each_retry_is_announced(sandbox, time):
    sandbox.trouble(times=1, status=503)
    sandbox.trouble(times=1, status=429, headers={'Retry-After': '7'})
    lines = []
    client_of(sandbox, time, retry_timeout=60, say=lines.append).list_reports()
    assert [re.sub(' ".*?" .tracking id .*?.;', ';', line) for line in lines] == [
        'Listing the billing reports failed: Webex answered 503 Service Unavailable,; retrying in 1 s',
        'Listing the billing reports failed: Webex answered 429 Too Many Requests,; retrying in 7 s',
    ]
    assert time.pauses == [1.0, 7.0]


@pytest.mark.parametrize('trouble', LASTING)
def test_what_lasts_fails_at_once(sandbox, time, trouble):
    sandbox.trouble(times=0, **trouble)
    with pytest.raises(BillingError):
        client_of(sandbox, time, retry_timeout=60).list_reports()
    assert len(sandbox.requests) == 1 and time.pauses == []


UNDONE = {423, 429}


@pytest.mark.parametrize('asked_for', [None, '7'])
@pytest.mark.parametrize('status', UNDONE)
def test_a_post_that_was_certainly_not_taken_is_repeated(sandbox, time, status, asked_for):
    sandbox.trouble(status=status, headers={'Retry-After': asked_for})
    assert call(client_of(sandbox, time, retry_timeout=60), sandbox, 'POST').status == 200
    assert asked(sandbox) == ['POST list'] * 2 and time.pauses == [7 if asked_for else 1]


@pytest.mark.parametrize(('asked_for', 'pauses'), [('61', []), ('40', [40])])
def test_a_post_is_repeated_within_its_time(sandbox, time, asked_for, pauses):
    sandbox.trouble(status=429, headers={'Retry-After': asked_for}, times=0)
    with pytest.raises(RateLimited, match=f'{asked_for} s, but retry_timeout has only'):
        call(client_of(sandbox, time, retry_timeout=60), sandbox, 'POST')
    assert time.pauses == pauses and len(sandbox.requests) == len(pauses) + 1


def test_a_post_whose_second_answer_is_lost_is_not_made_a_third_time(sandbox, time):
    sandbox.trouble(status=429)
    sandbox.trouble(status=504)
    with pytest.raises(Unavailable):
        call(client_of(sandbox, time, retry_timeout=60), sandbox, 'POST')
    assert asked(sandbox) == ['POST list'] * 2


@pytest.mark.parametrize('trouble', [
    *(case for case in PASSING if case.values[0].get('status') not in UNDONE), pytest.param({'status': 503, 'headers': {'Retry-After': '1'}}, id='Retry-After'),
])
def test_a_post_whose_effect_is_not_known_is_never_repeated(sandbox, time, trouble):
    sandbox.trouble(times=0, **trouble)
    with pytest.raises(BillingError):
        call(client_of(sandbox, time, retry_timeout=60), sandbox, 'POST')
    assert asked(sandbox) == ['POST list'] and time.pauses == []


@pytest.mark.clock
def test_a_post_that_timed_out_is_never_repeated(sandbox):
    time = FakeTime(patience=0.5)  # in which the request is sent, also on a slow machine
    sandbox.trouble(times=0, delay=60)
    with pytest.raises(BillingError):
        call(client_of(sandbox, time, retry_timeout=600), sandbox, 'POST')
    assert asked(sandbox) == ['POST list'] and time.pauses == []


def test_a_delete_is_repeated(sandbox, time):
    sandbox.add_report('2021-06', id='abc')
    sandbox.trouble(status=503)
    assert call(client_of(sandbox, time, retry_timeout=60), sandbox, 'DELETE').status == 204
    assert asked(sandbox) == ['DELETE abc', 'DELETE abc']


@pytest.mark.parametrize('trouble', PASSING)
def test_a_retry_timeout_of_zero_is_one_try(sandbox, time, trouble):
    sandbox.trouble(times=0, **trouble)
    with pytest.raises(BillingError) as caught:
        client_of(sandbox, time, retry_timeout=0).list_reports()
    assert len(sandbox.requests) == 1 and time.pauses == []
    assert 'gave up' not in str(caught.value)


@pytest.mark.parametrize('asked_for', ['7', '15', '59.5', 'Thu, 05 Nov 2026 12:00:20 GMT'])
def test_retry_after_is_met_to_the_second(sandbox, time, asked_for):
    sandbox.trouble(status=429, headers={'Retry-After': asked_for, 'Date': 'Thu, 05 Nov 2026 12:00:00 GMT'})
    client_of(sandbox, time, retry_timeout=60).list_reports()
    assert time.pauses == [20 if 'Nov' in asked_for else float(asked_for)]


@pytest.mark.parametrize('asked_for', ['0', '-5', '', 'rand(30),add(30)', 'soon'])
def test_without_a_demand_that_can_be_read_pauses_grow_from_a_second(sandbox, time, asked_for):
    sandbox.trouble(status=429, headers={'Retry-After': asked_for}, times=3)
    client_of(sandbox, time, retry_timeout=60).list_reports()
    assert time.pauses[0] <= 2 and time.pauses == sorted(time.pauses) and time.pauses[2] > time.pauses[0] > 0


@pytest.mark.parametrize(('status', 'kind'), [(429, 'rate_limited'), (423, 'unavailable'), (503, 'unavailable')])
def test_a_demand_that_does_not_fit_fails_at_once_and_says_so(sandbox, time, status, kind):
    sandbox.trouble(status=status, headers={'Retry-After': '61'}, times=0)
    with pytest.raises(BillingError) as caught:
        client_of(sandbox, time, retry_timeout=60).list_reports()
    assert len(sandbox.requests) == 1 and time.pauses == []
    assert (caught.value.kind, caught.value.retry_after) == (kind, 61)
    assert '61 s' in str(caught.value) and 'retry_timeout' in str(caught.value)


def test_a_demand_that_no_longer_fits_fails_at_the_second_try(sandbox, time):
    sandbox.trouble(status=429, headers={'Retry-After': '40'}, times=0)
    with pytest.raises(RateLimited):
        client_of(sandbox, time, retry_timeout=60).list_reports()
    assert time.pauses == [40]


@pytest.mark.parametrize('dice', [0, 0.5, 0.999])
@pytest.mark.parametrize('retry_timeout', [0.5, 1, 10, 60, 600])
def test_tries_fill_the_time_and_end_with_it(sandbox, time, dice, retry_timeout):
    time.dice = dice
    sandbox.trouble(status=503, times=0)
    start = time.clock()
    with pytest.raises(Unavailable) as caught:
        client_of(sandbox, time, retry_timeout=retry_timeout).list_reports()
    assert time.clock() - start == pytest.approx(retry_timeout), 'the last try is at the end'
    assert len(sandbox.requests) == len(time.pauses) + 1 < 5 + retry_timeout / 5
    assert max(time.pauses) <= 60
    assert f'{len(sandbox.requests)} tries' in str(caught.value)


@pytest.mark.parametrize('retry_timeout', [0, 10, 45, 60])
def test_hanging_exchanges_never_outlive_the_time_by_more_than_one_of_them(sandbox, retry_timeout):
    time = FakeTime(patience=0.03)
    sandbox.trouble(times=0, delay=60)
    start = time.clock()
    with pytest.raises(BillingError) as caught:
        client_of(sandbox, time, retry_timeout=retry_timeout, request_timeout=30).list_reports()
    assert caught.value.kind == 'timeout'
    assert retry_timeout <= time.clock() - start <= retry_timeout + 30


@pytest.mark.clock
def test_hanging_token_calls_never_outlive_the_time_by_more_than_one_exchange(sandbox):
    time = FakeTime(patience=0.03)
    sandbox.trouble(path='/reports', status=503)
    sandbox.trouble(path='/reports', status=401, delay=0)
    sandbox.trouble(path='access_token', delay=60, times=0)
    start = time.clock()
    with pytest.raises(BillingError):
        client_of(
            sandbox, time, retry_timeout=20, request_timeout=30, client_id='C', client_secret='S', refresh_token='R',
        ).list_reports()
    assert time.clock() - start <= 20 + 30


def test_the_jitter_pulls_clients_apart(sandbox):
    pauses = set()
    for dice in (0, 0.5, 0.9):
        time = FakeTime()
        time.dice = dice
        sandbox.trouble(status=503)
        client_of(sandbox, time, retry_timeout=60).list_reports()
        pauses.update(time.pauses)
    assert len(pauses) == 3


def test_an_error_counts_its_tries(sandbox, time):
    sandbox.trouble(status=503, times=2)
    sandbox.trouble(status=404)
    with pytest.raises(BillingError) as caught:
        client_of(sandbox, time, retry_timeout=60).list_reports()
    assert caught.value.tries == len(sandbox.requests) == 3
