# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filing as the module does it, in an archive of a test, and what then stands there."""

from __future__ import annotations

import json
import os
import typing as t
from pathlib import Path

from ansible_collections.webex_partner.billing.plugins.module_utils._api.product import Product
from ansible_collections.webex_partner.billing.plugins.module_utils._api.products import DEFAULT
from ansible_collections.webex_partner.billing.plugins.module_utils._archive.archive import Archive, Outcome
from ansible_collections.webex_partner.billing.plugins.module_utils._archive.manifests import AWX, TIMES, Entries
from ansible_collections.webex_partner.billing.plugins.module_utils._time import Time
from ansible_collections.webex_partner.billing.tests.unit.reporting import of

PERIOD = '2026-10'
NAME = f'billing-report-default-{PERIOD}.csv'


def entries(**changes: t.Any) -> Entries:
    """What a task would give, with changes; those of the report are named ``report_...``."""
    report = {'id': 'abc', 'billing_period': PERIOD, 'created': None, 'created_by': None}
    report.update({name[len('report_'):]: changes.pop(name) for name in list(changes) if name.startswith('report_')})
    usual = {'product': 'broadworks', 'partner': 'default', 'api_url': None, 'awx': None, 'records': None, 'columns': None, **dict.fromkeys(TIMES)}
    return Entries.from_params({**usual, 'report': report, **changes})


def awx(**values: str) -> dict[str, str | None]:
    return {**dict.fromkeys(AWX), **values}


class Filing:
    """An archive below a folder, and a source to file in it."""

    def __init__(self, folder: Path, time: t.Any = None, product: Product = DEFAULT) -> None:
        self.root = folder / 'archive'
        shelf = of(PERIOD, product).shelf
        self.place = '/'.join(filter(None, ('default', shelf, PERIOD)))
        self.month = self.root / self.place
        self.name = '-'.join(filter(None, ('billing-report-default', shelf, PERIOD))) + '.csv'
        self.src = folder / 'source.csv'
        self._time = time or Time()

    def archive(self, lock_timeout: float | None = 30, allow_older: bool = False, **changes: t.Any) -> Archive:
        return Archive(str(self.root), entries(**changes), self._time, lock_timeout, allow_older)

    def file(self, content: bytes | None = None, *, sha256: str | None = None, dry: bool = False, **changes: t.Any) -> Outcome:
        """File ``content``, or what ``src`` holds by now."""
        if content is not None:
            self.src.write_bytes(content)
        return self.archive(**changes).file(str(self.src), sha256=sha256, dry=dry)

    def manifest(self, version: int) -> dict[str, t.Any]:
        return json.loads((self.month / f'v{version:03}' / 'manifest.json').read_text(encoding='utf-8'))

    def complete(self) -> list[str]:
        """The names of the versions that count."""
        return sorted(path.parent.name for path in self.month.glob('v*/manifest.json'))

    def tree(self) -> dict[str, tuple]:
        """Everything below the archive: where, of what kind and mode, and what it holds."""
        found = sorted(self.root.rglob('*')) if self.root.exists() else []
        return {
            str(path.relative_to(self.root)): (path.lstat().st_mode, path.lstat().st_mtime_ns, path.read_bytes() if path.is_file() else None)
            for path in found
        }


def in_a_child(work: t.Callable[[], t.Any]) -> int:
    """Start ``work`` in a process of its own that ends with it; return its id."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        work()
        code = 0
    finally:
        os._exit(code)
