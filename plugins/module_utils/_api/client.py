# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Call the billing API of Webex. Each call returns reports or raises a BillingError."""

from __future__ import annotations

import math
import typing as t
from dataclasses import replace
from urllib.parse import quote, urlencode, urljoin, urlsplit

from .._errors import BillingError, Gone, NotFound, NotVisibleYet, PermissionRefused, doing
from .._secrets import Secrets
from .._time import Time
from .answer import SUCCESS, Answer
from .options import Connection
from .product import Key, Product
from .products import DEFAULT
from .report import Report, newest_first, plain
from .retry import persist
from .tokens import Tokens
from .wire import Wire

PAGE_LIMIT = 100  # pages of one list; a server that always names another page is not followed for ever
YOUNG = 60  # seconds within which a 404 means that a report is not visible yet; whether Webex lags at all is unknown
FAR = 4102444800000  # milliseconds since the epoch, the year 2100: a token that ends later is a slip
PORTS = {'http': 80, 'https': 443}


class BillingClient:
    """One partner's billing reports of one product.

    Calls are retried within ``connection.retry_timeout``, as `retry` allows; no request goes on past ``end_by`` (monotonic seconds).
    Every call raises a BillingError that names the failed action. ``say`` gets a line before each retry;
    ``warn`` gets advice about the access for the operator.
    """

    def __init__(
        self, connection: Connection, secrets: Secrets, time: Time, end_by: float = math.inf, say: t.Callable[[str], None] = lambda line: None,
        warn: t.Callable[[str], t.Any] = lambda text: None, product: Product = DEFAULT,
    ) -> None:
        self._reports_url = f'{connection.api_url}{product.path}'
        self.product = product
        self.connection, self.secrets, self.time, self.say = connection, secrets, time, say  # a download takes them to the file host
        self._wire = Wire(connection, time, end_by)
        self.tokens = Tokens(connection, self._wire, secrets, time, warn)
        self.heard: Answer | None = None  # the last answer to a call
        self._keys: dict[str, Key] = {}  # by id, of reports whose list entry does not say enough of it
        self._young: dict[str, float] = {}  # by URL, until when (monotonic seconds) a report counts as new

    def list_reports(self, key: Key | None = None) -> list[Report]:
        """Return all reports, or those of a key, newest period first, with the fields that the API lists: ID, key and status.

        The request filters by the key as far as the API can. This method then checks whether each report matches. For that, it reads
        an entry without its key in full, once in the life of the client.
        """
        query = urlencode(key.query()) if key else ''
        with doing('Listing the billing reports') as act:
            reports: dict[str, Report] = {}
            pages: list[str] = []
            url: str | None = f'{self._reports_url}?{query}' if query else self._reports_url
            until = self.time.clock() + self.connection.retry_timeout
            while url:
                pages.append(url)
                answer = self._call(act, 'GET', url, until=until)
                reports.update((report.id, report) for report in self._entries(answer))
                url = self._next_page(answer, pages)
        if key is None:
            return newest_first(reports.values())
        known = (self._with_key(report, key) for report in reports.values())
        return newest_first(report for report in known if key.matches(report.key))

    def get_report(self, report_id: str) -> Report:
        """Return one report in full, by its ID. Its download URL is the one that Webex signed for this answer."""
        with doing(f'Reading billing report {report_id}') as act:
            answer = self._call(act, 'GET', self._report_url(report_id))
            report = Report.from_api(answer.document(), self.product)
            if report is None:
                raise answer.unreadable('JSON that is not the report asked for')
            if plain(report.id) != plain(report_id):
                raise answer.another(report.id)
            return replace(report, id=report_id)

    def in_full(self, listed: t.Iterable[Report]) -> list[Report]:
        """Return the listed reports in full, newest first.

        Reports that were deleted in the meantime are left out, and so are reports whose key differs from that of their list entry.
        """
        found = []
        for entry in listed:
            try:
                report = self.get_report(entry.id)
            except (NotFound, Gone):
                continue
            if report.key.fits(entry.key):
                found.append(replace(report, key=report.key.filled(entry.key)))
        return newest_first(found)

    def create_report(self, key: Key) -> str:
        """Create a report of a key and return its ID. After most errors, a report may exist nevertheless."""
        with doing(f'Creating a billing report of {key}') as act:
            answer = self._call(act, 'POST', self._reports_url, json=key.body())
            report = Report.from_api(answer.document(), self.product)
            if report is None:
                raise answer.unreadable('JSON that names no report')
            self.expect(report.id)
            return report.id

    def expect(self, report_id: str) -> None:
        """Treat a 404 on this report as "not visible yet" for the next minute, because it was created a moment ago."""
        self._young[self._report_url(report_id)] = self.time.clock() + YOUNG

    def delete_report(self, report_id: str) -> bool:
        """Delete a report; return True if this call did. Not-found on the first try means it was already gone; on a retry, ours worked."""
        with doing(f'Deleting billing report {report_id}') as act:
            try:
                self._call(act, 'DELETE', self._report_url(report_id))
            except (NotFound, Gone) as error:
                return error.tries > 1
            return True

    def token_expires(self) -> float | None:
        """Return when the access token ends (epoch seconds), from the documented call ``tokenExpiry``, or None if the answer does not say it."""
        with doing('Reading when the access token ends') as act:
            document = self._call(act, 'GET', f'{self.connection.api_url}/authorizations/tokenExpiry').document()
        milliseconds = document.get('exp') if isinstance(document, dict) else None
        return milliseconds / 1000 if isinstance(milliseconds, (int, float)) and 0 < milliseconds < FAR else None

    def unseen(self, report_id: str) -> Report:
        """Return a report of which only the ID is known."""
        return Report(report_id, self.product.key())

    def _with_key(self, entry: Report, key: Key) -> Report:
        """Return a list entry with every part of its key that ``key`` has, read in full if the list does not say them."""
        if key.told_by(entry.key):
            return entry
        if entry.id not in self._keys:
            self._keys[entry.id] = next((report.key for report in self.in_full([self.unseen(entry.id)])), self.product.key())
        return replace(entry, key=self._keys[entry.id].filled(entry.key))

    def _report_url(self, report_id: str) -> str:
        return f'{self._reports_url}/{quote(report_id, safe="")}'

    def _call(self, act: str, method: str, url: str, json: t.Any = None, until: float | None = None) -> Answer:
        """Send a request with the bearer token and return a successful answer. Retry as the policy allows, ``until`` that time or for ``retry_timeout``."""
        def attempt() -> Answer:
            with doing(act):
                token = self.tokens.current()
                self.tokens.allow(self.product.scopes, method)
                answer = self._wire.exchange(method, url, token=token, json=json)
                if answer.status == 401 and self.tokens.can_renew:
                    answer = self._wire.exchange(method, url, token=self.tokens.renew(), json=json)
                self.heard = answer
                if answer.status not in SUCCESS:
                    raise self._refusal(answer, url)
                return answer

        until = self.time.clock() + self.connection.retry_timeout if until is None else until
        return persist(attempt, until=until, time=self.time, say=self.say, method=method)

    def _refusal(self, answer: Answer, url: str) -> BillingError:
        is_young = answer.status == 404 and self.time.clock() < self._young.get(url, -math.inf)
        error = answer.error(NotVisibleYet if is_young else None)
        if isinstance(error, PermissionRefused):
            error.remedy = self.product.permission
        return error

    def _next_page(self, answer: Answer, pages: list[str]) -> str | None:
        """Return the next page of a long list, from the Link header of the Webex platform. It must not lead the token to another host."""
        if not answer.next_url:
            return None
        try:
            url = urljoin(pages[-1], answer.next_url)
            here = _origin(url) == _origin(self._reports_url)
        except ValueError:
            here = False
        if not here or url in pages or len(pages) == PAGE_LIMIT:
            raise answer.unreadable('a link to a next page that does not belong to this list')
        return url

    def _entries(self, answer: Answer) -> list[Report]:
        """Return the reports of one page. Refuse a list that is not readable in full, so that no month is missed."""
        document = answer.document()
        items = document.get('items') if isinstance(document, dict) else None
        if not isinstance(items, list):
            raise answer.unreadable('JSON that is not a list of reports')
        reports = [report for report in (Report.from_api(item, self.product) for item in items) if report]
        if len(reports) < len(items):
            raise answer.unreadable('a list that has other entries than reports')
        return reports


def _origin(url: str) -> tuple[t.Any, ...]:
    """Return scheme, user, host and port of a URL. Raises ValueError for an invalid port."""
    parts = urlsplit(url)
    return parts.scheme, parts.username, parts.hostname, PORTS.get(parts.scheme) if parts.port is None else parts.port
