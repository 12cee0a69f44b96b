# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The edge of an action beside a module. If the host of the task is this machine, no module is sent and no process started."""

from __future__ import annotations

import sys
import typing as t

from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.action import ActionBase

from ..module_utils._api.client import BillingClient
from ..module_utils._api.options import Connection, connection_spec, without_unset
from ..module_utils._api.product import Product
from ..module_utils._edge.operation import Operation
from ..module_utils._edge.output import RESULT_IS_HIDDEN
from ..module_utils._time import Time
from ._action import BillingAction, core_hides_results, hidden, with_module_defaults


class OperationAction(BillingAction):
    """Runs ``operation`` here, or its module if that differs: on another host, as another user, with another Python, or with ``async``.

    It hides a result that contains a signed URL, which a module cannot do itself. With ``async``, the result would not be hidden, so it has no URL.
    """

    _supports_async = True
    operation: Operation
    params: dict[str, t.Any] = {}
    given: dict[str, t.Any] = {}
    check_mode = False
    result_is_hidden = False

    def run(self, tmp: None = None, task_vars: dict | None = None) -> dict[str, t.Any]:
        """Return the result of the operation or of its module."""
        self._task.args = with_module_defaults(self._task, self._templar, connects=True)
        self.check_mode = self._task.check_mode
        self.result_is_hidden = core_hides_results() and not self._task.async_val
        run = super().run if self._is_here(task_vars or {}) else self._module
        return hidden(run(task_vars=task_vars), boolean(self._task.args.get('show_download_url') or False, strict=False))

    def perform(self, params: dict[str, t.Any]) -> dict[str, t.Any]:
        self.params, self.given = params, without_unset(self._task.args)
        return self.operation.perform(self)

    def client(self, product: Product) -> BillingClient:
        """Return a client for the reports of a product. Raises InvalidInput for invalid connection options."""
        return BillingClient(Connection.from_params(self.params), self.secrets, Time(), say=self.say, warn=self.warn_masked, product=product)

    def warn_masked(self, text: str) -> None:
        """Warn as a module does: the warning is printed with the result."""
        self._warnings.append(self.secrets.mask(text))

    @property
    def spec(self) -> dict[str, dict[str, t.Any]]:
        return {**self.operation.options, **connection_spec()}

    @property
    def rules(self) -> dict[str, list]:
        return self.operation.rules

    def _is_here(self, task_vars: dict[str, t.Any]) -> bool:
        if self._task.async_val or self._task.delegate_to or self._connection.transport != 'local' or self._connection.become:
            return False
        return self._templar.template(task_vars.get('ansible_python_interpreter')) == sys.executable

    def _module(self, task_vars: dict[str, t.Any]) -> dict[str, t.Any]:
        result = ActionBase.run(self, task_vars=task_vars)
        result.update(self._execute_module(
            module_args={**self._task.args, RESULT_IS_HIDDEN: self.result_is_hidden},
            task_vars=task_vars,
            wrap_async=self._task.async_val,
        ))
        return result
