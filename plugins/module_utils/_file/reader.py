# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read the records of a CSV file in bounded memory: the same records that ``Table`` counts, by the same judgment of the file."""

from __future__ import annotations

import csv
import io
import os
import typing as t
from itertools import chain, islice

from .._errors import InvalidInput
from .table import Table, decoded

CHUNK = 256 * 1024  # bytes that are read at once
TOGETHER = 1000  # records
LONGEST = 1024 * 1024  # bytes of a record; a quote that is never closed makes a longer one
REMEDY = 'compare files as Webex sends them, not edited ones'


class Reader:
    """The records of an open file, to be read once. ``name`` is how messages call the file.

    ``columns`` are known at once, ``records`` at the end. ``uneven`` counts records that have not as many fields as there are columns:
    a missing field reads as empty, and a field beyond the last column is left out. A NUL reads as a space, as it does in column names.
    Raises InvalidInput for a file that is not CSV, and for a record that is too long.
    """

    def __init__(self, name: str, descriptor: int) -> None:
        self._name = name
        self._table = Table()
        self._is_ascii = True
        os.lseek(descriptor, 0, os.SEEK_SET)
        self._known = self._read(descriptor)
        self._first = next(filter(None, self._known), b'')
        self._refuse_problem()
        self.columns = self._table.columns
        self.uneven = 0

    @property
    def records(self) -> int:
        return self._table.records

    def batches(self) -> t.Iterator[list[list[str]]]:
        """Yield the records, up to TOGETHER at once."""
        rows = filter(None, _rows(chain.from_iterable(self._lines()), self._table.delimiter))
        try:
            if len(next(rows, [])) != len(self.columns):
                raise InvalidInput(f'the header of {self._name} cannot be read: it is too long, or a quote in it is never closed', remedy=REMEDY)
            while batch := list(islice(rows, TOGETHER)):
                if set(map(len, batch)) != {len(self.columns)}:
                    batch = list(map(self._evened, batch))
                yield batch if self._is_ascii else list(map(decoded, batch))
        except csv.Error:
            raise self._too_long(f'a field of more than {csv.field_size_limit()} characters') from None
        self._refuse_problem()

    def _evened(self, row: list[str]) -> list[str]:
        width = len(self.columns)
        self.uneven += len(row) != width
        return [*row[:width], *[''] * (width - len(row))]

    def _read(self, descriptor: int) -> t.Iterator[bytes]:
        """Yield the CSV, piece by piece. Raises InvalidInput if records do not end, as the table counts them."""
        records, since = 0, 0
        while chunk := os.read(descriptor, CHUNK):
            known = self._table.feed(chunk)
            since = since + len(known) if self._table.records == records else 0
            records = self._table.records
            if since > LONGEST:
                raise self._too_long(f'a record of more than {LONGEST} bytes')
            yield known
        yield self._table.end()

    def _lines(self) -> t.Iterator[t.Iterable[str]]:
        """Yield the CSV in pieces of whole lines, a character a byte, so that one UTF-8 character may look like several."""
        rest = b''
        for known in chain([self._first], self._known):
            text = rest + known
            end = max(text.rfind(b'\n'), text.rfind(b'\r')) + 1
            rest = text[end:]
            yield self._characters(text[:end])
        yield self._characters(rest)

    def _characters(self, text: bytes) -> io.StringIO:
        self._is_ascii = self._is_ascii and text.isascii()
        return io.StringIO(text.decode('latin-1').replace('\0', ' '), newline='')

    def _too_long(self, what: str) -> InvalidInput:
        return InvalidInput(f'{self._name} has {what}, as a quote that is never closed makes', remedy=REMEDY)

    def _refuse_problem(self) -> None:
        if self._table.problem:
            raise InvalidInput(f'{self._name} is {self._table.problem}, not CSV', remedy=REMEDY)


def _rows(lines: t.Iterator[str], delimiter: str) -> t.Iterator[list[str]]:
    """Yield the rows that Python's csv reads in these lines. A line without a quote is split, which is the same, and quicker."""
    for line in lines:
        if '"' in line:
            yield from islice(csv.reader(chain([line], lines), delimiter=delimiter), 1)
        else:
            text = line.rstrip('\r\n')
            yield text.split(delimiter) if text else []
