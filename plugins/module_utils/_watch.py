# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What one look at the reports waited for is: the fewest calls that tell where each of them stands."""

from __future__ import annotations

import typing as t

from ._adoption import standing
from ._client import BillingClient
from ._errors import BillingError, InvalidResponse, NotFound, Unavailable
from ._report import Report


class Watch:
    """The reports waited for, by id or adopted by month, with what is known of each so far."""

    def __init__(self, client: BillingClient, ids: list[str] | None = None, billing_period: str | None = None) -> None:
        self._client = client
        self._asked = list(ids or ())
        self._billing_period = billing_period
        self._known: dict[str, Report] = {}
        self._ended: set[str] = set()  # the ids that were read in full after their end

    @property
    def reports(self) -> list[Report]:
        """The reports in the order asked; one that was never seen has an id and nothing else."""
        return [self._known.get(report_id) or Report(id=report_id) for report_id in self._asked]

    @property
    def ended(self) -> bool:
        """Whether there is nothing left to wait for."""
        return bool(self._asked) and not self._pending

    @property
    def remaining(self) -> dict[str, t.Any]:
        """The option that would wait for what has not ended."""
        if not self._asked:
            return {'billing_period': self._billing_period}
        return {'ids': self._pending} if len(self._pending) > 1 else {'id': self._pending[0]}

    @property
    def _pending(self) -> list[str]:
        return [report_id for report_id in dict.fromkeys(self._asked) if report_id not in self._ended]

    def look(self) -> None:
        """Ask the API once. What it told before an error was raised is kept."""
        if not self._asked:
            self._adopt()
        elif len(set(self._asked)) == 1:
            self._read(self._asked[0])
        else:
            self._look_at_many(self._pending)

    def _adopt(self) -> None:
        """Take the newest report of the month that has not failed, or the newest failed one if there is no other."""
        reports = standing(self._client, self._client.list_reports(self._billing_period))
        if not reports:
            raise NotFound(
                f'There is no billing report of {self._billing_period}',
                remedy='create the report of that month first, for example with webex_partner.billing.broadworks_billing_report',
            )
        self._asked = [reports[0].id]
        self._keep(reports[0])

    def _look_at_many(self, pending: list[str]) -> None:
        """One list call for all; a report is read by itself only when the list says that it ended, or does not hold it."""
        listed = {report.id: report for report in self._client.list_reports()}
        self._known.update((report_id, listed[report_id]) for report_id in pending if report_id in listed)
        sick: BillingError | None = None
        for report_id in pending:
            if report_id not in listed or listed[report_id].ended:
                try:
                    self._read(report_id)
                except (Unavailable, InvalidResponse) as error:  # one sick report must not hide how the others are
                    sick = error
        if sick:
            raise sick

    def _read(self, report_id: str) -> None:
        self._keep(self._client.get_report(report_id))

    def _keep(self, report: Report) -> None:
        self._known[report.id] = report
        if report.ended:
            self._ended.add(report.id)
