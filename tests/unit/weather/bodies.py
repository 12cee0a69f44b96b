# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Bodies that are not what they should be: as bytes, and field by field. A cell says what comes of it, the requests, the seconds."""

from __future__ import annotations

import codecs
import gzip
import json
import typing as t

from ansible_collections.webex_partner.billing.tests.unit.weather.case import Operation, encoded, table

MEGABYTE = 1024 * 1024

AS_BYTES = '''
body                   list                get                 create              delete              token               wait             file
an empty body          invalid_response 1  invalid_response 1  invalid_response 3  changed 2           invalid_response 1  wait_timeout 13  download 2
white space            invalid_response 1  invalid_response 1  invalid_response 3  changed 2           invalid_response 1  wait_timeout 13  download 2
the first half         invalid_response 1  invalid_response 1  invalid_response 3  changed 2           invalid_response 1  wait_timeout 13  changed 2
an HTML page           invalid_response 1  invalid_response 1  invalid_response 3  changed 2           invalid_response 1  wait_timeout 13  download 2
null                   invalid_response 1  invalid_response 1  invalid_response 3  changed 2           invalid_response 1  wait_timeout 13  download 2
"made up"              invalid_response 1  invalid_response 1  invalid_response 3  changed 2           invalid_response 1  wait_timeout 13  download 2
[{}]                   invalid_response 1  invalid_response 1  invalid_response 3  changed 2           invalid_response 1  wait_timeout 13  download 2
100,000 brackets       invalid_response 1  invalid_response 1  invalid_response 3  changed 2           invalid_response 1  wait_timeout 13  download 2
a BOM before the body  ok 1                ok 1                changed 3           changed 2           ok 2                ok 1             changed 2
UTF-16                 invalid_response 1  invalid_response 1  invalid_response 3  changed 2           invalid_response 1  wait_timeout 13  changed 2
Latin-1                invalid_response 1  invalid_response 1  invalid_response 3  changed 2           invalid_response 1  wait_timeout 13  changed 2
gzip, not requested    ok 1                ok 1                changed 3           changed 2           ok 2                ok 1             changed 2
a truncated gzip       invalid_response 1  invalid_response 1  invalid_response 3  changed 2           invalid_response 1  wait_timeout 13  download 18
an invalid gzip        invalid_response 1  invalid_response 1  invalid_response 3  invalid_response 2  invalid_response 1  wait_timeout 13  download 16
50 MB                  invalid_response 1  -                   -                   -                   -                   -                changed 2
'''

