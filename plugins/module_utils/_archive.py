# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The archive: versions of a month's file side by side, each whole or not there."""

from __future__ import annotations

import os
import re
import stat
import typing as t
from contextlib import contextmanager
from dataclasses import dataclass

from . import _files, _manifest
from ._errors import Conflict, InvalidInput, doing
from ._manifest import Entries
from ._part import Part
from ._time import Time

LOCK = '.lock'

_VERSION = re.compile(r'v([0-9]{3,})')


@dataclass(frozen=True)
class Outcome:
    """A version that stands, or would; ``before`` is the manifest of the version that was the last one."""

    directory: str
    manifest: dict[str, t.Any]
    changed: bool
    before: dict[str, t.Any] | None

    def to_result(self) -> dict[str, t.Any]:
        return {
            'changed': self.changed,
            'msg': _manifest.sentence(self.manifest, self.changed),
            'version': self.manifest['version'],
            'path': os.path.join(self.directory, self.manifest['file']['name']),
            'manifest_path': os.path.join(self.directory, _manifest.NAME),
            'manifest': self.manifest,
            'diff': {'before': _manifest.summary(self.before) if self.before else {}, 'after': _manifest.summary(self.manifest)},
        }


class Source(t.Protocol):
    """What is filed. ``sha256`` is what its bytes have or must have, None if that is not known before they are read."""

    size: int
    sha256: str | None

    def digest(self) -> str:
        """The SHA-256 of its bytes."""

    def put(self, path: str) -> str:
        """Bring it to ``path``, with its bytes on the disk; returns their SHA-256."""


class Standing:
    """An open file, which is copied and stays where it is. Raises Conflict if it is read otherwise than expected."""

    def __init__(self, descriptor: int, sha256: str | None) -> None:
        self._descriptor = descriptor
        self.size = os.fstat(descriptor).st_size
        self.sha256 = sha256

    def digest(self) -> str:
        return self._expected(*_files.digest(self._descriptor))

    def put(self, path: str) -> str:
        return self._expected(*_files.copy(self._descriptor, path))

    def _expected(self, size: int, sha256: str) -> str:
        if size != self.size:
            raise Conflict('the file changed while it was read', remedy='run the task again when the download has ended')
        if self.sha256 not in (None, sha256):
            raise Conflict(f'its sha256 is {sha256}, not {self.sha256} as expected', remedy='download the file again')
        self.sha256 = sha256
        return sha256


