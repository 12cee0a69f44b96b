# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One HTTP exchange: the request as it came, and the answer with the way it is to travel."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import Message
from typing import Any, Protocol
from urllib.parse import parse_qsl

Headers = dict[str, str | None]


def tracking_id() -> str:
    """A new tracking id, in the form Webex gives one to every exchange."""
    return f'ROUTER_{uuid.uuid4()}'.upper()


@dataclass(frozen=True)
class Request:
    """A request to one of the two hosts; `target` is the request target exactly as it was sent."""

    host: str
    method: str
    target: str
    headers: Message
    body: bytes
    tracking_id: str = field(default_factory=tracking_id)

    @property
    def path(self) -> str:
        return self.target.partition('?')[0]

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(self.target.partition('?')[2], keep_blank_values=True))

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode('utf-8', 'replace'), keep_blank_values=True))

    def json(self) -> Any:
        """The body as JSON; ValueError when it is none."""
        return json.loads(self.body)


@dataclass(frozen=True)
class Answer:
    """An answer and its fate: seconds before it (`delay`), seconds between its bytes (`drip`), and where it is `cut`.

    A header of None is left out, even one the server would add itself. `before` is called when the answer is about to
    go out whole, `after` once it has.
    """

    status: int
    body: bytes = b''
    headers: Headers = field(default_factory=dict)
    delay: float = 0
    drip: float = 0
    drip_from: str = 'headers'
    cut: str | None = None
    before: Callable[[], None] | None = None
    after: Callable[[], None] | None = None


class Refused(Exception):
    """The request is answered with an error status; `more` are further keys of the body."""

    def __init__(self, status: int, description: str | None = None, **more: str) -> None:
        super().__init__(status, description)
        self.status = status
        self.description = description
        self.more = more


class Host(Protocol):
    """What answers the requests of one port."""

    def answer(self, request: Request) -> Answer:
        """The normal answer."""

    def error(self, request: Request, status: int) -> Answer:
        """The answer this host words for an error status of which nothing more is known."""


def json_answer(value: Any, status: int = 200, **headers: str) -> Answer:
    return Answer(status, json.dumps(value).encode(), {'Content-Type': 'application/json;charset=UTF-8', **headers})


def merge_headers(headers: Headers, changes: Headers) -> Headers:
    """The headers with the changes made; names are compared without regard to case."""
    changed = {name.lower() for name in changes}
    return {name: value for name, value in headers.items() if name.lower() not in changed} | changes
