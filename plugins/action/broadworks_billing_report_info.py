# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run the module of the same name and hide its result where it carries a signed URL, which a module cannot do itself."""

from __future__ import annotations

import typing as t

from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.action import ActionBase

from ..module_utils._output import RESULT_IS_HIDDEN
from ..plugin_utils._action import core_hides_results, hidden


class ActionModule(ActionBase):
    """With ``async`` the result comes by another way, unhidden: the module then leaves the URL out."""

    _supports_async = True

    def run(self, tmp: None = None, task_vars: dict | None = None) -> dict[str, t.Any]:
        """The module's result."""
        result = super().run(task_vars=task_vars)
        is_hidden = core_hides_results() and not self._task.async_val
        result.update(self._execute_module(
            module_args={**self._task.args, RESULT_IS_HIDDEN: is_hidden},
            task_vars=task_vars,
            wrap_async=self._task.async_val,
        ))
        return hidden(result, boolean(self._task.args.get('show_download_url', False), strict=False))
