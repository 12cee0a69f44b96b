# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What surrounds a call: certificates, proxies, names, clocks, tokens, and what became of a create. A cell says what comes of it, the requests, the seconds."""

from __future__ import annotations

import typing as t
from email.utils import formatdate

from ansible_collections.webex_partner.billing.tests.unit.fake_time import EPOCH
from ansible_collections.webex_partner.billing.tests.unit.weather.case import Operation, table

LIST_PATH = 'reports$'

ADDRESSED = '''
api_url                                            list                  create                token                 wait
https, unknown issuer                              network 0 60          network 0 60          network 0 60          wait_timeout 0 60
https, issuer in ca_path                           ok 1                  -                     -                     -
https, expired certificate                         network 0 60          network 0 60          network 0 60          wait_timeout 0 60
https, certificate of another host                 network 0 60          network 0 60          network 0 60          wait_timeout 0 60
https, expired certificate, validate_certs: false  ok 1                  -                     -                     -
https, redirect to http                            invalid_response 1 0  invalid_response 1 0  invalid_response 1 0  wait_timeout 13 60
https, but the server speaks http                  network 0 60          network 0 60          network 0 60          wait_timeout 0 60
http, but the server does not speak http           network 8 60          network 8 60          network 8 60          wait_timeout 13 60
a port where no server listens                     network 0 60          network 0 60          network 0 60          wait_timeout 0 60
a name that does not resolve                       network 0 60          network 0 60          network 0 60          wait_timeout 0 60
a proxy that refuses                               network 0 60          network 0 60          network 0 60          wait_timeout 0 60
a proxy that does not exist                        network 0 60          network 0 60          network 0 60          wait_timeout 0 60
an invalid proxy URL                               invalid_input 0       invalid_input 0       invalid_input 0       invalid_input 0
a proxy that does not exist, loopback host         ok 1                  changed 3             ok 2                  ok 1
REQUESTS_CA_BUNDLE, file does not exist            invalid_input 0       invalid_input 0       invalid_input 0       invalid_input 0
'''

ADDRESSES: dict[str, dict[str, t.Any]] = {
    'https, unknown issuer': {'options': {'api_url': 'https://{secure}/v1'}},
    'https, issuer in ca_path': {'options': {'api_url': 'https://{secure}/v1', 'ca_path': '{authority}'}},
    'https, expired certificate': {'options': {'api_url': 'https://{expired}/v1', 'ca_path': '{authority}'}},
    'https, certificate of another host': {'options': {'api_url': 'https://here.invalid:{secure_port}/v1', 'ca_path': '{authority}'}},
    'https, expired certificate, validate_certs: false': {'options': {'api_url': 'https://{expired}/v1', 'validate_certs': False}},
    'https, redirect to http': {'options': {'api_url': 'https://{downgrade}/v1', 'ca_path': '{authority}'}},
    'https, but the server speaks http': {'options': {'api_url': 'https://{api}/v1'}},
    'http, but the server does not speak http': {'options': {'api_url': 'http://{not_http}/v1'}},
    'a port where no server listens': {'options': {'api_url': 'http://{closed}/v1'}},
    'a name that does not resolve': {'options': {'api_url': 'https://made-up.invalid/v1'}},
    'a proxy that refuses': {'options': {'api_url': 'https://here.invalid/v1'}, 'environment': {'HTTPS_PROXY': 'http://user:made-up@{proxy}'}},
    'a proxy that does not exist': {'options': {'api_url': 'https://here.invalid/v1'}, 'environment': {'HTTPS_PROXY': 'http://user:made-up@{closed}'}},
    'an invalid proxy URL': {'options': {'api_url': 'https://here.invalid/v1'}, 'environment': {'HTTPS_PROXY': 'http://user:made-up@['}},
    'a proxy that does not exist, loopback host': {'environment': {'HTTP_PROXY': 'http://{closed}', 'NO_PROXY': ''}},
    'REQUESTS_CA_BUNDLE, file does not exist': {'options': {'api_url': 'https://{secure}/v1'}, 'environment': {'REQUESTS_CA_BUNDLE': '/no/such/file.pem'}},
}

FILE_ADDRESSED = '''
the link                                 read
https, unknown issuer                    network 8 60
https, expired certificate               network 8 60
https, certificate of another host       network 8 60
https, redirect to http                  download 2
https, but the server speaks http        network 8 60
a name that does not resolve             network 8 60
a proxy that refuses                     network 8 60
a proxy that does not exist              network 8 60
REQUESTS_CA_BUNDLE, file does not exist  invalid_input 1
'''

CLOCK = '''
wall clock      list     get      create           delete        token    wait     read          file
a day ahead     ok 2 20  ok 2 20  changed 4 20     changed 3 20  ok 3 20  ok 2 20  changed 3 20  changed 4 20
a day behind    ok 2 20  ok 2 20  changed 4 20     changed 3 20  ok 3 20  ok 2 20  changed 3 20  changed 4 20
jumps           ok 2 20  ok 2 20  changed 4 20     changed 3 20  ok 3 20  ok 2 20  changed 3 20  changed 4 20
a month behind  ok 2 20  ok 2 20  invalid_input 0  changed 3 20  ok 3 20  ok 2 20  changed 3 20  changed 4 20
'''

