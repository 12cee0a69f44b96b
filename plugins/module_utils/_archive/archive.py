# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The archive: the versions of a month's file, each of them complete or absent."""

from __future__ import annotations

import os
import stat
import typing as t
from contextlib import contextmanager
from dataclasses import dataclass, replace

from .. import _files
from .._api import keys
from .._api.options import seconds
from .._errors import Conflict, InvalidInput, doing
from .._file.part import Part
from .._time import Time
from . import drift, manifests
from .manifests import Entries
from .month import Month


@dataclass(frozen=True)
class Outcome:
    """A version that exists or would exist; ``before`` is the manifest of the version that was the last one.

    ``stale`` is the report that was not filed because the last version has a newer one.
    """

    directory: str
    manifest: dict[str, t.Any]
    changed: bool
    before: dict[str, t.Any] | None
    stale: dict[str, t.Any] | None = None
    warnings: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        return os.path.join(self.directory, self.manifest['file']['name'])

    def tell(self, warn: t.Callable[[str], None]) -> dict[str, t.Any]:
        """Return the result of the task. ``warn`` gets sentences for the operator."""
        for text in self.warnings:
            warn(text)
        return self.to_result()

    def to_result(self) -> dict[str, t.Any]:
        return {
            'changed': self.changed,
            'stale': self.stale is not None,
            'msg': manifests.refusal(self.manifest, self.stale) if self.stale else manifests.sentence(self.manifest, self.changed),
            'version': self.manifest['version'],
            'path': self.path,
            'manifest_path': os.path.join(self.directory, manifests.NAME),
            'manifest': self.manifest,
            **drift.told(self.manifest).to_result(),
            'diff': {'before': manifests.summary(self.before) if self.before else {}, 'after': manifests.summary(self.manifest)},
        }


class Source(t.Protocol):
    """The file to archive. ``sha256`` is the known or required digest of its bytes, None if it is unknown before reading.

    ``columns`` are the names in its header, None if it is not CSV.
    """

    size: int
    sha256: str | None
    columns: list[str] | None

    def digest(self) -> str:
        """Return the SHA-256 of its bytes."""

    def put(self, path: str) -> str:
        """Put it at ``path``, with its bytes on the disk, and return their SHA-256."""


