# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""List and verify the versions in the archive. Nothing is written."""

from __future__ import annotations

import os
import typing as t
from contextlib import contextmanager, suppress

from .. import _files
from .._api import fields, keys
from .._api.options import billing_period
from .._api.periods import is_period
from .._errors import BillingError, NotFound, doing
from .._line import one_line, table
from . import hand_on, manifests
from .month import CHANGES, EVIDENCE, LOCK, Month, refuse_links

UNVERIFIED, VERIFIED, CHANGED, MISSING, UNREADABLE = ('unverified', 'verified', 'changed', 'missing', 'unreadable')  # states of a file
COLUMNS = ('partner', 'month', 'version', 'records', 'size', 'downloaded', 'handed on', 'file')

_LATER = (hand_on.NAME, EVIDENCE, CHANGES)  # written only after the manifest


class Inventory:
    """The versions in order. A problem is a sentence that needs a person's attention; a note needs none.

    ``verify`` reads every file; without it, only names and sizes are compared with the manifests.
    """

    def __init__(self, root: str, shelves: list[str], partner: str | None, period: str | None, verify: bool) -> None:
        self._root = root
        self._shelves = shelves
        self._partner = partner
        self._period = period
        self._verify = verify
        self._all_shelves = keys.shelves(dict.fromkeys(keys.place_filter_spec()))
        self.versions: list[dict[str, t.Any]] = []
        self.problems: list[str] = []
        self.notes: list[str] = []

    @classmethod
    def from_params(cls, params: t.Mapping[str, t.Any]) -> Inventory:
        """Raises InvalidInput."""
        partner, period = params['partner'], params['billing_period']
        return cls(
            _files.path('archive', params['archive']), keys.shelves(params), None if partner is None else manifests.partner(partner),
            None if period is None else billing_period(period), params['verify'],
        )

    def take(self) -> dict[str, t.Any]:
        """Look at the archive, and return the result of the task. Raises NotFound if there is no archive."""
        with doing(f'Reading the archive {self._root}'), _files.errors_of_files():
            for partner in self._partners():
                home = os.path.join(self._root, partner)
                with self._asking(partner, home):
                    refuse_links(home)
                    for month in self._months(partner):
                        with self._asking(month.name, month.path):
                            self._look_at(month)
        return {
            'changed': False,
            'msg': self._sentence(),
            'versions': self.versions,
            'problems': self.problems,
            'notes': self.notes,
            'table': self._table(),
        }

    def _partners(self) -> list[str]:
        """Return the directories that can belong to partners. Other files in the root are the user's and are ignored."""
        try:
            names = sorted(os.listdir(self._root))
        except FileNotFoundError:
            raise NotFound('it does not exist on this host', remedy='check archive, and whether its file system is mounted') from None
        if self._partner:
            return [self._partner]
        return [name for name in names if manifests.is_partner(name) and os.path.isdir(os.path.join(self._root, name))]

    def _months(self, partner: str) -> t.Iterator[Month]:
        for shelf in self._shelves:
            names, whose, place = [], ' '.join(filter(None, (partner, shelf))), os.path.join(*filter(None, (self._root, partner, shelf)))
            with self._asking(whose, place), suppress(FileNotFoundError):
                refuse_links(place)
                names = sorted(os.listdir(place))
            known = [name for name in names if is_period(name) or (not shelf and name in self._all_shelves)]
            if known:
                self._name_strangers(whose, place, known)
            yield from (Month(self._root, partner, name, shelf) for name in known if is_period(name) and self._period in (None, name))

    def _look_at(self, month: Month) -> None:
        numbers, versions = month.numbers(), month.versions()
        begun = [number for number in numbers if number not in versions and os.path.isdir(month.directory(number))]
        self._name_gaps(month, sorted({*versions, *begun}))
        for number in begun:
            if number < max(versions, default=0) or any(os.path.lexists(os.path.join(month.directory(number), name)) for name in _LATER):
                self._problem(month.name, f'the manifest {month.manifest_path(number)} is missing')
            else:
                self.notes.append(f'{month.name}: version {number} has no manifest yet, so it does not count. The next run takes it over.')
        for number in versions:
            with self._asking(month.name, month.directory(number)):
                self.versions.append(self._version(month, number))
        own = [os.path.basename(month.directory(number)) for number in (*versions, *begun)]
        self._name_strangers(month.name, month.path, [LOCK, hand_on.CLAIM, *own])

    def _version(self, month: Month, number: int) -> dict[str, t.Any]:
        """Return the entries of a version for the result. Raises Conflict if its manifest is invalid."""
        manifest = month.manifest(number)
        key, file, directory = keys.in_manifest(manifest), manifest['file'], month.directory(number)
        self._name_strangers(month.name, directory, [file['name'], manifests.NAME, *_LATER])
        with self._asking(month.name, directory):
            refuse_links(*(os.path.join(directory, name) for name in (EVIDENCE, CHANGES)))
        return {
            'partner': month.partner,
            'product': key.product.name,
            'type': key.values.get('type'),
            'billing_period': month.billing_period,
            'version': number,
            'report_id': fields.shortened(manifests.report_of(manifest).get('id')),
            **{name: file[name] for name in ('records', 'size', 'sha256')},
            'downloaded_at': manifests.in_utc(fields.text(manifest.get('downloaded_at'))),
            'handed_on': self._handed_on(month, manifest),
            'state': self._state(month, os.path.join(directory, file['name']), file),
            'path': os.path.join(directory, file['name']),
            'manifest_path': month.manifest_path(number),
        }

    def _handed_on(self, month: Month, manifest: dict[str, t.Any]) -> str | None:
        """Return when the version was last handed on, or None."""
        path = os.path.join(month.directory(manifest['version']), hand_on.NAME)
        with self._asking(month.name, path):
            refuse_links(path)
            last = [None, *hand_on.deliveries(path, manifest)][-1]
            return manifests.in_utc(fields.text(last.get('at'))) if isinstance(last, dict) else None
        return None

    def _state(self, month: Month, path: str, wanted: dict[str, t.Any]) -> str:
        """Return the state of a file."""
        if not os.path.lexists(path):
            self._problem(month.name, f'{path} is missing')
            return MISSING
        with self._asking(month.name, path):
            refuse_links(path)
            with _files.opened_own(path) as descriptor:
                difference = self._difference(descriptor, wanted)
            if difference:
                self._problem(month.name, f'{path} is not what its manifest says: {difference}')
                return CHANGED
            return VERIFIED if self._verify else UNVERIFIED
        return UNREADABLE

    def _difference(self, descriptor: int, wanted: dict[str, t.Any]) -> str:
        """Return how a file differs from its manifest, or an empty text. Its bytes are read in chunks."""
        size = os.fstat(descriptor).st_size
        if size != wanted['size']:
            return f'it has {size} bytes, not {wanted["size"]}'
        sha256 = _files.digest(descriptor)[1] if self._verify else wanted['sha256']
        return '' if sha256 == wanted['sha256'] else f'its sha256 is {sha256}, not {wanted["sha256"]}'

    def _name_gaps(self, month: Month, numbers: list[int]) -> None:
        for before, after in zip([0, *numbers], numbers):
            if after - before > 1:
                gap = f'version {before + 1} is' if after - before == 2 else f'versions {before + 1} to {after - 1} are'
                self._problem(month.name, f'{gap} missing, and version {after} exists')

    def _name_strangers(self, whose: str, place: str, known: t.Collection[str]) -> None:
        """Add a problem for each file in a directory that this collection did not write."""
        for name in sorted(os.listdir(place)):
            if name not in known and not _is_temporary(name, known):
                self._problem(whose, f'{os.path.join(place, name)} is not a part of the archive')

    @contextmanager
    def _asking(self, whose: str, path: str) -> t.Iterator[None]:
        """Turn an error of the block, which is about ``path``, into a problem."""
        try:
            yield
        except BillingError as error:
            self._problem(whose, error.cause)
        except OSError as error:
            self._problem(whose, f'{path} cannot be read ({error.strerror})')

    def _problem(self, whose: str, what: str) -> None:
        self.problems.append(one_line(f'{whose}: {what}.'))

    def _sentence(self) -> str:
        verified = sum(version['state'] == VERIFIED for version in self.versions)
        told = [f'{verified} verified'] if self._verify else []
        return ', '.join([_counted(len(self.versions), 'version'), *told, _counted(len(self.problems), 'problem')])

    def _table(self) -> list[str]:
        """Return the versions as lines below a header."""
        shown = ('version', 'records', 'size', 'downloaded_at', 'handed_on', 'state')
        rows = [(_named(version), version['billing_period'], *(version[name] for name in shown)) for version in self.versions]
        return table([COLUMNS, *rows])


def _named(version: dict[str, t.Any]) -> str:
    return ' '.join(filter(None, (version['partner'], keys.shelf(version))))


def _is_temporary(name: str, known: t.Collection[str]) -> bool:
    """Return whether a run gives this name to an incomplete file."""
    whole = name.removesuffix('.part')
    return _files.is_part(name) or (whole != name and (whole in known or whole.removeprefix('.') in known))


def _counted(number: int, noun: str) -> str:
    return f'{number or "no"} {noun}{"" if number == 1 else "s"}'
