# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Compare two files as a task: open them, write the changes once, and return the result of the task."""

from __future__ import annotations

import typing as t
from contextlib import ExitStack, nullcontext

from .. import _files
from .._api.fields import shortened
from .._errors import doing
from .._file.reader import Reader
from . import sheet
from .compare import Comparison, compare, compare_with_itself
from .question import Layout, Question
from .sides import Side
from .totals import GROUPS

Warn = t.Callable[[str], t.Any]


def run(sides: tuple[Side, Side], question: Question, dest: str | None, *, folder: str, dry: bool, warn: Warn) -> dict[str, t.Any]:
    """Compare the older side with the newer one, write the changes to ``dest`` unless a file is there, and return the result.

    Intermediate data lies in unnamed files in ``folder``. ``dry`` compares, and writes no ``dest``.
    """
    before, after = sides
    with doing(f'Comparing {after.name} with {before.name}'), _files.errors_of_files(), ExitStack() as stack:
        (old, old_digest), (new, new_digest) = (stack.enter_context(side.opened()) for side in sides)
        changed = dest is not None and not sheet.stands(dest)
        readers = Reader(before.name, old), Reader(after.name, new)
        layout = Layout(question, *(reader.columns for reader in readers), (before.name, after.name))
        with sheet.written(dest, layout) if changed and not dry else nullcontext(sheet.Sheet(layout)) as rows:
            if old_digest == new_digest:
                found = compare_with_itself(readers[1], layout, folder)
            else:
                found = compare(*readers, layout, folder, rows.tell if dest else _nothing)
        if dest and not changed and not _holds(dest, rows.digest):
            warn(f'{dest} is left as it is, and holds other changes than were found now.')
    for text in _warnings(found, sides):
        warn(text)
    return {
        'changed': changed,
        'msg': f'{_named(sides)}: {sentence(found)}',
        'before': before.to_result(old_digest),
        'after': after.to_result(new_digest),
        **to_result(found),
        'changes_path': dest,
        'diff': {'before': {'changes_path': dest} if dest and not changed else {}, 'after': {'changes_path': dest} if dest else {}},
    }


def to_result(found: Comparison) -> dict[str, t.Any]:
    return {
        'records': dict(zip(('before', 'after'), found.records)),
        'added': found.added,
        'removed': found.removed,
        'changed_records': found.changed,
        'unchanged': found.unchanged,
        'duplicates': found.duplicates,
        'columns_added': found.layout.added,
        'columns_removed': found.layout.removed,
        'totals': found.totals.totals,
        'groups': found.totals.groups,
        'unreadable': found.unreadable,
    }


def sentence(found: Comparison) -> str:
    return f'{found.added} added, {found.removed} removed, {found.changed} changed, {found.unchanged} unchanged'


def _warnings(found: Comparison, sides: tuple[Side, Side]) -> t.Iterator[str]:
    for column, number in found.unreadable.items():
        if number:
            yield (
                f'{shortened(column)}: {number} fields are not numbers, and are missing from the sums.'
                f' A number has ASCII digits, a sign and the decimal {found.layout.question.mark!r}.'
            )
    for side, number in zip(sides, found.uneven):
        if number:
            yield f'{side.name}: {number} records do not have one field for each column. Missing fields count as empty, further fields are left out.'
    if found.totals.groups > GROUPS:
        yield f'The totals list the {GROUPS} groups with the largest differences, of {found.totals.groups} groups.'


def _named(sides: tuple[Side, Side]) -> str:
    before, after = sides
    if not (before.month and after.month):
        return f'{after.name} against {before.name}'
    other = before.name if before.month != after.month else before.name.partition(' of ')[0]
    return f'{after.month.name}: {after.name.partition(" of ")[0]} against {other}'


def _holds(path: str, digest: str) -> bool:
    with _files.opened_own(path) as descriptor:
        return _files.digest(descriptor)[1] == digest


def _nothing(_change: str, _text: bytes) -> None:
    """Tell nobody."""
