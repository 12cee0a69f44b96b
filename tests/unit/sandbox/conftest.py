# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A sandbox whose time the test turns by hand, and a plain HTTP client to call it."""

from __future__ import annotations

import http.client
import json
from email.message import Message
from typing import Any, NamedTuple

import pytest
from webex_sandbox import Sandbox

EPOCH = 1767225600.25  # 2026-01-01T00:00:00.250Z


class Clock:
    """Stands still until told to go on; serves as monotonic clock and, offset, as time of day."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds

    def now(self) -> float:
        return EPOCH - 1000.0 + self.seconds

    def advance(self, seconds: float) -> None:
        self.seconds += seconds


class Reply(NamedTuple):
    status: int
    headers: Message
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Client:
    """One call per connection; the sandbox's own access token goes along unless another, or None, is given."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.token = sandbox.access_token
        self._api_url = sandbox.api_url

    def __call__(self, method: str, url: str, body: Any = None, token: str | None = '', **headers: str) -> Reply:
        if not url.startswith('http://'):
            url = self._api_url + url
        address, _slash, target = url.removeprefix('http://').partition('/')
        sent = {name.replace('_', '-'): value for name, value in headers.items()}
        if token is not None:
            sent['Authorization'] = f'Bearer {token or self.token}'
        data = body if isinstance(body, (str, bytes, type(None))) else json.dumps(body)
        connection = http.client.HTTPConnection(address, timeout=5)
        try:
            connection.request(method, f'/{target}', body=data, headers=sent)
            answer = connection.getresponse()
            return Reply(answer.status, answer.headers, answer.read())
        finally:
            connection.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sandbox(clock):
    with Sandbox(url_seconds=60, fail_periods=('2025-11',), clock=clock, now=clock.now) as running:
        yield running


@pytest.fixture
def client_of():
    """Makes a client of a sandbox that a test has set up itself."""
    return Client


@pytest.fixture
def call(sandbox) -> Client:
    return Client(sandbox)
