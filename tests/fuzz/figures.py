# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a run of the properties cost: examples of each, and CPU seconds of it all."""

from __future__ import annotations

import functools
import json
import time
import typing as t
from collections import Counter
from pathlib import Path


class Figures:
    """Counts the examples of the properties it was given, whether they hold or not."""

    def __init__(self) -> None:
        self._start = time.process_time()
        self._examples: Counter[str] = Counter()

    def count(self, test: t.Any) -> None:
        """Count each call that hypothesis makes of a property; one that is parametrized is one property."""
        name = test.__name__.removeprefix('test_')
        if name in self._examples:
            return
        self._examples[name] = 0
        judge = test.hypothesis.inner_test

        @functools.wraps(judge)
        def counted(*args: t.Any, **kwargs: t.Any) -> t.Any:
            self._examples[name] += 1
            return judge(*args, **kwargs)

        test.hypothesis.inner_test = counted

    def _to_json(self) -> dict[str, t.Any]:
        return {
            'examples': dict(self._examples),
            'examples_in_all': sum(self._examples.values()),
            'cpu_seconds': round(time.process_time() - self._start, 1),
        }

    def __str__(self) -> str:
        told = self._to_json()
        lines = [f'{examples:8}  {name}' for name, examples in told['examples'].items()]
        return '\n'.join([*lines, f'{told["examples_in_all"]:8}  in {told["cpu_seconds"]} CPU seconds'])

    def write(self, path: str) -> None:
        Path(path).write_text(json.dumps(self._to_json(), indent=2) + '\n', encoding='utf-8')
