# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Download a file straight into the archive: it arrives in the directory of its month, and filing it is a move."""

from __future__ import annotations

import typing as t

from .. import _files
from .._api import keys
from .._api.options import report_id
from .._api.report import Report
from .._edge.operation import Edge
from .._file.download import UNMEASURED, Download, downloadable
from .._file.part import Content, Part
from .._time import iso
from . import manifests
from .archive import Archive, lock_timeout
from .manifests import Entries


class Arrived:
    """A complete download. Its digest is known, and it is filed by a move."""

    def __init__(self, part: Part, content: Content) -> None:
        self._part = part
        self.size, self.sha256, self.columns = content.size, content.sha256, content.columns

    def digest(self) -> str:
        return self.sha256

    def put(self, path: str) -> str:
        _files.move(self._part.path, path)
        return self.sha256


def fetch(edge: Edge) -> dict[str, t.Any]:
    """Read a report, download its file and archive it. In check mode, predict the outcome without the file."""
    params, client = edge.params, edge.client(keys.chosen(edge.params))
    asked, root = report_id('id', params['id']), _files.path('archive', params['archive'])
    timeout, given = lock_timeout(params), Entries.from_params({**params, 'api_url': client.connection.api_url})

    def archive(entries: Entries) -> Archive:
        return Archive(root, entries, client.time, timeout, params['allow_older'])

    def about(report: Report, entries: Entries) -> Entries:
        return entries.about(client.secrets.scrub(report.without_url().to_result()))

    report = downloadable(client.get_report(asked))
    entries = about(report, given)
    stale = archive(entries).stale()
    if stale:
        if not edge.check_mode:
            archive(entries).tidy()
        return stale.tell(edge.warn_masked)
    if edge.check_mode:
        told = archive(entries).foretold()
        return {**told.to_result(), 'msg': manifests.promise(told.manifest, not told.changed, asked)}
    with archive(entries).part() as part:
        download = Download(client, report, part)
        content = download.run()
        if not download.measured:
            edge.warn_masked(UNMEASURED)
        now = iso(client.time.now())
        found = about(download.report, entries).found(content.records, client.secrets.scrub(content.columns), now, download.measured)
        return archive(found).take(Arrived(part, content)).tell(edge.warn_masked)
