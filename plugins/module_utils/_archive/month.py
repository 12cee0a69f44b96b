# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A month of a partner in the archive: the versions that count, and their manifests."""

from __future__ import annotations

import os
import re
import typing as t
from dataclasses import dataclass, replace
from datetime import datetime

from .. import _files
from .._api import keys
from .._api.options import billing_period
from .._errors import Conflict
from . import manifests

LOCK = '.lock'
EVIDENCE, CHANGES = 'evidence.html', 'changes.csv'  # what later steps write into the directory of a version
YEAR = 12  # months

_VERSION = re.compile(r'v([0-9]{3,})')


@dataclass(frozen=True)
class Month:
    """A month in the archive, for reading. ``shelf`` is a directory between partner and month, blank if there is none."""

    root: str
    partner: str
    billing_period: str
    shelf: str = ''

    @classmethod
    def from_params(cls, params: t.Mapping[str, t.Any]) -> Month:
        """Return the month that validated options select. Raises InvalidInput."""
        place = _files.path('archive', params['archive']), manifests.partner(params['partner']), billing_period(params['billing_period'])
        return cls(*place, keys.shelf(params))

    @property
    def name(self) -> str:
        """Return the name of the month in messages."""
        return ' '.join(filter(None, (self.partner, self.shelf, self.billing_period)))

    @property
    def path(self) -> str:
        return os.path.join(self.root, self.partner, self.shelf, self.billing_period)

    @property
    def lock(self) -> str:
        return os.path.join(self.path, LOCK)

    def directory(self, version: int) -> str:
        return os.path.join(self.path, f'v{version:03}')

    def manifest_path(self, version: int) -> str:
        return os.path.join(self.directory(version), manifests.NAME)

    def versions(self) -> list[int]:
        """Return the versions that count, in order. Raises Conflict for a link."""
        return [number for number in self.numbers() if os.path.lexists(self.manifest_path(number))]

    def numbers(self) -> list[int]:
        """Return the numbers in use, by versions that count and by directories without a manifest. Raises Conflict for a link."""
        self.refuse_links()
        try:
            names = os.listdir(self.path)
        except FileNotFoundError:
            return []
        numbers = sorted({int(match[1]) for match in map(_VERSION.fullmatch, names) if match} - {0})
        refuse_links(*map(self.directory, numbers))
        return numbers

    def manifest(self, version: int) -> dict[str, t.Any]:
        """Return the manifest of a version. Raises Conflict if it is invalid."""
        return manifests.read(self.manifest_path(version), self, version)

    def manifests(self, last: int | None = None) -> list[dict[str, t.Any]]:
        """Return the manifests of the versions that count, in order, up to ``last``. Raises Conflict for an invalid one."""
        return [self.manifest(number) for number in self.versions() if last is None or number <= last]

    def filed_by(self, end: datetime | None) -> dict[str, t.Any] | None:
        """Return the manifest of the latest version filed by ``end``; undated manifests count as filed."""
        found = [manifest for manifest in self.manifests() if None in (end, manifests.filed_at(manifest)) or manifests.filed_at(manifest) <= end]
        return found[-1] if found else None

    def year(self) -> list[Month]:
        """Return the twelve months that end with this one."""
        year, month = map(int, self.billing_period.split('-'))
        end = year * YEAR + month
        return [replace(self, billing_period=f'{number // YEAR:04}-{number % YEAR + 1:02}') for number in range(end - YEAR, end)]

    def refuse_links(self) -> None:
        """Raise Conflict if the directory of the partner or of the month is a link. The root may be a link, because the user chooses it."""
        refuse_links(*dict.fromkeys((os.path.join(self.root, self.partner), os.path.dirname(self.path), self.path)))


def refuse_links(*paths: str) -> None:
    """Raise Conflict if one of these paths is a link."""
    for path in filter(os.path.islink, paths):
        raise Conflict(f'{path} is a link, and links in the archive are not followed', remedy='move it away')
