# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Have a report of a month, or none; the module of the same name documents it, and does it on other hosts."""

from __future__ import annotations

from ..modules.wholesale_billing_report import OPERATION
from ..plugin_utils._operation_action import OperationAction


class ActionModule(OperationAction):
    """All is in the operation."""

    operation = OPERATION
