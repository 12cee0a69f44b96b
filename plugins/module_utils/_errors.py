# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All errors as one tree: a class for each kind that playbooks can test, with a sentence and data."""

from __future__ import annotations

import typing as t
from contextlib import contextmanager


class BillingError(Exception):
    """A failure that an operator can read: the action that failed, the response, and what to do next.

    ``cause`` is the response. ``http_status``, ``message`` (of the API), ``details`` (a list of
    ``{code, description}``), ``tracking_id`` and ``retry_after`` (seconds) are None if they do not apply.
    The texts may quote a server, secrets included, so mask them before you show them, as ``to_result`` does.
    ``act`` is the action that failed (see ``doing``), ``note`` an addition of the caller, for example that it gave up after 3 ``tries``.
    ``nothing_done`` is true if the call was not even sent, because getting a token for it failed.
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
        """Return the sentence without the advice, for warnings about temporary faults."""
        parts = [f'{self.act} failed: {self.cause}' if self.act else self.cause]
        if self.tracking_id:
            parts.append(f' (tracking id {self.tracking_id})')
        if self.note:
            parts.append(f', {self.note}')
        return ''.join(parts)

    def __str__(self) -> str:
        return f'{self.what_happened()}; {self.remedy}.'

    def to_result(self, mask: t.Callable[[str], str]) -> dict[str, t.Any]:
        """Return ``msg`` and ``error``, as every plugin of this collection returns them on failure, with all texts masked."""
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
    """Add the action to the errors of a block, for example ``Reading billing report Y2lz…``. The innermost action counts."""
    try:
        yield act
    except BillingError as error:
        error.act = error.act or act
        raise


class InvalidInput(BillingError):
    kind = 'invalid_input'
    remedy = 'correct the value and run the task again'


class Rejected(InvalidInput):
    remedy = 'check the id, the period and api_url, and ask Webex support with the tracking id if they are right'


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
    remedy = 'check the id, the period and api_url: the report may be deleted, or belong to another partner'


class NotVisibleYet(BillingError):
    """A 404 on a report that was created a moment ago."""

    kind = 'not_found'
    remedy = 'run the task again in a minute: a new report may not be visible at once'


class Conflict(BillingError):
    kind = 'conflict'
    remedy = 'list the reports of the period to see what exists already'


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
    """No program listens at the address."""


class ExchangeTimeout(BillingError):
    kind = 'timeout'
    remedy = 'check the network and the proxy, or raise request_timeout'


class InvalidResponse(BillingError):
    kind = 'invalid_response'
    remedy = 'check that api_url and the proxy lead to the Webex API, and run the task again'


class AnotherReport(BillingError):
    """An answer about another report than the requested one. A retry cannot correct it."""

    kind = 'invalid_response'
    remedy = 'check the id, and check that api_url and the proxy lead to the Webex API'


class ReportFailed(BillingError):
    kind = 'report_failed'
    remedy = "look up the errors in Cisco's billing report guide, then create the report again"


class WaitTimeout(BillingError):
    kind = 'wait_timeout'
    remedy = 'run the task again to go on waiting'


class DownloadFailed(BillingError):
    kind = 'download'
    remedy = 'run the task again: nothing was replaced'


class DownloadInterrupted(DownloadFailed):
    """A temporary fault of the file host."""


class LinkRefused(DownloadFailed):
    """The file host refuses the signed URL, perhaps because it has expired."""

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
    """Return the class for an HTTP status, including one that is missing in the API's table."""
    if status in BY_STATUS:
        return BY_STATUS[status]
    if status >= 500:
        return Unavailable
    return Rejected if status >= 400 else InvalidResponse
