# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Take a step of a month end for every partner; the module of the same name documents it."""

from __future__ import annotations

import os
import typing as t
from contextlib import contextmanager

from ansible.errors import AnsibleError

from ..module_utils._api import keys
from ..module_utils._api.options import IDENTITY, connection_spec
from ..module_utils._api.product import Product
from ..module_utils._api.products import PRODUCTS
from ..module_utils._api.report import FAILED
from ..module_utils._archive.month import CHANGES
from ..module_utils._errors import InvalidInput
from ..module_utils._month_end.book import STEPS, Scene, about, overview
from ..module_utils._month_end.variables import PREFIX, is_blank, labels
from ..module_utils._time import Time, iso
from ..plugin_utils._action import BillingAction, with_module_defaults

COLLECTION = 'webex_partner.billing'
AWX = {'job': 'awx_job_id', 'workflow': 'awx_workflow_job_id', 'schedule': 'awx_schedule_name', 'user': 'awx_user_name'}
GONE = ('not_found', 'gone')  # no report that a second try could go on with
GOES_ON = ('not_found', 'invalid_input')  # nothing to compare with, or a column that is not there
SAID = ('request', 'fetch')  # steps that may take long, whose outcome is printed for each partner at once
PACE = ('wait_timeout', 'poll_interval', 'max_poll_interval', 'heartbeat_interval')


class StepFailed(Exception):
    """A plugin that the step runs has failed; ``result`` is its result."""

    def __init__(self, result: dict[str, t.Any]) -> None:
        super().__init__()
        self.result = result


