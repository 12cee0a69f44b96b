# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The section about changes since the previous file: counts, sums, the groups that differ most, and added and removed columns."""

from __future__ import annotations

import decimal
import typing as t
from xml.etree.ElementTree import Element

from .._archive.drift import Drift
from .._compare.compare import Comparison
from .._compare.totals import EXACT, plain
from .markup import element, figures, name_of, names_of, table
from .notation import amount, number

SHOWN = 10  # groups in a chart
LONG = 24  # characters; a longer number may be broken into lines
ROUGH = decimal.Context(prec=6, Emax=decimal.MAX_EMAX, Emin=decimal.MIN_EMIN)  # enough for the length of a bar

Sums = t.Mapping[str, str]  # before, after, difference


class Changes(t.NamedTuple):
    """The changes against ``since``, the name of a version in messages. ``remarks`` describe unreadable fields and records."""

    since: str
    drift: Drift
    comparison: Comparison | None = None
    remarks: tuple[str, ...] = ()


class _Group(t.NamedTuple):
    """A group by its name on the page, with its sums of a column and their difference."""

    name: str
    sums: Sums
    difference: decimal.Decimal

    @classmethod
    def of(cls, entry: t.Mapping[str, t.Any], column: str) -> _Group:
        sums = entry['sums'][column]
        return cls(' · '.join(value or '(empty)' for value in entry['group'].values()), sums, decimal.Decimal(sums['difference']))


def changes(known: Changes) -> list[Element]:
    """Return the content of the section, empty if nothing is known."""
    found = known.comparison
    return list(_compared(known, found) if found else _columns(known.drift, f'Compared with {known.since}.', f'The columns are those of {known.since}.'))


def _compared(known: Changes, found: Comparison) -> t.Iterator[Element]:
    question, before, after = found.layout.question, *found.records
    yield element('p', f'Compared with {known.since}: {number(before)} records before, {number(after)} after. ', *_matched(question.key))
    yield figures([
        ('Added', number(found.added), ''), ('Removed', number(found.removed), ''),
        *([('Changed', number(found.changed), '')] if question.key else []), ('Unchanged', number(found.unchanged), ''),
    ])
    yield from _columns(Drift(found.layout.added, found.layout.removed), '', 'The columns are the same.')
    if found.duplicates:
        yield element('p', f'Records that {"have the key of" if question.key else "equal"} an earlier record of the same file: {number(found.duplicates)}.')
    yield from (element('p', remark) for remark in known.remarks)
    if question.sums:
        yield table([('Sum of', ''), ('Before', 'count'), ('After', 'count'), ('Difference', 'count')], [
            (name_of(column), *_written(sums, question.mark)) for column, sums in found.totals.overall.items()
        ])
    if question.group_by:
        yield from (_largest(found, column) for column in question.sums)


def _matched(key: t.Sequence[str]) -> list[Element | str]:
    if key:
        return ['Records are matched by ', *names_of(key), '.']
    return ['Records are compared whole, so one that differs counts as removed and added.']


def _largest(found: Comparison, column: str) -> Element:
    """Return the groups in which a sum differs most: bars, exact numbers, and a sentence about the other groups."""
    question = found.layout.question
    title = element('figcaption', 'Difference of ', name_of(column), ' by ', *names_of(question.group_by))
    differing = [group for group in (_Group.of(entry, column) for entry in found.totals.totals) if group.difference]
    largest = sorted(differing, key=lambda group: group.difference.copy_abs(), reverse=True)[:SHOWN]
    differences = [group.difference for group in largest]
    rows = []
    for group, drawing in zip(largest, _bars(differences)):
        before, after, difference = _written(group.sums, question.mark)
        rows.append((element('div', group.name, element('div', before, ' → ', after, class_='soft')), drawing, difference))
    drawn = [table([('Group', ''), ('', 'bars'), ('Difference', 'count')], rows)] if rows else []
    return element('figure', title, *drawn, element('p', _rest(found, column, differences), class_='soft'))


def _rest(found: Comparison, column: str, drawn: t.Sequence[decimal.Decimal]) -> str:
    """Return a sentence about the groups outside the chart, so that all differences add up to the total."""
    totals, mark = found.totals, found.layout.question.mark
    others = totals.groups - len(drawn)
    left = decimal.Decimal(totals.overall[column]['difference'])
    for difference in drawn:
        left = EXACT.subtract(left, difference)
    if not others:
        return 'There are no other groups.'
    if len(drawn) < SHOWN and totals.groups == len(totals.totals):
        return f'Groups without a difference: {number(others)}.'
    chosen = f' The chart shows the largest of those {number(len(totals.totals))} groups that differ most in any sum.'
    is_partial = totals.groups > len(totals.totals) and len(found.layout.question.sums) > 1
    return f'Other groups: {number(others)}, with a difference of {amount(plain(left), mark, sign=True)} together.' + chosen * is_partial


def _written(sums: Sums, mark: str) -> list[Element | str]:
    """Return the numbers before and after, and their difference."""
    texts = [amount(sums[side], mark, sign=side == 'difference') for side in ('before', 'after', 'difference')]
    return [text if len(text) <= LONG else element('span', text, class_='long') for text in texts]


def _bars(differences: t.Sequence[decimal.Decimal]) -> t.Iterator[Element]:
    """Yield bars on one scale, the largest difference first: from zero to the right for more, to the left for less."""
    shares = [float(ROUGH.divide(difference, differences[0].copy_abs())) for difference in differences]
    lowest, highest = min([0, *shares]), max([0, *shares])
    for share in shares:
        zero, start, end = ((value - lowest) / (highest - lowest) * 100 for value in (0, min(share, 0), max(share, 0)))
        rect = {'x': f'{start:.2f}%', 'y': '15%', 'width': f'{end - start:.2f}%', 'height': '70%'}
        line = element('line', class_='zero', x1=f'{zero:.2f}%', x2=f'{zero:.2f}%', y1=0, y2='100%')
        yield element('svg', element('rect', class_='more' if share > 0 else 'less', **rect), line, class_='difference', aria_hidden='true')


def _columns(drift: Drift, if_other: str, if_same: str) -> t.Iterator[Element]:
    if drift.added is None or drift.removed is None:
        return
    parts = [
        part for verb, names in (('Columns added: ', drift.added), ('Columns gone: ', drift.removed)) if names
        for part in (element('strong', verb), *names_of(names), '. ')
    ]
    yield element('p', *parts, if_other if parts else if_same)
