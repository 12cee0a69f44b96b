# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One answer with bytes of a file: which file it is, how long it is, and a check that exactly so many bytes arrive."""

from __future__ import annotations

import re
import typing as t
from http import HTTPStatus

from .._api.wire import faults, is_framed
from .._errors import DownloadFailed, DownloadInterrupted, NetworkFault
from .coding import Chunks, unpackers

CHUNK = 64 * 1024  # bytes; a broken connection loses at most as many

_RANGE = re.compile(r'bytes ([0-9]{1,18})-([0-9]{1,18})/([0-9]{1,18})')
_STRONG = re.compile(r'"[\x21\x23-\x7e]+"')  # an ETag that guarantees that two answers agree byte for byte


class Version(t.NamedTuple):
    """What identifies a file for certain: its path and a strong ETag."""

    place: str
    etag: str


class Stream:
    """An answer with the bytes of a file from ``start`` on.

    ``total``: length of the file as sent, None if the host does not send it.
    ``version``: None if nothing identifies the file for certain, or if it is encoded and so cannot be resumed.
    ``measured``: whether the end of the file can be distinguished from a broken connection.
    Raises DownloadFailed for an answer that cannot be read, DownloadInterrupted for a part that does not begin at ``start``.
    """

    def __init__(self, response: t.Any, url: str, start: int, seconds: float) -> None:
        headers = response.headers
        if not is_framed(headers):
            raise DownloadFailed('the file host sent the file with a Transfer-Encoding that is not supported', http_status=response.status_code)
        self._response = response
        self._seconds = seconds
        self._unpackers = unpackers(headers.get('Content-Encoding', ''))
        self.start = start if response.status_code == HTTPStatus.PARTIAL_CONTENT else 0
        self.total = self._length = _told(headers.get('Content-Length', ''))
        if response.status_code == HTTPStatus.PARTIAL_CONTENT:
            self._length, self.total = _part(headers.get('Content-Range', ''), start, self._length)
        etag = headers.get('ETag', '')
        self.version = Version(url.partition('?')[0], etag) if _STRONG.fullmatch(etag) and not self._unpackers else None
        self.measured = self.total is not None or 'Transfer-Encoding' in headers and headers['Transfer-Encoding'].lower() == 'chunked'

    def chunks(self) -> Chunks:
        """Return the decoded bytes of the file.

        Raises NetworkFault or ExchangeTimeout if they end too early, DownloadInterrupted if there are too many or they are damaged.
        """
        chunks = self._as_sent()
        for unpack in self._unpackers:
            chunks = unpack(chunks)
        return chunks

    def _as_sent(self) -> Chunks:
        came = 0
        try:
            with faults(self._seconds):
                while chunk := self._response.raw.read(CHUNK, decode_content=False):
                    came += len(chunk)
                    if self._length is not None and came > self._length:
                        raise DownloadInterrupted(
                            f'the file host sent more than the {self._length} bytes that it announced', http_status=self._response.status_code,
                        )
                    yield chunk
            if self._length is not None and came < self._length:
                raise NetworkFault('no more data arrived')  # urllib3 1 accepts a short body as complete
            if not (came or self.measured):
                raise NetworkFault('the connection ended before the file began')  # truncated headers count as complete
        except NetworkFault as fault:
            if self.total is not None:
                fault.cause = f'the connection ended after {self.start + came} bytes of {self.total} ({fault.cause})'
            raise


def _told(length: str) -> int | None:
    """Return a Content-Length, which may be repeated, or None if it is not one number."""
    lengths = {text.strip() for text in length.split(',')}
    text = lengths.pop() if len(lengths) == 1 else ''
    return int(text) if re.fullmatch('[0-9]{1,18}', text) else None


def _part(content_range: str, start: int, length: int | None) -> tuple[int, int]:
    """Return the length of a part and of the whole file. Raises DownloadInterrupted unless the part is the rest of a file from ``start`` on."""
    found = _RANGE.fullmatch(content_range)
    first, last, total = map(int, found.groups()) if found else (-1, -1, 0)
    if first != start or last != total - 1 or length not in (None, last - first + 1):
        raise DownloadInterrupted('the file host sent a different part of the file than requested', http_status=HTTPStatus.PARTIAL_CONTENT)
    return last - first + 1, total
