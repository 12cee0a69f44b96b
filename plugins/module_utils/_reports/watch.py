# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One poll of the awaited reports: the fewest calls that show the status of each."""

from __future__ import annotations

import typing as t
from dataclasses import replace

from .._api.client import BillingClient
from .._api.report import Report, plain
from .._errors import BillingError, InvalidResponse, NotFound, Unavailable
from .adoption import Month


class Watch:
    """The awaited reports, by ID or adopted by month, as last seen. ``warn`` gets a sentence about a doubtful adoption."""

    def __init__(
        self, client: BillingClient, ids: t.Sequence[str] = (), month: Month | None = None, warn: t.Callable[[str], t.Any] = lambda _text: None,
    ) -> None:
        self._client = client
        self._asked = list(ids)
        self._month = month
        self._warn = warn
        self._known: dict[str, Report] = {}
        self._ended: set[str] = set()  # the ids that were read in full after their end

    @property
    def reports(self) -> list[Report]:
        """Return the reports in the requested order. A report that was never seen has only an ID."""
        return [self._known.get(report_id) or self._client.unseen(report_id) for report_id in self._asked]

    @property
    def ended(self) -> bool:
        """Return whether all reports have ended."""
        return bool(self._asked) and not self._pending

    @property
    def remaining(self) -> dict[str, t.Any]:
        """Return the option that waits for the reports that have not ended."""
        if self._month and not self._asked:
            return {**self._month.key.options, **({'allow_open_period': True} if self._month.allow_open_period else {})}
        return {**self._client.product.options, **({'ids': self._pending} if len(self._pending) > 1 else {'id': self._pending[0]})}

    @property
    def _pending(self) -> list[str]:
        return [report_id for report_id in dict.fromkeys(self._asked) if report_id not in self._ended]

    def look(self) -> None:
        """Ask the API once. Keep the answers that arrived before an error."""
        if self._month and not self._asked:
            self._adopt(self._month)
        elif len(set(self._asked)) == 1:
            self._read(self._asked[0])
        else:
            self._look_at_many(self._pending)

    def _adopt(self, month: Month) -> None:
        """Adopt the report of the month, or the newest failed report if all have failed."""
        month.refuse_guess()
        found = month.standing(month.listed())
        month.refuse_guess(found)
        report = found.adopt(self._warn) or next(iter(found.failed), None)
        create_first = f'create the report of that month first, for example with {self._client.product.module}'
        if report:
            self._asked = [report.id]
            self._keep(report)
        elif found.early:
            raise NotFound(
                f'There is no complete billing report of {month.key}: all were created before the month ended in UTC, {found.early_ones}',
                remedy=f'{create_first}, or give the id of one of these, or set allow_open_period: true',
            )
        else:
            raise NotFound(f'There is no billing report of {month.key}', remedy=create_first)

    def _look_at_many(self, pending: list[str]) -> None:
        """List all reports with one call. Read a report by itself only if the list says that it ended, or does not contain it."""
        entries = {plain(entry.id): entry for entry in self._client.list_reports()}
        listed = {report_id: replace(entries[plain(report_id)], id=report_id) for report_id in pending if plain(report_id) in entries}
        self._known.update(listed)
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
