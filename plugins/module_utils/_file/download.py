# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Download the file of a report completely or not at all. Each attempt gets a fresh link and resumes where the last one broke off."""

from __future__ import annotations

import typing as t

from .._api.client import BillingClient
from .._api.report import COMPLETED, Report
from .._api.retry import FIRST_PAUSE, TRANSIENT, persist
from .._errors import BillingError, DownloadFailed, DownloadInterrupted, LinkRefused, ReportFailed, doing
from .._secrets import Secrets
from .host import FileHost
from .part import Content, Part
from .stream import Stream, Version

UNMEASURED = 'The file host did not send the length of the file, so a truncated file cannot be distinguished from a complete one.'
SECRET_LENGTH = 16  # characters; shorter parts of a URL, such as Expires, are not secret and occur elsewhere


def downloadable(report: Report) -> Report:
    """Return the report if its file can be downloaded. Raises ReportFailed or DownloadFailed."""
    if report.failed:
        raise ReportFailed(f'Billing report {report.name} ended FAILED: {report.reasons}', details=list(report.errors) or None)
    if report.status != COMPLETED:
        raise DownloadFailed(
            f'Billing report {report.name} is not COMPLETED but {report.status or "without a status"}',
            remedy='wait for it with webex_partner.billing.billing_report_wait, then run the task again',
        )
    if not report.temp_download_url:
        raise DownloadFailed(f'Billing report {report.name} is COMPLETED, but Webex gave no usable download link')
    return report


class Download:
    """One download. ``report`` is as last read; ``measured`` tells whether the file host said where the file ends."""

    def __init__(self, client: BillingClient, report: Report, part: Part) -> None:
        self._client = client
        self._part = part
        self._host = FileHost(client.connection, client.time)
        self._link_is_fresh = True
        self._version: Version | None = None
        self._total: int | None = None
        self.report = report
        self.measured = False

    def run(self, checksum: str | None = None) -> Content:
        """Fill the part and return its content. Raises a BillingError; the part must not be used then."""
        with doing(f'Downloading the file of billing report {self.report.name}') as act:
            while not self._attempts(act):
                self._client.time.sleep(FIRST_PAUSE)
            return self._verified(checksum)

    def _attempts(self, act: str) -> bool:
        """Try, as long as the policy allows, until an attempt gets further than all before. Return whether the file is complete."""
        patience = self._client.connection.retry_timeout
        furthest = self._part.furthest

        def attempt() -> bool:
            try:
                with doing(act):
                    self._receive()
                return True
            except BillingError as error:
                if isinstance(error, tuple(TRANSIENT)) and patience and self._part.furthest > furthest:
                    return False
                raise

        return persist(attempt, until=self._client.time.clock() + patience, time=self._client.time, say=self._client.say)

    def _receive(self) -> None:
        """Request the missing bytes. If the host refuses the link, try once more with a fresh one."""
        try:
            self._fetch(self._link())
        except LinkRefused:
            self._fetch(self._link())

    def _link(self) -> str:
        if not self._link_is_fresh:
            self.report = downloadable(self._client.get_report(self.report.id))
        self._link_is_fresh = False
        url = t.cast(str, self.report.temp_download_url)
        _keep_secret(url, self._client.secrets)
        return url

    def _fetch(self, url: str) -> None:
        part = self._part
        if not self._version:
            part.restart()  # without a version, the next bytes may belong to another file
        try:
            with self._host.open(url, part.size, self._version) as stream:
                self._follow(stream)
        except DownloadInterrupted as refusal:
            if refusal.http_status in (200, 206, 416):
                part.restart()  # the answer did not fit, so the bytes so far may belong to another file
            raise

    def _follow(self, stream: Stream) -> None:
        """Write the bytes, and stop at once if they are not CSV."""
        if not stream.start:
            self._part.restart()
        elif stream.version != self._version or self._total not in (None, stream.total):
            raise DownloadInterrupted('the file host sent a part, and nothing shows that it belongs to the same file', http_status=206)
        self._version, self._total, self.measured = stream.version, stream.total, stream.measured
        for chunk in stream.chunks():
            self._part.write(chunk)
            self._refuse_problem()

    def _refuse_problem(self) -> None:
        if self._part.table.problem:
            raise DownloadFailed(f'the file is {self._part.table.problem}, not CSV')

    def _verified(self, checksum: str | None) -> Content:
        content = self._part.finish()
        self._refuse_problem()
        if not self.measured and self._part.table.ends_in_quotes:
            raise DownloadFailed(f'the file ends inside a quoted field, after {content.size} bytes, and the file host did not send its length')
        if checksum not in (None, content.sha256):
            raise DownloadFailed(
                f'the file has the checksum sha256:{content.sha256}, not sha256:{checksum}', remedy='check checksum: nothing was replaced',
            )
        return content


def _keep_secret(url: str, secrets: Secrets) -> None:
    """Mask a signed URL, and each part of it that a library may quote in an error."""
    target = url.split('://', 1)[-1].partition('/')[2]
    query = target.partition('?')[2]
    for text in (url, target, query, *(pair.partition('=')[2] for pair in query.split('&'))):
        if len(text) >= SECRET_LENGTH:
            secrets.add(text)
