# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Wait for billing reports on the controller; the module of the same name documents it."""

from __future__ import annotations

import typing as t
from dataclasses import replace

from ..module_utils._api import keys
from ..module_utils._api.client import BillingClient
from ..module_utils._api.options import Connection, connection_spec, output_spec, report_id, seconds
from ..module_utils._api.product import Key, Product
from ..module_utils._api.products import DEFAULT
from ..module_utils._api.report import NAMED, Report, failures
from ..module_utils._edge.output import output, withhold_urls
from ..module_utils._errors import InvalidInput, ReportFailed, WaitTimeout
from ..module_utils._reports.adoption import Month
from ..module_utils._reports.progress import Progress
from ..module_utils._reports.wait import Pace, Wait
from ..module_utils._reports.watch import Watch
from ..module_utils._time import Time
from ..plugin_utils._action import BillingAction, core_hides_results, hidden
from ..plugin_utils._living import parent_check


class ActionModule(BillingAction):
    """Polls until the reports have ended, and returns them."""

    spec = {
        **connection_spec(),
        **output_spec(),
        'id': {'type': 'str', 'aliases': ['report_id']},
        'ids': {'type': 'list', 'elements': 'str'},
        'billing_period': {'type': 'str'},
        **keys.choice_spec(),
        'allow_open_period': {'type': 'bool', 'default': False},
        'wait_timeout': {'type': 'float', 'default': 3600},
        'poll_interval': {'type': 'float', 'default': 5},
        'max_poll_interval': {'type': 'float', 'default': 60},
        'heartbeat_interval': {'type': 'float', 'default': 60},
        'fail_on_failed': {'type': 'bool', 'default': True},
    }

    _product: Product = DEFAULT
    _watch: Watch | None = None
    _wait: Wait | None = None

    def perform(self, params: dict[str, t.Any]) -> dict[str, t.Any]:
        """Wait, and return the reports. Raises a BillingError if the wait ends otherwise."""
        self._watch, self._wait = watch, wait = self._prepared(params)
        self._until_ended(watch, wait)
        if params['fail_on_failed']:
            _refuse_failed(watch.reports)
        show = params['show_download_url']
        reports = watch.reports if show or core_hides_results() else withhold_urls(watch.reports, self.warn)
        return hidden(self._result(reports, set_facts=params['set_facts']), show)

    def known(self) -> dict[str, t.Any]:
        """Return the same results for a failure, without the signed URLs."""
        return self._result(withhold_urls(self._watch.reports) if self._watch else [], set_facts=False)

    def _prepared(self, params: dict[str, t.Any]) -> tuple[Watch, Wait]:
        """Return the reports to wait for and the wait itself, from validated options."""
        self._product = keys.chosen(params)
        ids, asked = _asked(self._product, params)
        timeout, beat_every, *pace = (
            seconds(name, params[name]) for name in ('wait_timeout', 'heartbeat_interval', 'poll_interval', 'max_poll_interval')
        )
        connection = replace(Connection.from_params(params), retry_timeout=0)  # the next look is the retry
        time = Time()
        end_by = time.clock() + timeout + connection.request_timeout
        client = BillingClient(connection, self.secrets, time, end_by=end_by, warn=self.warn, product=self._product)
        month = Month(client, asked, allow_open_period=params['allow_open_period']) if asked else None
        watch = Watch(client, ids, month, self.warn)
        progress = Progress(
            lambda: watch.reports, say=self.say, warn=self.warn, beat_every=beat_every, wait_timeout=timeout, time=time
        )
        time.pulses += [progress.beat, parent_check()]
        return watch, Wait(timeout=timeout, pace=Pace(*pace), time=time, progress=progress)

    def _until_ended(self, watch: Watch, wait: Wait) -> None:
        if self._task.check_mode:
            error = wait.look(watch)
            if error:
                raise error
            return
        try:
            wait.until_ended(watch)
        except WaitTimeout as error:
            error.remedy = _resume(watch)
            raise

    def _result(self, reports: list[Report], set_facts: bool) -> dict[str, t.Any]:
        wait = self._wait
        return {
            'report': None,
            **output(self._product, reports, single=len(reports) == 1, set_facts=set_facts),
            'elapsed': round(wait.elapsed, 3) if wait else 0.0,
            'polls': wait.polls if wait else 0,
            'timed_out': wait.timed_out if wait else False,
        }


def _asked(product: Product, params: t.Mapping[str, t.Any]) -> tuple[list[str], Key | None]:
    """Return the IDs to wait for, or the key instead: one of three options, validated. Raises InvalidInput."""
    given = [name for name in ('id', 'ids', 'billing_period') if params[name] is not None]
    if len(given) != 1:
        found = f'{" and ".join(given)} were given' if given else 'none was given'
        raise InvalidInput(f'Exactly one of id, ids and billing_period says what to wait for: {found}')
    if given == ['billing_period']:
        return [], keys.key(product, params)
    ids = params['ids'] if given == ['ids'] else [params['id']]
    if not ids:
        raise InvalidInput('ids is empty: nothing is there to wait for')
    return [report_id(given[0], value) for value in ids], None


def _refuse_failed(reports: list[Report]) -> None:
    """Raise ReportFailed if any report ended FAILED, with its errors in the sentence."""
    failed = [report for report in reports if report.failed]
    if not failed:
        return
    subject = 'The billing report' if len(reports) == 1 else f'{len(failed)} of {len(reports)} billing reports'
    details = [error for report in failed for error in report.errors]
    raise ReportFailed(f'{subject} ended FAILED: {failures(failed)}', details=details or None)


def _resume(watch: Watch) -> str:
    """Return the task that continues the wait for the remaining reports."""
    remaining = watch.remaining
    if len(remaining.get('ids', ())) > NAMED:
        return 'run the same task again to go on waiting'
    option = ', '.join(f'{name}: {_quoted(value)}' for name, value in remaining.items())
    return f'go on waiting with the task webex_partner.billing.billing_report_wait: {{{option}}}'


def _quoted(value: bool | str | list[str]) -> str:
    """Return YAML in single quotes, which stays readable when printed as JSON."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return f'[{", ".join(map(_quoted, value))}]'
    return "'" + value.replace("'", "''") + "'"
