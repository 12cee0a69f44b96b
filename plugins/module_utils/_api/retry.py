# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Decide which failed calls are retried, and when: policy as data."""

from __future__ import annotations

import math
import typing as t

from .._errors import BillingError, DownloadInterrupted, ExchangeTimeout, InvalidResponse, NetworkFault, NotVisibleYet, RateLimited, Unavailable
from .._time import Time

REPEATABLE = {
    'GET': 'a read changes nothing',
    'DELETE': 'what is gone stays gone',
}

UNDONE = {  # after these a POST is repeated too; it has no idempotency key, so after any other error it may have created a report
    423: 'Webex did not take the request, since something was locked',
    429: 'Webex turned the request away, since there were too many',
}

TRANSIENT = {
    RateLimited: '429: the platform asks to come back later',
    Unavailable: '423 and 5xx: locked or overloaded for a moment',
    NetworkFault: 'a connection that was refused or cut may work the next time',
    ExchangeTimeout: 'an answer that came too late may come in time the next time',
    NotVisibleYet: 'a report that was created a moment ago may not be readable at once',
    DownloadInterrupted: 'the file host answered 408, 416, 429 or 5xx, or sent bytes that do not fit: the next attempt may go well',
}

PASSING = {
    **TRANSIENT,
    InvalidResponse: 'a page from a gateway or captive portal: worth another look while waiting, not a blind retry',
}

FIRST_PAUSE = 1.0  # seconds before the first retry, doubled for each one after it
LONGEST_PAUSE = 15.0  # seconds; the fall-back that Cisco's Python SDK takes for an unreadable Retry-After


def persist(attempt: t.Callable[[], t.Any], *, until: float, time: Time, say: t.Callable[[str], None], method: str = 'GET') -> t.Any:
    """Retry a call until it succeeds, fails for good, or reaches the time ``until`` (monotonic seconds). Try at least once.

    A pause in Retry-After is honored in full; if it does not fit, the call fails at once. Raises the last error. ``say`` gets a line before each retry.
    ``method`` is the HTTP method, which decides what may be retried.
    """
    tries = 0
    while True:
        tries += 1
        try:
            return attempt()
        except BillingError as error:
            error.tries = tries
            if not _may_be_repeated(method, error):
                raise
            left = until - time.clock()
            if left <= 0:
                error.note = f'gave up after {tries} tries' if tries > 1 else error.note
                raise
            asked = error.retry_after or 0.0
            if asked > left:
                error.note = too_long(asked, left, 'retry_timeout')
                raise
            backoff = min(FIRST_PAUSE * 2 ** (tries - 1), LONGEST_PAUSE) * (1 - time.random() / 4)
            pause = max(asked, min(backoff, left))
            say(f'{error.what_happened()}; retrying in {pause:.0f} s')
            time.sleep(pause)


def _may_be_repeated(method: str, error: BillingError) -> bool:
    return isinstance(error, tuple(TRANSIENT)) and (method in REPEATABLE or error.http_status in UNDONE)


def too_long(asked: float, left: float, option: str) -> str:
    """Return the words about a requested pause that does not fit into the ``left`` seconds of an option."""
    return f'and asks for {math.ceil(asked)} s, but {option} has only {math.floor(left)} s left'