BODIES: dict[str, t.Callable[[bytes], bytes]] = {
    'an empty body': lambda good: b'',
    'white space': lambda good: b' \r\n',
    'the first half': lambda good: good[:len(good) // 2],
    'an HTML page': lambda good: b'<!DOCTYPE html><title>made up</title>',
    '100,000 brackets': lambda good: b'[' * 100_000,
    'a BOM before the body': lambda good: codecs.BOM_UTF8 + good,
    'UTF-16': lambda good: good.decode().encode('utf-16'),
    'Latin-1': lambda good: good.decode().encode('latin-1'),
    'gzip, not requested': gzip.compress,
    'a truncated gzip': lambda good: gzip.compress(good)[:-12],
    'an invalid gzip': lambda good: b'\x1f\x8b made up',
    '50 MB': lambda good: good + (b' ' * 50 * MEGABYTE if good.startswith(b'{') else b'made,up\r\n' * (50 * MEGABYTE // 9)),
}

FIELDS = '''
field                                        list                get                 create              wait                read
no id                                        invalid_response 1  invalid_response 1  invalid_response 3  wait_timeout 13     invalid_response 1
id: null                                     invalid_response 1  invalid_response 1  invalid_response 3  wait_timeout 13     invalid_response 1
id: ""                                       invalid_response 1  invalid_response 1  invalid_response 3  wait_timeout 13     invalid_response 1
id: 7                                        invalid_response 1  invalid_response 1  invalid_response 3  wait_timeout 13     invalid_response 1
id: "another"                                ok 1                invalid_response 1  changed 10 60       invalid_response 1  invalid_response 1
id: "../../people/me"                        ok 1                invalid_response 1  changed 10 60       invalid_response 1  invalid_response 1
no status                                    ok 1                ok 1                -                   wait_timeout 13     download 1
status: null                                 ok 1                ok 1                -                   wait_timeout 13     download 1
status: 7                                    ok 1                ok 1                -                   wait_timeout 13     download 1
status: ["COMPLETED"]                        ok 1                ok 1                -                   wait_timeout 13     download 1
status: "completed"                          ok 1                ok 1                -                   wait_timeout 13     download 1
status: "REQUESTED"                          ok 1                ok 1                -                   wait_timeout 13     download 1
status: "FAILED"                             ok 1                ok 1                -                   report_failed 1     report_failed 1
no billingPeriod                             ok 1                ok 1                -                   ok 1                changed 2
billingPeriod: null                          ok 1                ok 1                -                   ok 1                changed 2
billingPeriod: 202105                        ok 1                ok 1                -                   ok 1                changed 2
billingPeriod: "../../etc"                   ok 1                ok 1                -                   ok 1                changed 2
created: "yesterday"                         -                   ok 1                -                   ok 1                changed 2
errors: null                                 -                   ok 1                -                   ok 1                changed 2
errors: "made up"                            -                   ok 1                -                   ok 1                changed 2
errors: [null, 7, {"code": true}]            -                   ok 1                -                   ok 1                changed 2
no tempDownloadURL                           -                   ok 1                -                   ok 1                download 1
tempDownloadURL: null                        -                   ok 1                -                   ok 1                download 1
tempDownloadURL: 7                           -                   ok 1                -                   ok 1                download 1
tempDownloadURL: ""                          -                   ok 1                -                   ok 1                download 1
tempDownloadURL: "made up"                   -                   ok 1                -                   ok 1                download 1
tempDownloadURL: "file:///etc/passwd"        -                   ok 1                -                   ok 1                download 1
tempDownloadURL: "http://made-up.invalid/"   -                   ok 1                -                   ok 1                download 1
tempDownloadURL: "https://made-up.invalid/"  -                   ok 1                -                   ok 1                network 8 60
items: null                                  invalid_response 1  -                   -                   -                   -
items: {}                                    invalid_response 1  -                   -                   -                   -
items: [null]                                invalid_response 1  -                   -                   -                   -
items: []                                    ok 1                -                   -                   -                   -
'''

OF_A_TOKEN = '''
field                         token
no access_token               invalid_response 1
access_token: null            invalid_response 1
access_token: 7               invalid_response 1
access_token: ""              invalid_response 1
access_token: "with a blank"  invalid_response 1
access_token: "line\\nend"    invalid_response 1
access_token: "ë"             invalid_response 1
refresh_token: null           ok 2
refresh_token: 7              ok 2
expires_in: "soon"            ok 2
'''

OF_A_FAILURE = '''
errors                                        get   wait             read
null                                          ok 1  report_failed 1  report_failed 1
[]                                            ok 1  report_failed 1  report_failed 1
"made up"                                     ok 1  report_failed 1  report_failed 1
{"code": 7}                                   ok 1  report_failed 1  report_failed 1
[{"code": "7", "description": "made up"}]     ok 1  report_failed 1  report_failed 1
[{"errorCode": 7.0, "message": "made up"}]    ok 1  report_failed 1  report_failed 1
[{"code": true, "description": ["made up"]}]  ok 1  report_failed 1  report_failed 1
'''

REFUSAL = '''
body of a 403                                            list          create        token
an empty body                                            permission 1  permission 2  authentication 1
an HTML page                                             permission 1  permission 2  authentication 1
null                                                     permission 1  permission 2  authentication 1
"made up"                                                permission 1  permission 2  authentication 1
{"message": null, "errors": null}                        permission 1  permission 2  authentication 1
{"message": 7, "errors": 7, "trackingId": 7}             permission 1  permission 2  authentication 1
{"errors": [{"description": "made up"}]}                 permission 1  permission 2  authentication 1
{"errors": [{"key": 7, "message": [{"code": "made"}]}]}  permission 1  permission 2  authentication 1
{"error": "made_up", "error_description": "made up"}     permission 1  permission 2  authentication 1
a truncated gzip                                         permission 1  permission 2  authentication 1
'''


def body(name: str, _operation: Operation, status: int = 200) -> dict[str, t.Any]:
    """A body by its name, or one that is its own name."""
    headers = {'Content-Encoding': 'gzip'} if 'gzip' in name else {}
    return {'troubles': ({'status': status, 'headers': headers, 'content': BODIES.get(name) or (lambda good: name.encode())},)}


def refusal(name: str, operation: Operation) -> dict[str, t.Any]:
    return body(name, operation, status=403)


def field(name: str, _operation: Operation, **others: t.Any) -> dict[str, t.Any]:
    """A field left out (``no id``), or set to a JSON value (``id: 7``); in a list it is that of its first entry."""
    key, has_value, value = name.removeprefix('no ').partition(': ')

    def changed(good: bytes) -> bytes:
        document = json.loads(good)
        holder = document['items'][0] if 'items' in document and key != 'items' else document
        holder.pop(key, None)
        holder.update({key: json.loads(value)} if has_value else {}, **others)
        return encoded(document)

    return {'troubles': ({'status': 200, 'content': changed},)}


def failure(name: str, operation: Operation) -> dict[str, t.Any]:
    return field(f'errors: {name}', operation, status='FAILED')


SECTIONS = {
    'Unexpected body': table(AS_BYTES, body, '200 with {}'),
    'Missing or invalid field': [*table(FIELDS, field), *table(OF_A_TOKEN, field)],
    'Errors of a failed report': table(OF_A_FAILURE, failure, 'FAILED, errors: {}'),
    'Body of a 403': table(REFUSAL, refusal, '403 with {}'),
}
