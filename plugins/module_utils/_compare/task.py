# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Compare two files as a task: open them, write the changes once, and return the result of the task."""

from __future__ import annotations

import typing as t
from contextlib import ExitStack, contextmanager, nullcontext

from .. import _files
from .._api.fields import shortened
from .._errors import doing
from .._file.reader import Reader
from . import sheet
from .compare import Comparison, Tell, compare, compare_with_itself
from .question import Layout, Question
from .sides import Side
from .totals import GROUPS

Warn = t.Callable[[str], t.Any]


def run(sides: tuple[Side, Side], question: Question, dest: str | None, *, folder: str, dry: bool, warn: Warn) -> dict[str, t.Any]:
    """Compare the older side with the newer one, write the changes to ``dest`` unless a file is there, and return the result.

    Intermediate data lies in unnamed files in ``folder``. ``dry`` compares, and writes no ``dest``.
    """
    before, after = sides
    with _opened(sides, question) as files:
        changed = dest is not None and not sheet.stands(dest)
        with sheet.written(dest, files.layout) if changed and not dry else nullcontext(sheet.Sheet(files.layout)) as rows:
            found = files.compared(folder, rows.tell if dest else _nothing)
        if dest and not changed and not _holds(dest, rows.digest):
            warn(f'{dest} is left as it is, and holds other changes than were found now.')
    for text in remarks(found, sides):
        warn(text)
    if found.totals.groups > GROUPS:
        warn(f'The totals list the {GROUPS} groups with the largest differences, of {found.totals.groups} groups.')
    return {
        'changed': changed,
        'msg': f'{_named(sides)}: {sentence(found)}',
        'before': before.to_result(files.digests[0]),
        'after': after.to_result(files.digests[1]),
        **to_result(found),
        'changes_path': dest,
        'diff': {'before': {'changes_path': dest} if dest and not changed else {}, 'after': {'changes_path': dest} if dest else {}},
    }


def counted(sides: tuple[Side, Side], question: Question, folder: str) -> Comparison:
    """Compare the older side with the newer one, for the counts and sums alone."""
    with _opened(sides, question) as files:
        return files.compared(folder, _nothing)


class _Files(t.NamedTuple):
    """The two files, open, the older one first, with their digests."""

    readers: tuple[Reader, Reader]
    digests: tuple[str, str]
    layout: Layout

    def compared(self, folder: str, tell: Tell) -> Comparison:
        if self.digests[0] == self.digests[1]:
            return compare_with_itself(self.readers[1], self.layout, folder)
        return compare(*self.readers, self.layout, folder, tell)


@contextmanager
def _opened(sides: tuple[Side, Side], question: Question) -> t.Iterator[_Files]:
    before, after = sides
    with doing(f'Comparing {after.name} with {before.name}'), _files.errors_of_files(), ExitStack() as stack:
        (old, old_digest), (new, new_digest) = (stack.enter_context(side.opened()) for side in sides)
        readers = Reader(before.name, old), Reader(after.name, new)
        layout = Layout(question, *(reader.columns for reader in readers), (before.name, after.name))
        yield _Files(readers, (old_digest, new_digest), layout)


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


def remarks(found: Comparison, sides: tuple[Side, Side]) -> t.Iterator[str]:
    """Yield a sentence for each kind of field or record that could not be read as it is."""
    for column, number in found.unreadable.items():
        if number:
            yield (
                f'{shortened(column)}: {number} fields are not numbers, and are missing from the sums.'
                f' A number has ASCII digits, a sign and the decimal {found.layout.question.mark!r}.'
            )
    for side, number in zip(sides, found.uneven):
        if number:
            yield f'{side.name}: {number} records do not have one field for each column. Missing fields count as empty, further fields are left out.'


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
    """Ignore a change."""
