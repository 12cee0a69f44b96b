# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Scripted trouble: what goes wrong, for which requests, and how often."""

from __future__ import annotations

import base64
import json
import math
import re
from dataclasses import replace
from typing import Any

from .checks import (
    ANYTHING, BASE64, COUNT, DICTIONARY, FLAG, HEADERS, PATTERN, SECONDS, STATUS, TEXT, Rule, check, one_of,
)
from .exchange import Answer, Host, Request, merge_headers

KEYS: dict[str, Rule] = {
    'method': TEXT,
    'path': PATTERN,
    'host': one_of('api', 'files'),
    'times': COUNT,
    'skip': COUNT,
    'status': STATUS,
    'headers': HEADERS,
    'body': TEXT,
    'json': ANYTHING,
    'body_base64': BASE64,
    'replace': DICTIONARY,
    'delay': SECONDS,
    'drip': SECONDS,
    'drip_from': one_of('headers', 'body'),
    'cut': one_of('before', 'headers', 'body'),
    'processed': FLAG,
}
ACTS = ('status', 'headers', 'replace', 'delay', 'drip', 'cut')
BODIES = ('body', 'json', 'body_base64')


class Trouble:
    """One entry of the queue.

    Whom it meets: `method`, `path` (a regular expression searched in the request target) and `host`, all optional;
    the first `skip` of those pass it by, the next `times` (0: all) meet it.
    What they get: the normal answer, or one of `status` with one of `body`, `json` and `body_base64`; with `headers`
    set or, where null, left out; with the keys of `replace` set in its JSON or, where null, left out.
    How it comes: after `delay` seconds; with `drip` seconds between its bytes, from the first byte (`drip_from:
    headers`) or from the body on; cut `before` the first byte (a reset), amid the `headers` or in the middle of the
    `body`, whose full length has been declared.
    Whether the request takes effect: as a rule, but not with a `status` or `cut: before`; `processed` says otherwise.
    """

    def __init__(self, entry: Any) -> None:
        check_entry(entry)
        self.entry: dict[str, Any] = dict(entry)
        self._passing: int = entry.get('skip', 0)
        self._left: float = entry.get('times', 1) or math.inf
        self._processed: bool = entry.get('processed', 'status' not in entry and entry.get('cut') != 'before')

    @property
    def spent(self) -> bool:
        return self._left <= 0

    def meets(self, request: Request) -> bool:
        """Whether this request is in trouble; each asking counts."""
        entry = self.entry
        if not (entry.get('method', request.method).upper() == request.method
                and entry.get('host', request.host) == request.host
                and re.search(entry.get('path', ''), request.target)):
            return False
        if self._passing:
            self._passing -= 1
            return False
        self._left -= 1
        return True

    def answer(self, request: Request, host: Host) -> Answer:
        entry = self.entry
        answer = host.answer(request) if self._processed else host.error(request, 503)
        if 'status' in entry:
            answer = self._scripted(request, host)
        if 'replace' in entry:
            answer = self._replaced(answer)
        travels = {key: entry[key] for key in ('delay', 'drip', 'drip_from', 'cut') if key in entry}
        return replace(answer, headers=merge_headers(answer.headers, entry.get('headers', {})), **travels)

    def _scripted(self, request: Request, host: Host) -> Answer:
        entry = self.entry
        answer = host.error(request, entry['status'])
        if 'json' in entry:
            return with_body(answer, json.dumps(entry['json']).encode(), 'application/json')
        if 'body_base64' in entry:
            return with_body(answer, base64.b64decode(entry['body_base64']), 'application/octet-stream')
        if 'body' in entry or entry['status'] < 400:
            return with_body(answer, entry.get('body', '').encode(), 'text/plain; charset=utf-8')
        return answer

    def _replaced(self, answer: Answer) -> Answer:
        try:
            value = json.loads(answer.body)
        except ValueError:
            value = None
        if not isinstance(value, dict):
            return replace(answer, status=500, body=b'Keys cannot be replaced here: the answer is not a JSON object.')
        value |= self.entry['replace']
        return replace(answer, body=json.dumps({key: item for key, item in value.items() if item is not None}).encode())


def with_body(answer: Answer, body: bytes, content_type: str) -> Answer:
    return replace(answer, body=body, headers=merge_headers(answer.headers, {'Content-Type': content_type}))


def check_entry(entry: Any) -> None:
    """ValueError, with the name of the key, for an entry that is invalid."""
    if not isinstance(entry, dict):
        raise ValueError('a trouble entry must be a dictionary')
    check(entry, KEYS)
    bodies = [key for key in BODIES if key in entry]
    if len(bodies) > 1:
        raise ValueError(f'{bodies[0]} and {bodies[1]} exclude each other')
    if bodies and 'status' not in entry:
        raise ValueError(f'{bodies[0]} needs a status')
    if 'drip_from' in entry and 'drip' not in entry:
        raise ValueError('drip_from needs a drip')
    if not any(act in entry for act in ACTS):
        raise ValueError(f"a trouble entry needs one of {', '.join(ACTS)}")
