# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Compare the records of two files in bounded memory: what was added, removed and changed, and the sums of groups."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from .._file.reader import Reader
from .question import Key, Layout
from .sorter import Sorter
from .totals import Listed, Totals, listed

Tell = t.Callable[[str, bytes], t.Any]  # takes a kind of change and the text of a record


@dataclass
class Comparison:
    """The result. ``records`` and ``uneven`` are those of the older file and of the newer one."""

    layout: Layout
    records: tuple[int, int]
    uneven: tuple[int, int]
    totals: Listed
    unreadable: dict[str, int]
    duplicates: int = 0
    added: int = 0
    removed: int = 0
    changed: int = 0

    @property
    def unchanged(self) -> int:
        return self.records[1] - self.added - self.changed


@dataclass
class _Side:
    """A file that has been read: its records as sorted texts, and its sums."""

    file: Reader
    texts: Sorter
    totals: Totals


def compare(before: Reader, after: Reader, layout: Layout, folder: str, tell: Tell) -> Comparison:
    """Compare two files, and ``tell`` each change in the order of keys. Unnamed files in ``folder`` may need as much room as both have."""
    sides = _read(before, layout, 0, folder), _read(after, layout, 1, folder)
    comparison = _comparison(layout, *sides)
    unmatched = Sorter(folder), Sorter(folder)
    comparison.duplicates = _set_aside(*(iter(side.texts) for side in sides), unmatched, layout.key)
    _pair(comparison, *map(iter, unmatched), tell)
    return comparison


def compare_with_itself(file: Reader, layout: Layout, folder: str) -> Comparison:
    """Return what comparing two files of the same bytes gives. It reads one of them once, and sorts its keys alone."""
    side = _read(file, layout, 1, folder, keys_only=True)
    comparison = _comparison(layout, side, side)
    last = None
    for key in side.texts:
        comparison.duplicates += 2 * (key == last)
        last = key
    return comparison


def _read(file: Reader, layout: Layout, number: int, folder: str, keys_only: bool = False) -> _Side:
    side = _Side(file, Sorter(folder), Totals(layout.group_places[number], layout.sum_places[number], layout.question.mark, folder))
    for rows in file.batches():
        side.totals.add(rows)
        side.texts.feed(layout.texts(rows, number, keys_only))
    return side


def _comparison(layout: Layout, before: _Side, after: _Side) -> Comparison:
    question = layout.question
    both = zip(question.sums, before.totals.unreadable, after.totals.unreadable)
    return Comparison(
        layout,
        records=(before.file.records, after.file.records),
        uneven=(before.file.uneven, after.file.uneven),
        totals=listed(before.totals, after.totals, question.group_by, question.sums),
        unreadable={column: old + new for column, old, new in both},
    )


def _set_aside(before: t.Iterator[bytes], after: t.Iterator[bytes], unmatched: tuple[Sorter, Sorter], key_of: t.Callable[[bytes], Key]) -> int:
    """Set aside the records that have no equal on the other side, and return how many on either side have the key of one before."""
    duplicates = 0
    last_old = last_new = None
    old, new = next(before, None), next(after, None)
    while old is not None or new is not None:
        if old == new:
            key = key_of(old)
            duplicates += (key == last_old) + (key == last_new)
            last_old = last_new = key
            old, new = next(before, None), next(after, None)
        elif new is None or (old is not None and old < new):
            key = key_of(old)
            duplicates += key == last_old
            last_old = key
            unmatched[0].add(old)
            old = next(before, None)
        else:
            key = key_of(new)
            duplicates += key == last_new
            last_new = key
            unmatched[1].add(new)
            new = next(after, None)
    return duplicates


def _pair(comparison: Comparison, before: t.Iterator[bytes], after: t.Iterator[bytes], tell: Tell) -> None:
    """Pair records of the same key in their order: a pair is a change, and a record that is left over was removed or added."""
    key_of = comparison.layout.key
    old, new = next(before, None), next(after, None)
    while old is not None or new is not None:
        old_key, new_key = old is not None and key_of(old), new is not None and key_of(new)
        if old_key == new_key:
            comparison.changed += 1
            tell('before', old)
            tell('after', new)
            old, new = next(before, None), next(after, None)
        elif new is None or (old is not None and old_key < new_key):
            comparison.removed += 1
            tell('removed', old)
            old = next(before, None)
        else:
            comparison.added += 1
            tell('added', new)
            new = next(after, None)
