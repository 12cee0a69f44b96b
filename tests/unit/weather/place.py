# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where a case plays: a sandbox, another host, hosts with TLS, and one that is not there; nothing beyond loopback can be reached."""

from __future__ import annotations

import base64
import re
import socket
import typing as t
from contextlib import ExitStack
from tempfile import TemporaryDirectory

from ansible_collections.webex_partner.billing.plugins.module_utils._time import Time
from ansible_collections.webex_partner.billing.tests.unit import certificates
from ansible_collections.webex_partner.billing.tests.unit.fake_time import EPOCH, FakeTime
from ansible_collections.webex_partner.billing.tests.unit.raw_server import RawServer, http
from ansible_collections.webex_partner.billing.tests.unit.weather.case import OPERATIONS, Case
from webex_sandbox import Sandbox

LOOPBACK = '127.0.0.1'
HERE = 'here.invalid'  # resolves to loopback, any other name does not
SECRETS = {name: f'made-up-{name}' for name in ('access_token', 'client_id', 'client_secret', 'refresh_token')}
PAGE = http(b'{"items": []}')
OTHERS = {  # what they answer, and whether their certificate has expired, where they show one
    'elsewhere': (PAGE, None),
    'secure': (PAGE, False),
    'expired': (PAGE, True),
    'downgrade': (http(b'', 'Location: http://{elsewhere}/v1/broadworks/billing/reports', status='302 Found'), False),
    'proxy': (http(b'no', status='403 Forbidden'), None),
    'not_http': (b'220 made-up.invalid ESMTP\r\n', None),
}

_resolve = socket.getaddrinfo


def resolve(host: t.Any, *args: t.Any, **kwargs: t.Any) -> list:
    """Name resolution without a name server."""
    if host == HERE:
        host = LOOPBACK
    if host != LOOPBACK:
        raise socket.gaierror(socket.EAI_NONAME, 'Name or service not known')
    return _resolve(host, *args, **kwargs)


class Place:
    """Inside a ``with`` block. ``filled`` puts its addresses and secrets where a case names them in braces."""

    def __init__(self, time: FakeTime | Time) -> None:
        start = time.clock()
        self.sandbox = Sandbox(clock=time.clock, now=lambda: EPOCH + time.clock() - start, **SECRETS)
        self._stack = ExitStack()
        self._others: dict[str, RawServer] = {}

    def __enter__(self) -> Place:
        self.folder = self._stack.enter_context(TemporaryDirectory())
        self._stack.enter_context(self.sandbox)
        return self

    def __exit__(self, *_exception: object) -> None:
        self._stack.close()

    def _named(self, name: str) -> str:
        """What a name in braces stands for; a server is started when it is named."""
        if name in SECRETS:
            return SECRETS[name]
        if name == 'authority':
            return certificates.vouching(self.folder)
        if name == 'closed':
            with RawServer(b'') as closed:
                return closed.address
        if name in ('api', 'files'):
            return getattr(self.sandbox, f'{name}_url').split('/')[2]
        host, _port, port = name.partition('_port')
        if host not in self._others:
            answer, expired = OTHERS[host]
            self._others[host] = self._stack.enter_context(RawServer(self.filled(answer), None if expired is None else certificates.shown(expired)))
        address = self._others[host].address
        return address.split(':')[1] if _port else address

    def filled(self, value: t.Any) -> t.Any:
        if isinstance(value, dict):
            return {name: self.filled(item) for name, item in value.items()}
        if isinstance(value, bytes):
            return self.filled(value.decode()).encode()
        return re.sub(r'\{([a-z_]+)\}', lambda name: self._named(name[1]), value) if isinstance(value, str) else value

    def trouble(self, case: Case) -> None:
        """Have the sandbox make the weather of a case: it stays unless told how many ``times`` it lasts."""
        operation = OPERATIONS[case.operation]
        for trouble in case.troubles:
            entry = {**operation.meets, 'times': 0, **self.filled(trouble)}
            if 'content' in entry:
                entry['body_base64'] = base64.b64encode(entry.pop('content')(self.filled(operation.good))).decode()
            self.sandbox.trouble(**entry)
        if operation.then:
            self.sandbox.trouble(**operation.then)

    @property
    def requests(self) -> int:
        """How many requests arrived, wherever that was; what a proxy does not pass on does not arrive."""
        return len(self.sandbox.requests) + sum(bool(request) for name, host in self._others.items() if name != 'proxy' for request in host.requests)

    @property
    def secrets(self) -> list[str]:
        return [*(value for name, value in SECRETS.items() if name != 'client_id'), *self.sandbox.minted]

    def strayed(self) -> list[str]:
        """Where a secret went that should not have gone there."""
        told = {name: b''.join(host.requests) for name, host in self._others.items() if name in ('elsewhere', 'proxy')}
        strayed = [name for name, text in told.items() if b'\r\nAuthorization' in text or any(secret.encode() in text for secret in self.secrets)]
        return strayed + ['files' for request in self.sandbox.requests if request['host'] == 'files' and request['authorization'] != 'none']
