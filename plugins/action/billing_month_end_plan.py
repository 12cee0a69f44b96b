# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Settle month and partners of a month end on the controller; the module of the same name documents it."""

from __future__ import annotations

import typing as t

from ..module_utils._month_end import month, summaries
from ..module_utils._time import Time
from ..plugin_utils._action import BillingAction


class ActionModule(BillingAction):
    """Makes no call, and so has no connection options."""

    spec = {
        'period': {'type': 'str', 'required': True},
        'time_zone': {'type': 'str', 'default': 'UTC'},
        'partners': {'type': 'list', 'elements': 'str', 'default': ['default']},
    }

    def perform(self, params: dict[str, t.Any]) -> dict[str, t.Any]:
        billing_period = month(params['period'], params['time_zone'], Time().now())
        partners = summaries(params['partners'], billing_period)
        self.say(f'Month end of {billing_period} for {", ".join(partners)}')
        return {'billing_period': billing_period, 'partners': partners, 'check_mode': self._task.check_mode}
