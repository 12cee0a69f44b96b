# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Find columns that were added or removed since the previous file: either may break the programs that read the file."""

from __future__ import annotations

import os
import typing as t
from collections import Counter

from .. import _files
from .._api.fields import shortened
from .._errors import BillingError, InvalidInput
from .._file.reader import Reader
from .month import Month

NAMED = 50  # columns that a warning lists


class Drift(t.NamedTuple):
    """The columns that only the newer file has, and those that only the older file has. Both are None if either header is unknown.

    ``since`` names the older file, or is None without one.
    """

    added: list[str] | None = None
    removed: list[str] | None = None
    since: str | None = None

    def to_result(self) -> dict[str, list[str] | None]:
        return {'columns_added': self.added, 'columns_removed': self.removed}

    def warnings(self) -> t.Iterator[str]:
        told = ' and '.join(f'{verb} {_listed(names)}' for verb, names in (('added', self.added), ('removed', self.removed)) if names)
        if told:
            yield f'The columns differ from those of {self.since}: {told}. Check what reads this file.'


def told(manifest: t.Mapping[str, t.Any]) -> Drift:
    """Return the drift in an unchecked manifest."""
    added, removed = (_names(manifest.get(name)) for name in ('columns_added', 'columns_removed'))
    return Drift(added, removed)


def drift(month: Month, last: t.Mapping[str, t.Any] | None, columns: list[str] | None) -> Drift:
    """Compare a header with that of the last version of the month, or else of the month before. Damage there raises no error."""
    try:
        with _files.errors_of_files():
            before, place = (last, month) if last else _month_before(month)
            if before is None:
                return Drift()
            since = f'version {before["version"]} of {place.billing_period}'
            known = _names(before['file'].get('columns')) or _header(place, before)
    except BillingError:
        return Drift()
    if known is None or columns is None:
        return Drift(since=since)
    return Drift(beyond(columns, known), beyond(known, columns), since)


def beyond(columns: t.Iterable[str], others: t.Iterable[str]) -> list[str]:
    """Return the columns that ``others`` lack, in their order. Among columns with the same name, the last ones are returned."""
    left = Counter(others)
    found = []
    for name in columns:
        if left[name]:
            left[name] -= 1
        else:
            found.append(name)
    return found


def header(descriptor: int) -> list[str] | None:
    """Return the names of the columns of a file, or None if it is not CSV."""
    try:
        return Reader('the file', descriptor).columns
    except InvalidInput:
        return None


def _month_before(month: Month) -> tuple[dict[str, t.Any] | None, Month]:
    before = month.year()[-2]
    versions = before.versions()
    return (before.manifest(versions[-1]) if versions else None), before


def _header(month: Month, manifest: t.Mapping[str, t.Any]) -> list[str] | None:
    with _files.opened_own(os.path.join(month.directory(manifest['version']), manifest['file']['name'])) as descriptor:
        return header(descriptor)


def _names(value: t.Any) -> list[str] | None:
    return value if isinstance(value, list) and all(isinstance(name, str) for name in value) else None


def _listed(names: list[str]) -> str:
    more = f' and {len(names) - NAMED} more' if len(names) > NAMED else ''
    return ', '.join(repr(shortened(name) or '') for name in names[:NAMED]) + more
