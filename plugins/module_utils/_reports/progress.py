# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Progress messages of a wait: a line when a status changes, a line at intervals, one warning for each kind of fault."""

from __future__ import annotations

import typing as t
from collections import Counter

from .._api.report import STATUSES, Report
from .._errors import BillingError
from .._time import Time

NAMED = 5  # reports that one line names; for more the counts must do


class Progress:
    """Reports the progress of a wait through ``say`` (a line) and ``warn`` (a warning, once for each kind of fault).

    ``reports`` returns the current reports; ``beat_every`` is the interval of progress lines in seconds, 0 for none.
    """

    def __init__(
        self,
        reports: t.Callable[[], list[Report]],
        *,
        say: t.Callable[[str], None],
        warn: t.Callable[[str], None],
        beat_every: float,
        wait_timeout: float,
        time: Time,
    ) -> None:
        self._reports = reports
        self._say = say
        self._warn = warn
        self._beat_every = beat_every
        self._wait_timeout = wait_timeout
        self._time = time
        self._start = self._spoken = time.clock()
        self._statuses: dict[str, str | None] = {}
        self._warned: set[t.Hashable] = set()
        self._polls = 0

    def looked(self, polls: int) -> None:
        """Report changes of status. Call this after each poll."""
        self._polls = polls
        statuses = {report.id: report.status for report in self._reports() if report.status}
        for status in statuses.values():
            if status not in STATUSES:
                self._warn_once(status, f'Webex says the unknown status {status}, which counts as not finished')
        if statuses != self._statuses:
            self._statuses = statuses
            self._line()

    def fault(self, error: BillingError) -> None:
        """Warn of a temporary error, once for each kind and status."""
        self._warn_once((error.kind, error.http_status), error.what_happened())

    def beat(self) -> None:
        """Print a progress line if the interval is over. Call this about once a second."""
        if self._beat_every and self._time.clock() - self._spoken >= self._beat_every:
            self._line()

    def summary(self, name: t.Callable[[Report], str] = lambda report: report.name) -> str:
        """Describe the status of the reports, for example ``report Y2lz… of 2026-10 is IN_PROGRESS``; ``name`` says what to call one."""
        reports = self._reports()
        if not reports:
            return 'no report seen yet'
        if len(reports) == 1:
            known = f'is {reports[0].status}' if reports[0].status else 'was not seen yet'
            return f'report {name(reports[0])} {known}'
        counts = Counter(report.status or 'not seen yet' for report in reports)
        pending = [report for report in reports if not report.ended]
        counted = ', '.join(f'{number} {status}' for status, number in sorted(counts.items()))
        named = ', '.join(map(name, pending[:NAMED])) + (' …' if len(pending) > NAMED else '')
        return f'{len(reports)} reports: {counted}' + (f' (not finished: {named})' if pending else '')

    def _line(self) -> None:
        self._spoken = self._time.clock()
        self._say(f'{self._spoken - self._start:.0f} s of {self._wait_timeout:.15g} s, look {self._polls}: {self.summary(lambda report: report.short_name)}')

    def _warn_once(self, trouble: t.Hashable, text: str) -> None:
        if trouble not in self._warned:
            self._warned.add(trouble)
            self._warn(text)
