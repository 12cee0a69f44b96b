# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Get the first tokens of a partner from a person at the terminal; the module of the same name documents it."""

from __future__ import annotations

import os
import secrets
import typing as t
from functools import partial

from ansible.errors import AnsiblePromptInterrupt, AnsiblePromptNoninteractive
from ansible.module_utils.common.text.converters import to_text
from ansible.utils.display import Display

from ..module_utils._access.grants import Grants
from ..module_utils._api.access import Access
from ..module_utils._api.options import Connection, connection_spec
from ..module_utils._api.product import Scopes
from ..module_utils._api.products import PRODUCTS
from ..module_utils._api.token_file import TokenFile
from ..module_utils._errors import InvalidInput
from ..module_utils._files import path
from ..module_utils._line import one_line
from ..module_utils._time import Time, iso
from ..plugin_utils._action import BillingAction
from ..plugin_utils._living import parent_check

# ansible-runner sets this for a job, also in AWX, and gives the job a terminal at which nobody types
JOB = 'RUNNER_OMIT_EVENTS'
INTEGRATION = ('client_id', 'client_secret', 'api_url', 'validate_certs', 'ca_path', 'request_timeout')

display = Display()


class ActionModule(BillingAction):
    """Asks on the terminal of the controller. It has no option for a token, so it is not in the action group."""

    spec = {
        'token_file': {'type': 'path', 'required': True, 'no_log': False},
        'flow': {'type': 'str', 'choices': ['device', 'code'], 'default': 'device'},
        'scopes': {'type': 'list', 'elements': 'str', 'choices': list(Scopes._fields), 'default': list(Scopes._fields)},
        'product': {'type': 'str', 'choices': list(PRODUCTS), 'default': 'broadworks'},
        'redirect_uri': {'type': 'str', 'default': 'http://localhost:4200/authorize'},
        **{name: option for name, option in connection_spec().items() if name in INTEGRATION},
    }

    def perform(self, params: dict[str, t.Any]) -> dict[str, t.Any]:
        file = path('token_file', params['token_file'])
        if not os.path.isdir(os.path.dirname(file)):
            raise InvalidInput(f'the directory of token_file does not exist: {os.path.dirname(file)}', remedy='create it, for its owner only')
        if self._task.check_mode:
            return {'changed': True, 'token_file': file, 'msg': f'would get new tokens and write them to {file}'}
        if JOB in os.environ:
            raise _no_person()
        time, scopes = Time(), [getattr(PRODUCTS[params['product']].scopes, name) for name in params['scopes']]
        time.pulses.append(parent_check())
        integration = {name: params[name] or self._asked(name) for name in ('client_id', 'client_secret')}
        connection = Connection.from_params({**dict.fromkeys(connection_spec()), 'retry_timeout': 0, **params, **integration, 'token_file': None}, False)
        store = TokenFile(file, time, connection.request_timeout)
        store.try_out()
        grants = Grants(connection, self.secrets, time)
        access = (self._by_device if params['flow'] == 'device' else partial(self._by_code, params['redirect_uri']))(grants, scopes, time)
        store.create(access)
        return self._told(file, access, scopes)

    def _by_device(self, grants: Grants, scopes: list[str], time: Time) -> Access:
        self._ask('Press Enter to get an address and a code. You have a few minutes then to open it and to allow access.')
        invitation = grants.invite(scopes)
        _show(f'Open {invitation.address}')
        _show(f'Sign in as the partner administrator, check or enter the code {invitation.user_code}, and allow access.')
        _show(f'Waiting for {invitation.until - time.clock():.0f} s. Ctrl-C ends the playbook.')
        return grants.accepted(invitation)

    def _by_code(self, redirect_uri: str, grants: Grants, scopes: list[str], time: Time) -> Access:
        visit = grants.visit(scopes, redirect_uri, partial(secrets.token_urlsafe, 48))
        _show(f'Open {visit.address}')
        _show(f'Sign in as the partner administrator and allow access. The browser then goes to {redirect_uri}, where nothing needs to answer.')
        return grants.returned(visit, self._ask('Copy the whole address from the browser, paste it here and press Enter:'))

    def _asked(self, name: str) -> str:
        is_secret = name == 'client_secret'
        answer = self._ask(f'Client {"secret" if is_secret else "ID"} of the integration:', private=is_secret)
        if not answer:
            raise InvalidInput(f'{name} is missing', remedy=f'set it, or WEBEX_{name.upper()}, or type it when the playbook asks')
        return answer

    def _ask(self, question: str, private: bool = False) -> str:
        try:
            return to_text(display.prompt_until(question, private=private)).strip()
        except AnsiblePromptNoninteractive:
            raise _no_person() from None
        except AnsiblePromptInterrupt:
            raise InvalidInput('Ctrl-C ended the prompt', remedy='run the playbook again') from None

    def _told(self, file: str, access: Access, scopes: list[str]) -> dict[str, t.Any]:
        for scope in scopes:
            if access.scopes is not None and scope not in access.scopes:
                self.warn(f'Webex did not grant the scope {scope}. Check the scopes of the integration and the role of the administrator.')
        ends = {name: getattr(access, name) for name in ('access_token_expires', 'refresh_token_expires')}
        ends = {name: None if end is None else iso(end) for name, end in ends.items()}
        granted = 'scopes that Webex did not name' if access.scopes is None else ' and '.join(access.scopes)
        return {
            'changed': True,
            'msg': f'{file} has tokens with {granted}; the refresh token ends at {ends["refresh_token_expires"] or "a time that Webex did not report"}',
            'token_file': file,
            'scopes': None if access.scopes is None else list(access.scopes),
            **ends,
        }


def _no_person() -> InvalidInput:
    return InvalidInput(
        'no terminal is there to ask a person, as in AWX and in scheduled jobs',
        remedy='run the playbook webex_partner.billing.authorize in a terminal of your own, and give the job what it has written',
    )


def _show(line: str) -> None:
    """Show an address in full: its query is no secret, but what the person must open."""
    display.display(one_line(line))
