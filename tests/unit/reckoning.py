# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a comparison must find, reckoned once more in a few lines of plain Python that hold everything in memory."""

from __future__ import annotations

import re
import typing as t
from collections import Counter, defaultdict
from fractions import Fraction

from ansible_collections.webex_partner.billing.plugins.module_utils._line import one_line

Rows = t.List[t.List[str]]


class Table(t.NamedTuple):
    columns: list[str]
    rows: Rows


def reckon(before: Table, after: Table, key: t.Sequence[str] = (), group_by: t.Sequence[str] = (), sums: t.Sequence[str] = (), mark: str = '.') -> dict:
    """Counts, sums by group as fractions, and changes as rows, in the order of the keys."""
    common = [column for column in after.columns if column in before.columns]
    ordered = [*(key or common), *(column for column in common if key and column not in key)]
    width = len(key) or len(common)
    records = [Counter(tuple(row[table.columns.index(column)] for column in ordered) for row in table.rows) for table in (before, after)]
    unchanged = records[0] & records[1]
    left: t.List[t.Dict[tuple, list]] = [defaultdict(list), defaultdict(list)]
    for side, found in enumerate(records):
        for record in sorted((found - unchanged).elements()):
            left[side][record[:width]].append(record)
    changes: t.List[t.Tuple[str, tuple]] = []
    for name in sorted({*left[0], *left[1]}):
        old, new = left[0][name], left[1][name]
        pairs = min(len(old), len(new))
        changes += [each for two in zip(old, new) for each in zip(('before', 'after'), two)]
        changes += [('removed', record) for record in old[pairs:]] + [('added', record) for record in new[pairs:]]
    kinds = Counter(kind for kind, _record in changes)
    totals, unreadable = totalled((before, after), group_by, sums, mark)
    return {
        'records': {'before': len(before.rows), 'after': len(after.rows)},
        'added': kinds['added'], 'removed': kinds['removed'], 'changed_records': kinds['before'], 'unchanged': sum(unchanged.values()),
        'duplicates': sum(number - 1 for found in records for number in by_key(found, width).values()),
        'columns_added': [column for column in after.columns if column not in before.columns],
        'columns_removed': [column for column in before.columns if column not in after.columns],
        'totals': totals, 'unreadable': unreadable,
        'changes': [[kind, *(record[ordered.index(column)] for column in common)] for kind, record in changes],
    }


def by_key(records: t.Mapping[tuple, int], width: int) -> Counter:
    counted: Counter = Counter()
    for record, number in records.items():
        counted[record[:width]] += number
    return counted


def totalled(tables: t.Sequence[Table], group_by: t.Sequence[str], sums: t.Sequence[str], mark: str) -> tuple[dict, dict]:
    totals: dict = {} if group_by else {(): {column: [Fraction(0), Fraction(0)] for column in sums}}
    unreadable = dict.fromkeys(sums, 0)
    for side, table in enumerate(tables):
        for row in table.rows:
            group = totals.setdefault(tuple(row[table.columns.index(column)] for column in group_by), {column: [Fraction(0), Fraction(0)] for column in sums})
            for column in sums:
                text = row[table.columns.index(column)]
                if re.fullmatch(r'[+-]?([0-9]+(M[0-9]*)?|M[0-9]+)'.replace('M', re.escape(mark)), text):
                    group[column][side] += Fraction(text.replace(mark, '.').rstrip('.'))
                else:
                    unreadable[column] += 1
    return totals, unreadable


def told(result: dict) -> list:
    """The totals of a result, as ``shown`` has those of a reckoning."""
    return sorted(
        (tuple(entry['group'].values()), [(column, Fraction(sums['before']), Fraction(sums['after'])) for column, sums in entry['sums'].items()])
        for entry in result['totals']
    )


def shown(totals: dict) -> list:
    """The totals in the order of the groups, whose names are one line each."""
    return sorted((tuple(map(one_line, group)), [(column, *pair) for column, pair in sums.items()]) for group, sums in totals.items())
