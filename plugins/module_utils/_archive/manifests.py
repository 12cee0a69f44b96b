# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The manifest of a filed report: its content, and the checks of a manifest on disk before it is trusted."""

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
    """Return whether a partner can have this label."""
    return _PARTNER.fullmatch(value) is not None and value not in ('.', '..')


def partner(value: str) -> str:
    """Return a label that is a safe name for a directory of the archive. Raises InvalidInput."""
    if not is_partner(value):
        raise InvalidInput(f'partner must be 1 to 100 letters, digits, dots, underscores and hyphens (. and .. are not allowed), not {value[:100]!r}')
    return value


@dataclass(frozen=True)
class Entries:
    """The entries of a manifest except those about the file. Unknown ones are None, as is a report that is not yet read.

    ``length_told`` is False if the file host did not send the length of the file.
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
        """Return the entries in validated parameters. Raises InvalidInput for values that pass the type check but are invalid."""
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
        """Return the entries with a report, as plugins return it. The report must be of this month. Raises a BillingError."""
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
        """Return the entries with the properties of the downloaded file."""
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
        """Return the manifest of a version with these bytes. ``previous`` is that of the version before, ``drift`` has the columns added or removed."""
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
    """Return an option's time in UTC. Raises InvalidInput."""
    utc = in_utc(value)
    if utc is None:
        raise InvalidInput(f'{name} must be a time as ISO 8601, for example 2026-11-02T10:00:00Z, not {value[:100]!r}')
    return utc


def in_utc(value: str | None) -> str | None:
    """Return a time in UTC with a Z, with milliseconds if it has them, or None if it is unreadable."""
    time = moment(value)
    try:
        utc = time.astimezone(timezone.utc).replace(tzinfo=None)
    except (AttributeError, OverflowError):
        return None
    return utc.isoformat(timespec='milliseconds' if utc.microsecond else 'seconds') + 'Z'


def summary(manifest: dict[str, t.Any]) -> dict[str, t.Any]:
    """Return the entries that distinguish two versions."""
    file = manifest['file']
    return {'version': manifest['version'], 'sha256': file['sha256'], 'size': file['size'], 'records': file['records']}


def sentence(manifest: dict[str, t.Any], filed: bool) -> str:
    """Return the sentence about a version that was ``filed`` or existed before."""
    now, before = summary(manifest), manifest.get('previous')
    place = whose(manifest)
    if not filed:
        return f'{place}: nothing new, version {now["version"]} holds the same {_measure(now)}'
    compared = f', {_difference(before, now)}' if before else ''
    return f'{place}: filed as version {now["version"]}, {_measure(now)}{compared}'


def promise(manifest: dict[str, t.Any], stands: bool, report: str) -> str:
    """Return the sentence about a report whose file was not downloaded: about the last version, or the first one to come."""
    version = manifest['version']
    told = f'version {version + 1}, unless version {version} holds the same bytes' if stands else f'version {version}'
    return f'{whose(manifest)}: would fetch report {report} and file it as {told}'


def is_older(report: t.Mapping[str, t.Any], manifest: dict[str, t.Any]) -> bool | None:
    """Return whether a report was created before that of a manifest, or None if either time is unknown."""
    created, last = moment(fields.text(report['created'])), moment(fields.text(report_of(manifest).get('created')))
    return created < last if created and last else None


def report_of(manifest: dict[str, t.Any]) -> dict[str, t.Any]:
    """Return the report in an unchecked manifest."""
    report = manifest.get('report')
    return report if isinstance(report, dict) else {}


def filed_at(manifest: dict[str, t.Any]) -> datetime | None:
    """Return when a version was filed, or None if its manifest does not say it."""
    return moment(fields.text(manifest.get('downloaded_at')))


def refusal(last: dict[str, t.Any], report: t.Mapping[str, t.Any]) -> str:
    """Return the sentence about a report that is older than that of the last version."""
    newer = report_of(last)
    return (
        f'{whose(last)}: not filed, report {report["id"]} was created {report["created"]}, before report'
        f' {fields.shortened(newer.get("id"))} of version {last["version"]}, created {fields.shortened(newer.get("created"))}'
    )


def shelf(manifest: t.Mapping[str, t.Any]) -> str | None:
    """Return the directory between partner and month for a manifest, blank if there is none, or None if the manifest does not say it."""
    key = keys.in_manifest(manifest)
    return key.shelf if key else None


def whose(manifest: dict[str, t.Any]) -> str:
    """Return the name of a manifest's month in messages."""
    return ' '.join(filter(None, (manifest['partner'], shelf(manifest), manifest['billing_period'])))


def _measure(told: dict[str, t.Any]) -> str:
    records = '' if told['records'] is None else f'{told["records"]} records, '
    return f'{records}{told["size"]} bytes'


def _difference(before: dict[str, t.Any], now: dict[str, t.Any]) -> str:
    """Return how a version differs from the one before, for example ``+2 records and +120 bytes against version 1``."""
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
    """Return the manifest at ``path``, which must be that of this version. Raises Conflict, because evidence is not guessed."""
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
    is_name = isinstance(name, str) and name not in ('', '.', '..') and os.path.basename(name) == name and name.isprintable()
    is_digest = isinstance(sha256, str) and _files.DIGEST.fullmatch(sha256) is not None
    return is_name and is_digest and _is_int(size) and (records is None or _is_int(records))


def _is_int(value: t.Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: t.Any, number: int) -> bool:
    return _is_int(value) and value == number


def _contradiction(path: str, what: str) -> Conflict:
    return Conflict(f'the manifest {path} {what}', remedy='nothing was changed: look at that manifest, and restore it or move its directory away')
