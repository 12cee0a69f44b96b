# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The sandbox's own calls, for playbooks: JSON in, JSON out, no token, and no trace in the request log."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from .exchange import Answer, Request, json_answer

if TYPE_CHECKING:
    from .sandbox import Sandbox

CONTROL_PATH = '/_sandbox'


class Control:
    """Turns the public methods of a sandbox into calls under `/_sandbox/`."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._calls: dict[tuple[str, str], Callable[[Any], Any]] = {
            ('GET', 'state'): lambda _body: sandbox.state(),
            ('GET', 'requests'): lambda _body: sandbox.requests,
            ('DELETE', 'requests'): lambda _body: sandbox.clear_requests(),
            ('POST', 'reports'): lambda body: {'id': sandbox.add_report(**body)},
            ('POST', 'trouble'): lambda body: sandbox.troubles(body if isinstance(body, list) else [body]),
            ('DELETE', 'trouble'): lambda _body: sandbox.clear_trouble(),
            ('POST', 'expire_tokens'): lambda _body: sandbox.expire_tokens(),
            ('POST', 'revoke_tokens'): lambda _body: sandbox.revoke_tokens(),
            ('POST', 'terms'): lambda body: sandbox.set_terms(**body),
            ('POST', 'stop'): lambda _body: None,
        }

    def answer(self, request: Request) -> Answer:
        name = request.path.removeprefix(f'{CONTROL_PATH}/').rstrip('/')
        call = self._calls.get((request.method, name))
        if call is None:
            known = ', '.join(f'{method} {known}' for method, known in self._calls)
            return json_answer({'message': f'The control calls are {known}.'}, 404)
        try:
            result = call(request.json() if request.body else {})
        except json.JSONDecodeError as error:
            return json_answer({'message': f'the body must be JSON: {error}'}, 400)
        except (TypeError, ValueError) as error:
            return json_answer({'message': str(error)}, 400)
        answer = json_answer({} if result is None else result)
        return replace(answer, after=self._sandbox.end) if name == 'stop' else answer
