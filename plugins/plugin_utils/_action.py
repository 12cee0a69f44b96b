# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The edge of an action plugin: validate, run, hide, redact, and fail with data."""

from __future__ import annotations

import os
import typing as t
from contextlib import contextmanager

from ansible.module_utils.compat.version import LooseVersion
from ansible.plugins.action import ActionBase
from ansible.release import __version__ as core_version
from ansible.utils.display import Display

from ..module_utils._edge.arguments import Refused, has_connection, validated
from ..module_utils._edge.output import carries_url
from ..module_utils._errors import BillingError, InvalidInput
from ..module_utils._secrets import Secrets

display = Display()

GROUP = 'group/webex_partner.billing.webex'

HIDING_LEAKS = (('0', '2.16.13'), ('2.17.0', '2.17.6'))  # from, before: these print a hidden result (CVE-2024-8775)


def core_hides_results(version: str = core_version) -> bool:
    """Return whether this ansible-core keeps a result out of logs when an action asks for it."""
    return not any(LooseVersion(first) <= LooseVersion(version) < LooseVersion(cured) for first, cured in HIDING_LEAKS)


def hidden(result: dict[str, t.Any], show_download_url: bool) -> dict[str, t.Any]:
    """Return ``result``, hidden from logs and job events if it contains a signed URL. Playbooks can still register and use it."""
    if carries_url(result) and not show_download_url:
        result['_ansible_no_log'] = True
    return result


def with_module_defaults(task: t.Any, templar: t.Any, connects: bool, name: str | None = None) -> dict[str, t.Any]:
    """Return the options of a task, with the ``module_defaults`` of those that it omits; the group is that of the plugins that connect.

    ``name`` is that of a plugin which the action of the task runs in its place.
    Core merges the defaults first and drops an option that is ``omit`` afterwards, together with its default.
    """
    names = (*([GROUP] if connects else []), name or task.resolved_action)
    defaults: dict[str, t.Any] = {}
    for block in task.module_defaults or ():
        defaults.update(block)
    defaults = templar.template({name: defaults[name] for name in names if name in defaults})
    merged: dict[str, t.Any] = {}
    for name in names:
        merged.update(defaults.get(name) or {})
    return {**merged, **task.args}


class BillingAction(ActionBase):
    """An action that runs on the controller. A subclass gives ``spec`` and ``perform``, and may give ``known``."""

    _requires_connection = False
    spec: dict[str, dict[str, t.Any]]
    rules: dict[str, list] = {}

    def perform(self, params: dict[str, t.Any]) -> dict[str, t.Any]:
        """Return the result for validated parameters. May raise a BillingError."""
        raise NotImplementedError

    def known(self) -> dict[str, t.Any]:
        """Return what a failure contains beside its error, never a secret."""
        return {}

    def run(self, tmp: None = None, task_vars: dict | None = None) -> dict[str, t.Any]:
        result = super().run(task_vars=task_vars)
        self._task.args = with_module_defaults(self._task, self._templar, self._connects)
        self._warnings: list[str] = []
        self.secrets = Secrets()
        try:
            with task_environment(self._templar, self._task.environment):
                result.update(self.perform(self._validated()))
        except BillingError as error:
            result.update(self.known(), **error.to_result(self.secrets.mask), failed=True)
        except Refused as refusal:
            result.update(self.known(), msg=str(refusal), failed=True)
        if self._warnings:
            result['warnings'] = self._warnings
        return self.secrets.scrub(result)

    @property
    def _connects(self) -> bool:
        """Return whether the action takes the connection options."""
        return has_connection(self.spec)

    def say(self, line: str) -> None:
        """Print a line now, at any verbosity, so that AWX sees that the job is running."""
        display.display(self.secrets.mask(line))

    def warn(self, text: str) -> None:
        """Print a warning now, as a line, and leave it in the result: from 2.19 on core prints those only when the task ends."""
        self.say(text)
        self._warnings.append(self.secrets.mask(text))

    def _validated(self) -> dict[str, t.Any]:
        """Return the options, validated as those of a module. The method of ActionBase would quote the task in its error, including secrets."""
        return validated(self._task.args, self.spec, self.secrets, f'({self._task.action}) module', **self.rules)


@contextmanager
def task_environment(templar: t.Any, environment: list[dict] | None) -> t.Iterator[None]:
    """Apply ``environment:`` of play, block and task to this process, as core does for a module, including proxies."""
    before = dict(os.environ)
    try:
        for block in environment or ():
            try:
                os.environ.update({str(name): str(value) for name, value in (templar.template(block) or {}).items()})
            except ValueError:
                raise InvalidInput('environment holds a name or a value that no process can have') from None
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
