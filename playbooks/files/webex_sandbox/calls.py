# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The four calls on the reports of a product."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote

from .exchange import Answer, Refused, Request, json_answer
from .file_host import FileHost
from .reports import CREATED_BY, PERIOD_KEYS, Report, Reports


class Calls:
    """Answers the calls at one path, for those who have one of two scopes."""

    def __init__(self, path: str, scopes: tuple[str, str], reports: Reports, files: FileHost) -> None:
        self._path = path
        self._read_scope, self._write_scope = scopes
        self._reports = reports
        self._files = files

    def serves(self, path: str) -> bool:
        return path == self._path or re.fullmatch(f'{self._path}/[^/]+', path) is not None

    def answer(self, request: Request, path: str, scopes: frozenset[str]) -> Answer:
        needed = self._read_scope if request.method == 'GET' else self._write_scope
        if needed not in scopes:
            raise Refused(403)
        if path == self._path:
            return called(request, GET=self._list, POST=self._create)
        return called(request, GET=self._get, DELETE=self._delete)

    def _list(self, request: Request) -> Answer:
        try:
            reports, following = self._reports.page(request.query)
        except ValueError as error:
            raise Refused(400, str(error)) from None
        items = [self._listed(report) for report in reports]
        if following is None:
            return json_answer({'items': items})
        return json_answer({'items': items}, Link=f'<http://{request.headers["Host"]}{request.path}?{following}>; rel="next"')

    def _create(self, request: Request) -> Answer:
        try:
            return json_answer(self._reports.created_for(request.json()))
        except ValueError as error:
            raise Refused(400, f'The body must be JSON such as {self._reports.example}: {error}') from None

    def _get(self, request: Request) -> Answer:
        report = self._asked_for(request)
        body = {**self._entry(report), 'created': report.created, 'createdBy': CREATED_BY}
        if body['status'] == 'COMPLETED':
            body['tempDownloadURL'] = self._files.sign(report, self._reports)
        errors = self._reports.errors(report)
        if errors is not None:
            body['errors'] = errors
        return json_answer(body)

    def _delete(self, request: Request) -> Answer:
        """A report in progress is deleted like any other, and a second time is a 404: this sandbox's own reading."""
        self._reports.forget(self._asked_for(request).id)
        return Answer(204)

    def _asked_for(self, request: Request) -> Report:
        return self._reports.find(unquote(request.path.rstrip('/').rpartition('/')[2]))

    def _listed(self, report: Report) -> dict[str, Any]:
        """A report as a list shows it."""
        entry = self._entry(report)
        return entry if report.month_listed else {key: value for key, value in entry.items() if key not in PERIOD_KEYS}

    def _entry(self, report: Report) -> dict[str, Any]:
        """A report as its own call begins."""
        return {'id': report.id, **report.subject, 'status': self._reports.status(report)}


def called(request: Request, **calls: Any) -> Answer:
    """What the call for the method of a request answers."""
    if request.method not in calls:
        raise Refused(405)
    return calls[request.method](request)
