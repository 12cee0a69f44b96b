# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Two files of a test, compared as the module does it."""

from __future__ import annotations

import csv
import typing as t
from pathlib import Path

from ansible_collections.webex_partner.billing.plugins.module_utils._compare import task
from ansible_collections.webex_partner.billing.plugins.module_utils._compare.question import Question
from ansible_collections.webex_partner.billing.plugins.module_utils._compare.sides import of_files


class Comparing:
    """Writes two files to a folder and compares them. ``warnings`` are those of the last comparison."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._room = folder / 'room'
        self._room.mkdir()
        self.dest = folder / 'changes.csv'
        self.warnings: list[str] = []

    def __call__(self, before: str | bytes, after: str | bytes, *, dest: bool = False, dry: bool = False, **question: t.Any) -> dict[str, t.Any]:
        paths = [self._folder / 'before.csv', self._folder / 'after.csv']
        for path, content in zip(paths, (before, after)):
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        self.warnings = []
        asked = Question.from_params({'decimal': '.', **question})
        try:
            return task.run(
                of_files(*map(str, paths)), asked, str(self.dest) if dest else None, folder=str(self._room), dry=dry, warn=self.warnings.append,
            )
        finally:
            if list(self._room.iterdir()):
                raise AssertionError('something is left of the comparison')

    def changes(self) -> list[list[str]]:
        """The rows of the file with the changes."""
        with open(self.dest, encoding='utf-8', newline='') as file:
            return list(csv.reader(file))


def counts(result: dict[str, t.Any]) -> tuple[int, int, int, int]:
    """How many records were added, removed and changed, and how many were not."""
    return tuple(result[name] for name in ('added', 'removed', 'changed_records', 'unchanged'))
