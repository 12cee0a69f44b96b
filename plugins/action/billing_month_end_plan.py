# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plan a month end on the controller; the module of the same name documents it."""

from __future__ import annotations

import os
import typing as t
from pathlib import Path

from ..module_utils._errors import BillingError, InvalidInput
from ..module_utils._files import path
from ..module_utils._month_end import variables
from ..module_utils._month_end.book import blank, overview
from ..module_utils._month_end.plan import PREVIOUS, goes_with_its_container, month, partners, published
from ..module_utils._time import Time
from ..plugin_utils._action import BillingAction

COLLECTION = str(Path(__file__).parents[2])

ENTRY_POINTS = {  # what each one needs
    'main': ('period', 'archive'),
    'submit': ('period',),
    'collect': ('period', 'archive', 'summary'),
    'hand_on': ('period', 'archive', 'summary'),
    'preflight': ('archive if given',),
}
SETTINGS = (
    'archive', 'on_failed', 'force_new', 'wait_timeout', 'poll_interval', 'max_poll_interval', 'heartbeat_interval', 'evidence', 'delete_after',
    'preflight_needs', 'preflight_days', 'compare', 'key', 'group_by', 'sum', 'decimal',
)


class ActionModule(BillingAction):
    """Sends no request, so it has no connection options."""

    _task_vars: dict[str, t.Any] = {}

    spec = {
        'entry_point': {'type': 'str', 'choices': list(ENTRY_POINTS)},
        'period': {'type': 'str'},
        'time_zone': {'type': 'str'},
        'partners': {'type': 'list', 'elements': 'str'},
        'archive': {'type': 'path'},
    }
    rules = {
        'required_one_of': [('entry_point', 'period')],
        'mutually_exclusive': [('entry_point', name) for name in ('period', 'time_zone', 'partners', 'archive')],
    }

    def run(self, tmp: None = None, task_vars: dict | None = None) -> dict[str, t.Any]:
        """Return the result. The role's variables and those of AWX are among the variables of the task."""
        self._task_vars = task_vars or {}
        return super().run(task_vars=task_vars)

    def perform(self, params: dict[str, t.Any]) -> dict[str, t.Any]:
        if not params['entry_point']:
            given = {**params, 'partners': [{'partner': label} for label in params['partners'] or ['default']]}
            return self._plan(variables.settled(given, prefix=''), ('period', *(['archive'] if params['archive'] is not None else [])))
        try:
            raw = {name: self._variable(f'{variables.PREFIX}{name}') for name in variables.VARIABLES}
            return self._plan(variables.settled(raw), ENTRY_POINTS[params['entry_point']], variables.PREFIX)
        except BillingError as error:
            error.cause = variables.in_words_of_the_role(error.cause)
            raise

    def _plan(self, settings: dict[str, t.Any], needs: t.Collection[str], prefix: str = '') -> dict[str, t.Any]:
        several = bool(settings['partners'])
        labels = partners(settings['partners'] or [settings['partner']], f'{prefix}partners', settings['keys'])
        earlier = published(self._variable('billing_month_end') if prefix else None, labels, settings['keys'])
        billing_period = self._month(settings, earlier.billing_period, needs, f'{prefix}period') if 'period' in needs else None
        wants_archive = 'archive' in needs or ('archive if given' in needs and settings['archive'])
        archive = self._archive(settings['archive'], f'{prefix}archive') if wants_archive else None
        deliver_tasks = variables.delivery(settings['deliver_tasks'], str(self._task_vars.get('playbook_dir')), COLLECTION)
        if prefix:
            self._warn_of_unknown(deliver_tasks)
            self._warn_of_hidden(settings)
        goes_on = 'summary' in needs or settings['retry']  # with what an earlier job of the workflow requested
        reports = earlier.report_ids if goes_on and earlier.billing_period == billing_period else []
        self.say(f'{f"Month end of {billing_period}" if billing_period else "Preflight"} for {", ".join(dict.fromkeys(labels))}')
        return {
            'billing_period': billing_period,
            'check_mode': self._task.check_mode,
            'settings': {
                **{name: settings[name] for name in SETTINGS}, 'archive': archive, 'deliver_tasks': deliver_tasks,
                'notify_room': settings['notify_room'],
                'has_entries': several if prefix or len(labels) > 1 else None,  # None: a label alone, which may have an entry
            },
            **overview([
                blank(label, billing_period, report, key) for label, report, key in zip(labels, [*reports, *[None] * len(labels)], settings['keys'])
            ], archive),
        }

    def _month(self, settings: dict[str, t.Any], earlier: str | None, needs: t.Collection[str], name: str) -> str:
        """Return the month. A workflow resolves ``previous`` once, because it may mean another month when a later job runs."""
        period = settings['period']
        if period == PREVIOUS and earlier:
            period = earlier
        elif period == PREVIOUS and 'summary' in needs and self._is_given('awx_workflow_job_id'):
            raise InvalidInput(
                f'{name} is {PREVIOUS}, and the summary billing_month_end of the job that settled the month is missing in this workflow',
                remedy='launch this job again with the month itself, for example 2026-10',
            )
        return month(period, settings['time_zone'], Time().now(), name)

    def _archive(self, archive: str | None, name: str) -> str:
        """Return the archive, as given. Warn in time of an archive inside the container of the job, which AWX would lose (ansible/awx#11262)."""
        if archive is None:
            raise InvalidInput(f'{name} is missing', remedy='give the directory of the archive as an absolute path')
        place = path(name, os.path.expanduser(archive))
        if self._is_given('awx_job_id') and self._connection.transport == 'local' and goes_with_its_container(place):
            self.warn(f'The archive {archive} lies in the execution environment and goes with it: mount a volume there, or deliver in the same job.')
        return archive

    def _warn_of_unknown(self, deliver_tasks: str) -> None:
        """Warn of unknown variables; a delivery may have variables of its own."""
        used = Path(deliver_tasks).read_text(encoding='utf-8', errors='replace') if deliver_tasks else ''
        for name, nearest in variables.unknown(self._task_vars, used).items():
            self.warn(f'The role month_end has no variable {name}, so its value has no effect; did you mean {nearest}?')

    def _warn_of_hidden(self, settings: dict[str, t.Any]) -> None:
        """Warn of groups and sums that nobody will see: only the evidence page has them, since they may be data of customers."""
        given = [f'{variables.PREFIX}{name}' for name in ('group_by', 'sum') if settings[name]]
        if given and not (settings['compare'] and settings['evidence']):
            self.warn(f'{" and ".join(given)}: set month_end_compare and month_end_evidence too, since only the evidence page shows groups and sums.')

    def _variable(self, name: str) -> t.Any:
        """Return a variable of the task. As the template of an option, native Jinja would turn the label 12.10 into the number 12.1."""
        return self._templar.copy_with_new_env().template(self._task_vars.get(name))

    def _is_given(self, name: str) -> bool:
        return bool(self._task_vars.get(name))
