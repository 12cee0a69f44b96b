# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read an HTTP answer of the API: a JSON document, or an error with its message and tracking ID."""

from __future__ import annotations

import json
import typing as t
from dataclasses import dataclass, field
from http import HTTPStatus

from .._errors import AnotherReport, BillingError, InvalidResponse, error_class
from . import fields, retry_after

SUCCESS = (200, 201, 202, 204)  # all four are documented; of a create one place says 200, another 202


@dataclass(frozen=True)
class Answer:
    """One complete answer. ``headers`` ignore case; ``now`` is when it arrived (epoch seconds)."""

    status: int
    headers: t.Mapping[str, str]
    body: bytes = field(repr=False)
    now: float
    next_url: str | None = None

    def document(self) -> t.Any:
        """Return the JSON body, with or without a byte order mark. Raises InvalidResponse."""
        try:
            return json.loads(self.body.decode('utf-8-sig'))
        except (ValueError, RecursionError):
            start = self.body.lstrip()[:1]
            looks = 'an empty body' if not start else 'an HTML page' if start == b'<' else 'a body that is not JSON'
            raise self.unreadable(looks) from None

    def unreadable(self, looks: str) -> InvalidResponse:
        """Return the error for a success with the wrong content, for example ``an HTML page``."""
        return InvalidResponse(f'{self._said()} with {looks}', http_status=self.status, tracking_id=self._tracking_id({}))

    def another(self, report_id: str) -> AnotherReport:
        """Return the error for an answer about another report than the requested one; ``report_id`` names it."""
        said = f'{self._said()} with another report, whose id is {fields.shortened(report_id)}'
        return AnotherReport(said, http_status=self.status, tracking_id=self._tracking_id({}))

    def error(self, kind: type[BillingError] | None = None) -> BillingError:
        """Return the error for an unsuccessful answer, of the class ``kind`` or of the class for its status. Any body gives a sentence."""
        try:
            document = self.document()
        except InvalidResponse:
            document = None
        document = document if isinstance(document, dict) else {}
        details = fields.errors(document.get('errors'))
        texts = [fields.shortened(document.get(key)) for key in ('message', 'error_description', 'error')]
        message = next(filter(None, texts + [detail['description'] for detail in details]), None)
        return (kind or error_class(self.status))(
            f'{self._said()}, "{message}"' if message else self._said(),
            http_status=self.status,
            message=message,
            details=details or None,
            tracking_id=self._tracking_id(document),
            retry_after=retry_after.asked(self.headers, self.now),
        )

    def _said(self) -> str:
        known = self.status in HTTPStatus.__members__.values()
        return f'Webex answered {self.status} {HTTPStatus(self.status).phrase}' if known else f'Webex answered {self.status}'

    def _tracking_id(self, document: t.Mapping[str, t.Any]) -> str | None:
        return fields.shortened(self.headers.get('TrackingID')) or fields.shortened(document.get('trackingId'))
