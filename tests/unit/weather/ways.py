# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the way does to an answer: cut, silent, slow, led elsewhere. A cell says what comes of it, the requests, the seconds."""

from __future__ import annotations

import typing as t

from ansible_collections.webex_partner.billing.tests.unit.weather.case import Operation, table

CUT = '''
cut                 list          get           create       delete        token         wait                read          file
before the headers  network 8 60  network 8 60  network 3 0  network 9 60  network 8 60  wait_timeout 13 60  network 8 60  network 16 60
in the headers      network 8 60  network 8 60  changed 4 0  changed 2 0   network 8 60  wait_timeout 13 60  network 8 60  network 16 60
in the body         network 8 60  network 8 60  changed 4 0  changed 2 0   network 8 60  wait_timeout 13 60  network 8 60  network 38 71
'''

CUT_ONCE = '''
cut                 list    get     create       delete       token   wait    read         file
before the headers  ok 2 1  ok 2 1  network 3 0  changed 3 1  ok 3 1  ok 2 5  changed 3 1  changed 4 1
in the headers      ok 2 1  ok 2 1  changed 4 0  changed 2 0  ok 3 1  ok 2 5  changed 3 1  changed 4 1
in the body         ok 2 1  ok 2 1  changed 4 0  changed 2 0  ok 3 1  ok 2 5  changed 3 1  changed 4 1
'''

CUTS = {'before the headers': 'before', 'in the headers': 'headers', 'in the body': 'body'}

SILENT = '''
silence  list          create        wait               file
always   timeout 2 61  changed 4 30  wait_timeout 3 90  timeout 4 61
once     ok 2 31       changed 4 30  ok 2 35            changed 4 31
'''

TRICKLE = '''
slow         list       create     wait            file
the headers  timeout 1  changed 4  wait_timeout 1  timeout 2
the body     timeout 1  changed 4  wait_timeout 1  changed 2
'''

TRICKLE_OF_A_FILE = '''
slow         file
the headers  timeout 2
the body     timeout 2
'''

REDIRECTED = '''
status and place                  list                create              delete              token               wait             file
301 to the same host, every time  invalid_response 1  invalid_response 3  invalid_response 2  invalid_response 1  wait_timeout 13  download 5
302 to another host               invalid_response 1  invalid_response 3  invalid_response 2  invalid_response 1  wait_timeout 13  download 3
302 to a URL without a host       invalid_response 1  invalid_response 3  invalid_response 2  invalid_response 1  wait_timeout 13  download 2
302 without a Location            invalid_response 1  invalid_response 3  invalid_response 2  invalid_response 1  wait_timeout 13  download 2
'''

PLACES = {
    'to the same host, every time': '/made-up',
    'to another host': 'http://{elsewhere}/v1/broadworks/billing/reports',
    'to a URL without a host': 'http://[',
    'without a Location': None,
}

LINKED = '''
next page                                     list
the same list, as a path                      ok 2
the same list, as a full URL                  ok 2
the same page again                           invalid_response 1
another host                                  invalid_response 1
another host, without a scheme                invalid_response 1
another host, with the API host as user info  invalid_response 1
the same host with https                      invalid_response 1
a URL without a host                          invalid_response 1
'''

LINKS = {
    'the same list, as a path': '/v1/broadworks/billing/reports?made_up=2',
    'the same list, as a full URL': 'http://{api}/v1/broadworks/billing/reports?made_up=2',
    'the same page again': 'http://{api}/v1/broadworks/billing/reports',
    'another host': 'http://{elsewhere}/v1/broadworks/billing/reports',
    'another host, without a scheme': '//{elsewhere}/v1/broadworks/billing/reports',
    'another host, with the API host as user info': 'http://{api}@{elsewhere}/v1/broadworks/billing/reports',
    'the same host with https': 'https://{api}/v1/broadworks/billing/reports',
    'a URL without a host': 'http://[',
}


def cut(name: str, _operation: Operation) -> dict[str, t.Any]:
    return {'troubles': ({'cut': CUTS[name]},)}


def cut_once(name: str, _operation: Operation) -> dict[str, t.Any]:
    return {'troubles': ({'cut': CUTS[name], 'times': 1},)}


def silent(name: str, _operation: Operation) -> dict[str, t.Any]:
    return {'troubles': ({'delay': 60, 'times': int(name == 'once')},), 'patience': 0.2}


def slow(name: str, operation: Operation, drip: float = 0.1) -> dict[str, t.Any]:
    """By real time, since sockets notice it, and they know no other. A file is not slow as long as it comes at all."""
    options = {'request_timeout': 0.3, 'retry_timeout': 0, **({'wait_timeout': 0} if 'wait_timeout' in operation.options else {})}
    small = {'status': 200, 'body': 'a,b\n1,2\n'} if operation.meets.get('host') == 'files' else {}
    return {'troubles': ({'drip': drip, 'drip_from': name.split()[1], **small},), 'options': options, 'real': 2}


def slower(name: str, operation: Operation) -> dict[str, t.Any]:
    return slow(name, operation, drip=1)


def redirected(name: str, _operation: Operation) -> dict[str, t.Any]:
    status, _blank, place = name.partition(' ')
    return {'troubles': ({'status': int(status), 'headers': {'Location': PLACES[place]}},)}


def linked(name: str, _operation: Operation) -> dict[str, t.Any]:
    return {'troubles': ({'headers': {'Link': f'<{LINKS[name]}>; rel="next"'}},)}


SECTIONS = {
    'Interrupted response': [*table(CUT, cut, 'always cut {}'), *table(CUT_ONCE, cut_once, 'cut {} once')],
    'Missing or slow response': [
        *table(SILENT, silent, 'no response, {}'),
        *table(TRICKLE, slow, '{}, with three bytes per request_timeout'),
        *table(TRICKLE_OF_A_FILE, slower, '{}, with less than one byte per request_timeout'),
    ],
    'Redirect': table(REDIRECTED, redirected),
    'Link to the next page': table(LINKED, linked, 'next page: {}'),
}
