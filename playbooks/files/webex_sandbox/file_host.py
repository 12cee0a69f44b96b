# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The host of the files: signed URLs that live for a while, and made-up CSV files behind them."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
import uuid
from collections.abc import Callable
from functools import lru_cache

from .exchange import Answer, Request
from .reports import Report, Reports, UnknownReport

KEY_PAIR_ID = 'APKAMADEUPSANDBOXKEY'
PARTNER = 'a366de9b-3204-4140-8181-25808d360e36'

# What the file host says of an error, by status: S3's code and a sentence.
ERRORS = {
    400: ('InvalidArgument', 'Only one authentication mechanism is allowed: the signed URL, no Authorization header.'),
    403: ('AccessDenied', 'Access Denied'),
    404: ('NoSuchKey', 'The specified key does not exist.'),
    405: ('MethodNotAllowed', 'The specified method is not allowed against this resource.'),
    416: ('InvalidRange', 'The requested range is not satisfiable'),
    503: ('SlowDown', 'Please reduce your request rate.'),
}


class FileHost:
    """Signs URLs and serves them; `url` is where this host listens. Not thread-safe by itself."""

    def __init__(self, now: Callable[[], float], url_seconds: float) -> None:
        self.url = ''
        self._now = now
        self._url_seconds = url_seconds
        self._signed: dict[str, tuple[Callable[[], Report], int]] = {}

    def sign(self, report: Report, reports: Reports) -> str:
        """A fresh URL of the file of one of these reports, good for `url_seconds` and as long as they hold it."""
        path = f"/{PARTNER}/{report.created[:10].replace('-', '/')}/{uuid.uuid5(uuid.NAMESPACE_URL, report.id)}.csv"
        expires = int(self._now() + self._url_seconds)
        target = f'{path}?Expires={expires}&Signature={signature()}&Key-Pair-Id={KEY_PAIR_ID}'
        self._signed[target] = (lambda: reports.find(report.id), expires)
        return self.url + target

    def answer(self, request: Request) -> Answer:
        if request.method not in ('GET', 'HEAD'):
            return self.error(request, 405)
        if 'Authorization' in request.headers:
            return self.error(request, 400)
        find, expires = self._signed.get(request.target, (None, 0))
        if find is None or expires <= self._now():
            return self.error(request, 403)
        try:
            report = find()
        except UnknownReport:
            return self.error(request, 404)
        return self._file(request, *made_up_csv(' '.join(report.subject.values()), report.rows))

    def error(self, request: Request, status: int) -> Answer:
        code, message = ERRORS.get(status, ('InternalError', 'We encountered an internal error. Please try again.'))
        body = (f'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{code}</Code><Message>{message}</Message>'
                f'<RequestId>{request.tracking_id[-12:]}</RequestId></Error>')
        return Answer(status, body.encode(), {'Content-Type': 'application/xml'})

    def _file(self, request: Request, content: bytes, etag: str) -> Answer:
        headers = {'Content-Type': 'text/csv', 'ETag': etag, 'Accept-Ranges': 'bytes'}
        size = len(content)
        wanted = wanted_range(request.headers.get('Range', ''), size)
        if wanted is None or request.headers.get('If-Range', etag) != etag:
            return Answer(200, content, headers)
        if not wanted:
            refusal = self.error(request, 416)
            return Answer(416, refusal.body, {**refusal.headers, 'Content-Range': f'bytes */{size}'})
        headers['Content-Range'] = f'bytes {wanted.start}-{wanted.stop - 1}/{size}'
        return Answer(206, content[wanted.start:wanted.stop], headers)


def signature() -> str:
    """A signature in CloudFront's base64, - _ ~ for + = /; its length and first bytes make all three occur."""
    return base64.b64encode(b'\xff\xef' + secrets.token_bytes(254), b'-~').decode().replace('=', '_')


def wanted_range(header: str, size: int) -> range | None:
    """The bytes a Range header asks for: empty when there are none such, None when the header is to be ignored."""
    match = re.fullmatch(r'bytes=([0-9]{0,18})-([0-9]{0,18})', header.replace(' ', ''))
    if not match or not any(match.groups()):
        return None
    first, last = match.groups()
    if not first:
        return range(max(0, size - int(last)), size)
    if last and int(last) < int(first):
        return None
    return range(int(first), min(int(last or size) + 1, size))


@lru_cache(maxsize=8)
def made_up_csv(period: str, rows: int) -> tuple[bytes, str]:
    """A file and its ETag: as many records of no meaning under a header, the same for the same month and size."""
    header = 'made_up_column_1,made_up_column_2,made_up_column_3,made_up_column_4\r\n'
    records = (f'{period},{row},"made up, with a comma\nand a newline",{row % 97}.50\r\n' for row in range(1, rows + 1))
    content = (header + ''.join(records)).encode()
    return content, f'"{hashlib.sha256(content).hexdigest()[:32]}"'
