# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The log of requests, without anything that opens a door."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from .api import TOKEN_PATH
from .exchange import Request


class RequestLog:
    """Every request to either host, in order of arrival; not thread-safe by itself.

    An entry has `number`, `seconds` since the sandbox was made, `host`, `method`, `target`, `status` (None until the
    answer goes out, and for ever when it is cut), `authorization` (none, valid, refused or other) and, for the token
    call, `grant_type`. The signature in the target of a file is blanked: with it the file could be had.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._start = clock()
        self.entries: list[dict[str, Any]] = []

    def arrived(self, request: Request, authorization: str) -> dict[str, Any]:
        entry = {
            'number': len(self.entries) + 1,
            'seconds': round(self._clock() - self._start, 3),
            'host': request.host,
            'method': request.method,
            'target': re.sub(r'(?<=[?&]Signature=)[^&]*', '...', request.target),
            'status': None,
            'authorization': authorization,
        }
        if request.path == TOKEN_PATH:
            entry['grant_type'] = request.form.get('grant_type')
        self.entries.append(entry)
        return entry