WITHOUT_DATE = '''
wall clock    list              wait              file
a day ahead   ok 2 1            ok 2 5            changed 4 1
a day behind  rate_limited 1 0  rate_limited 1 0  download 2 0
'''

GENERATED = '''
wall clock    wait
right         ok 10 45
a day ahead   ok 10 45
a day behind  ok 10 45
jumps         ok 10 45
'''

CREATED = '''
POST                                       create
500, but the report was created            changed 4
504, and the list fails too                unavailable 10 60
409, and a report now exists               ok 4
409, and no report exists                  conflict 3
200, and the report cannot be read         changed 10 60
200, and the report is not visible yet     changed 6 7
200, and the report never becomes visible  changed 10 60
200, and the report has already failed     report_failed 3
'''

CREATES: dict[str, tuple[dict[str, t.Any], ...]] = {
    '500, but the report was created': ({'status': 500, 'processed': True},),
    '504, and the list fails too': ({'status': 504}, {'method': 'GET', 'path': LIST_PATH, 'skip': 1, 'status': 503}),
    '409, and a report now exists': ({'status': 409, 'processed': True},),
    '409, and no report exists': ({'status': 409},),
    '200, and the report cannot be read': ({'method': 'GET', 'path': 'reports/', 'status': 503},),
    '200, and the report is not visible yet': ({'method': 'GET', 'path': 'reports/', 'status': 404, 'times': 3},),
    '200, and the report never becomes visible': ({'method': 'GET', 'path': 'reports/', 'status': 404},),
    '200, and the report has already failed': ({'method': 'GET', 'path': 'reports/', 'replace': {'status': 'FAILED'}},),
}

TOKENS = '''
token                                                     token
rejected, and the new one is accepted                     ok 3
rejected, and so is the new one                           authentication 3
rejected, and the token endpoint is unavailable           unavailable 16 60
rejected, and so are the client secret and refresh token  authentication 2
'''

TOKEN_TROUBLES: dict[str, tuple[dict[str, t.Any], ...]] = {
    'rejected, and the new one is accepted': (),
    'rejected, and so is the new one': ({'path': LIST_PATH, 'status': 401},),
    'rejected, and the token endpoint is unavailable': ({'status': 503},),
    'rejected, and so are the client secret and refresh token': ({'status': 400, 'json': {'error': 'invalid_grant', 'error_description': 'made up'}},),
}


def addressed(name: str, _operation: Operation) -> dict[str, t.Any]:
    return ADDRESSES[name]


def file_addressed(name: str, _operation: Operation) -> dict[str, t.Any]:
    """The same host in the link of a report, of which the API is well."""
    address = ADDRESSES[name]
    link = address['options']['api_url'].replace('/v1', '/made-up.csv?Signature=made-up')
    options = {option: value for option, value in address['options'].items() if option != 'api_url'}
    return {'troubles': ({'replace': {'tempDownloadURL': link}},), 'options': options, 'environment': address.get('environment', {})}


def asks_by_date(name: str, _operation: Operation, date: str | None = formatdate(EPOCH, usegmt=True)) -> dict[str, t.Any]:
    """A 429 that asks to come back at a time of day."""
    headers = {'Retry-After': formatdate(EPOCH + 20, usegmt=True), 'Date': date}
    return {'troubles': ({'status': 429, 'headers': headers, 'times': 1},), 'wall': name}


def asks_without_date(name: str, operation: Operation) -> dict[str, t.Any]:
    return asks_by_date(name, operation, date=None)


def generated(name: str, _operation: Operation) -> dict[str, t.Any]:
    return {'troubles': ({'replace': {'status': 'IN_PROGRESS'}, 'times': 9},), 'wall': name}


def created(name: str, _operation: Operation) -> dict[str, t.Any]:
    return {'troubles': CREATES[name]}


def tokens(name: str, _operation: Operation) -> dict[str, t.Any]:
    return {'troubles': TOKEN_TROUBLES[name], 'options': {'access_token': 'made-up-and-expired'}}


SECTIONS = {
    'Certificates, proxies and names': [*table(ADDRESSED, addressed), *table(FILE_ADDRESSED, file_addressed, 'link to the file: {}')],
    'Wrong system clock': [
        *table(CLOCK, asks_by_date, '{}, Retry-After in 20 s by the clock of the server'),
        *table(WITHOUT_DATE, asks_without_date, '{}, Retry-After in 20 s, no Date header'),
        *table(GENERATED, generated, '{}, the report is ready after nine polls'),
    ],
    'Outcome of a create': table(CREATED, created),
    'Rejected token': table(TOKENS, tokens, 'access_token {}'),
}
