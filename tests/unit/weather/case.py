# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A case: one operation, the weather it meets, and what must come of it; and the tables in which cases are written."""

from __future__ import annotations

import json
import re
import typing as t
from dataclasses import dataclass, field

MAY = 'Y2lzY29zcGFyazovL3VzL0JJTExJTkdfUkVQT1JULzViOGQ1MThhLThmMDAtNDUxYi1hNDA2LWVhZjQ5YjRhN2ZhOA'
REQUEST_TIMEOUT, RETRY_TIMEOUT, WAIT_TIMEOUT = 30, 60, 60
CALL = RETRY_TIMEOUT + REQUEST_TIMEOUT

LISTED = {'id': MAY, 'billingPeriod': '2021-05', 'status': 'COMPLETED', 'madeUp': 'ë'}
REPORT = {**LISTED, 'created': '2021-06-16T12:40:33.109Z', 'tempDownloadURL': 'http://{files}/made-up.csv?Signature=made-up'}
TABLE = 'made_up_column_1,made_up_column_2\r\n1,ë\r\n'


def encoded(document: t.Any) -> bytes:
    return json.dumps(document, ensure_ascii=False).encode()


@dataclass(frozen=True)
class Operation:
    """What a task does, which of its requests meet the weather (``meeting`` in words), what they get in good weather, and how long it may take."""

    task: str
    options: dict[str, t.Any]
    meets: dict[str, str]
    meeting: str
    good: bytes
    bound: float
    bounded_by: str
    then: dict[str, t.Any] = field(default_factory=dict)  # trouble that another request gets in any weather


OPERATIONS = {
    'list': Operation(
        'broadworks_billing_report_info', {}, {'method': 'GET', 'path': 'reports$'}, 'its only request', encoded({'items': [LISTED]}),
        CALL, '`retry_timeout` and one `request_timeout`',
    ),
    'get': Operation(
        'broadworks_billing_report_info', {'id': MAY}, {'method': 'GET', 'path': 'reports/'}, 'its only request', encoded(REPORT),
        CALL, '`retry_timeout` and one `request_timeout`',
    ),
    'create': Operation(
        'broadworks_billing_report', {'billing_period': '2026-10'}, {'method': 'POST', 'path': 'reports$'}, 'the POST', encoded({'id': MAY, 'madeUp': 'ë'}),
        3 * CALL, '`retry_timeout` and one `request_timeout`, and the same for a read before and after the POST',
    ),
    'delete': Operation(
        'broadworks_billing_report', {'state': 'absent', 'id': MAY}, {'method': 'DELETE'}, 'the DELETE', b'',
        2 * CALL, '`retry_timeout` and one `request_timeout`, and the same for a read before the DELETE',
    ),
    'token': Operation(
        'broadworks_billing_report_info',
        {'access_token': '', 'client_id': '{client_id}', 'client_secret': '{client_secret}', 'refresh_token': '{refresh_token}'},
        {'path': 'access_token'}, 'the request for a token, here before a list', encoded({'access_token': '{access_token}', 'madeUp': 'ë'}),
        CALL + REQUEST_TIMEOUT, '`retry_timeout` and twice `request_timeout`, including the request that needs the token',
    ),
    'wait': Operation(
        'billing_report_wait', {'id': MAY, 'wait_timeout': WAIT_TIMEOUT}, {'path': 'reports'}, 'every poll', encoded(REPORT),
        WAIT_TIMEOUT + REQUEST_TIMEOUT, '`wait_timeout` and one `request_timeout`',
    ),
    'read': Operation(
        'broadworks_billing_report_download', {'id': MAY}, {'host': 'api'}, 'the read of the report', encoded(REPORT),
        CALL, '`retry_timeout` and one `request_timeout`, before the request for the file', {'host': 'files', 'status': 200, 'body': TABLE},
    ),
    'file': Operation(
        'broadworks_billing_report_download', {'id': MAY}, {'host': 'files'}, 'the request for the file', TABLE.encode(),
        2 * CALL, '`retry_timeout` and one `request_timeout` without progress, and the same for a read of the report',
    ),
}


@dataclass(frozen=True, eq=False)
class Case:
    """``comes`` is ``ok``, ``changed`` or a kind. ``seconds`` are those of the fake clock, where they matter.

    ``troubles`` are entries of the sandbox without saying whom they meet. ``wall`` says how wrong the clock on the wall is, ``patience`` how many real
    seconds an exchange gets; by ``real`` time a case is held to so many seconds.
    """

    operation: str
    weather: str
    comes: str
    requests: int
    seconds: float | None = None
    troubles: tuple[dict[str, t.Any], ...] = ()
    options: dict[str, t.Any] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)
    wall: str = 'right'
    patience: float = 5.0
    real: float | None = None

    def __str__(self) -> str:
        return f'{self.operation}: {self.weather}'

    @property
    def bound(self) -> float:
        """Seconds that it may take at most."""
        return OPERATIONS[self.operation].bound if self.real is None else self.real


def table(text: str, weather: t.Callable[[str, Operation], dict[str, t.Any]], titled: str = '{}') -> list[Case]:
    """The cases of a table: a line of operations, then lines of a weather and what comes of it; ``weather`` gives the rest of a case.

    A cell is ``comes requests`` or ``comes requests seconds``, or a dash where there is no case.
    """
    head, *rows = [re.split(r'\s{2,}', line.strip()) for line in text.strip().splitlines()]
    cases = []
    for name, *cells in rows:
        assert len(cells) == len(head) - 1, f'{name}: {len(cells)} cells'
        for operation, cell in zip(head[1:], cells):
            if cell != '-':
                comes, requests, *seconds = cell.split()
                given = {'seconds': float(seconds[0]) if seconds else None, **weather(name, OPERATIONS[operation])}
                cases.append(Case(operation, titled.format(name), comes, int(requests), **given))
    return cases
