# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The billing calls as Cisco describes them: what a request may hold and an answer has, with Cisco's examples; and a server that plays no more than that."""

from __future__ import annotations

import json
import re
import typing as t
from urllib.parse import parse_qsl, urlsplit

from ansible_collections.webex_partner.billing.tests.unit.raw_server import RawServer, http

IDS = [f'Y2lzY29zcGFyazovL3VzL0JJTExJTkdfUkVQT1JULzViOGQ1MThhLThmMDAtNDUxYi1hNDA2LWVhZjQ5YjRhN2Zh{end}' for end in ('OA', '2B', '5D')]
PERSON = 'Y2lzY29zcGFyazovL3VzL1BFT1BMRS8wYWNkMzg3NS00ZTEyLTRkNzctYjk4MS1lMzg5ZmQ4ODQ2YzA'
REPORT = {'created': '2021-06-16T12:40:33.109Z', 'createdBy': PERSON, 'status': 'COMPLETED'}
URL = 'https://billing-reports-{}.webexcontent.com/a366de9b-3204-4140-8181-25808d360e36/{}/340177d1-7f25-41e1-a39f-ad63ec1103a5.csv?Expires=1624978489'

# a value is described by its type, or by the words of which it is one
STATUS = ('IN_PROGRESS', 'COMPLETED', 'FAILED')
TYPE = ('PARTNER', 'CUSTOMER', 'USER')
LIFE = {'status': STATUS, 'created': str, 'createdBy': str, 'tempDownloadURL': str, 'errors': list}
PERIOD = {'id': str, 'billingPeriod': str}
DAYS = {'id': str, 'billingStartDate': str, 'billingEndDate': str, 'type': TYPE, 'category': ('RECONCILIATION', 'POINT_IN_TIME')}


class Description(t.NamedTuple):
    """The calls of a product. ``query`` and ``body`` are what a list and a create may hold, of the latter at least what is ``required``.

    ``entry``, ``report`` and ``made`` are what answers may hold: an entry of a list, a report, and what a create answers. The rest are examples.
    """

    path: str
    query: dict[str, t.Any]
    body: dict[str, t.Any]
    required: set[str]
    entry: dict[str, t.Any]
    report: dict[str, t.Any]
    made: dict[str, t.Any]
    listed: list[dict[str, t.Any]]
    read: dict[str, t.Any]
    created: dict[str, t.Any]


BROADWORKS = Description(
    path='/broadworks/billing/reports',
    query={'before': str, 'after': str, 'sortBy': ('id', 'status', 'billingPeriod')},
    body={'billingPeriod': str},
    required={'billingPeriod'},
    entry={**PERIOD, 'status': STATUS},
    report={**PERIOD, **LIFE},
    made={'id': str},
    listed=[
        {'id': report_id, 'billingPeriod': period, 'status': status}
        for report_id, period, status in zip(IDS, ('2021-05', '2021-04', '2021-03'), ('IN_PROGRESS', 'COMPLETED', 'FAILED'))
    ],
    read={'billingPeriod': '2021-05', **REPORT, 'tempDownloadURL': URL.format('example', '2021/06/16')},
    created={'id': IDS[0]},
)
WHOLESALE = Description(
    path='/wholesale/billing/reports',
    query={
        'billingStartDate': str, 'billingEndDate': str, 'type': TYPE, 'sortBy': ('id', 'billingStartDate', 'billingEndDate', 'status'), 'status': STATUS,
        'max': str, 'subPartnerOrgId': str,
    },
    body={'billingStartDate': str, 'billingEndDate': str, 'type': TYPE, 'subPartnerOrgId': str, 'internal': bool},
    required={'billingStartDate', 'billingEndDate'},
    entry={**DAYS, 'status': STATUS},
    report={**DAYS, **LIFE},
    made={**DAYS, 'internal': bool},  # the last one in its example alone
    listed=[{'id': each, 'billingStartDate': '2021-05-21', 'billingEndDate': '2021-05-30', 'status': 'COMPLETED', 'type': 'PARTNER'} for each in IDS],
    read={
        'billingStartDate': '2021-05-21', 'billingEndDate': '2021-05-30', 'type': 'PARTNER', **REPORT,
        'tempDownloadURL': URL.format('int-us-east-1', 'WHOLESALE'),
    },
    created={'id': IDS[0], 'billingStartDate': '2021-05-21', 'billingEndDate': '2021-05-30', 'type': 'PARTNER', 'internal': True},
)
DESCRIBED = {'broadworks': BROADWORKS, 'wholesale': WHOLESALE}


def strange(document: dict[str, t.Any], described: dict[str, t.Any]) -> dict[str, t.Any]:
    """What a document holds that is not as described."""
    return {
        name: value for name, value in document.items()
        if name not in described or not (value in described[name] if isinstance(described[name], tuple) else isinstance(value, described[name]))
    }


class Cisco:
    """A server that answers a request as described with the example, whatever was created or deleted before; ``refused`` has every other request."""

    def __init__(self, described: Description) -> None:
        self._described = described
        self.asked: list[str] = []
        self.refused: list[bytes] = []
        self._server = RawServer(self._answer)
        self.api_url = f'http://{self._server.address}/v1'

    def __enter__(self) -> Cisco:
        self._server.__enter__()
        return self

    def __exit__(self, *exception: object) -> None:
        self._server.__exit__(*exception)

    def _answer(self, request: bytes) -> bytes:
        head, _blank, body = request.partition(b'\r\n\r\n')
        method, target, _version = head.decode().splitlines()[0].split(' ')
        url, described = urlsplit(target), self._described
        report_id = re.fullmatch(f'/v1{described.path}/([^/]+)', url.path)
        name = f'{method} {report_id[1] if report_id else "list"}'
        self.asked.append(name)
        given = dict(parse_qsl(url.query, keep_blank_values=True))
        sent = json.loads(body) if body else {}
        answer: t.Any = None
        if report_id and report_id[1] in IDS and not given and not sent:
            answer = {'GET': {'id': report_id[1], **described.read}, 'DELETE': ''}.get(method)
        elif url.path == f'/v1{described.path}' and method == 'GET' and not sent and not strange(given, described.query):
            answer = {'items': described.listed}
        elif url.path == f'/v1{described.path}' and method == 'POST' and not given and not strange(sent, described.body) and described.required <= sent.keys():
            answer = described.created
        if answer is None:
            self.refused.append(request)
            return http(b'', status='400 Bad Request')
        return http(json.dumps(answer).encode(), 'Content-Type: application/json') if answer else http(b'', status='204 No Content')
