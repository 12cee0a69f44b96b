# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A billing report as the API sends it and as every plugin returns it."""

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
    """Whether ``value`` can name a report: an id that is one segment of a path."""
    return is_id(value) and value not in ('.', '..')


def shortened_id(report_id: str) -> str:
    """The end of an id, for a line whose result has the whole one."""
    return report_id if len(report_id) <= SHORT else f'…{report_id[-SHORT:]}'


@dataclass(frozen=True)
class Report:
    """One report. Fields as documented by Cisco; what the API left out, or sent with another type, is None.

    ``key`` is what the report is about. ``created`` is ISO 8601, ``created_by`` the id of a person, ``temp_download_url`` a signed link that is a secret
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
        """The report of a product in a JSON document, or None for a document without an id that a task could name: nobody could come back to it."""
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
        """The month it is about, None if that is not known or if it is not about a whole month."""
        return self.key.billing_period

    @property
    def name(self) -> str:
        """What a sentence calls it: the id, with the month where it is known."""
        about = str(self.key)
        named = f'{self.id} of {about}' if about else self.id
        return fields.shortened(named) or ''

    @property
    def short_name(self) -> str:
        """What a progress line calls it, since the result has the whole id: the end of the id, with the month where it is known."""
        return replace(self, id=shortened_id(self.id)).name

    @property
    def ended(self) -> bool:
        return self.status in ENDED

    @property
    def failed(self) -> bool:
        return self.status == FAILED

    @property
    def reasons(self) -> str:
        """What Webex says of a failure, as it says it."""
        texts = [' '.join(str(part) for part in (error['code'], error['description']) if part is not None) for error in self.errors]
        return fields.shortened(', '.join(texts)) or 'Webex gave no errors'

    @property
    def temp_download_url_expires(self) -> str | None:
        """When the signed URL ends (ISO 8601, UTC), read from its ``Expires`` (epoch seconds)."""
        try:
            expires = parse_qs(urlsplit(self.temp_download_url or '').query)['Expires'][0]
            return datetime.fromtimestamp(int(expires), timezone.utc).strftime('%Y-%m-%dT%H:%M:%SZ')
        except (KeyError, ValueError, OverflowError, OSError):
            return None

    def without_url(self) -> Report:
        return replace(self, temp_download_url=None)

    def to_result(self) -> dict[str, t.Any]:
        """The report as plugins return it: every key is always there."""
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
    """Return an id by which reports are compared: without the padding of base64, which makes no other id."""
    return report_id.rstrip('=')


def moment(text: str | None) -> datetime | None:
    """The time that an ISO 8601 text says, in UTC; None where it cannot be read."""
    said = _MOMENT.fullmatch(text or '')
    try:
        # spelled out in full, which is all that Python 3.10 reads
        fraction, offset = (said['fraction'] or '')[:6].ljust(6, '0'), said['offset'] or '+00'
        return datetime.fromisoformat(f'{said["second"]}.{fraction}{offset}:{said["minutes"] or "00"}').astimezone(timezone.utc)
    except (TypeError, ValueError, OverflowError):
        return None


def _age(report: Report) -> datetime:
    """When the report was created; one that does not say so counts as the oldest."""
    return moment(report.created) or datetime.min.replace(tzinfo=timezone.utc)


def newest_first(reports: t.Iterable[Report]) -> list[Report]:
    """By period, then by creation, newest first, then by id: the API promises no order."""
    by_id = sorted(reports, key=lambda report: report.id)
    return sorted(by_id, key=lambda report: ([value or '' for value in report.key.period], _age(report)), reverse=True)


def failures(reports: t.Sequence[Report]) -> str:
    """What a sentence says of failed reports."""
    return ', '.join(f'{report.name} ({report.reasons})' for report in reports[:NAMED])
