# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Prepare texts for display: any text from outside as one line of printable characters, and rows as a table."""

from __future__ import annotations

import typing as t


def one_line(text: str) -> str:
    """Return the text with one space for each run of characters that a terminal or a log might obey: escapes, line ends, controls of direction.

    ``str.isprintable`` decides, so invisible characters and lone surrogates go too. A run at either end is removed.
    """
    if text.isprintable():
        return text
    return ' '.join(filter(None, ''.join(char if char.isprintable() else '\n' for char in text).split('\n')))


def table(rows: t.Sequence[t.Sequence[t.Any]]) -> list[str]:
    """Return the rows as lines, in columns of one width. A hyphen stands for None, and the last column has any width."""
    cells = [['-' if cell is None else str(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in list(zip(*cells))[:-1]]
    return ['  '.join([*(f'{cell:{width}}' for cell, width in zip(row, widths)), row[-1]]) for row in cells]
