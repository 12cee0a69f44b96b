# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The question about two files, and the positions of its columns in each of them.

A record is compared as one text in UTF-8: the fields of its key, then the others, joined with NUL, which no field holds. Such texts sort as their fields do.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass
from operator import itemgetter

from .._api.fields import shortened
from .._archive.drift import beyond
from .._errors import InvalidInput

Key = t.Union[bytes, t.List[bytes]]

NAMED = 50  # columns that a message lists


@dataclass(frozen=True)
class Question:
    """``key`` names a record, without it records are compared whole; ``sums`` are added up for each group of ``group_by``, with this ``mark`` of decimals."""

    key: tuple[str, ...] = ()
    group_by: tuple[str, ...] = ()
    sums: tuple[str, ...] = ()
    mark: str = '.'

    @classmethod
    def from_params(cls, params: t.Mapping[str, t.Any]) -> Question:
        """Return the question in validated parameters. A column that is named twice counts once."""
        key, group_by, sums = (tuple(dict.fromkeys(params.get(name) or ())) for name in ('key', 'group_by', 'sum'))
        return cls(key, group_by, sums, params['decimal'])

    def options(self) -> dict[str, tuple[str, ...]]:
        """Return the columns by the option that names them."""
        return {'key': self.key, 'group_by': self.group_by, 'sum': self.sums}


class Layout:
    """The columns of two files that are compared: those that both have, the key first, and where they are in each.

    ``places``, ``group_places`` and ``sum_places`` are for the older file and for the newer one. Columns of the same name are matched by their order.
    Raises InvalidInput for a column of the question that does not exist exactly once on each side.
    """

    def __init__(self, question: Question, before: t.Sequence[str], after: t.Sequence[str], names: tuple[str, str]) -> None:
        for option, columns in question.options().items():
            for column in columns:
                for name, found in zip(names, (before, after)):
                    _refuse_unless_once(option, column, name, found)
        old, new = _labelled(before), _labelled(after)
        common = [label for label in new if label in old]
        if not common:
            raise InvalidInput(f'{names[0]} and {names[1]} have no column in common', remedy='compare two files of the same kind')
        key = [(column, 0) for column in question.key] or common
        ordered = [*key, *(label for label in common if label not in key)]
        self.question = question
        self.columns = [name for name, _number in common]
        self.added, self.removed = beyond(after, before), beyond(before, after)
        self.key_width = len(key)
        self.places = [[side[label] for label in ordered] for side in (old, new)]
        self.group_places = [[side[name, 0] for name in question.group_by] for side in (old, new)]
        self.sum_places = [[side[name, 0] for name in question.sums] for side in (old, new)]
        self._whole = len(key) == len(ordered)
        self._order = [ordered.index(label) for label in common]

    def texts(self, rows: t.Iterable[list[str]], side: int, keys_only: bool = False) -> t.Iterator[bytes]:
        """Return the texts of records, or of their keys: of the older file, side 0, or of the newer one, side 1."""
        places = self.places[side][:self.key_width] if keys_only else self.places[side]
        picked = map(itemgetter(*places), rows)
        return map(str.encode, map('\0'.join, picked) if len(places) > 1 else picked)

    def key(self, text: bytes) -> Key:
        """Return the key of a record, which sorts as the record does."""
        return text if self._whole else text.split(b'\0', self.key_width)[:self.key_width]

    def fields(self, text: bytes) -> list[str]:
        """Return the fields of a record in the order of ``columns``."""
        parts = text.decode().split('\0')
        return [parts[place] for place in self._order]


def _labelled(columns: t.Sequence[str]) -> dict[tuple[str, int], int]:
    """Return the position of each column by its name and its number among columns of the same name."""
    seen: dict[str, int] = {}
    labels = {}
    for place, column in enumerate(columns):
        seen[column] = seen.get(column, -1) + 1
        labels[column, seen[column]] = place
    return labels


def _refuse_unless_once(option: str, column: str, name: str, found: t.Sequence[str]) -> None:
    times = found.count(column)
    if times == 1:
        return
    there = ', '.join(f'{shortened(each) or ""!r}' for each in found[:NAMED]) + (f' and {len(found) - NAMED} more' if len(found) > NAMED else '')
    what = 'more than one column' if times else 'no column'
    raise InvalidInput(f'{option}: {name} has {what} {shortened(column) or ""!r}; it has {there}', remedy='name a column that both files have once')
