# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Choose the two files to compare: two versions of a month, the last versions of two months, or any two files."""

from __future__ import annotations

import os
import typing as t
from contextlib import contextmanager
from dataclasses import dataclass

from .. import _files
from .._archive.month import Month
from .._errors import Conflict, InvalidInput, NotFound

PREVIOUS_VERSION, PREVIOUS_MONTH = AGAINST = ('previous_version', 'previous_month')
REMEDY = 'check archive, partner, billing_period and version, or compare when there is another one'


@dataclass(frozen=True)
class Side:
    """One of the two files. ``name`` is how messages call it. A file of the archive has a month and a manifest, any other file has neither."""

    name: str
    path: str
    month: Month | None = None
    manifest: t.Mapping[str, t.Any] | None = None

    @contextmanager
    def opened(self) -> t.Iterator[tuple[int, str]]:
        """Open the file and return it with its SHA-256. Raises Conflict if a file of the archive is not what its manifest says."""
        if self.manifest is None:
            with _files.opened_source(self.name, self.path) as descriptor:
                yield descriptor, _files.digest(descriptor)[1]
            return
        wanted = self.manifest['file']
        try:
            with _files.opened_own(self.path) as descriptor:
                found = _files.digest(descriptor)
                if found != (wanted['size'], wanted['sha256']):
                    raise Conflict(f'{self.path} is not what its manifest says', remedy='restore that file')
                yield descriptor, found[1]
        except FileNotFoundError as error:
            if error.filename != self.path:
                raise
            raise Conflict(f'{self.path} is missing, and its manifest is there', remedy='restore that file') from None

    def to_result(self, sha256: str) -> dict[str, t.Any]:
        return {
            'path': self.path,
            'sha256': sha256,
            'billing_period': self.month and self.month.billing_period,
            'version': self.manifest and self.manifest['version'],
        }


def of_files(before: str, after: str) -> tuple[Side, Side]:
    return Side('against_src', before), Side('src', after)


def of_archive(month: Month, version: int | None, against: str) -> tuple[Side, Side]:
    """Return the older and the newer side. Raises NotFound if either does not exist, and InvalidInput for what ``against`` cannot be."""
    versions = month.versions()
    number = versions[-1] if version is None and versions else version
    if number not in versions:
        sought = 'no version' if version is None else f'no version {version}'
        raise NotFound(f'{sought} of {month.billing_period} with a manifest exists', remedy=REMEDY)
    return _other(month, versions, number, against), _side(month, number)


def _other(month: Month, versions: list[int], number: int, against: str) -> Side:
    """Return the side that a version is compared with."""
    if against == PREVIOUS_MONTH:
        last = month.year()[-2]
        filed = last.versions()
        if not filed:
            raise NotFound(f'nothing to compare with: no version of {last.billing_period} with a manifest exists', remedy=REMEDY)
        return _side(last, filed[-1])
    if against == PREVIOUS_VERSION:
        earlier = versions[:versions.index(number)]
        if not earlier:
            raise NotFound(f'nothing to compare with: version {number} is the first one of {month.billing_period}', remedy=REMEDY)
        return _side(month, earlier[-1])
    if not (against.isascii() and against.isdigit() and len(against) < 10):
        raise InvalidInput(f'against must be previous_version, previous_month or the number of a version, not {against[:100]!r}')
    if int(against) not in versions:
        raise NotFound(f'nothing to compare with: no version {int(against)} of {month.billing_period} with a manifest exists', remedy=REMEDY)
    return _side(month, int(against))


def of_manifest(month: Month, manifest: t.Mapping[str, t.Any]) -> Side:
    """Return a version of a month, whose manifest has been read."""
    version = manifest['version']
    path = os.path.join(month.directory(version), manifest['file']['name'])
    return Side(f'version {version} of {month.billing_period}', path, month, manifest)


def _side(month: Month, version: int) -> Side:
    return of_manifest(month, month.manifest(version))
