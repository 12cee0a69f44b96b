# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The changes as a CSV file, written once and whole. Its rows are customers' data: only its owner can read it."""

from __future__ import annotations

import csv
import hashlib
import os
import stat
import typing as t
from contextlib import contextmanager, suppress

from .. import _files
from .._errors import Conflict
from .question import Layout

MODE = 0o600


class Sheet:
    """Rows as CSV in UTF-8 for a file, or for its digest alone. ``digest`` is that of its bytes."""

    def __init__(self, layout: Layout, file: t.BinaryIO | None = None) -> None:
        self._layout = layout
        self._file = file
        self._writer = csv.writer(self)
        self._hash = hashlib.sha256()
        self._writer.writerow(['change', *layout.columns])

    @property
    def digest(self) -> str:
        return self._hash.hexdigest()

    def tell(self, change: str, text: bytes) -> None:
        self._writer.writerow([change, *self._layout.fields(text)])

    def write(self, line: str) -> None:
        """Take a line from the writer of CSV."""
        data = line.encode()
        self._hash.update(data)
        if self._file:
            self._file.write(data)


def stands(path: str) -> bool:
    """Return whether there is a file, which is then left alone. Raises Conflict for anything else of that name."""
    found = os.path.lexists(path)
    if found and not stat.S_ISREG(os.lstat(path).st_mode):
        raise Conflict(f'{path} is not a file', remedy='move it away, or give another dest')
    return found


@contextmanager
def written(path: str, layout: Layout) -> t.Iterator[Sheet]:
    """Yield a sheet that gets its name, with its bytes on the disk, when the block succeeds. Until then, no file has that name."""
    _files.remove_parts(path)
    descriptor, part = _files.new_part(path)
    try:
        with open(descriptor, 'wb') as file:
            yield Sheet(layout, file)
            file.flush()
            _files.set_mode(file.fileno(), MODE)
            _files.to_disk(file.fileno())
            if not stands(path):
                _files.rename(part, path)
    finally:
        with suppress(FileNotFoundError):
            os.unlink(part)
