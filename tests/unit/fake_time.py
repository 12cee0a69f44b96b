# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Time for tests: it passes when somebody sleeps, and at no other moment."""

from __future__ import annotations

import threading
import typing as t

EPOCH = 1793880000.0  # 2026-11-05T12:00:00Z
SLICE = 1.0


class FakeTime:
    """The interface of ``Time``. A real event is really waited for, ``patience`` seconds at most; then it counts as missed."""

    def __init__(self, patience: float = 5.0) -> None:
        self.patience = patience
        self.pulses: list[t.Callable[[], None]] = []
        self.pauses: list[float] = []
        self.dice = 0.0
        self._seconds = 1000.0

    def clock(self) -> float:
        return self._seconds

    def now(self) -> float:
        return EPOCH - 1000.0 + self._seconds

    def random(self) -> float:
        return self.dice

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        assert len(self.pauses) < 1000, 'this goes on for ever'
        self.advance(seconds)

    def wait(self, event: threading.Event, seconds: float) -> bool:
        if not event.wait(self.patience):
            self.advance(seconds)
        return event.is_set()

    def advance(self, seconds: float) -> None:
        end = self._seconds + seconds
        while self._seconds < end:
            self._seconds = min(end, self._seconds + SLICE)
            for pulse in self.pulses:
                pulse()
