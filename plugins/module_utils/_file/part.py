# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The temporary file of a download: beside its destination, written, hashed and inspected in one pass."""

from __future__ import annotations

import errno
import hashlib
import os
import typing as t
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from .._errors import DownloadFailed
from .._files import new_part, remove_parts, to_disk
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
        self._dest = dest
        self._folder = os.path.dirname(dest)
        self.furthest = 0

    def __enter__(self) -> Part:
        with local(f'writing to {self._folder}'):
            remove_parts(self._dest)
            descriptor, self.path = new_part(self._dest)
            self._file = os.fdopen(descriptor, 'wb')
        self._begin()
        return self

    def tidy(self) -> None:
        """Remove the leftovers of killed runs, for a run that downloads no file."""
        with local(f'writing to {self._folder}'):
            remove_parts(self._dest)

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
