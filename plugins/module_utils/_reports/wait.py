# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Wait for reports: when to poll, when to stop, and which errors to tolerate. This file knows neither Ansible nor HTTP."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from .._api.retry import PASSING, too_long
from .._errors import BillingError, WaitTimeout
from .._time import Time
from .progress import Progress

GROWTH = 0.1  # of the time waited; a report that took T seconds is then noticed T/10 late at most
SHORTEST_PAUSE = 0.1  # seconds; pauses of zero would hammer the API


class Looks(t.Protocol):
    """The subject of a wait: ``look`` polls once and may raise a BillingError, ``ended`` says whether the wait is over."""

    @property
    def ended(self) -> bool:
        """Return whether the wait is over."""

    def look(self) -> None:
        """Poll once."""


@dataclass(frozen=True)
class Pace:
    """Seconds between two polls: first ``poll_interval``, then a tenth of the time waited, at most ``max_poll_interval``."""

    poll_interval: float
    max_poll_interval: float

    def pause(self, elapsed: float, random: float) -> float:
        """Return the pause after ``elapsed`` seconds. Jitter shortens the growing part, so that many waits drift apart."""
        grown = elapsed * GROWTH * (1 - random * GROWTH)
        return max(SHORTEST_PAUSE, min(self.max_poll_interval, max(self.poll_interval, grown)))


class Wait:
    """One wait of at most ``timeout`` seconds from now. ``polls`` counts the polls; ``timed_out`` says whether the time ran out."""

    def __init__(self, *, timeout: float, pace: Pace, time: Time, progress: Progress) -> None:
        self._timeout = timeout
        self._pace = pace
        self._time = time
        self._progress = progress
        self._start = time.clock()
        self._last_error: tuple[float, BillingError] | None = None
        self.polls = 0
        self.timed_out = False

    @property
    def elapsed(self) -> float:
        """Return the seconds since the wait began."""
        return self._time.clock() - self._start

    def until_ended(self, watched: Looks) -> None:
        """Poll until all reports have ended. Raises WaitTimeout at the deadline, and a permanent error at once."""
        last = self._timeout == 0
        while True:
            error = self.look(watched)
            if watched.ended:
                return
            left = 0.0 if last else max(0.0, self._timeout - self.elapsed)
            asked = error.retry_after if error and error.retry_after else 0.0
            waited_in_full = last and self._timeout > 0  # then that it is over is the better news
            if asked > left and not waited_in_full:
                error.note = too_long(asked, left, 'wait_timeout')
                raise error
            if last:
                self.timed_out = True
                raise WaitTimeout(self._what_is_known())
            pause = max(asked, self._pace.pause(self.elapsed, self._time.random()))
            last = pause >= left
            self._time.sleep(min(pause, left))

    def look(self, watched: Looks) -> BillingError | None:
        """Poll once. Return a temporary error instead of raising it."""
        self.polls += 1
        try:
            watched.look()
        except BillingError as error:
            if not isinstance(error, tuple(PASSING)):
                raise
            self._last_error = self.elapsed, error
            self._progress.fault(error)
            return error
        finally:
            self._progress.looked(self.polls)
        return None

    def _what_is_known(self) -> str:
        known = self._progress.summary()
        if self._last_error:
            known += ', last error after {0:.0f} s: {1}'.format(self._last_error[0], self._last_error[1].what_happened())
        return f'Not finished within {self._timeout:.15g} s: {known}'
