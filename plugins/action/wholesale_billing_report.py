# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ensure a report is present or absent; the same-named module has the documentation and runs on other hosts."""

from __future__ import annotations

from ..modules.wholesale_billing_report import OPERATION
from ..plugin_utils._operation_action import OperationAction


class ActionModule(OperationAction):
    """The operation does all the work."""

    operation = OPERATION
