# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Record that the delivery of a partner failed; the module of the same name documents it."""

from __future__ import annotations

import typing as t

from ..module_utils._month_end.book import Scene, failed, overview
from ..module_utils._time import Time, iso
from ..plugin_utils._action import BillingAction


class ActionModule(BillingAction):
    """Sends no request, so it has no connection options."""

    _is_in_awx = False

    spec = {
        'plan': {'type': 'dict', 'required': True},
        'position': {'type': 'int', 'required': True},
        'result': {'type': 'dict', 'required': True},
        'is_hidden': {'type': 'bool', 'default': False},
    }

    def run(self, tmp: None = None, task_vars: dict | None = None) -> dict[str, t.Any]:
        """Return the result. AWX describes a job by variables."""
        self._is_in_awx = bool((task_vars or {}).get('awx_job_id'))
        return super().run(task_vars=task_vars)

    def perform(self, params: dict[str, t.Any]) -> dict[str, t.Any]:
        plan, position = params['plan'], params['position']
        scene = Scene(iso(Time().now()), plan['check_mode'], self._is_in_awx, params['is_hidden'], plan['settings']['evidence'])
        records = list(plan['partners'])
        records[position] = {**records[position], **failed(records[position], params['result'], scene)}
        unchanged = {key: plan[key] for key in ('billing_period', 'check_mode', 'settings')}
        return {**unchanged, **overview(records, plan['settings']['archive'])}
