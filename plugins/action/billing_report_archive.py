# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Archive reports; the same-named module has the documentation and runs on other hosts."""

from __future__ import annotations

import typing as t

from ..modules.billing_report_archive import OPERATION
from ..plugin_utils._living import signs_of_life
from ..plugin_utils._operation_action import OperationAction


class ActionModule(OperationAction):
    """Prints progress messages, because a download may take long."""

    operation = OPERATION

    def run(self, tmp: None = None, task_vars: dict | None = None) -> dict[str, t.Any]:
        """Return the result."""
        with signs_of_life('filing a billing report'):
            return super().run(task_vars=task_vars)
