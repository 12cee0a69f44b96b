# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Events about reports: which ones follow from the list of reports, and when to read the list again. Nothing here knows EDA."""

from __future__ import annotations

import typing as t
import uuid

from .._api.client import BillingClient
from .._api.product import Key
from .._api.report import Report, plain
from .._api.retry import PASSING
from .._errors import BillingError
from .wait import SHORTEST_PAUSE

LONGEST_PAUSE = 3600.0  # seconds; a Retry-After of more would silence a process that runs for months


def event(report: Report, api_url: str) -> dict[str, t.Any]:
    """Return the event that says the status of a report. The same status of the same report has the same ``meta.uuid``, in every process."""
    product = report.key.product.name
    named = '\n'.join((product, api_url, plain(report.id), str(report.status)))
    return {
        'billing_report': {'product': product, 'id': report.id, **report.key.to_result(), 'status': report.status, 'created': report.created},
        'meta': {'uuid': str(uuid.uuid5(uuid.NAMESPACE_URL, named))},
    }


class News:
    """Finds in each list the reports with a status that the previous list did not have. It remembers one list, so its memory does not grow.

    Reports of billing periods that ended before ``since`` (a month) are left out.
    """

    def __init__(self, since: str | None = None) -> None:
        self._since = since or ''
        self._seen: frozenset[tuple[str, str]] = frozenset()

    def of(self, listed: t.Iterable[Report]) -> list[Report]:
        """Return the reports with a new status, in the order of the list."""
        shown = {(plain(report.id), report.status): report for report in listed if report.status and self._counts(report)}
        new = [report for seen, report in shown.items() if seen not in self._seen]
        self._seen = frozenset(shown)
        return new

    def _counts(self, report: Report) -> bool:
        return not report.key.end or report.key.end >= self._since


class Lookout:
    """Reads the list of reports, one call a look. ``warn`` gets a sentence when faults begin that pass by themselves."""

    def __init__(self, client: BillingClient, key: Key, news: News, poll_interval: float, warn: t.Callable[[str], t.Any]) -> None:
        self._client = client
        self._key = key
        self._news = news
        self._pause = max(SHORTEST_PAUSE, poll_interval)
        self._warn = warn
        self._fault: tuple[str, int | None] | None = None

    def look(self) -> tuple[list[dict[str, t.Any]], float]:
        """Return the events since the previous look, those of the oldest reports first, and the seconds until the next look.

        Raises a BillingError that does not pass by itself.
        """
        try:
            listed = self._client.list_reports(self._key)
        except BillingError as error:
            if not isinstance(error, tuple(PASSING)):
                raise
            self._note(error)
            return [], max(self._pause, min(error.retry_after or 0.0, LONGEST_PAUSE))
        self._fault = None
        return [event(report, self._client.connection.api_url) for report in reversed(self._news.of(listed))], self._pause

    def _note(self, error: BillingError) -> None:
        fault = error.kind, error.http_status
        if fault != self._fault:
            self._fault = fault
            self._warn(error.what_happened())
