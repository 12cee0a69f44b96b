# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Clock, sleep and random numbers: the only file that really waits, so that tests can replace it."""

from __future__ import annotations

import random
import threading
import time
import typing as t
from datetime import datetime, timezone

SLICE = 1.0  # seconds; how often a long pause looks up to see whether it should go on


class Time:
    """Real time. ``pulses`` are called about once a second during a wait, and may raise to end it."""

    def __init__(self) -> None:
        self.pulses: list[t.Callable[[], None]] = []

    def clock(self) -> float:
        """Return monotonic seconds, for every duration and deadline."""
        return time.monotonic()

    def now(self) -> float:
        """Return epoch seconds, for dates that come from outside."""
        return time.time()

    def random(self) -> float:
        """Return a number in [0, 1), for jitter."""
        return random.random()

    def sleep(self, seconds: float) -> None:
        """Pause. A signal handler that raises ends the pause at once."""
        self.wait(threading.Event(), seconds)

    def wait(self, event: threading.Event, seconds: float) -> bool:
        """Wait until ``event`` is set, at most ``seconds``; return whether it is."""
        end = self.clock() + seconds
        while not event.is_set():
            left = end - self.clock()
            if left <= 0:
                return False
            event.wait(min(left, SLICE))
            for pulse in self.pulses:
                pulse()
        return True


def iso(now: float) -> str:
    """Return epoch seconds as ISO 8601 in UTC, to the second."""
    return datetime.fromtimestamp(now, timezone.utc).strftime('%Y-%m-%dT%H:%M:%SZ')
