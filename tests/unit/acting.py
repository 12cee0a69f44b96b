# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An action plugin, run as core runs it, for a task that is as small as can be."""

from __future__ import annotations

import typing as t
from types import SimpleNamespace


class Templar:
    """Turns ``{{ name }}`` into the value it was given for it, and knows nothing else."""

    def __init__(self, **variables: str) -> None:
        self._variables = variables

    def copy_with_new_env(self) -> Templar:
        return self

    def template(self, block: t.Any) -> t.Any:
        if not isinstance(block, dict):
            return self._variables[block.strip('{} ')] if str(block).startswith('{{') else block
        return {name: self._variables[value.strip('{} ')] if str(value).startswith('{{') else value for name, value in block.items()}


def act(action_class: type, **how: t.Any) -> dict[str, t.Any]:
    """The result of one run."""
    return acting(action_class, **how)()


def acting(
    action_class: type, *, check_mode: bool = False, environment: list | None = None, keywords: dict | None = None,
    connection: dict | None = None, task_vars: dict | None = None, **args: t.Any,
) -> t.Callable[[], dict[str, t.Any]]:
    """Runs one action on this host, and again at each call."""
    task = SimpleNamespace(**{
        'action': 'webex_partner.billing.test', 'args': args, 'async_val': 0, 'check_mode': check_mode, 'environment': environment, 'delegate_to': None,
        'module_defaults': [], 'resolved_action': 'webex_partner.billing.test',
        **(keywords or {}),
    })
    way = SimpleNamespace(**{'_shell': SimpleNamespace(tmpdir=None), 'transport': 'local', 'become': None, **(connection or {})})
    action = action_class(task, way, None, None, Templar(), None)
    return lambda: action.run(task_vars=task_vars or {})
