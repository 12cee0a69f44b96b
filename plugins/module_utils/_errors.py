# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Everything that can go wrong, as one tree: a class per kind of the contract, a sentence, and data for playbooks."""

from __future__ import annotations

import typing as t
from contextlib import contextmanager


class BillingError(Exception):
    """A failure an operator can read: what was being done, what came back, what to do next.

    ``cause`` says what came back. ``http_status``, ``message`` (the API's own), ``details`` (a list of
    ``{code, description}``), ``tracking_id`` and ``retry_after`` (seconds) are None where they do not apply.
    The texts may quote a server, secrets included: whoever shows one masks it, as ``to_result`` does.
    ``act`` is what was being done (see ``doing``), ``note`` what the caller adds, for example that it gave up after 3 ``tries``.
    ``nothing_done`` is true where the call was not even accepted, since no token could be minted for it.
    """

    kind: t.ClassVar[str]
    remedy: t.ClassVar[str]

    def __init__(
        self,
        cause: str,
        *,
        http_status: int | None = None,
        message: str | None = None,
        details: list[dict] | None = None,
        tracking_id: str | None = None,
        retry_after: float | None = None,
        remedy: str | None = None,
    ) -> None:
        super().__init__(cause)
        self.cause = cause
        self.http_status = http_status
        self.message = message
        self.details = details
        self.tracking_id = tracking_id
        self.retry_after = retry_after
        self.remedy = remedy or self.remedy
        self.act: str | None = None
        self.note: str | None = None
        self.tries = 1
        self.nothing_done = False

    def what_happened(self) -> str:
        """The sentence without the advice, for warnings about faults that pass."""
        parts = [f'{self.act} failed: {self.cause}' if self.act else self.cause]
        if self.tracking_id:
            parts.append(f' (tracking id {self.tracking_id})')
        if self.note:
            parts.append(f', {self.note}')
        return ''.join(parts)

    def __str__(self) -> str:
        return f'{self.what_happened()}; {self.remedy}.'

    def to_result(self, mask: t.Callable[[str], str]) -> dict[str, t.Any]:
        """``msg`` and ``error`` as every plugin of this collection returns them on failure, every text of them masked."""
        fields = ('kind', 'http_status', 'message', 'details', 'tracking_id', 'retry_after')
        return _masked({'msg': str(self), 'error': {field: getattr(self, field) for field in fields}}, mask)


def _masked(value: t.Any, mask: t.Callable[[str], str]) -> t.Any:
    if isinstance(value, dict):
        return {name: _masked(item, mask) for name, item in value.items()}
    if isinstance(value, list):
        return [_masked(item, mask) for item in value]
    return mask(value) if isinstance(value, str) else value


@contextmanager
def doing(act: str) -> t.Iterator[str]:
    """Let the errors of a block say what was being done, for example ``Reading billing report Y2lz…``; the innermost act stands."""
    try:
        yield act
    except BillingError as error:
        error.act = error.act or act
        raise


class InvalidInput(BillingError):
    kind = 'invalid_input'
    remedy = 'correct the value and run the task again'


class Rejected(InvalidInput):
    remedy = 'check the id, the month and api_url, and ask Webex support with the tracking id if they are right'


class AuthenticationFailed(BillingError):
    kind = 'authentication'
    remedy = (
        'give a valid access_token (or WEBEX_ACCESS_TOKEN), or all of client_id, client_secret and refresh_token'
        ' (or their WEBEX_ variables)'
    )


class PermissionRefused(BillingError):
    kind = 'permission'
    remedy = 'check that the token belongs to a partner administrator and has the scopes of the billing reports'


class NotFound(BillingError):
    kind = 'not_found'
    remedy = 'check the id, the month and api_url: the report may be deleted, or belong to another partner'


class NotVisibleYet(BillingError):
    """A 404 on a report that was created a moment ago."""

    kind = 'not_found'
    remedy = 'run the task again in a minute: a new report may not be visible at once'


class Conflict(BillingError):
    kind = 'conflict'
    remedy = 'list the reports of the month to see what exists already'


class Gone(BillingError):
    kind = 'gone'
    remedy = 'create the report again: this one is no longer available'


class RateLimited(BillingError):
    kind = 'rate_limited'
    remedy = 'run the task again later, or make fewer calls with this token'


class Unavailable(BillingError):
    kind = 'unavailable'
    remedy = 'run the task again later, and give the tracking id to Webex support if this goes on'


class NetworkFault(BillingError):
    kind = 'network'
    remedy = 'check api_url, name resolution, HTTPS_PROXY and NO_PROXY, and ca_path where a proxy inspects TLS'


class ConnectionRefused(NetworkFault):
    """Nobody listens there."""


class ExchangeTimeout(BillingError):
    kind = 'timeout'
    remedy = 'check the network and the proxy, or raise request_timeout'


class InvalidResponse(BillingError):
    kind = 'invalid_response'
    remedy = 'check that api_url and the proxy lead to the Webex API, and run the task again'


class AnotherReport(BillingError):
    """An answer about a report that was not asked for, which no later answer makes right."""

    kind = 'invalid_response'
    remedy = 'check the id, and check that api_url and the proxy lead to the Webex API'


class ReportFailed(BillingError):
    kind = 'report_failed'
    remedy = "look up the errors in Cisco's billing report guide, then create the report of that month again"


class WaitTimeout(BillingError):
    kind = 'wait_timeout'
    remedy = 'run the task again to go on waiting'


class DownloadFailed(BillingError):
    kind = 'download'
    remedy = 'run the task again: nothing was replaced'


class DownloadInterrupted(DownloadFailed):
    """The file host is in trouble that may pass."""


class LinkRefused(DownloadFailed):
    """The file host does not take the signed URL, or no longer."""

    remedy = 'check the clock of this host and the proxy, and run the task again: nothing was replaced'


BY_STATUS: dict[int, type[BillingError]] = {
    400: Rejected,
    401: AuthenticationFailed,
    403: PermissionRefused,
    404: NotFound,
    405: Rejected,
    407: NetworkFault,
    408: ExchangeTimeout,
    409: Conflict,
    410: Gone,
    415: Rejected,
    423: Unavailable,
    428: Rejected,
    429: RateLimited,
}


def error_class(status: int) -> type[BillingError]:
    """The class for an HTTP status, also for one that the API's table does not know."""
    if status in BY_STATUS:
        return BY_STATUS[status]
    if status >= 500:
        return Unavailable
    return Rejected if status >= 400 else InvalidResponse
