# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What one look at the reports waited for is: the fewest calls that tell where each of them stands."""

from __future__ import annotations

import typing as t

from ._client import BillingClient
from ._errors import NotFound
from ._report import Report


class Watch:
    """The reports waited for, by id or adopted by month, with what is known of each so far."""

    def __init__(self, client: BillingClient, ids: list[str] | None = None, billing_period: str | None = None) -> None:
        self._client = client
        self._asked = list(ids or ())
        self._billing_period = billing_period
        self._known: dict[str, Report] = {}

    @property
    def reports(self) -> list[Report]:
        """The reports in the order asked; one that was never seen has an id and nothing else."""
        return [self._known.get(report_id) or Report(id=report_id) for report_id in self._asked]

    @property
    def ended(self) -> bool:
        """Whether there is nothing left to wait for."""
        return bool(self._asked) and all(report.ended for report in self.reports)

    @property
    def remaining(self) -> dict[str, t.Any]:
        """The option that would wait for what has not ended."""
        if not self._asked:
            return {'billing_period': self._billing_period}
        pending = [report.id for report in self.reports if not report.ended]
        return {'ids': pending} if len(pending) > 1 else {'id': pending[0]}

    def look(self) -> None:
        """Ask the API once. What it told before an error was raised is kept."""
        pending = [report_id for report_id in dict.fromkeys(self._asked) if not self._is_ended(report_id)]
        if not self._asked:
            self._adopt()
        elif len(dict.fromkeys(self._asked)) == 1:
            self._read(pending)
        else:
            self._read_ended(pending)

    def _adopt(self) -> None:
        """Take the newest report of the month that has not failed, or the newest failed one if there is no other."""
        reports = self._client.reports_of(self._billing_period or '')
        if not reports:
            raise NotFound(f'There is no billing report of {self._billing_period}', remedy='create the report of that month first')
        adopted = next((report for report in reports if not report.failed), reports[0])
        self._asked = [adopted.id]
        self._known[adopted.id] = adopted

    def _read_ended(self, pending: list[str]) -> None:
        """One list call for all; a report is read by itself only when the list says that it ended, or does not hold it."""
        listed = {report.id: report for report in self._client.list_reports()}
        to_read = [report_id for report_id in pending if report_id not in listed or listed[report_id].ended]
        self._known.update((report_id, listed[report_id]) for report_id in pending if report_id not in to_read)
        self._read(to_read)

    def _read(self, report_ids: list[str]) -> None:
        for report_id in report_ids:
            self._known[report_id] = self._client.get_report(report_id)

    def _is_ended(self, report_id: str) -> bool:
        return report_id in self._known and self._known[report_id].ended
