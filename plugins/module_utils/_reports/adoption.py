# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Choose the report of a month: the newest one that has not failed and was created after the month ended."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from .._api.client import BillingClient
from .._api.periods import is_over
from .._api.product import Key
from .._api.report import NAMED, Report, moment, newest_first
from .._errors import Conflict, InvalidInput


@dataclass(frozen=True)
class Standing:
    """The reports of a month by use, in full, newest first. ``early`` reports were created before the month ended: they cover a part of it."""

    usable: list[Report] = field(default_factory=list)
    failed: list[Report] = field(default_factory=list)
    early: list[Report] = field(default_factory=list)

    def adopt(self, warn: t.Callable[[str], t.Any]) -> Report | None:
        """Return the report to adopt, or None. Warn if the report does not say when it was created."""
        if not self.usable:
            return None
        report = self.usable[0]
        if moment(report.created) is None:
            warn(f'Billing report {report.name} was adopted although it does not say when it was created: it may be from before the end of the month')
        return report

    @property
    def early_ones(self) -> str:
        """Return the words about the early reports for a message."""
        return ', '.join(f'{report.name} (created {report.created})' for report in self.early[:NAMED])


class Month:
    """The reports of a key. With ``allow_open_period``, reports count that were created before the month ended in UTC."""

    def __init__(self, client: BillingClient, key: Key, *, allow_open_period: bool) -> None:
        self._client = client
        self.key = key
        self.allow_open_period = allow_open_period

    def listed(self) -> list[Report]:
        """Return all reports of the month as the API lists them."""
        return self._client.list_reports(self.key)

    def standing(self, listed: list[Report]) -> Standing:
        """Sort the listed reports. Read the reports that the list calls failed only if no report is usable."""
        found = self._in_full(report for report in listed if not report.failed)
        if not self._judged(found).usable:
            found += self._in_full(report for report in listed if report.failed)
        return self._judged(newest_first(found))

    def adoptable(self, listed: list[Report], warn: t.Callable[[str], t.Any]) -> Standing:
        """Sort the listed reports. If no answer shows which of them is meant, none counts."""
        found = Standing() if self.key.hidden else self.standing(listed)
        doubtful = listed if self.key.hidden else self._alike(found)
        if not doubtful:
            return found
        warn(f'{self._doubt(doubtful)}. None of them was adopted. If one of them is meant, use its id.')
        return Standing()

    def refuse_guess(self, found: Standing | None = None) -> None:
        """Raise a BillingError if no answer shows which reports have this key, or which of the found reports is meant."""
        remedy = 'give the id of the report'
        if self.key.hidden:
            raise InvalidInput(
                f'The billing reports of {self.key} cannot be distinguished from others, since no answer of Webex shows {" or ".join(self.key.hidden)}',
                remedy=remedy,
            )
        if found and self._alike(found):
            raise Conflict(self._doubt(found.usable), remedy=remedy)

    def _alike(self, found: Standing) -> list[Report]:
        """Return the usable reports if there are several that may differ in parts that no answer shows."""
        return found.usable if self.key.untold and len(found.usable) > 1 else []

    def _doubt(self, reports: list[Report]) -> str:
        """Return the words about reports that look alike for a message."""
        named = ', '.join(report.id for report in reports[:NAMED])
        hidden = ' or '.join(self.key.hidden or self.key.untold)
        return f'{len(reports)} billing reports look like the one of {self.key} ({named}), since no answer of Webex shows {hidden}'

    def certain(self, listed: list[Report]) -> list[Report]:
        """Return the listed reports that have this key. Read a report if the list does not show its whole key."""
        doubtful = [report for report in listed if not report.key.is_whole]
        return newest_first([*(report for report in listed if report.key.is_whole), *self._in_full(doubtful)])

    def _in_full(self, listed: t.Iterable[Report]) -> list[Report]:
        return [report for report in self._client.in_full(listed) if self.key.fits(report.key)]

    def is_early(self, report: Report) -> bool:
        """Return whether a report was created before its month ended, so that it does not count."""
        created = moment(report.created)
        return created is not None and not self.allow_open_period and not is_over(self.key.end, created)

    def _judged(self, reports: list[Report]) -> Standing:
        whole = [report for report in reports if not self.is_early(report)]
        return Standing(
            usable=[report for report in whole if not report.failed],
            failed=[report for report in whole if report.failed],
            early=[report for report in reports if self.is_early(report)],
        )
