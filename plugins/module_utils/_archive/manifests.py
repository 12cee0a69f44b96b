# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The manifest of a filed report: what it says, and how one on disk is judged before it is believed."""

from __future__ import annotations

import json
import os
import re
import typing as t
from dataclasses import dataclass, replace
from datetime import datetime, timezone

from .. import _files
from .._api import fields, keys
from .._api.options import api_url, billing_period, report_id
from .._api.product import Key
from .._api.report import moment
from .._errors import Conflict, InvalidInput, InvalidResponse
from .._version import VERSION

SCHEMA = 1
NAME = 'manifest.json'
AWX = ('job', 'workflow', 'schedule', 'user')
MEASURES = (('records', 'records'), ('size', 'bytes'))
TIMES = ('requested_at', 'completed_at', 'downloaded_at')

_PARTNER = re.compile(r'[A-Za-z0-9._-]{1,100}')
_PLACE = ('partner', 'billing_period')


def is_partner(value: str) -> bool:
    """Whether a partner can have this label."""
    return _PARTNER.fullmatch(value) is not None and value not in ('.', '..')


def partner(value: str) -> str:
    """A label that names a directory of the archive and leads nowhere else. Raises InvalidInput."""
    if not is_partner(value):
        raise InvalidInput(f'partner must be 1 to 100 letters, digits, dots, underscores and hyphens (. and .. are not allowed), not {value[:100]!r}')
    return value


@dataclass(frozen=True)
class Entries:
    """What the manifest says beside the file itself; what is not known is None, the report at first if it is still to be read.

    ``length_told`` is False where the file host did not tell the length of the file.
    """

    partner: str
    key: Key
    report: dict[str, str | None] | None
    api_url: str | None
    times: dict[str, str | None]
    awx: dict[str, str | None] | None
    records: int | None
    columns: list[str] | None
    length_told: bool = True

    @classmethod
    def from_params(cls, params: t.Mapping[str, t.Any]) -> Entries:
        """The entries in validated parameters. Raises InvalidInput for what a type check does not find."""
        if params['records'] is not None and params['records'] < 0:
            raise InvalidInput(f'records must be a number of records, not {params["records"]}')
        awx = {name: fields.shortened((params['awx'] or {}).get(name)) for name in AWX}
        report = params['report']
        product = keys.chosen(params)
        period = report['billing_period'] if report else params['billing_period']
        given = cls(
            partner=partner(params['partner']),
            key=product.key(**product.of_period(None if period is None else billing_period(period)), **keys.values(product, params)),
            report=None,
            api_url=api_url(params['api_url']) if params['api_url'] else None,
            times={name: _utc(name, params[name]) for name in TIMES if params[name]},
            awx=awx if any(awx.values()) else None,
            records=params['records'],
            columns=fields.lines(params['columns']),
        )
        return given.about(report) if report else given

    def about(self, report: t.Mapping[str, t.Any]) -> Entries:
        """The same with a report, as plugins return it, which must be of this month. Raises a BillingError."""
        name = report_id('report.id', report['id'])
        product = self.key.product
        said = product.key(**{part.name: fields.shortened(report.get(part.name)) for part in product.parts if part.shown})
        if not said.fits(self.key):
            raise Conflict(f'Billing report {name} is of {said}, not of {self.key}, and was not filed', remedy='check the id and the month')
        key = said.filled(self.key)
        unsaid = next((part for part in product.parts if part.listed and not part.is_valid(key.values[part.name] or '')), None)
        if unsaid:
            option = 'billing_period' if unsaid.is_period else unsaid.option
            what = 'month' if unsaid.is_period else option
            raise InvalidResponse(f'Webex does not say which {what} billing report {name} is about', remedy=f'say it by {option}, and run the task again')
        if not key.billing_period:
            raise InvalidInput(f'Billing report {name} is of {key}, and only the reports of whole months are archived', remedy='give the id of another report')
        return replace(
            self,
            key=key.filled(product.usual_key()),
            report={'id': name, **{key: fields.shortened(report[key]) for key in ('created', 'created_by')}},
            times={'requested_at': in_utc(report['created']), **self.times},
        )

    def found(self, records: int | None, columns: list[str], downloaded_at: str, length_told: bool) -> Entries:
        """The same with what was seen of the file when it came."""
        times = {**self.times, 'downloaded_at': downloaded_at}
        return replace(self, records=records, columns=columns, times=times, length_told=length_told)

    @property
    def billing_period(self) -> str | None:
        return self.key.billing_period

    @property
    def shelf(self) -> str:
        return self.key.shelf

    @property
    def file_name(self) -> str:
        return '-'.join(filter(None, ('billing-report', self.partner, self.shelf, self.billing_period))) + '.csv'

    def manifest(
        self, version: int, size: int | None, sha256: str | None, previous: dict | None, drift: t.Mapping[str, t.Any] | None = None,
    ) -> dict[str, t.Any]:
        """The manifest of a version of these bytes; ``previous`` is the manifest of the version before, ``drift`` says which columns came and went."""
        return {
            'schema': SCHEMA,
            'collection_version': VERSION,
            'api_url': self.api_url,
            'partner': self.partner,
            'billing_period': self.billing_period,
            **self.key.to_manifest(),
            'report': self.report,
            'file': {
                'name': self.file_name, 'size': size, 'sha256': sha256, 'records': self.records, 'columns': self.columns,
                **({} if self.length_told else {'length_told': False}),
            },
            'version': version,
            'previous': summary(previous) if previous else None,
            **(drift or {}),
            **{name: self.times.get(name) for name in TIMES},
            'awx': self.awx,
        }


