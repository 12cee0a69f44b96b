# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The output of make demo: the steps, the messages of the role, and every failure."""

from __future__ import annotations

import textwrap

from ansible import constants as C
from ansible.plugins.callback import CallbackBase

WIDTH = 110
STEP = 'step'  # the tag of the tasks that are shown


class CallbackModule(CallbackBase):
    """A stdout callback. What a task prints while it runs, such as progress, comes from the task itself."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = 'stdout'
    CALLBACK_NAME = 'story'

    def __init__(self) -> None:
        super().__init__()
        self._steps = 0
        self._shown: list[str] = []
        self._failure = ''  # not shown yet, since the next message may hold the same

    def v2_playbook_on_task_start(self, task, is_conditional) -> None:
        if STEP in task.tags:
            self._show_failure()
            self._steps += 1
            self._display.display(f'\n{self._steps}. {task.get_name()}', color=C.COLOR_HIGHLIGHT)

    def v2_runner_on_ok(self, result) -> None:
        if result._task.action.endswith('debug'):
            lines = result._result['msg']
            lines = [lines] if isinstance(lines, str) else lines
            for line in lines:
                if not any(line.split() == shown.split() for shown in self._shown):  # the header of a table is shown once
                    self._show(line, C.COLOR_OK)
            self._show_failure()

    def v2_runner_on_failed(self, result, ignore_errors=False) -> None:
        self._show_failure()
        self._failure = result._result.get('msg') or self._dump_results(result._result)

    def v2_runner_on_unreachable(self, result) -> None:
        self.v2_runner_on_failed(result)

    def v2_playbook_on_stats(self, stats) -> None:
        self._show_failure()

    def _show_failure(self) -> None:
        """Show the last failure without what was shown before, be it a line or the last column of a row."""
        failure, self._failure = self._failure, ''
        for line in self._shown:
            failure = failure.replace(line.rpartition('  ')[2], '').strip()
        if failure:
            self._show(f'FAILED: {failure}', C.COLOR_ERROR)

    def _show(self, line, color) -> None:
        self._shown.append(line)
        self._display.display(textwrap.fill(line, WIDTH, initial_indent='   ', subsequent_indent='   ', break_on_hyphens=False), color=color)
