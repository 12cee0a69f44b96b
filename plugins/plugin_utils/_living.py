# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run the module of the same name, and give signs of life meanwhile, which a module cannot: AWX takes a silent job for dead."""

from __future__ import annotations

import threading
import typing as t
from contextlib import contextmanager

from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

BEAT = 60  # seconds between two signs of life

display = Display()


class LivingAction(ActionBase):
    """The module does all the work; nothing of what it is told or returns is touched. A subclass says ``what`` goes on."""

    _supports_async = True
    what: str

    def run(self, tmp: None = None, task_vars: dict | None = None) -> dict[str, t.Any]:
        """The module's result."""
        result = super().run(task_vars=task_vars)
        with signs_of_life(self.what):
            result.update(self._execute_module(task_vars=task_vars, wrap_async=self._task.async_val))
        return result


@contextmanager
def signs_of_life(what: str) -> t.Iterator[None]:
    """Say every BEAT seconds of the block that it goes on. The thread that says it ends with the block, or with the process."""
    over = threading.Event()

    def beat() -> None:
        seconds = 0
        while not over.wait(BEAT):
            seconds += BEAT
            display.display(f'{what}: {seconds} s so far')

    threading.Thread(target=beat, daemon=True).start()
    try:
        yield
    finally:
        over.set()
