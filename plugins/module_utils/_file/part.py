# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The temporary file of a download: beside its destination, written, hashed and inspected in one pass."""

from __future__ import annotations

import errno
import hashlib
import os
import tempfile
import typing as t
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from .._errors import DownloadFailed
from .._files import to_disk, try_lock
from .table import Table

_CHUNK = 64 * 1024


@dataclass(frozen=True)
class Content:
    """What is known about the bytes of a file."""

    size: int
    sha256: str
    records: int | None = None
    columns: list[str] | None = None

    def to_diff(self) -> dict[str, t.Any]:
        return {'size': self.size, 'sha256': self.sha256, 'records': self.records}


def content_of(path: str) -> Content | None:
    """Return the content of a file, or None if it does not exist. Raises DownloadFailed if it cannot be read."""
    digest, table, size = hashlib.sha256(), Table(), 0
    with local(f'reading {path}'):
        try:
            with open(path, 'rb') as file:
                while chunk := file.read(_CHUNK):
                    digest.update(chunk)
                    table.feed(chunk)
                    size += len(chunk)
        except FileNotFoundError:
            return None
    table.end()
    return Content(size, digest.hexdigest(), None if table.problem else table.records, None if table.problem else table.columns)


class Part:
    """The received bytes of a file, inside a ``with`` block. At its end the temporary file is removed, unless it was moved."""

    def __init__(self, dest: str) -> None:
        folder, name = os.path.split(dest)
        self._folder = folder
        self._prefix = f'.webex-{hashlib.sha256(os.fsencode(name)).hexdigest()[:16]}-'  # of equal length for a name of any length
        self.furthest = 0

    def __enter__(self) -> Part:
        with local(f'writing to {self._folder}'):
            self._remove_leftovers()
            self._file = self._create()
        self._begin()
        return self

    def tidy(self) -> None:
        """Remove the leftovers of killed runs, for a run that downloads no file."""
        with local(f'writing to {self._folder}'):
            self._remove_leftovers()

    def __exit__(self, *_exception: object) -> None:
        with suppress(OSError):
            self._file.close()
        with suppress(OSError):
            os.unlink(self.path)

    def write(self, chunk: bytes) -> None:
        with local(f'writing to {self._folder}'):
            self._file.write(chunk)
        self._digest.update(chunk)
        self.table.feed(chunk)
        self.size += len(chunk)
        self.furthest = max(self.furthest, self.size)

    def restart(self) -> None:
        """Discard the received bytes."""
        with local(f'writing to {self._folder}'):
            self._file.seek(0)
            self._file.truncate()
        self._begin()

    def finish(self) -> Content:
        """Write the bytes through to the disk, and return what they are."""
        self.table.end()
        with local(f'writing to {self._folder}'):
            self._file.flush()
            to_disk(self._file.fileno())
        return Content(self.size, self._digest.hexdigest(), self.table.records, self.table.columns)

    def _begin(self) -> None:
        self.size = 0
        self.table = Table()
        self._digest = hashlib.sha256()

    def _create(self) -> t.IO[bytes]:
        """Create a file that only its owner can read, and lock it, so that no other run takes it for a leftover."""
        while True:
            descriptor, self.path = tempfile.mkstemp(prefix=self._prefix, suffix='.part', dir=self._folder)
            # on a file system without locks, no other run can lock the file and remove it
            if try_lock(descriptor) is not False and os.fstat(descriptor).st_nlink:
                return os.fdopen(descriptor, 'wb')
            os.close(descriptor)  # another run takes it for a leftover and is about to remove it

    def _remove_leftovers(self) -> None:
        """Remove the unlocked files that killed runs left for the same destination."""
        for path in Path(self._folder).glob(f'{self._prefix}*.part'):
            with suppress(OSError):
                descriptor = os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK)
                try:
                    if try_lock(descriptor):
                        path.unlink()
                finally:
                    os.close(descriptor)


@contextmanager
def local(act: str) -> t.Iterator[None]:
    """Turn a refusal of the file system into a DownloadFailed."""
    try:
        yield
    except OSError as fault:
        advice = 'free some space' if fault.errno in (errno.ENOSPC, errno.EDQUOT) else 'check the path, its owner and its mode'
        raise DownloadFailed(
            f'{act} on this host failed: {os.strerror(fault.errno) if fault.errno else fault}',
            remedy=f'{advice} and run the task again: nothing was replaced',
        ) from None
