# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run a module that downloads, with progress messages."""

from __future__ import annotations

import typing as t

from ansible.plugins.action import ActionBase

from ._living import signs_of_life


class DownloadAction(ActionBase):
    """The module does all the work, including owner and mode of the file. Its options and its result stay unchanged."""

    _supports_async = True

    def run(self, tmp: None = None, task_vars: dict | None = None) -> dict[str, t.Any]:
        """Return the module's result."""
        result = super().run(task_vars=task_vars)
        with signs_of_life('downloading the file of a billing report'):
            result.update(self._execute_module(task_vars=task_vars, wrap_async=self._task.async_val))
        return result
