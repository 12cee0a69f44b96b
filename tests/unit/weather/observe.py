# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs a case through the real plugin, as core runs it, and says what came of it."""

from __future__ import annotations

import io
import json
import os
import re
import typing as t
from contextlib import ExitStack, redirect_stdout, suppress
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from unittest.mock import patch

from ansible.module_utils import basic
from ansible_collections.webex_partner.billing.plugins.action import billing_report_wait
from ansible_collections.webex_partner.billing.plugins.module_utils._edge import edge
from ansible_collections.webex_partner.billing.plugins.module_utils._edge.output import RESULT_IS_HIDDEN
from ansible_collections.webex_partner.billing.plugins.module_utils._time import Time
from ansible_collections.webex_partner.billing.plugins.plugin_utils import _action
from ansible_collections.webex_partner.billing.tests.unit.acting import act
from ansible_collections.webex_partner.billing.tests.unit.fake_time import FakeTime
from ansible_collections.webex_partner.billing.tests.unit.weather.case import OPERATIONS, Case
from ansible_collections.webex_partner.billing.tests.unit.weather.place import Place, resolve

DAY = 86400.0
MODULES = 'ansible_collections.webex_partner.billing.plugins.modules'

VARYING = (  # what differs between two runs, two systems or two Pythons, and what is said instead
    (r'127\.0\.0\.1:[0-9]+', '127.0.0.1:PORT'),
    (r'ROUTER_[0-9A-F-]+', 'ROUTER_…'),
    (r'Y2lz[0-9A-Za-z_-]+', 'ID'),
    (r'\[Errno -?[0-9]+\] ', ''),
    (r'\.? \(_ssl\.c:[0-9]+\)', ''),
    (r'\[SSL(: [A-Z_]+)?\] record layer failure', '[SSL: WRONG_VERSION_NUMBER] wrong version number'),
    (r'no complete answer', 'no answer'),  # as the clock says it where the socket is not the first to notice
    (r'within 0\.[0-9]+ s', 'within 0.3 s'),  # by real time
    (r'error after [01] s', 'error after 0 s'),
)


@dataclass(frozen=True)
class Seen:
    """``told`` is the sentence of a failure, else the warnings; ``leaked`` says where a secret went."""

    comes: str
    requests: int
    seconds: float
    told: str
    leaked: list[str]


class Wall(FakeTime):
    """A fake clock, of which the one on the wall may be wrong."""

    def __init__(self, wall: str, patience: float) -> None:
        super().__init__(patience)
        self._wall = wall
        self._readings = 0

    def now(self) -> float:
        self._readings += 1
        errors = {'right': 0.0, 'a day ahead': DAY, 'a day behind': -DAY, 'a month behind': -31 * DAY, 'jumps': DAY * (-1) ** self._readings}
        return super().now() + errors[self._wall]


@lru_cache(maxsize=None)
def seen(case: Case) -> Seen:
    """What comes of a case; it is run once."""
    time = Wall(case.wall, case.patience) if case.real is None else Time()
    start = time.clock()
    operation = OPERATIONS[case.operation]
    with Place(time) as place:
        place.trouble(case)
        options = place.filled({
            'api_url': 'http://{api}/v1', 'access_token': '{access_token}', **operation.options, **case.options,
            **({'dest': place.folder} if operation.task.endswith('download') else {}),
        })
        environment = {'HOME': place.folder, 'PATH': os.environ['PATH'], **place.filled(case.environment)}
        with patch.dict(os.environ, environment, clear=True), patch('socket.getaddrinfo', resolve):
            run = _wait if operation.task == 'billing_report_wait' else _module
            result, warnings = run(operation.task, options, time)
        told = result['msg'] if result.get('failed') else ' '.join(f'Warning: {warning}' for warning in warnings)
        leaked = place.strayed() + ['the result' for secret in [*place.secrets, 'Signature='] if secret in json.dumps([told, result.get('error')])]
        return Seen(_comes(result), place.requests, round(time.clock() - start, 3), _settled(told.replace(place.folder, 'FOLDER')), leaked)


def _comes(result: dict[str, t.Any]) -> str:
    if result.get('failed'):
        return result.get('error', {}).get('kind', 'no kind')
    return 'changed' if result.get('changed') else 'ok'


def _settled(text: str) -> str:
    for pattern, said in VARYING:
        text = re.sub(pattern, said, text)
    return text


def _module(name: str, options: dict[str, t.Any], time: t.Any) -> tuple[dict[str, t.Any], list[str]]:
    """The result that a module prints, and its warnings."""
    module = import_module(f'{MODULES}.{name}')
    if name.endswith('info'):
        options = {**options, RESULT_IS_HIDDEN: True}
    printed, warnings = io.StringIO(), []
    with ExitStack() as stack:
        for patched in (
            patch.object(basic, '_ANSIBLE_ARGS', json.dumps({'ANSIBLE_MODULE_ARGS': options}).encode()),
            patch.object(basic, '_ANSIBLE_PROFILE', 'legacy', create=True),
            patch.object(basic.AnsibleModule, 'warn', lambda _self, text, **_kwargs: warnings.append(text)),
            patch.object(edge, 'Time', lambda: time),
            redirect_stdout(printed),
            suppress(SystemExit),
        ):
            stack.enter_context(patched)
        module.main()
    return json.loads(printed.getvalue()), warnings


def _wait(_name: str, options: dict[str, t.Any], time: t.Any) -> tuple[dict[str, t.Any], list[str]]:
    """The result that the action returns, and its warnings."""
    with patch.object(billing_report_wait, 'Time', lambda: time), patch.object(_action.display, 'display', lambda *_args, **_kwargs: None):
        result = act(billing_report_wait.ActionModule, **options)
    return result, result.get('warnings', [])