class Standing:
    """An open file, which is copied and stays where it is. Raises Conflict if its bytes are not the expected ones."""

    def __init__(self, descriptor: int, sha256: str | None) -> None:
        self._descriptor = descriptor
        self.size = os.fstat(descriptor).st_size
        self.sha256 = sha256
        self.columns = drift.header(descriptor)

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
    """The directory of one month of one partner, ``<root>/<partner>/<YYYY-MM>``, for some products with a directory before the month.

    A version counts once its manifest has its name, which is the last step. Until then, any run may take over its directory.
    Only the holder of the month's lock writes, and never to a version that counts.
    Versions go forward in time: a report that was created before that of the last version is not filed, unless ``allow_older``.
    """

    def __init__(self, root: str, entries: Entries, time: Time, lock_timeout: float | None, allow_older: bool = False) -> None:
        self._entries = entries
        self._month = Month(os.path.abspath(root), entries.partner, entries.billing_period, entries.shelf)
        self._time = time
        self._lock_timeout = lock_timeout
        self._allow_older = allow_older

    def file(self, src: str, *, sha256: str | None = None, dry: bool = False) -> Outcome:
        """File ``src`` as the next version unless the last one has the same bytes. ``dry`` predicts the outcome and writes nothing.

        ``sha256`` is the expected digest of the bytes.
        """
        with self._filing(src), _files.opened_source('src', src) as descriptor:
            source = Standing(descriptor, sha256)
            return self._filed(source, dry) if dry else self._filed_alone(source)

    @contextmanager
    def part(self) -> t.Iterator[Part]:
        """Return the path for a file that is filed by a move, in the directory of the month. Create that directory."""
        with self._filing(), _files.directory(self._month.path), self._arriving() as part:
            yield part

    def tidy(self) -> None:
        """Remove the leftovers of killed downloads."""
        with self._filing():
            self._arriving().tidy()

    def stale(self) -> Outcome | None:
        """Return the last version if its report is newer than this one, or None if this report may be filed."""
        with self._filing():
            return self._stale(self._last())

    def _arriving(self) -> Part:
        return Part(os.path.join(self._month.path, self._entries.file_name))

    def take(self, source: Source) -> Outcome:
        """File a downloaded file, unless nothing is new."""
        with self._filing():
            return self._filed_alone(source)

    def foretold(self) -> Outcome:
        """Return what is known before the download: the last version, or that this would be the first."""
        with self._filing():
            last = self._last()
            told = last or self._entries.manifest(1, None, None, None, drift.Drift().to_result())
            return Outcome(self._month.directory(told['version']), told, changed=not last, before=last)

    @contextmanager
    def _filing(self, src: str | None = None) -> t.Iterator[None]:
        with doing(f'Filing {src or self._entries.file_name} below {self._month.path}'), _files.errors_of_files():
            self._month.refuse_links()
            yield

    def _filed_alone(self, source: Source) -> Outcome:
        with _files.directory(self._month.path), _files.lock(self._month.lock, self._lock_timeout, self._time):
            return self._filed(source, dry=False)

    def _filed(self, source: Source, dry: bool) -> Outcome:
        last = self._last()
        stale = self._stale(last)
        if stale:
            return stale
        sha256 = None
        if dry or source.sha256 or (last and last['file']['size'] == source.size):
            sha256 = source.digest()
            if last and last['file']['sha256'] == sha256:
                return self._kept(last)
        version = last['version'] + 1 if last else 1
        directory = self._month.directory(version)
        if os.path.lexists(directory) and not stat.S_ISDIR(os.lstat(directory).st_mode):
            raise Conflict(f'{directory} blocks the next version: it is not a directory', remedy='move it away')

        columns = source.columns if self._entries.columns is None else self._entries.columns
        drifted = drift.drift(self._month, last, columns)

        def manifest(digest: str) -> dict[str, t.Any]:
            return self._entries.manifest(version, source.size, digest, last, drifted.to_result())

        filed = Outcome(directory, manifest(sha256) if dry else self._write(source, directory, manifest), changed=True, before=last)
        return replace(filed, warnings=(*self._unknown_age(last), *drifted.warnings(), *(() if dry else _odd_modes(filed))))

    def _write(self, source: Source, directory: str, manifest: t.Callable[[str], dict]) -> dict[str, t.Any]:
        """Fill the directory of a version, which may contain leftovers of a killed run. The manifest gets its name last."""
        names = (self._entries.file_name, manifests.NAME)
        parts = [os.path.join(directory, f'.{name}.part') for name in names]
        with _files.directory(directory), _files.removed_on_failure(*parts):
            written = manifest(source.put(parts[0]))
            _files.write(parts[1], manifests.to_bytes(written))
            _files.sync_directory(self._month.path)
            for name, part in zip(names, parts):
                _files.rename(part, os.path.join(directory, name))
        return written

    def _last(self) -> dict[str, t.Any] | None:
        """Return the manifest of the last version that counts. All manifests must be valid: no version is added beside invalid evidence."""
        found = self._month.manifests()
        known = keys.in_manifest(found[-1]) if found else None
        if known and not self._entries.key.is_same(known):
            raise Conflict(
                f'{self._month.path} has reports of {known}, and this one is of {self._entries.key}', remedy='file it for another partner label',
            )
        return found[-1] if found else None

    def _stale(self, last: dict[str, t.Any] | None) -> Outcome | None:
        if last is None or self._allow_older or not manifests.is_older(self._entries.report, last):
            return None
        kept = self._kept(last)
        told = f'{manifests.refusal(last, self._entries.report)}; to file it all the same, set allow_older: true.'
        return replace(kept, stale=self._entries.report, warnings=(told,))

    def _unknown_age(self, last: dict[str, t.Any] | None) -> t.Iterator[str]:
        if last and manifests.is_older(self._entries.report, last) is None:
            yield (
                f'Report {self._entries.report["id"]} was filed after version {last["version"]}, but one of the two does not say when it was created:'
                ' check that it is the newer one.'
            )

    def _kept(self, last: dict[str, t.Any]) -> Outcome:
        """Return the last version, whose file must still match its manifest."""
        outcome = Outcome(self._month.directory(last['version']), last, False, last)
        try:
            with _files.opened_own(outcome.path) as file:
                found = _files.digest(file)
        except (OSError, InvalidInput):
            found = None
        if found != (last['file']['size'], last['file']['sha256']):
            raise Conflict(f'{outcome.path} is missing or no longer what its manifest says', remedy='nothing was changed: restore that file')
        return outcome


def lock_timeout(params: t.Mapping[str, t.Any]) -> float | None:
    """Return how many seconds to wait for the lock of a month, or None for no lock. Raises InvalidInput."""
    timeout = seconds('lock_timeout', params['lock_timeout'])
    return timeout if params['lock'] else None


def _odd_modes(filed: Outcome) -> t.Iterator[str]:
    """Return a warning about a mount that sets its own modes."""
    for path, wanted in ((filed.directory, _files.DIRECTORY_MODE), (filed.path, _files.FILE_MODE)):
        mode = os.stat(path).st_mode & 0o777
        if mode != wanted:
            yield f'{path} has mode {mode:04o}, not {wanted:04o}: the file system does not let this user set it. Check who can read there.'