class ActionModule(BillingAction):
    """Runs the plugins of the collection, one partner after the other. They keep their defaults, environment, masking and progress messages."""

    spec = {
        'plan': {'type': 'dict', 'required': True},
        'step': {'type': 'str', 'required': True, 'choices': ['check', 'request', 'fetch', 'delete']},
    }

    def run(self, tmp: None = None, task_vars: dict | None = None) -> dict[str, t.Any]:
        """Return the result. The partners and AWX are variables of the task."""
        self._task_vars = task_vars or {}
        return super().run(task_vars=task_vars)

    def perform(self, params: dict[str, t.Any]) -> dict[str, t.Any]:
        self._plan, self._changed, self._diff = params['plan'], False, []
        records = self._records = list(self._plan['partners'])
        entries = self._entries([record['partner'] for record in records])
        for position in sorted(self._plan['remaining'], key=lambda number: -_unshown(records[number])):
            self._connection_options, self._blanks = _own(entries[position])
            self._record = records[position]
            try:
                getattr(self, f'_{params["step"]}')()
            except StepFailed as failure:
                self._note('failure', failure.result)
            records[position] = self._record
            if len(records) > 1 and params['step'] in SAID and not self._task.no_log:  # that of a single partner is shown at the end
                self.say(self._record['said'])
        unchanged = {key: self._plan[key] for key in ('billing_period', 'check_mode', 'settings')}
        diff = {'diff': self._diff} if self._task.diff else {}
        return {'changed': self._changed, **unchanged, **overview(records, self._plan['settings']['archive']), **diff}

    def _entries(self, partners: list[str]) -> list[dict[str, t.Any]]:
        """Return the entry of each partner of the plan. Raises InvalidInput if they are not those of the variable: one would be billed as another."""
        name = f'{PREFIX}partners'
        has_entries = self._plan['settings']['has_entries']
        entries = None if has_entries is False else self._variable(name)
        if not entries and not has_entries:
            return [{}]
        if labels(name, entries or []) != partners:
            raise InvalidInput(f'{name} does not have the partners of the plan, {", ".join(partners)}', remedy='plan the month end again')
        return entries

    def _check(self) -> None:
        """Look at the access of the partner. A problem fails the partner, and so does an option that is refused."""
        settings = self._plan['settings']
        options = {'needs': settings['preflight_needs'], 'valid_days': settings['preflight_days'], 'archive': settings['archive'] or ''}
        try:
            result = self._act('billing_access_info', {**options, **self._product.options})
        except StepFailed as failure:
            result = failure.result
        self._note('check', result)

    def _request(self) -> None:
        self._note('request', self._resumed() or self._ensured())

    def _resumed(self) -> dict[str, t.Any] | None:
        """Return the report that an earlier job of the workflow requested, unless it has failed or is gone: a second try goes on with that one."""
        if not self._record['report_id']:
            return None
        try:
            report = self._act(f'{self._product.noun}_info', {'id': self._record['report_id'], 'set_facts': False})['report']
        except StepFailed as failure:
            if (failure.result.get('error') or {}).get('kind') not in GONE:
                raise
            return None
        return None if report['status'] == FAILED else {'report': report, 'changed': False}

    def _ensured(self) -> dict[str, t.Any]:
        """Adopt or create the report. One that belongs to another entry of this run is not adopted, although no answer shows a difference."""
        settings, record = self._plan['settings'], self._record
        options = {'billing_period': self._plan['billing_period'], 'on_failed': settings['on_failed'], 'force_new': settings['force_new'], **record['key']}
        result = self._act(self._product.noun, options)
        taken = {one['report_id'] for one in self._records if one['product'] == record['product'] and one['key'] != record['key']}
        if result['changed'] or result['report']['id'] not in taken:
            return result
        self.warn(f'{about(record)}: the only report that fits, {result["report"]["id"]}, is that of another entry, so another one is requested')
        return self._act(self._product.noun, {**options, 'force_new': True})

    def _fetch(self) -> None:
        """Wait for the report, archive it and write its evidence page. In check mode, only look at the report."""
        record, settings = self._record, self._plan['settings']
        would_be_created = record['report_id'] is None and record['changed']
        if (self._plan['check_mode'] or record['status'] != 'COMPLETED') and not would_be_created:
            which = {'id': record['report_id']} if record['report_id'] else {'billing_period': self._plan['billing_period']}
            which.update(self._product.options, **record['key'])
            self._note('wait', self._act('billing_report_wait', {**which, **{name: settings[name] for name in PACE}, 'set_facts': False}))
        if self._plan['check_mode']:
            return
        place = {'archive': settings['archive'], 'partner': record['partner'], 'billing_period': self._plan['billing_period'], **self._product.options}
        self._note('file', self._act('billing_report_archive', {
            **place, **record['key'], 'id': self._record['report_id'],
            'requested_at': record['requested_at'] or '', 'completed_at': self._record['completed_at'],
            'awx': {name: self._variable(variable) or '' for name, variable in AWX.items()},
        }))
        place.update({name: value for name, value in record['key'].items() if name in keys.place_spec()}, version=self._record['version'])
        is_compared = settings['compare'] and self._compare(place)
        if settings['evidence']:
            self._record['result']['evidence_path'] = self._evidence(place, is_compared)['evidence_path']

    def _compare(self, place: dict[str, t.Any]) -> bool:
        """Compare the version with the one before, or else with the month before, and return whether that was possible. Groups are for the page alone."""
        options = {
            **place, 'against': 'previous_version' if self._record['version'] > 1 else 'previous_month',
            'dest': os.path.join(os.path.dirname(self._record['archive_path']), CHANGES),
            'key': self._plan['settings']['key'],
        }
        with self._goes_on('was not compared'):
            self._note('compare', self._act('billing_report_compare', options, connects=False))
            return True
        return False

    def _evidence(self, place: dict[str, t.Any], compare: bool) -> dict[str, t.Any]:
        """Write the page. It compares the files itself, so that groups and sums never leave the host of the archive."""
        if compare:
            question = {name: self._plan['settings'][name] for name in ('key', 'group_by', 'sum', 'decimal')}
            with self._goes_on('was not compared by group'):
                return self._act('billing_report_evidence', {**place, 'compare': True, **question}, connects=False)
        return self._act('billing_report_evidence', place, connects=False)

    @contextmanager
    def _goes_on(self, what: str) -> t.Iterator[None]:
        """Warn if the block cannot compare, for want of another version or a column. Any other failure is raised."""
        try:
            yield
        except StepFailed as failure:
            if (failure.result.get('error') or {}).get('kind') not in GOES_ON:
                raise
            self.warn(f'{about(self._record)} {what}: {failure.result["msg"]}')

    def _delete(self) -> None:
        if self._plan['settings']['delete_after'] and not self._plan['check_mode'] and not self._record['stale']:
            self._act(self._product.noun, {'state': 'absent', 'id': self._record['report_id']})

    @property
    def _product(self) -> Product:
        return PRODUCTS[self._record['product']]

    def _act(self, name: str, options: dict[str, t.Any], connects: bool = True) -> dict[str, t.Any]:
        """Return the result of a plugin of this collection for the partner at hand, run as core runs it. Raises StepFailed."""
        task, loader = self._task.copy(), self._shared_loader_obj.action_loader
        task.action = f'{COLLECTION}.{name}'
        task.args = {**options, **(self._connection_options if connects else {})}
        task.environment = [*(task.environment or []), self._blanks]
        try:
            task.args = with_module_defaults(task, self._templar, connects, task.action)
            action = loader.get(
                task.action if loader.has_plugin(task.action) else 'ansible.legacy.normal', task=task, connection=self._connection,
                play_context=self._play_context, loader=self._loader, templar=self._templar, shared_loader_obj=self._shared_loader_obj,
            )
            result = action.run(task_vars=self._task_vars)
        except AnsibleError as error:  # of a template or of a connection; the other partners have their turn
            raise StepFailed({'msg': str(error)}) from None
        for warning in result.get('warnings') or ():
            if warning not in self._warnings:
                self._warnings.append(warning)
        if result.get('failed') or result.get('unreachable'):
            raise StepFailed(result)
        self._changed = self._changed or result.get('changed', False)
        self._diff += [result['diff']] if result.get('diff') else []
        return result

    def _note(self, step: str, result: dict[str, t.Any]) -> None:
        scene = Scene(
            iso(Time().now()), self._plan['check_mode'], bool(self._task_vars.get('awx_job_id')), bool(self._task.no_log), self._plan['settings']['evidence'],
        )
        self._record = {**self._record, **STEPS[step](self._record, result, scene)}

    def _variable(self, name: str) -> t.Any:
        """Return a variable of the task, where text stays text: native Jinja would turn the label 12.10 into a number."""
        return self._templar.copy_with_new_env().template(self._task_vars.get(name))


def _unshown(record: dict[str, t.Any]) -> int:
    """Return how many parts of the key no answer shows. Records with some have the first choice, since their reports also fit a record without."""
    return sum(not part.shown and part.option in record['key'] for part in PRODUCTS[record['product']].parts)


def _own(entry: dict[str, t.Any]) -> tuple[dict[str, t.Any], dict[str, str]]:
    """Return the connection options of an entry, and the environment that blanks what it must not get from elsewhere.

    An entry with a credential of its own gets no other one from anywhere, or it would be billed as somebody else.
    """
    spec = connection_spec()
    given = {name: value for name, value in entry.items() if name in spec and not is_blank(value)}
    options = {name: str(value) if spec[name]['type'] in ('str', 'path') else value for name, value in given.items()}
    if not any(name in entry for name in IDENTITY):
        return options, {}
    return {**dict.fromkeys(IDENTITY, ''), **options}, {f'WEBEX_{name.upper()}': '' for name in IDENTITY}
