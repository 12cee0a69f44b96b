# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Things to wait for that follow a script, and the wait that looks at them by a fake clock."""

from __future__ import annotations

import typing as t

from ansible_collections.webex_partner.billing.plugins.module_utils._api.report import Report
from ansible_collections.webex_partner.billing.plugins.module_utils._reports.progress import Progress
from ansible_collections.webex_partner.billing.plugins.module_utils._reports.wait import Pace, Wait
from ansible_collections.webex_partner.billing.tests.unit.reporting import a_report


class Script:
    """Looked at as often as it has ``steps``; one look more is an error. An exception is raised, True is the end."""

    def __init__(self, time, steps: t.Iterable[t.Any]) -> None:
        self.looks: list[float] = []
        self.ended = False
        self._time = time
        self._start = time.clock()
        self._steps = iter(steps)

    def look(self) -> None:
        self.looks.append(self._time.clock() - self._start)
        step = next(self._steps, 'over')
        assert step != 'over', f'look {len(self.looks)} is one too many'
        if isinstance(step, Exception):
            raise step
        self.ended = bool(step)


class EndsAfter:
    """Has ended once so many seconds are over; each look takes ``takes`` seconds, and what it sees is of its beginning."""

    def __init__(self, time, seconds: float, takes: float = 0.0) -> None:
        self.looks: list[float] = []
        self.ended = False
        self._time = time
        self._start = time.clock()
        self._seconds = seconds
        self._takes = takes

    def look(self) -> None:
        self.looks.append(self._time.clock() - self._start)
        self.ended = self.looks[-1] >= self._seconds
        self._time.advance(self._takes)


class Told:
    """What an operator was told, and a progress that tells it."""

    def __init__(self, time, *reports: Report, beat_every: float = 0, wait_timeout: float = 3600) -> None:
        self.lines: list[str] = []
        self.warnings: list[str] = []
        self.reports = list(reports)
        self.progress = Progress(
            lambda: self.reports, say=self.lines.append, warn=self.warnings.append, beat_every=beat_every, wait_timeout=wait_timeout, time=time,
        )


def wait_of(time, told: Told | None = None, *, timeout: float = 3600, poll_interval: float = 5, max_poll_interval: float = 60) -> Wait:
    progress = (told or Told(time, a_report('abc', '2026-10', 'IN_PROGRESS'))).progress
    return Wait(timeout=timeout, pace=Pace(poll_interval, max_poll_interval), time=time, progress=progress)
