# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A billing report: read from the API's answers, and returned by every plugin."""

from __future__ import annotations

import re
import typing as t
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from urllib.parse import parse_qs, urlsplit

from . import fields
from .product import Key, Product, is_id

COMPLETED = 'COMPLETED'
FAILED = 'FAILED'
IN_PROGRESS = 'IN_PROGRESS'

STATUSES = {
    IN_PROGRESS: 'Webex is still generating the report',
    COMPLETED: 'an end: the file can be downloaded',
    FAILED: 'an end: the errors say why',
}
ENDED = (COMPLETED, FAILED)  # any other word, also one nobody has seen yet, means not finished

NAMED = 20  # reports that one message names; more would bury it
SHORT = 8  # last characters of an id, which tell two reports apart; the first ones are those of all

_MOMENT = re.compile(r'(?P<second>[0-9-]{10}T[0-9:]{8})(\.(?P<fraction>[0-9]+))?(Z|(?P<offset>[+-][0-9]{2}):?(?P<minutes>[0-9]{2})?)?')


def is_report_id(value: str) -> bool:
    """Return whether ``value`` can be the ID of a report: one segment of a path."""
    return is_id(value) and value not in ('.', '..')


def shortened_id(report_id: str) -> str:
    """Return the end of an ID, for a line whose result has the whole ID."""
    return report_id if len(report_id) <= SHORT else f'…{report_id[-SHORT:]}'


@dataclass(frozen=True)
class Report:
    """One report. Fields as documented by Cisco; a field that is missing or has another type is None.

    ``key`` identifies the report. ``created`` is ISO 8601, ``created_by`` the ID of a person, ``temp_download_url`` a signed link that is a secret
    until it expires, ``errors`` a list of ``{code, description}``.
    """

    id: str
    key: Key
    status: str | None = None
    created: str | None = None
    created_by: str | None = None
    temp_download_url: str | None = None
    errors: tuple[dict[str, t.Any], ...] = ()

    @classmethod
    def from_api(cls, document: t.Any, product: Product) -> Report | None:
        """Return the report of a product in a JSON document, or None without a usable ID, because no task could name such a report."""
        report_id = fields.text(document.get('id')) if isinstance(document, dict) else None
        if not is_report_id(report_id or ''):
            return None
        return cls(
            id=report_id,
            key=product.key_in(document),
            status=fields.shortened(document.get('status')),
            created=fields.shortened(document.get('created')),
            created_by=fields.shortened(document.get('createdBy')),
            temp_download_url=fields.text(document.get('tempDownloadURL')),
            errors=tuple(fields.errors(document.get('errors'))),
        )

    @property
    def billing_period(self) -> str | None:
        """Return its month, or None if it is unknown or not a whole month."""
        return self.key.billing_period

    @property
    def name(self) -> str:
        """Return the name of the report in messages: the ID, with the month if it is known."""
        about = str(self.key)
        named = f'{self.id} of {about}' if about else self.id
        return fields.shortened(named) or ''

    @property
    def short_name(self) -> str:
        """Return the name of the report in progress lines: the end of the ID, with the month if it is known. The result has the whole ID."""
        return replace(self, id=shortened_id(self.id)).name

    @property
    def ended(self) -> bool:
        return self.status in ENDED

    @property
    def failed(self) -> bool:
        return self.status == FAILED

    @property
    def reasons(self) -> str:
        """Return Webex's own words about a failure."""
        texts = [' '.join(str(part) for part in (error['code'], error['description']) if part is not None) for error in self.errors]
        return fields.shortened(', '.join(texts)) or 'Webex gave no errors'

    @property
    def temp_download_url_expires(self) -> str | None:
        """Return when the signed URL expires (ISO 8601, UTC), from its ``Expires`` (epoch seconds)."""
        try:
            expires = parse_qs(urlsplit(self.temp_download_url or '').query)['Expires'][0]
            return datetime.fromtimestamp(int(expires), timezone.utc).strftime('%Y-%m-%dT%H:%M:%SZ')
        except (KeyError, ValueError, OverflowError, OSError):
            return None

    def without_url(self) -> Report:
        return replace(self, temp_download_url=None)

    def to_result(self) -> dict[str, t.Any]:
        """Return the report as plugins return it, with every key."""
        return {
            'id': self.id,
            **self.key.to_result(),
            'status': self.status,
            'created': self.created,
            'created_by': self.created_by,
            'temp_download_url': self.temp_download_url,
            'temp_download_url_expires': self.temp_download_url_expires,
            'errors': list(self.errors),
        }


def plain(report_id: str) -> str:
    """Return an ID for comparisons: without the padding of base64, which does not make it another ID."""
    return report_id.rstrip('=')


def moment(text: str | None) -> datetime | None:
    """Return the time in an ISO 8601 text, in UTC, or None if it is unreadable."""
    said = _MOMENT.fullmatch(text or '')
    try:
        # spelled out in full, which is all that Python 3.10 reads
        fraction, offset = (said['fraction'] or '')[:6].ljust(6, '0'), said['offset'] or '+00'
        return datetime.fromisoformat(f'{said["second"]}.{fraction}{offset}:{said["minutes"] or "00"}').astimezone(timezone.utc)
    except (TypeError, ValueError, OverflowError):
        return None


def _age(report: Report) -> datetime:
    """Return when the report was created. A report that does not say it counts as the oldest."""
    return moment(report.created) or datetime.min.replace(tzinfo=timezone.utc)


def newest_first(reports: t.Iterable[Report]) -> list[Report]:
    """Return reports sorted by period, then creation, newest first, then ID. The API promises no order."""
    by_id = sorted(reports, key=lambda report: report.id)
    return sorted(by_id, key=lambda report: ([value or '' for value in report.key.period], _age(report)), reverse=True)


def failures(reports: t.Sequence[Report]) -> str:
    """Return the words about failed reports for a message."""
    return ', '.join(f'{report.name} ({report.reasons})' for report in reports[:NAMED])