def _utc(name: str, value: str) -> str:
    """A time that an option gave. Raises InvalidInput."""
    utc = in_utc(value)
    if utc is None:
        raise InvalidInput(f'{name} must be a time as ISO 8601, for example 2026-11-02T10:00:00Z, not {value[:100]!r}')
    return utc


def in_utc(value: str | None) -> str | None:
    """A time in UTC with a Z, to the millisecond where it says so; None where it cannot be read."""
    time = moment(value)
    try:
        utc = time.astimezone(timezone.utc).replace(tzinfo=None)
    except (AttributeError, OverflowError):
        return None
    return utc.isoformat(timespec='milliseconds' if utc.microsecond else 'seconds') + 'Z'


def summary(manifest: dict[str, t.Any]) -> dict[str, t.Any]:
    """What tells two versions apart."""
    file = manifest['file']
    return {'version': manifest['version'], 'sha256': file['sha256'], 'size': file['size'], 'records': file['records']}


def sentence(manifest: dict[str, t.Any], filed: bool) -> str:
    """What an operator is told of a version that was ``filed``, or that stood already."""
    now, before = summary(manifest), manifest.get('previous')
    place = whose(manifest)
    if not filed:
        return f'{place}: nothing new, version {now["version"]} holds the same {_measure(now)}'
    compared = f', {_difference(before, now)}' if before else ''
    return f'{place}: filed as version {now["version"]}, {_measure(now)}{compared}'


def promise(manifest: dict[str, t.Any], stands: bool, report: str) -> str:
    """What an operator is told of a report whose file has not been fetched: of the last version, or of what would be the first."""
    version = manifest['version']
    told = f'version {version + 1}, unless version {version} holds the same bytes' if stands else f'version {version}'
    return f'{whose(manifest)}: would fetch report {report} and file it as {told}'


def is_older(report: t.Mapping[str, t.Any], manifest: dict[str, t.Any]) -> bool | None:
    """Whether a report was created before that of a manifest; None where either does not say when."""
    created, last = moment(fields.text(report['created'])), moment(fields.text(report_of(manifest).get('created')))
    return created < last if created and last else None


def report_of(manifest: dict[str, t.Any]) -> dict[str, t.Any]:
    """What a manifest on disk says of its report, which nobody has judged."""
    report = manifest.get('report')
    return report if isinstance(report, dict) else {}


