# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a stream of bytes tells as CSV: column names and the number of records, in little memory and in one pass.

Delimiter and encoding of the billing reports are documented nowhere, so both are guesses, made from the first bytes, and never fail.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import typing as t

LOOK = 64 * 1024  # bytes from which format, header and delimiter are told
DELIMITERS = (b',', b';', b'\t', b'|')  # the first of those that occur most often in the header

BOMS = {  # those of UTF-32 first: that of UTF-16 is the beginning of one of them
    codecs.BOM_UTF32_LE: 'utf-32-le',
    codecs.BOM_UTF32_BE: 'utf-32-be',
    codecs.BOM_UTF16_LE: 'utf-16-le',
    codecs.BOM_UTF16_BE: 'utf-16-be',
    codecs.BOM_UTF8: 'utf-8',
}

OTHERS = {  # how a document begins that is no CSV
    b'<': 'an HTML or XML page',
    b'{': 'JSON',
    b'[': 'JSON',
}

_CONTROL = bytes(set(range(32)) - set(b'\t\n\r\f\x1a'))  # bytes that no text has; \x1a ended files of old
_RECORD = re.compile(rb'(?:[^"\r\n]+|"[^"]*(?:"|\Z))*')
_LINE = re.compile(rb'[^\r\n]*')
_IN_QUOTES = re.compile(rb'"[^"]*"?')
_QUOTE = ord('"')


class Table:
    """Takes chunks in order by ``feed``, then ``end``. ``problem`` says why it is no CSV, None as long as it may be one."""

    def __init__(self) -> None:
        self.problem: str | None = None
        self.columns: list[str] = []
        self._head = b''
        self._decoder: codecs.IncrementalDecoder | None = None
        self._records: _Records | None = None

    @property
    def records(self) -> int:
        """Records so far, the header not counted."""
        return max(0, self._records.count - 1) if self._records else 0

    @property
    def ends_in_quotes(self) -> bool:
        """Whether the last field was opened with a quote and never closed."""
        return self._records is not None and self._records.in_quotes

    def feed(self, chunk: bytes) -> None:
        if self._records:
            self._records.feed(self._text(chunk))
        elif not self.problem:
            self._head += chunk
            if len(self._head) >= LOOK:
                self._begin(whole=False)

    def end(self) -> None:
        if not self._records and not self.problem:
            self._begin(whole=True)
        if self._records:
            self._records.end()

    def _begin(self, whole: bool) -> None:
        """Judge by the first bytes what this is, and begin to count."""
        head, rest, self._head = self._head[:LOOK], self._head[LOOK:], b''  # the same is judged however it came
        bom = next((bom for bom in BOMS if head.startswith(bom)), b'')
        if bom and bom != codecs.BOM_UTF8:
            self._decoder = codecs.getincrementaldecoder(BOMS[bom])('replace')
        text = self._text(head[len(bom):]).lstrip(b'\r\n')
        header = _header(text)
        delimiter = max(DELIMITERS, key=_IN_QUOTES.sub(b'', header).count)
        only = whole and len(header) == len(text.rstrip())
        self.problem = _problem(text, len(header), alone=only and delimiter not in header)
        if not self.problem:
            self.columns = _names(header, delimiter.decode())
            after = text[len(header):len(header) + 2]
            alone_cr = after[:1] == b'\r' and after != b'\r\n' and (whole or len(after) == 2)
            self._records = _Records(delimiter, line_end=b'\r' if alone_cr else b'\n')
            self._records.feed(text)
            self.feed(rest)

    def _text(self, chunk: bytes) -> bytes:
        """The bytes as they are, or as UTF-8 if a byte order mark says that a character takes several."""
        return self._decoder.decode(chunk).encode('utf-8', 'replace') if self._decoder else chunk


class _Records:
    """Counts records over chunks of any size: line ends outside of quotes, empty lines left out.

    A quote opens a field only where a field begins, as for Python's csv.
    """

    def __init__(self, delimiter: bytes, line_end: bytes) -> None:
        self._line_end = line_end
        self._special = frozenset(b'"' + delimiter)
        self._before = b''  # what the line that has begun comes down to: its last byte or an open quote, and the quotes that follow
        self.count = 0

    @property
    def in_quotes(self) -> bool:
        return self._before == b'"'

    def feed(self, chunk: bytes) -> None:
        text = self._before + (chunk.replace(b'\r', b'') if self._line_end == b'\n' else chunk)
        *lines, last = text.split(self._line_end)
        begun = last.rstrip(b'"')  # whether these close a field is told by what follows; of many, one or two tell the same
        lines = list(filter(None, lines))
        inside, in_quotes = self._inside([*lines, begun]) if b'"' in text else (0, False)
        self.count += len(lines) - inside
        self._before = (b'"' if in_quotes else begun[-1:]) + b'"' * _parity(len(last) - len(begun))

    def end(self) -> None:
        """Count the last record too if no line end follows it."""
        self.feed(self._line_end)
        self.count += self.in_quotes

    def _inside(self, lines: list[bytes]) -> tuple[int, bool]:
        """How many line ends between these lines are within quotes, and whether the end of the last line is.

        A line is read backwards, for mostly its last quote tells: after any byte but a delimiter or a quote, it leaves no field open.
        Two in a row change nothing. After a delimiter, or as the first byte, it opens a field, or closes one that was open.
        """
        inside, in_quotes = 0, False
        for line in lines:
            inside += in_quotes
            if _QUOTE not in line:
                continue
            turned, at = False, line.rfind(b'"')
            while at > 0 and line[at - 1] in self._special:
                if line[at - 1] != _QUOTE:
                    turned = not turned
                elif line[at - 4:at - 2] == b'""':  # many empty fields go at once
                    line = line[:at - 1].replace(b'""', b'')
                    at = len(line)
                else:
                    at -= 1
                at = line.rfind(b'"', 0, at)
            in_quotes = turned if at > 0 else turned ^ in_quotes ^ (at == 0)
        return inside, in_quotes


def _parity(quotes: int) -> int:
    return 2 - quotes % 2 if quotes else 0


def _header(text: bytes) -> bytes:
    """The first record; the first line if a quote in it is never closed."""
    record = t.cast(re.Match, _RECORD.match(text))[0]
    return t.cast(re.Match, _LINE.match(text))[0] if record.count(b'"') % 2 else record


def _problem(text: bytes, header_length: int, alone: bool) -> str | None:
    start = text.lstrip()[:1]
    if not start:
        return 'an empty file'
    if start in OTHERS:
        return OTHERS[start]
    if len(text) > len(text.translate(None, _CONTROL)):
        return 'binary data'
    if header_length >= LOOK:
        return 'a text without lines'
    return 'a line of text without columns' if alone else None


def _names(header: bytes, delimiter: str) -> list[str]:
    """Column names: as UTF-8 if that holds, else as Latin-1, which always does."""
    try:
        text = header.decode('utf-8')
    except UnicodeDecodeError:
        text = header.decode('latin-1')
    try:
        return next(csv.reader(io.StringIO(text, newline=''), delimiter=delimiter), [])
    except csv.Error:
        return text.split(delimiter)
