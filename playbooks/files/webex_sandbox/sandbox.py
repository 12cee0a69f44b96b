# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The sandbox as a whole: two hosts, their state, and the switches to turn."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from functools import partial
from typing import Any

from .api import BASE, REPORTS_PATH, WHOLESALE_PATH, Api
from .calls import Calls
from .checks import check, one_of
from .consent import Consent
from .control import CONTROL_PATH, Control
from .exchange import Answer, Host, Request
from .file_host import FileHost
from .log import RequestLog
from .reports import Reports
from .server import Listener
from .tokens import ALL_SCOPES, READ_SCOPE, WHOLESALE_SCOPES, WRITE_SCOPE, Terms, Tokens
from .trouble import Trouble
from .wholesale import WholesaleReports


class Sandbox:
    """A billing API of Webex for BroadWorks and Webex Wholesale on loopback, serving inside a `with` block or from `start` to `stop`.

    A report that is created takes `generation_seconds` by `clock`, and ends FAILED if its month is among
    `fail_periods`; for `lag_seconds` it is neither listed nor found. Its file has `rows` records behind URLs that live
    `url_seconds` by `now` (epoch seconds). With a `lifetime` (seconds) the sandbox stops by itself. `port` is the API's, 0 for
    any free one. The credentials are random unless given. `terms` are those of `Terms`, on which tokens are granted.
    """

    def __init__(self, *, generation_seconds: float = 3, lag_seconds: float = 0, url_seconds: float = 3600,
                 fail_periods: Collection[str] = (), lifetime: float | None = None, rows: int = 25, port: int = 0,
                 access_token: str | None = None, client_id: str | None = None, client_secret: str | None = None,
                 refresh_token: str | None = None, clock: Callable[[], float] = time.monotonic,
                 now: Callable[[], float] = time.time, **terms: Any) -> None:
        self._lock = threading.Lock()  # over all state below; never held while sleeping or writing to a socket
        self._tokens = Tokens(now, Terms(**terms), access_token=access_token, client_id=client_id,
                              client_secret=client_secret, refresh_token=refresh_token)
        self._products = {
            name: reports(clock, now, generation_seconds=generation_seconds, lag_seconds=lag_seconds, rows=rows, fail_periods=fail_periods)
            for name, reports in (('broadworks', Reports), ('wholesale', WholesaleReports))}
        self._log = RequestLog(clock)
        self._trouble: list[Trouble] = []
        self._lifetime = lifetime
        self._ending = threading.Event()
        self._keeper: threading.Thread | None = None

        files = FileHost(now, url_seconds)
        products = (Calls(REPORTS_PATH, (READ_SCOPE, WRITE_SCOPE), self._products['broadworks'], files),
                    Calls(WHOLESALE_PATH, WHOLESALE_SCOPES, self._products['wholesale'], files))
        api = Api(products, self._tokens, Consent(self._tokens, clock))
        control = Control(self)
        self._api = Listener('api', port, lambda request: (
            control.answer(request) if request.path.startswith(f'{CONTROL_PATH}/') else self._respond(api, request)))
        self._files = Listener('files', 0, partial(self._respond, files))
        self.files_url = files.url = self._files.url
        api.url = self._api.url
        self.api_url = self._api.url + BASE
        self.control_url = self._api.url + CONTROL_PATH
        self.access_token = self._tokens.access_token
        self.client_id = self._tokens.client_id
        self.client_secret = self._tokens.client_secret

    def __enter__(self) -> Sandbox:
        self.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.stop()

    def start(self) -> None:
        for listener in (self._api, self._files):
            listener.start()
        self._keeper = threading.Thread(target=self._keep, name='sandbox', daemon=True)
        self._keeper.start()

    def end(self) -> None:
        """Have the sandbox stop, without waiting for it."""
        self._ending.set()

    def stop(self) -> None:
        """Stop the sandbox, or only free its ports if it was never started; answers under way are cut off."""
        self.end()
        if self._keeper:
            self.wait()
        else:
            self._keep()

    def wait(self) -> None:
        """Return once the running sandbox has stopped, for whatever reason."""
        self._keeper.join()

    def _keep(self) -> None:
        self._ending.wait(self._lifetime)
        for listener in (self._api, self._files):
            listener.stop()

    @property
    def refresh_token(self) -> str:
        """The refresh token that is good now."""
        with self._lock:
            return self._tokens.refresh_token

    @property
    def minted(self) -> list[str]:
        """The access tokens minted so far, the oldest first."""
        with self._lock:
            return list(self._tokens.minted)

    @property
    def requests(self) -> list[dict[str, Any]]:
        """The requests so far, as `RequestLog` describes them; those to the control calls are not among them."""
        with self._lock:
            return [dict(entry) for entry in self._log.entries]

    def clear_requests(self) -> None:
        with self._lock:
            self._log.entries.clear()

    def add_report(self, billing_period: str | None = None, *, product: str = 'broadworks', seconds: float | None = None, ends: str = 'COMPLETED',
                   status: str | None = None, errors: list[dict[str, Any]] | None = None, rows: int | None = None,
                   created: str | None = None, id: str | None = None, month_listed: bool | None = None, **key: Any) -> str:
        """Add a report and return its id; ValueError names a value that is wrong.

        For `seconds` (by default `generation_seconds`) its status is `status` (by default IN_PROGRESS), then `ends`,
        with `errors` if any; a FAILED one has the documented example of an error unless told otherwise. `created` is
        an ISO 8601 time, by default now. With `month_listed` false a list does not say its period. `key` has what
        `WholesaleReports.add` takes beside that for the `product` wholesale.
        """
        with self._lock:
            check({'product': product}, {'product': one_of(*self._products)})
            return self._products[product].add(
                billing_period=billing_period, seconds=seconds, ends=ends, status=status, errors=errors, rows=rows, created=created, id=id,
                month_listed=month_listed, **key).id

    def set_status(self, id: str, status: str, product: str = 'broadworks') -> None:
        """Give a report this status from now on."""
        with self._lock:
            self._products[product].set_status(id, status)

    def forget_report(self, id: str, product: str = 'broadworks') -> None:
        """Remove a report; LookupError when there is none with this id."""
        with self._lock:
            self._products[product].forget(id)

    def grant(self, access_token: str | None = None, scopes: Iterable[str] = ALL_SCOPES) -> str:
        """Make an access token good, by default a random one with both billing scopes, and return it."""
        with self._lock:
            return self._tokens.grant(access_token, scopes)

    def expire_tokens(self) -> None:
        """Make every access token given or minted so far invalid."""
        with self._lock:
            self._tokens.expire()

    def revoke_tokens(self) -> None:
        """Make every access token and every refresh token so far invalid."""
        with self._lock:
            self._tokens.revoke()

    def set_terms(self, **terms: Any) -> None:
        """Change some of the `Terms` from now on; tokens that were granted before keep their lives. ValueError names a value that is wrong."""
        with self._lock:
            self._tokens.terms = replace(self._tokens.terms, **terms)

    def trouble(self, **entry: Any) -> None:
        """Queue an entry of trouble, with the keys `Trouble` describes; ValueError names a key that is wrong."""
        self.troubles([entry])

    def troubles(self, entries: list[Any]) -> None:
        """Queue several entries, or none of them when one is wrong."""
        queued = [Trouble(entry) for entry in entries]
        with self._lock:
            self._trouble += queued

    def clear_trouble(self) -> None:
        with self._lock:
            self._trouble.clear()

    def state(self) -> dict[str, Any]:
        """What the sandbox holds, without secrets."""
        with self._lock:
            return {
                'api_url': self.api_url,
                'files_url': self.files_url,
                'reports': _told(self._products['broadworks']),
                'wholesale_reports': _told(self._products['wholesale']),
                'trouble': [trouble.entry for trouble in self._trouble],
                'requests': len(self._log.entries),
                'minted': len(self._tokens.minted),
            }

    def _respond(self, host: Host, request: Request) -> Answer:
        """Log a request, and answer it as the host would or as the first trouble it meets has it."""
        with self._lock:
            entry = self._log.arrived(request, self._tokens.verdict(request.headers.get('Authorization')))
            met = next((trouble for trouble in self._trouble if trouble.meets(request)), None)
            answer = met.answer(request, host) if met else host.answer(request)
            self._trouble = [trouble for trouble in self._trouble if not trouble.spent]
        return replace(answer, before=partial(self._note_status, entry, answer.status))

    def _note_status(self, entry: dict[str, Any], status: int) -> None:
        with self._lock:
            entry['status'] = status


def _told(reports: Reports) -> list[dict[str, Any]]:
    """What the state of a sandbox tells of reports."""
    return [
        {'id': report.id, 'billing_period': report.billing_period, 'status': reports.status(report),
         'created': report.created, 'rows': report.rows, 'errors': reports.errors(report) or []}
        for report in reports.listed()]
