# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a wait makes of errors: some end it at once, some are survived and named, and some ask for time."""

from __future__ import annotations

import itertools

import pytest
from ansible_collections.webex_partner.billing.plugins.module_utils._errors import (
    AuthenticationFailed,
    BillingError,
    Conflict,
    ExchangeTimeout,
    Gone,
    InvalidInput,
    InvalidResponse,
    NetworkFault,
    NotFound,
    PermissionRefused,
    RateLimited,
    Unavailable,
    WaitTimeout,
)
from ansible_collections.webex_partner.billing.tests.unit.reporting import a_report
from ansible_collections.webex_partner.billing.tests.unit.waiting import Script, Told, wait_of

PASSING = [RateLimited, Unavailable, NetworkFault, ExchangeTimeout, InvalidResponse]
LASTING = [InvalidInput, AuthenticationFailed, PermissionRefused, NotFound, Gone, Conflict]


def failure(wait, watched, kind=BillingError):
    with pytest.raises(kind) as caught:
        wait.until_ended(watched)
    return caught.value


@pytest.mark.parametrize('kind', LASTING, ids=lambda kind: kind.kind)
def test_what_lasts_ends_the_wait_at_once(time, kind):
    wait, told = wait_of(time), Told(time)
    error = kind('Webex answered so')
    assert failure(wait, Script(time, [error])) is error
    assert (wait.polls, time.pauses, wait.timed_out, told.warnings) == (1, [], False, [])


@pytest.mark.parametrize('kind', LASTING, ids=lambda kind: kind.kind)
def test_what_lasts_ends_the_wait_also_later_on(time, kind):
    wait = wait_of(time)
    failure(wait, Script(time, [False, Unavailable('x'), kind('Webex answered so')]), kind)
    assert wait.polls == 3 and wait.timed_out is False


@pytest.mark.parametrize('kind', PASSING, ids=lambda kind: kind.kind)
def test_what_passes_is_survived_and_warned_of_once(time, kind):
    told = Told(time, a_report('abc', '2026-10', 'IN_PROGRESS'))
    wait = wait_of(time, told)
    wait.until_ended(Script(time, [kind('first'), kind('second'), False, kind('third'), True]))
    assert wait.polls == 5 and wait.timed_out is False
    assert len(told.warnings) == 1 and 'first' in told.warnings[0]


@pytest.mark.parametrize('kind', PASSING, ids=lambda kind: kind.kind)
def test_the_last_error_is_named_when_the_deadline_comes(time, kind):
    told = Told(time, a_report('abc', '2026-10', 'IN_PROGRESS'))
    wait = wait_of(time, told, timeout=12)
    steps = [kind('the first'), kind('the last', tracking_id='ROUTER_9'), False, False]
    sentence = str(failure(wait, Script(time, steps), WaitTimeout))
    assert 'the last' in sentence and 'ROUTER_9' in sentence and 'the first' not in sentence
    assert 'abc' in sentence and 'IN_PROGRESS' in sentence and wait.timed_out is True


def test_an_error_at_the_deadline_itself_is_a_timeout_that_names_it(time):
    wait = wait_of(time, timeout=4)
    error = failure(wait, Script(time, [False, Unavailable('Webex answered 503')]), WaitTimeout)
    assert 'Webex answered 503' in str(error) and wait.timed_out is True


def test_an_error_with_a_timeout_of_zero_is_a_timeout_that_names_it(time):
    wait = wait_of(time, timeout=0)
    error = failure(wait, Script(time, [Unavailable('Webex answered 503')]))
    assert 'Webex answered 503' in str(error) and time.pauses == []


def test_a_wait_in_which_nothing_was_ever_seen_says_so(time):
    error = failure(wait_of(time, Told(time), timeout=10), Script(time, itertools.repeat(NetworkFault('Connection refused'), 9)), WaitTimeout)
    assert 'Connection refused' in str(error) and 'None' not in str(error)


@pytest.mark.parametrize(('asked', 'pause'), [
    pytest.param(None, 5, id='absent'),
    pytest.param(0, 5, id='zero'),
    pytest.param(2, 5, id='shorter than the pause'),
    pytest.param(17, 17, id='longer than the pause'),
    pytest.param(300, 300, id='longer than the ceiling'),
])
def test_retry_after_is_met(time, asked, pause):
    watched = Script(time, [RateLimited('Webex answered 429', retry_after=asked), True])
    wait_of(time).until_ended(watched)
    assert watched.looks == [0, pause]


def test_a_demand_holds_for_one_pause_only(time):
    watched = Script(time, [RateLimited('Webex answered 429', retry_after=30), False, True])
    wait_of(time).until_ended(watched)
    assert watched.looks == [0, 30, 35]


def test_a_demand_up_to_the_deadline_is_met(time):
    watched = Script(time, [RateLimited('Webex answered 429', retry_after=60), True])
    wait = wait_of(time, timeout=60)
    wait.until_ended(watched)
    assert watched.looks == [0, 60] and wait.timed_out is False


@pytest.mark.parametrize('kind', [RateLimited, Unavailable], ids=lambda kind: kind.kind)
@pytest.mark.parametrize(('timeout', 'asked'), [(60, 61), (0.5, 3600), (3600, 1e300)])
def test_a_demand_that_cannot_fit_fails_at_once_and_says_so(time, kind, timeout, asked):
    wait = wait_of(time, timeout=timeout)
    error = failure(wait, Script(time, [kind('Webex answered so', retry_after=asked)]), kind)
    assert (time.pauses, wait.polls, wait.timed_out) == ([], 1, False)
    assert error.retry_after == asked and 'wait_timeout' in str(error)


def test_a_demand_at_the_last_look_is_a_timeout_that_names_it(time):
    wait = wait_of(time, timeout=4)
    error = failure(wait, Script(time, [False, RateLimited('Webex answered 429', retry_after=30)]), WaitTimeout)
    assert 'Webex answered 429' in str(error) and wait.timed_out is True and wait.polls == 2


def test_a_demand_with_a_timeout_of_zero_cannot_fit(time):
    wait = wait_of(time, timeout=0)
    failure(wait, Script(time, [RateLimited('Webex answered 429', retry_after=30)]), RateLimited)
    assert wait.timed_out is False


def test_a_demand_that_cannot_fit_counts_from_now(time):
    wait = wait_of(time, timeout=60)
    failure(wait, Script(time, [False, RateLimited('Webex answered 429', retry_after=56)]), RateLimited)
    assert time.pauses == [5]


def test_an_exception_that_is_none_of_ours_ends_the_wait(time):
    with pytest.raises(ZeroDivisionError):
        wait_of(time).until_ended(Script(time, [ZeroDivisionError()]))