def filed_at(manifest: dict[str, t.Any]) -> datetime | None:
    """When a version was filed; None where its manifest does not say."""
    return moment(fields.text(manifest.get('downloaded_at')))


def refusal(last: dict[str, t.Any], report: t.Mapping[str, t.Any]) -> str:
    """What an operator is told of a report that is older than that of the last version."""
    newer = report_of(last)
    return (
        f'{whose(last)}: not filed, report {report["id"]} was created {report["created"]}, before report'
        f' {fields.shortened(newer.get("id"))} of version {last["version"]}, created {fields.shortened(newer.get("created"))}'
    )


def shelf(manifest: t.Mapping[str, t.Any]) -> str | None:
    """The directory between partner and month that a manifest belongs to, blank if there is none; None if the manifest does not say it."""
    key = keys.in_manifest(manifest)
    return key.shelf if key else None


def whose(manifest: dict[str, t.Any]) -> str:
    """What a sentence calls the month of a manifest."""
    return ' '.join(filter(None, (manifest['partner'], shelf(manifest), manifest['billing_period'])))


def _measure(told: dict[str, t.Any]) -> str:
    records = '' if told['records'] is None else f'{told["records"]} records, '
    return f'{records}{told["size"]} bytes'


def _difference(before: dict[str, t.Any], now: dict[str, t.Any]) -> str:
    """How a version differs from the one before, for example ``+2 records and +120 bytes against version 1``."""
    known = {unit: now[name] - before[name] for name, unit in MEASURES if None not in (before[name], now[name])}
    if not any(known.values()):
        return f'content differs from version {before["version"]}, with the same number of {" and ".join(known)}'
    return f'{" and ".join(f"{number:+} {unit}" for unit, number in known.items())} against version {before["version"]}'


def to_bytes(manifest: dict[str, t.Any]) -> bytes:
    return json.dumps(manifest, indent=2, ensure_ascii=False).encode() + b'\n'


class Whose(t.Protocol):
    """The partner and the month that a manifest must name."""

    partner: str
    billing_period: str
    shelf: str


def read(path: str, month: Whose, version: int) -> dict[str, t.Any]:
    """The manifest at ``path``, which must be that of this version. Raises Conflict: evidence is never guessed at."""
    try:
        manifest = json.loads(_files.read(path).decode())
        shown = fields.lines(manifest)
    except InvalidInput:
        raise _contradiction(path, 'cannot be read (it is not a file)') from None
    except OSError as error:
        raise _contradiction(path, f'cannot be read ({error.strerror})') from None
    except (ValueError, RecursionError):
        raise _contradiction(path, 'is not JSON') from None
    if not isinstance(manifest, dict) or not _is_number(manifest.get('schema'), SCHEMA):
        raise _contradiction(path, f'is of a schema that this collection does not know, which is {SCHEMA} alone')
    place = [*(manifest.get(name) for name in _PLACE), shelf(manifest)]
    if place != [month.partner, month.billing_period, month.shelf] or not _is_number(manifest.get('version'), version):
        raise _contradiction(path, f'is not that of version {version} of {month.billing_period} of {month.partner}')
    if not _is_file(manifest.get('file')):
        raise _contradiction(path, 'does not say name, size, sha256 and records of its file')
    return shown


def _is_file(file: t.Any) -> bool:
    if not isinstance(file, dict):
        return False
    name, size, sha256, records = (file.get(key) for key in ('name', 'size', 'sha256', 'records'))
    return (
        isinstance(name, str) and name not in ('', '.', '..') and os.path.basename(name) == name and name.isprintable() and _is_int(size)
        and isinstance(sha256, str) and _files.DIGEST.fullmatch(sha256) is not None and (records is None or _is_int(records))
    )


def _is_int(value: t.Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: t.Any, number: int) -> bool:
    return _is_int(value) and value == number


def _contradiction(path: str, what: str) -> Conflict:
    return Conflict(f'the manifest {path} {what}', remedy='nothing was changed: look at that manifest, and restore it or move its directory away')
