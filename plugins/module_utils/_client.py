# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The billing calls of Webex for BroadWorks, as functions that return reports or raise a BillingError."""

from __future__ import annotations

import math
import typing as t
from urllib.parse import quote, urljoin, urlsplit

from ._answer import SUCCESS, Answer
from ._errors import Gone, NotFound, doing
from ._http import Wire
from ._options import Connection
from ._report import Report, newest_first
from ._retry import REPEATABLE, persist
from ._secrets import Secrets
from ._time import Time
from ._token import Tokens

PAGE_LIMIT = 100  # pages of one list; a server that always names another page is not followed for ever


class BillingClient:
    """One partner's billing reports.

    Reads and deletes are retried within ``connection.retry_timeout``; no request goes on past ``end_by`` (monotonic seconds).
    Every call raises a BillingError that names what was being done. ``say`` gets a line before each retry.
    """

    def __init__(
        self, connection: Connection, secrets: Secrets, time: Time, end_by: float = math.inf, say: t.Callable[[str], None] = lambda line: None,
    ) -> None:
        self._reports_url = f'{connection.api_url}/broadworks/billing/reports'
        self.connection, self.secrets, self.time, self.say = connection, secrets, time, say  # a download takes them to the file host
        self._wire = Wire(connection, time, end_by)
        self._tokens = Tokens(connection, self._wire, secrets)

    def list_reports(self, billing_period: str | None = None) -> list[Report]:
        """All reports, or those of a month, newest month first, with ``id``, ``billing_period`` and ``status`` only.

        The API lists no more, and can filter by creation only, so the month is found here.
        """
        with doing('Listing the billing reports') as act:
            reports: dict[str, Report] = {}
            pages: list[str] = []
            url: str | None = self._reports_url
            until = self.time.clock() + self.connection.retry_timeout
            while url:
                pages.append(url)
                answer = self._call(act, 'GET', url, until=until)
                reports.update((report.id, report) for report in _entries(answer))
                url = self._next_page(answer, pages)
            return newest_first(report for report in reports.values() if billing_period in (None, report.billing_period))

    def get_report(self, report_id: str) -> Report:
        """One report in full; its download URL is the one Webex signed for this answer."""
        with doing(f'Reading billing report {report_id}') as act:
            answer = self._call(act, 'GET', self._report_url(report_id))
            report = Report.from_api(answer.document())
            if report is None or report.id != report_id:
                raise answer.unreadable('JSON that is not the report asked for')
            return report

    def in_full(self, listed: t.Iterable[Report]) -> list[Report]:
        """The listed reports with all that the API knows of them, newest first; one that is deleted meanwhile is left out."""
        found = []
        for report in listed:
            try:
                found.append(self.get_report(report.id))
            except (NotFound, Gone):
                continue
        return newest_first(found)

    def create_report(self, billing_period: str) -> str:
        """Ask for a report of a month, and return its id. Asked once: after most errors there may be one all the same."""
        with doing(f'Creating a billing report of {billing_period}') as act:
            answer = self._call(act, 'POST', self._reports_url, json={'billingPeriod': billing_period})
            report = Report.from_api(answer.document())
            if report is None:
                raise answer.unreadable('JSON that names no report')
            return report.id

    def delete_report(self, report_id: str) -> bool:
        """Delete a report, and return whether this did it: one gone at the first try had gone before, one gone at a later try by an earlier one."""
        with doing(f'Deleting billing report {report_id}') as act:
            try:
                self._call(act, 'DELETE', self._report_url(report_id))
            except (NotFound, Gone) as error:
                return error.tries > 1
            return True

    def _report_url(self, report_id: str) -> str:
        return f'{self._reports_url}/{quote(report_id, safe="")}'

    def _call(self, act: str, method: str, url: str, json: t.Any = None, until: float | None = None) -> Answer:
        """A request with the bearer token, retried by policy ``until`` then, by default for ``retry_timeout``; the answer is a success."""
        def attempt() -> Answer:
            with doing(act):
                answer = self._wire.exchange(method, url, token=self._tokens.current(), json=json)
                if answer.status == 401 and self._tokens.can_renew:
                    answer = self._wire.exchange(method, url, token=self._tokens.renew(), json=json)
                if answer.status not in SUCCESS:
                    raise answer.error()
                return answer

        if method not in REPEATABLE:
            return attempt()
        until = self.time.clock() + self.connection.retry_timeout if until is None else until
        return persist(attempt, until=until, time=self.time, say=self.say)

    def _next_page(self, answer: Answer, pages: list[str]) -> str | None:
        """The platform's rule for long lists, a Link header; billing documents none. It may not lead the token elsewhere."""
        if not answer.next_url:
            return None
        try:
            url = urljoin(pages[-1], answer.next_url)
            here = urlsplit(url)[:2] == urlsplit(self._reports_url)[:2]
        except ValueError:
            here = False
        if not here or url in pages or len(pages) == PAGE_LIMIT:
            raise answer.unreadable('a link to a next page that is none of this list')
        return url


def _entries(answer: Answer) -> list[Report]:
    """The reports of one page. A list that cannot be read in full is refused, so that no month is missed."""
    document = answer.document()
    items = document.get('items') if isinstance(document, dict) else None
    if not isinstance(items, list):
        raise answer.unreadable('JSON that is no list of reports')
    reports = [report for report in map(Report.from_api, items) if report]
    if len(reports) < len(items):
        raise answer.unreadable('a list that holds something else than reports')
    return reports