class Archive:
    """The place of one month of one partner, ``<root>/<partner>/<YYYY-MM>``.

    A version counts from the moment its manifest has its name, which is the last step; until then its directory is anybody's to take over.
    Only the holder of the month's lock writes, and none ever writes to a version that counts.
    """

    def __init__(self, root: str, entries: Entries, time: Time, lock_timeout: float) -> None:
        self._entries = entries
        self._month = os.path.join(os.path.abspath(root), entries.partner, entries.billing_period)
        self._time = time
        self._lock_timeout = lock_timeout

    def file(self, src: str, *, sha256: str | None = None, dry: bool = False) -> Outcome:
        """File ``src`` as the next version unless the last one holds the same bytes; ``dry`` tells what would be, and writes nothing.

        ``sha256`` is what the bytes are expected to have.
        """
        with self._filing(src), _files.opened_source('src', src) as descriptor:
            source = Standing(descriptor, sha256)
            return self._filed(source, dry) if dry else self._filed_alone(source)

    def part(self) -> Part:
        """Where a file may come to that is filed by a move: in the directory of the month, which is made."""
        with self._filing():
            _files.make_directory(self._month)
        return Part(os.path.join(self._month, self._entries.file_name))

    def take(self, source: Source) -> Outcome:
        """File what has come, unless nothing is new."""
        with self._filing():
            return self._filed_alone(source)

    def foretold(self) -> Outcome:
        """What is known before the file has come: the last version, or that it would be the first."""
        with self._filing():
            last = self._last()
            told = last or self._entries.manifest(1, None, None, None)
            return Outcome(self._directory(told['version']), told, changed=not last, before=last)

    @contextmanager
    def _filing(self, src: str | None = None) -> t.Iterator[None]:
        with doing(f'Filing {src or self._entries.file_name} below {self._month}'), _files.errors_of_files():
            yield

    def _filed_alone(self, source: Source) -> Outcome:
        _files.make_directory(self._month)
        with _files.lock(os.path.join(self._month, LOCK), self._lock_timeout, self._time):
            return self._filed(source, dry=False)

    def _filed(self, source: Source, dry: bool) -> Outcome:
        last = self._last()
        sha256 = None
        if dry or source.sha256 or (last and last['file']['size'] == source.size):
            sha256 = source.digest()
            if last and last['file']['sha256'] == sha256:
                return self._nothing_new(last)
        version = last['version'] + 1 if last else 1
        directory = self._directory(version)
        if os.path.lexists(directory) and not stat.S_ISDIR(os.lstat(directory).st_mode):
            raise Conflict(f'{directory} stands where the next version belongs, and is no directory', remedy='move it away')

        def manifest(digest: str) -> dict[str, t.Any]:
            return self._entries.manifest(version, source.size, digest, last)

        filed = manifest(sha256) if dry else self._write(source, directory, manifest)
        return Outcome(directory, filed, changed=True, before=last)

    def _write(self, source: Source, directory: str, manifest: t.Callable[[str], dict]) -> dict[str, t.Any]:
        """Fill the directory of a version, which may hold what a run left that was killed; the manifest gets its name last."""
        names = (self._entries.file_name, _manifest.NAME)
        parts = [os.path.join(directory, f'.{name}.part') for name in names]
        try:
            _files.make_directory(directory)
            written = manifest(source.put(parts[0]))
            _files.write(parts[1], _manifest.to_bytes(written))
            _files.sync_directory(self._month)
            for name, part in zip(names, parts):
                _files.rename(part, os.path.join(directory, name))
        except BaseException:
            _tidy(directory, parts)
            raise
        return written

    def _last(self) -> dict[str, t.Any] | None:
        """The manifest of the last version that counts. All of them must hold: no number is given beside evidence that does not."""
        manifests = [_manifest.read(self._manifest_path(version), self._entries, version) for version in versions(self._month)]
        return manifests[-1] if manifests else None

    def _nothing_new(self, last: dict[str, t.Any]) -> Outcome:
        """The last version, whose file must still be what its manifest says."""
        outcome = Outcome(self._directory(last['version']), last, False, last)
        path = outcome.to_result()['path']
        try:
            with _files.opened_source('the file in the archive', path) as file:
                found = _files.digest(file)
        except (OSError, InvalidInput):
            found = None
        if found != (last['file']['size'], last['file']['sha256']):
            raise Conflict(f'{path} is missing or no longer what its manifest says', remedy='nothing was changed: restore that file')
        return outcome

    def _directory(self, version: int) -> str:
        return directory(self._month, version)

    def _manifest_path(self, version: int) -> str:
        return os.path.join(self._directory(version), _manifest.NAME)


def directory(month: str, version: int) -> str:
    return os.path.join(month, f'v{version:03}')


def versions(month: str) -> list[int]:
    """The versions in the directory of a month that count, in their order."""
    try:
        names = os.listdir(month)
    except FileNotFoundError:
        return []
    numbers = {int(match[1]) for match in map(_VERSION.fullmatch, names) if match}
    return sorted(number for number in numbers if number > 0 and os.path.lexists(os.path.join(directory(month, number), _manifest.NAME)))


def _tidy(directory: str, parts: list[str]) -> None:
    """Leave as little as possible of a version that did not come about; the next run would take it over all the same."""
    for remove, path in [*((os.unlink, part) for part in parts), (os.rmdir, directory)]:
        try:
            remove(path)
        except OSError:
            continue
