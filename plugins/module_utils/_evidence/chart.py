# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A small chart with a bar for each month, readable on a phone, on paper and without colors."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from .markup import element

WIDTH, HEIGHT = 360, 180
LEFT, RIGHT, TOP, BOTTOM = 42, 356, 14, 146  # of the room for bars
BAR = 0.62  # of the room of a month
MARK = 14  # the height of what stands where no bar can

_UNITS = ((10**12, 'T'), (10**9, 'G'), (10**6, 'M'), (10**3, 'k'))


@dataclass(frozen=True)
class Bar:
    """A month, its last version (None without one), and the number (None if unknown)."""

    month: str
    version: int | None = None
    number: int | None = None

    @property
    def mark(self) -> str:
        """Return the text in place of a bar."""
        return '–' if self.version is None else '?' if self.number is None else '0' if not self.number else ''

    @property
    def is_restated(self) -> bool:
        return self.version is not None and self.version > 1


def chart(name: str, bars: t.Sequence[Bar]) -> Element:
    """Return the chart of a number with this ``name``. The last month is the month of the page."""
    top = ceiling(max((each.number or 0 for each in bars), default=0))
    title, told = f'{name.lower()}-title', f'{name.lower()}-desc'
    drawing = [element('title', f'{name} by month', id=title), element('desc', _description(name, bars), id=told)]
    for number in (0, top // 2, top):
        height = _height(number, top)
        drawing.append(element('line', class_='grid', x1=LEFT, x2=RIGHT, y1=height, y2=height))
        drawing.append(element('text', compact(number), class_='number', x=LEFT - 5, y=height + 3.5))
    room = (RIGHT - LEFT) / len(bars)
    for place, each in enumerate(bars):
        middle = round(LEFT + room * (place + 0.5), 1)
        height = BOTTOM - MARK
        if each.mark:
            drawing.append(element('text', each.mark, class_='mark', x=middle, y=BOTTOM - 4))
        else:
            height = _height(each.number, top)
            kind = 'bar this' if place == len(bars) - 1 else 'bar'
            drawing.append(
                element('rect', class_=kind, x=round(middle - room * BAR / 2, 1), y=height, width=round(room * BAR, 1), height=round(BOTTOM - height, 1))
            )
        if each.is_restated:
            drawing.append(element('text', f'v{each.version}', class_='restated', x=middle, y=height - 3))
        year, month = each.month.split('-')
        drawing.append(element('text', month, class_='month', x=middle, y=BOTTOM + 14))
        if place == 0 or month == '01':
            drawing.append(element('text', year, class_='month', x=middle, y=BOTTOM + 28))
    svg = element('svg', *drawing, viewBox=f'0 0 {WIDTH} {HEIGHT}', role='img', aria_labelledby=f'{title} {told}')
    return element('figure', element('figcaption', name), svg)


def ceiling(number: int) -> int:
    """Return the end of the scale, a round number."""
    step = 10 ** (len(str(number)) - 1)
    return next(digit * step for digit in (1, 2, 3, 4, 5, 6, 8, 10) if digit * step >= max(number, 2))


def compact(number: int) -> str:
    """Return a round number in short, ``1.5 M``."""
    return next((f'{number / unit:g} {letter}' for unit, letter in _UNITS if number >= unit), str(number))


def _height(number: int, top: int) -> float:
    return round(BOTTOM - (BOTTOM - TOP) * number / top, 1)


def _description(name: str, bars: t.Sequence[Bar]) -> str:
    known = [each for each in bars if each.number is not None]
    most = max(known, key=lambda each: each.number, default=None)
    highest = f' The highest bar is {most.number} in {most.month}.' if most else ''
    restated = ', '.join(each.month for each in bars if each.is_restated)
    again = f' Restated: {restated}.' if restated else ''
    return f'{name} of {len(known)} of the {len(bars)} months from {bars[0].month} to {bars[-1].month}.{highest}{again} The table has all numbers.'
