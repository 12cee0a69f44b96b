# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read column names and the number of records from a stream of CSV bytes, with little memory and in one pass.

Webex documents neither delimiter nor encoding, so both are guessed from the first bytes. A guess never fails.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import typing as t
from contextlib import suppress
from itertools import islice

from .._api.fields import lines
from .kind import other_kind
from .records import Records

LOOK = 64 * 1024  # bytes that tell format, encoding and delimiter; doubled until they contain the header
LONGEST_LOOK = 16 * LOOK  # bytes; of a longer header, only the names that fit are read
ROWS = 100  # rows that tell the delimiter
DELIMITERS = ',;\t|'  # of those that fit equally well, the first counts

BOMS = {  # UTF-32 first, since the mark of UTF-16 is the beginning of one of them
    codecs.BOM_UTF32_LE: 'utf-32-le',
    codecs.BOM_UTF32_BE: 'utf-32-be',
    codecs.BOM_UTF16_LE: 'utf-16-le',
    codecs.BOM_UTF16_BE: 'utf-16-be',
    codecs.BOM_UTF8: 'utf-8',
}

ZEROS = {  # which of four bytes are mostly zero in a text without a byte order mark; the others mostly are not
    'utf-32-le': {1, 2, 3},
    'utf-32-be': {0, 1, 2},
    'utf-16-le': {1, 3},
    'utf-16-be': {0, 2},
}

_HINT = re.compile(rb'(["\']?)sep=([^"\w\r\n])\1(?:[\r\n]+|\Z)', re.IGNORECASE)  # a hint for spreadsheets: the delimiter of the lines that follow
_LINE = re.compile(r'[^\r\n]*')


class Table:
    """Takes chunks in order by ``feed``, then ``end``. ``problem`` says why the bytes are not CSV, None as long as they may be.

    Both return the CSV that has become known: without byte order mark and hint, one byte for each character that csv treats specially.
    """

    def __init__(self) -> None:
        self.problem: str | None = None
        self.columns: list[str] = []
        self.delimiter = ''
        self._head = b''
        self._look = LOOK
        self._decoder: codecs.IncrementalDecoder | None = None
        self._records: Records | None = None

    @property
    def records(self) -> int:
        """Return the number of records so far, without the header."""
        return max(0, self._records.count - 1) if self._records else 0

    @property
    def ends_in_quotes(self) -> bool:
        """Return whether the last field was opened with a quote and never closed."""
        return self._records is not None and self._records.in_quotes

    def feed(self, chunk: bytes) -> bytes:
        known = b''
        if self._records:
            known = self._text(chunk)
            self._records.feed(known)
        elif not self.problem:
            self._head += chunk
            while not (self._records or self.problem) and len(self._head) >= self._look:
                known = self._judge(whole=False)
        return known

    def end(self) -> bytes:
        known = self._judge(whole=True) if not self._records and not self.problem else b''
        if self._records:
            self._records.end()
            if self._records.count < 2 and len(self.columns) < 2:
                self._refuse('one line of text without columns')
        return known

    def _judge(self, whole: bool) -> bytes:
        """Recognize the format by the first bytes and begin to count, or decide to look at more of them."""
        head, rest = self._head[:self._look], self._head[self._look:]  # the same bytes are judged, however they arrive
        encoding, start = _encoding(head)
        self._decoder = codecs.getincrementaldecoder(encoding)('replace') if encoding else None
        text = self._text(head[start:]).lstrip(b'\r\n')
        hint = _HINT.match(text)
        text = text[hint.end():] if hint else text
        problem = other_kind(text)
        if problem:
            self._refuse(problem)
            return b''
        characters = text.decode('latin-1').replace('\0', ' ')  # one character per byte; before Python 3.11, csv refuses NUL
        delimiter = hint[2].decode('latin-1') if hint else _delimiter(characters)
        records = Records(delimiter.encode('latin-1'))
        records.feed(text)
        if not (records.count or whole or self._look >= LONGEST_LOOK):
            self._look *= 2
            return b''
        if not records.count and records.in_quotes:  # the quote in the header is never closed
            characters = t.cast(re.Match, _LINE.match(characters))[0]
        names = next(_rows(characters, delimiter), [])
        self.delimiter = delimiter
        self.columns = lines(decoded(names if records.count or whole else names[:-1]))  # the last one may be truncated
        self._head = b''
        self._records = records
        if not self.columns:
            self._refuse('a text without lines')
        return text + self.feed(rest)

    def _refuse(self, problem: str) -> None:
        self.problem, self.columns, self._head, self._records = problem, [], b'', None

    def _text(self, chunk: bytes) -> bytes:
        """Return the bytes as they are, or as UTF-8 for UTF-16 and UTF-32."""
        return self._decoder.decode(chunk).encode('utf-8', 'replace') if self._decoder else chunk


def _encoding(head: bytes) -> tuple[str | None, int]:
    """Return UTF-16 or UTF-32 if a text is in one of them, else None, and the length of its byte order mark."""
    bom = next((bom for bom in BOMS if head.startswith(bom)), None)
    if bom:
        return None if bom == codecs.BOM_UTF8 else BOMS[bom], len(bom)
    shares = [head[place::4].count(0) / (len(head[place::4]) or 1) for place in range(4)]
    return next((
        encoding for encoding, zeros in ZEROS.items()
        if all(share > 1 / 4 if place in zeros else share < 1 / 16 for place, share in enumerate(shares))
    ), None), 0


def _rows(characters: str, delimiter: str) -> t.Iterator[list[str]]:
    """Yield rows as Python's csv does, without empty ones, up to a field that is too long for it."""
    with suppress(csv.Error):
        yield from filter(None, csv.reader(io.StringIO(characters, newline=''), delimiter=delimiter))


def _delimiter(characters: str) -> str:
    """Return the delimiter that gives several columns, then most rows as many fields as the header, then most columns."""
    def fit(delimiter: str) -> tuple[bool, float, int]:
        widths = [len(row) for row in islice(_rows(characters, delimiter), ROWS)] or [0]
        return widths[0] > 1, widths.count(widths[0]) / len(widths), widths[0]

    return max(DELIMITERS, key=fit)


def decoded(row: list[str]) -> list[str]:
    """Return a row that was read as one character per byte: as UTF-8 if all of it is valid, else as Latin-1, which always is."""
    try:
        return [field.encode('latin-1').decode('utf-8') for field in row]
    except UnicodeDecodeError:
        return row
