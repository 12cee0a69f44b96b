# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The evidence of a filed version: a page for people beside the manifest, written once, of what had been filed by then."""

from __future__ import annotations

import os
import stat
import typing as t
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import datetime

from . import _archive, _fields, _files, _manifest
from ._errors import Conflict, NotFound, doing
from ._evidence_page import page
from ._report import moment
from ._time import Time

NAME = 'evidence.html'
MONTHS = 12


@dataclass(frozen=True)
class Month:
    """A month of a partner in the archive, to read."""

    root: str
    partner: str
    billing_period: str

    @property
    def path(self) -> str:
        return os.path.join(self.root, self.partner, self.billing_period)

    def versions(self) -> list[int]:
        return _archive.versions(self.path)

    def manifests(self, last: int | None = None) -> list[dict[str, t.Any]]:
        """Those of the versions that count, in their order, up to ``last``. Raises Conflict for one that does not hold."""
        numbers = [number for number in self.versions() if last is None or number <= last]
        return [_manifest.read(os.path.join(_archive.directory(self.path, number), _manifest.NAME), self, number) for number in numbers]

    def filed_by(self, end: datetime | None) -> dict[str, t.Any] | None:
        """The manifest of the last version that was there then; one that tells no time was."""
        manifests = [manifest for manifest in self.manifests() if None in (end, _filed(manifest)) or _filed(manifest) <= end]
        return manifests[-1] if manifests else None

    def year(self) -> list[Month]:
        """The twelve months that end with this one."""
        year, month = map(int, self.billing_period.split('-'))
        end = year * 12 + month
        return [replace(self, billing_period=f'{number // 12:04}-{number % 12 + 1:02}') for number in range(end - MONTHS, end)]


def write(month: Month, version: int | None, time: Time, *, lock_timeout: float | None, dry: bool = False) -> dict[str, t.Any]:
    """Write the page of a version, the last one by default, and return the result of the task; ``dry`` tells what would be, and writes nothing."""
    with doing(f'Writing the evidence of {month.path}'), _files.errors_of_files():
        number = _number(month, version)
        directory = _archive.directory(month.path, number)
        path = os.path.join(directory, NAME)
        with nullcontext() if dry else _files.lock(os.path.join(month.path, _archive.LOCK), lock_timeout, time):
            changed = not _stands(path)
            if changed:
                content = _page(month, number)
                if not dry:
                    _put(content, directory, path)
    whose = f'{month.partner} {month.billing_period}: evidence of version {number}'
    return {
        'changed': changed,
        'msg': f'{whose} written' if changed else f'{whose} was there already',
        'version': number,
        'evidence_path': path,
        'diff': {'before': {} if changed else {'evidence_path': path}, 'after': {'evidence_path': path}},
    }


def _number(month: Month, asked: int | None) -> int:
    versions = month.versions()
    number = versions[-1] if asked is None and versions else asked
    if number not in versions:
        sought = 'no version' if asked is None else f'no version {asked}'
        raise NotFound(f'{sought} with a manifest is there', remedy='check archive, partner, billing_period and version, or file the report first')
    return number


def _page(month: Month, version: int) -> bytes:
    manifests = month.manifests(version)
    filed = manifests[-1]
    *earlier, _own = month.year()
    return page(manifests, {**{other.billing_period: other.filed_by(_filed(filed)) for other in earlier}, month.billing_period: filed})


def _filed(manifest: dict[str, t.Any]) -> datetime | None:
    return moment(_fields.text(manifest.get('downloaded_at')))


def _stands(path: str) -> bool:
    """Whether the page is there: it is then left alone, whatever it says."""
    stands = os.path.lexists(path)
    if stands and not stat.S_ISREG(os.lstat(path).st_mode):
        raise Conflict(f'{path} stands where the evidence belongs, and is no file', remedy='move it away')
    return stands


def _put(content: bytes, directory: str, path: str) -> None:
    """Give the page its name when it is whole; a file that a killed run left is taken over."""
    part = os.path.join(directory, f'.{NAME}.part')
    with _files.removed_on_failure(part):
        _files.write(part, content)
        _files.rename(part, path)
