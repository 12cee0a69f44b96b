# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Settle month and partners of a month end on the controller; the module of the same name documents it."""

from __future__ import annotations

import typing as t

from ..module_utils._files import path
from ..module_utils._month_end import goes_with_its_container, month, summaries
from ..module_utils._time import Time
from ..plugin_utils._action import BillingAction


class ActionModule(BillingAction):
    """Makes no call, and so has no connection options."""

    _is_in_awx = False

    spec = {
        'period': {'type': 'str', 'required': True},
        'time_zone': {'type': 'str', 'default': 'UTC'},
        'partners': {'type': 'list', 'elements': 'str', 'default': ['default']},
        'archive': {'type': 'path'},
    }

    def run(self, tmp: None = None, task_vars: dict | None = None) -> dict[str, t.Any]:
        """The result; AWX tells a job what it is by variables."""
        self._is_in_awx = 'awx_job_id' in (task_vars or {})
        return super().run(task_vars=task_vars)

    def perform(self, params: dict[str, t.Any]) -> dict[str, t.Any]:
        billing_period = month(params['period'], params['time_zone'], Time().now())
        partners = summaries(params['partners'], billing_period)
        if params['archive'] is not None:
            self._look_at(path('archive', params['archive']))
        self.say(f'Month end of {billing_period} for {", ".join(partners)}')
        return {'billing_period': billing_period, 'partners': partners, 'check_mode': self._task.check_mode}

    def _look_at(self, archive: str) -> None:
        """Warn while there is time, where AWX would lose the archive with the pod of the job (ansible/awx#11262)."""
        if self._is_in_awx and self._connection.transport == 'local' and goes_with_its_container(archive):
            self.warn(f'The archive {archive} lies in the execution environment and goes with it: mount a volume there, or deliver in the same job.')
