# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One request to the file host: the signed URL is sent byte for byte, and no header of ours goes with it."""

from __future__ import annotations

import re
import typing as t
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from urllib.parse import urljoin

from .._api import retry_after
from .._api.options import Connection, is_loopback
from .._api.wire import faults, in_time, new_session, requests, sandbox_advice, verification
from .._errors import BillingError, DownloadFailed, DownloadInterrupted, ExchangeTimeout, LinkRefused, NetworkFault
from .._time import Time
from .stream import Stream, Version

REDIRECTS = 3  # redirects that are followed, since a file host may point to a nearer one

REFUSED = {
    401: LinkRefused,  # some hosts answer so if a link has expired
    403: LinkRefused,  # CloudFront and S3 answer so if a link has expired
    404: LinkRefused,  # a fresh link may point to another path
    408: DownloadInterrupted,
    410: LinkRefused,
    416: DownloadInterrupted,  # the file has changed since the last attempt
    429: DownloadInterrupted,
}

_URL = re.compile(
    r'(?P<origin>(?P<scheme>https?)://(?P<host>(?P<name>[a-z0-9._-]+)|\[(?P<ipv6>[0-9a-f:.]+)\])(:(?P<port>[0-9]{1,5}))?)'
    r'(?P<target>[/?][\x21\x22\x24-\x7e]*)?(#.*)?', re.IGNORECASE | re.ASCII,
)


class FileHost:
    """Opens signed URLs. ``request_timeout`` limits the time to the first byte, then each pause between bytes."""

    def __init__(self, connection: Connection, time: Time) -> None:
        self._connection = connection
        self._time = time

    @contextmanager
    def open(self, url: str, start: int = 0, version: Version | None = None) -> t.Iterator[Stream]:
        """Yield the file from byte ``start`` on if the host supports it and still has that version, else from its beginning.

        Raises DownloadFailed, DownloadInterrupted or LinkRefused if the host refuses, NetworkFault or ExchangeTimeout if it cannot be reached.
        """
        seconds = self._connection.request_timeout
        headers = {'Accept': '*/*', 'Accept-Encoding': 'identity'}
        if start and version:
            headers |= {'Range': f'bytes={start}-', 'If-Range': version.etag}
        host = _parts(url)['host']
        try:
            response, place = self._follow(url, headers)
            with response:
                self._judge(response, start)
                yield Stream(response, place, start, seconds)
        except (NetworkFault, ExchangeTimeout) as fault:
            fault.remedy = sandbox_advice(fault, url) or f'check that this host reaches {host}, which stores the files, and HTTPS_PROXY, NO_PROXY and ca_path'
            raise

    def _follow(self, url: str, headers: dict[str, str]) -> tuple[t.Any, str]:
        """Return the answer at the end of the redirects, and its URL. A redirect from https to anything else is refused."""
        for _redirect in range(REDIRECTS + 1):
            seconds = self._connection.request_timeout
            response = in_time(partial(self._send, url, headers, seconds), seconds, self._time)
            location = response.headers.get('Location')
            if response.status_code not in (301, 302, 303, 307, 308) or not location:
                return response, url
            response.close()
            if url[:6].lower() == 'https:' and not _joined(url, location).lower().startswith('https:'):
                raise DownloadFailed('the file host redirects to an address without https', http_status=response.status_code)
            url = _joined(url, location)
        raise DownloadFailed('the file host redirects too often', http_status=response.status_code)

    def _send(self, url: str, headers: dict[str, str], seconds: float) -> t.Any:
        """Send the request as it is: no session adds a header, cookie or token, and ~/.netrc is not used."""
        with faults(seconds):
            parts = _parts(url)
            session = new_session(_verbatim(parts))
            request = requests.Request('GET', f'{parts["origin"]}/', headers=headers).prepare()
            surroundings = session.merge_environment_settings(request.url, {}, True, verification(self._connection), None)
            return session.send(request, timeout=seconds, allow_redirects=False, **surroundings)

    def _judge(self, response: t.Any, start: int) -> None:
        """Raise the error for a status without a file."""
        status = response.status_code
        if status != HTTPStatus.OK and not (start and status == HTTPStatus.PARTIAL_CONTENT):
            known = status in HTTPStatus.__members__.values()
            said = f'the file host answered {status} {HTTPStatus(status).phrase}' if known else f'the file host answered {status}'
            raise _error_class(status)(
                said, http_status=status, retry_after=retry_after.asked(response.headers, self._time.now()),
            )


def _error_class(status: int) -> type[BillingError]:
    return REFUSED.get(status, DownloadInterrupted if status >= 500 else DownloadFailed)


def _parts(url: str) -> re.Match:
    """Return the parts of a URL from which a file may be downloaded. Raises DownloadFailed."""
    parts = _URL.fullmatch(url)
    if not parts or not 0 < int(parts['port'] or 443) < 65536:
        raise DownloadFailed('the download link is not a usable URL')
    if parts['scheme'].lower() != 'https' and not is_loopback(parts['ipv6'] or parts['name']):
        raise DownloadFailed(f'the download link leads to {parts["host"]} without https')
    return parts


def _joined(url: str, location: str) -> str:
    try:
        return location if _URL.fullmatch(location) else urljoin(url, location)
    except ValueError:
        return ''


def _verbatim(parts: re.Match) -> type:
    """Return a mixin for connections that sends the target as it is written: requests would turn %7e to ~, and urllib3 %2f to %2F."""
    target = '/'.join(('', (parts['target'] or '').removeprefix('/')))

    class Verbatim:
        def putrequest(self, method: str, url: str, *args: t.Any, **kwargs: t.Any) -> t.Any:
            return super().putrequest(method, target, *args, **kwargs)

    return Verbatim
