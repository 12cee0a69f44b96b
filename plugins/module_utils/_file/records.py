# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Count the CSV records in a stream of bytes, with little memory and in one pass."""

from __future__ import annotations

_QUOTE = ord('"')


class Records:
    """Counts records in chunks of any size as Python's csv does: CR, LF and CR LF outside of quotes end a record, and empty lines do not count.

    A quote opens a field only where a field begins: after the delimiter, or as the first byte of a line.
    """

    def __init__(self, delimiter: bytes) -> None:
        self._special = frozenset(b'"' + delimiter)
        self._before = b''  # all that matters of an unfinished line: its last byte or an open quote, and the quotes that follow
        self.count = 0

    @property
    def in_quotes(self) -> bool:
        return self._before == b'"'

    def feed(self, chunk: bytes) -> None:
        text = self._before + chunk
        lines = text.splitlines()  # bytes are split at CR, LF and CR LF only
        last = lines.pop() if lines and not text.endswith((b'\r', b'\n')) else b''
        begun = last.rstrip(b'"')  # the next byte decides whether these close a field; of many, one or two are enough
        lines = list(filter(None, lines))
        inside, in_quotes = self._inside([*lines, begun]) if b'"' in text else (0, False)
        self.count += len(lines) - inside
        self._before = (b'"' if in_quotes else begun[-1:]) + b'"' * _parity(len(last) - len(begun))

    def end(self) -> None:
        """Count the last record too if no line end follows it."""
        self.feed(b'\n')
        self.count += self.in_quotes

    def _inside(self, lines: list[bytes]) -> tuple[int, bool]:
        """Return how many line ends between these lines are inside quotes, and whether the end of the last line is.

        Lines are read backwards, since the last quote usually decides: after any byte but a delimiter or a quote, it leaves no field open.
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
                elif line[at - 4:at - 2] == b'""':  # skip many empty fields at once
                    line = line[:at - 1].replace(b'""', b'')
                    at = len(line)
                else:
                    at -= 1
                at = line.rfind(b'"', 0, at)
            in_quotes = turned if at > 0 else turned ^ in_quotes ^ (at == 0)
        return inside, in_quotes


def _parity(quotes: int) -> int:
    return 2 - quotes % 2 if quotes else 0
