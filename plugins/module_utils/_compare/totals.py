# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sums of columns by group, exact to the last digit: of one file, and of two files side by side."""

from __future__ import annotations

import decimal
import heapq
import re
import typing as t
from itertools import groupby
from operator import itemgetter
from sys import getsizeof

from .._api.fields import shortened
from .sorter import Sorter

GROUPS = 1000  # that a result lists; AWX shows no result of more than 700,000 characters
MEMORY = 16 * 1024 * 1024  # bytes of groups that are held; beyond them, their sums go to a sorter and are added up later
OVERHEAD = 300  # bytes of a group beside its name

EXACT = decimal.Context(prec=decimal.MAX_PREC, Emax=decimal.MAX_EMAX, Emin=decimal.MIN_EMIN)
ZERO = decimal.Decimal(0)
DECIMALS = ('.', ',')

Sums = t.List[decimal.Decimal]


class Numbers:
    """Reads numbers: ASCII digits with a sign and one decimal ``mark``. ``unreadable`` counts other texts, which read as zero."""

    def __init__(self, mark: str) -> None:
        self._mark = mark
        self._is_made_of = re.compile(rf'[0-9+\-\0\{mark}]*').fullmatch
        self._is_number = re.compile(rf'[+-]?(?:[0-9]+(?:\{mark}[0-9]*)?|\{mark}[0-9]+)').fullmatch
        self.unreadable = 0

    def read(self, texts: list[str]) -> list[decimal.Decimal]:
        """Read texts at once if all of them are numbers, which is quick, else each by itself."""
        together = '\0'.join(texts)
        if self._is_made_of(together):
            try:
                return list(map(decimal.Decimal, together.replace(self._mark, '.').split('\0')))
            except decimal.InvalidOperation:
                pass
        return list(map(self._read_one, texts))

    def _read_one(self, text: str) -> decimal.Decimal:
        if self._is_number(text):
            return decimal.Decimal(text.replace(self._mark, '.'))
        self.unreadable += 1
        return ZERO


class _Groups(t.Dict[str, Sums]):
    """Sums by the name of a group. ``size`` is about how many bytes they take."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self._width = width
        self.size = 0

    def __missing__(self, name: str) -> Sums:
        self.size += getsizeof(name) + OVERHEAD
        sums = self[name] = [ZERO] * self._width
        return sums


class Totals:
    """The sums of one file by group. ``group_by`` and ``sums`` are places in its records; ``unreadable`` has a number for each sum."""

    def __init__(self, group_by: t.Sequence[int], sums: t.Sequence[int], mark: str, folder: str) -> None:
        self._width = len(sums)
        self._group_by = itemgetter(*group_by) if group_by else None
        self._name_width = len(group_by) or 1  # without groups, all records are of one that has an empty name
        self._columns = [(place, itemgetter(column), Numbers(mark)) for place, column in enumerate(sums)]
        self._spilled = Sorter(folder)
        self._groups = _Groups(self._width)
        if not group_by:
            self._groups['']

    @property
    def unreadable(self) -> list[int]:
        return [numbers.unreadable for _place, _pick, numbers in self._columns]

    def add(self, rows: list[list[str]]) -> None:
        """Add up some records."""
        groups = list(map(self._groups.__getitem__, self._names(rows)))
        add = EXACT.add
        for place, pick, numbers in self._columns:
            for sums, number in zip(groups, numbers.read(list(map(pick, rows)))):
                sums[place] = add(sums[place], number)
        if self._groups.size > MEMORY:
            self._spill()

    def __iter__(self) -> t.Iterator[tuple[str, Sums]]:
        """Yield the groups in the order of their names, which are joined with NUL, each with its sums."""
        self._spill()
        width = self._name_width
        for name, entries in groupby((text.decode().split('\0') for text in self._spilled), lambda parts: parts[:width]):
            yield '\0'.join(name), [_sum(column) for column in zip(*(map(decimal.Decimal, parts[width:]) for parts in entries))]

    def _names(self, rows: list[list[str]]) -> t.Iterable[str]:
        if not self._group_by:
            return [''] * len(rows)
        picked = map(self._group_by, rows)
        return map('\0'.join, picked) if self._name_width > 1 else picked

    def _spill(self) -> None:
        self._spilled.feed('\0'.join([name, *map(plain, sums)]).encode() for name, sums in self._groups.items())
        self._groups = _Groups(self._width)


class Listed(t.NamedTuple):
    """The groups of two files with the largest differences, as results show them, how many groups there are, and the sums of all of them."""

    totals: list[dict[str, t.Any]]
    groups: int
    overall: dict[str, dict[str, str]]


def listed(before: Totals, after: Totals, group_by: t.Sequence[str], sums: t.Sequence[str]) -> Listed:
    """Put the groups of two files side by side. The difference of a group is the largest one among its sums."""
    count = 0
    all_old = all_new = [ZERO] * len(sums)

    def ranked() -> t.Iterator[tuple]:
        nonlocal count, all_old, all_new
        for name, old, new in _beside(before, after, len(sums)):
            count += 1
            all_old, all_new = [_sum(pair) for pair in zip(all_old, old)], [_sum(pair) for pair in zip(all_new, new)]
            yield max((EXACT.subtract(*pair).copy_abs() for pair in zip(new, old)), default=ZERO), name, old, new

    first = heapq.nsmallest(GROUPS, ranked(), key=lambda entry: (entry[0].copy_negate(), entry[1]))
    return Listed([{
        'group': dict(zip(group_by, (shortened(value) or '' for value in name.split('\0')))),
        'sums': _to_result(sums, old, new),
    } for _rank, name, old, new in first], count, _to_result(sums, all_old, all_new))


def _to_result(columns: t.Iterable[str], before: Sums, after: Sums) -> dict[str, dict[str, str]]:
    return {
        column: {'before': plain(old), 'after': plain(new), 'difference': plain(EXACT.subtract(new, old))}
        for column, old, new in zip(columns, before, after)
    }


def _beside(before: Totals, after: Totals, width: int) -> t.Iterator[tuple[str, Sums, Sums]]:
    if before is after:
        yield from ((name, sums, sums) for name, sums in after)
        return
    both = heapq.merge(((name, 0, sums) for name, sums in before), ((name, 1, sums) for name, sums in after), key=itemgetter(0, 1))
    for name, entries in groupby(both, itemgetter(0)):
        sides = {side: sums for _name, side, sums in entries}
        yield name, sides.get(0, [ZERO] * width), sides.get(1, [ZERO] * width)


def _sum(numbers: t.Iterable[decimal.Decimal]) -> decimal.Decimal:
    total = ZERO
    for number in numbers:
        total = EXACT.add(total, number)
    return total


def plain(number: decimal.Decimal) -> str:
    """Write a number with all its digits and without an exponent."""
    return format(number, 'f')
