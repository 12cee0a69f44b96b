# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which report of a month counts: the newest one that has not failed and was created after the month was over."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from .._api.client import BillingClient
from .._api.periods import is_over
from .._api.product import Key
from .._api.report import NAMED, Report, moment, newest_first


@dataclass(frozen=True)
class Standing:
    """The reports of a month by their worth, in full, newest first. ``early`` ones were created before the month was over: a part of a bill."""

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
        """What a sentence says of the early reports."""
        return ', '.join(f'{report.name} (created {report.created})' for report in self.early[:NAMED])


class Month:
    """The reports of a key. ``allow_open_period`` lets those count that were created before the month was over in UTC."""

    def __init__(self, client: BillingClient, key: Key, *, allow_open_period: bool) -> None:
        self._client = client
        self.key = key
        self.allow_open_period = allow_open_period

    def listed(self) -> list[Report]:
        """All reports of the month as the API lists them."""
        return self._client.list_reports(self.key)

    def standing(self, listed: list[Report]) -> Standing:
        """Judge the listed reports. Those that the list calls failed are read only if there is no usable one."""
        found = self._client.in_full(report for report in listed if not report.failed)
        if not self._judged(found).usable:
            found += self._client.in_full(report for report in listed if report.failed)
        return self._judged(newest_first(found))

    def is_early(self, report: Report) -> bool:
        """Return whether a report does not count because its month was not over when it was created."""
        created = moment(report.created)
        return created is not None and not self.allow_open_period and not is_over(self.key.end, created)

    def _judged(self, reports: list[Report]) -> Standing:
        whole = [report for report in reports if not self.is_early(report)]
        return Standing(
            usable=[report for report in whole if not report.failed],
            failed=[report for report in whole if report.failed],
            early=[report for report in reports if self.is_early(report)],
        )
