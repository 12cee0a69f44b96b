# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every status of the API's table on every operation, and every form of Retry-After. A cell says what comes of it, the requests, the seconds."""

from __future__ import annotations

import typing as t
from email.utils import formatdate

from ansible_collections.webex_partner.billing.tests.unit.fake_time import EPOCH
from ansible_collections.webex_partner.billing.tests.unit.weather.case import Operation, table

STAYS = '''
status    list                get                 create              delete             token               wait              read                file
200 good  ok 1                ok 1                changed 3           changed 2          ok 2                ok 1              changed 2           changed 2
201 good  ok 1                ok 1                changed 3           changed 2          ok 2                ok 1              changed 2           download 2
202 good  ok 1                ok 1                changed 3           changed 2          ok 2                ok 1              changed 2           download 2
200 {}    invalid_response 1  invalid_response 1  invalid_response 3  changed 2          invalid_response 1  wait_timeout 13   invalid_response 1  download 2
201 []    invalid_response 1  invalid_response 1  invalid_response 3  changed 2          invalid_response 1  wait_timeout 13   invalid_response 1  download 2
202 <p>   invalid_response 1  invalid_response 1  invalid_response 3  changed 2          invalid_response 1  wait_timeout 13   invalid_response 1  download 2
204       invalid_response 1  invalid_response 1  invalid_response 3  changed 2          invalid_response 1  wait_timeout 13   invalid_response 1  download 2
400       invalid_input 1     invalid_input 1     invalid_input 2     invalid_input 2    authentication 1    invalid_input 1   invalid_input 1     download 2
401       authentication 1    authentication 1    authentication 2    authentication 2   authentication 1    authentication 1  authentication 1    download 4
403       permission 1        permission 1        permission 2        permission 2       authentication 1    permission 1      permission 1        download 4
404       not_found 1         not_found 1         not_found 2         ok 2               authentication 1    not_found 1       not_found 1         download 4
405       invalid_input 1     invalid_input 1     invalid_input 2     invalid_input 2    authentication 1    invalid_input 1   invalid_input 1     download 2
409       conflict 1          conflict 1          conflict 3          conflict 2         authentication 1    conflict 1        conflict 1          download 2
410       gone 1              gone 1              gone 2              ok 2               authentication 1    gone 1            gone 1              download 4
415       invalid_input 1     invalid_input 1     invalid_input 2     invalid_input 2    authentication 1    invalid_input 1   invalid_input 1     download 2
423       unavailable 8 60    unavailable 8 60    unavailable 9 60    unavailable 9 60   unavailable 8 60    wait_timeout 13   unavailable 8 60    download 2 0
428       invalid_input 1     invalid_input 1     invalid_input 2     invalid_input 2    authentication 1    invalid_input 1   invalid_input 1     download 2
429       rate_limited 8 60   rate_limited 8 60   rate_limited 9 60   rate_limited 9 60  rate_limited 8 60   wait_timeout 13   rate_limited 8 60   download 16
500       unavailable 8 60    unavailable 8 60    unavailable 3 0     unavailable 9 60   unavailable 8 60    wait_timeout 13   unavailable 8 60    download 16
502       unavailable 8 60    unavailable 8 60    unavailable 3 0     unavailable 9 60   unavailable 8 60    wait_timeout 13   unavailable 8 60    download 16
503       unavailable 8 60    unavailable 8 60    unavailable 3 0     unavailable 9 60   unavailable 8 60    wait_timeout 13   unavailable 8 60    download 16
504       unavailable 8 60    unavailable 8 60    unavailable 3 0     unavailable 9 60   unavailable 8 60    wait_timeout 13   unavailable 8 60    download 16
'''

GOES_BY = '''
status  list    get     create           delete       token   wait    read         file
423     ok 2 1  ok 2 1  changed 4 1      changed 3 1  ok 3 1  ok 2 5  changed 3 1  download 2 0
429     ok 2 1  ok 2 1  changed 4 1      changed 3 1  ok 3 1  ok 2 5  changed 3 1  changed 4 1
503     ok 2 1  ok 2 1  unavailable 3 0  changed 3 1  ok 3 1  ok 2 5  changed 3 1  changed 4 1
'''

ASKS_TO_WAIT = '''
Retry-After       list              get               create            delete            token             wait              read              file
7                 ok 2 7            ok 2 7            changed 4 7       changed 3 7       ok 3 7            ok 2 7            changed 3 7       changed 4 7
7.5               ok 2 7.5          ok 2 7.5          changed 4 7.5     changed 3 7.5     ok 3 7.5          ok 2 7.5          changed 3 7.5     changed 4 7.5
-7                ok 2 1            ok 2 1            changed 4 1       changed 3 1       ok 3 1            ok 2 5            changed 3 1       changed 4 1
in 20 s           ok 2 20           ok 2 20           changed 4 20      changed 3 20      ok 3 20           ok 2 20           changed 3 20      changed 4 20
20 s ago          ok 2 1            ok 2 1            changed 4 1       changed 3 1       ok 3 1            ok 2 5            changed 3 1       changed 4 1
rand(30),add(30)  ok 2 1            ok 2 1            changed 4 1       changed 3 1       ok 3 1            ok 2 5            changed 3 1       changed 4 1
an empty value    ok 2 1            ok 2 1            changed 4 1       changed 3 1       ok 3 1            ok 2 5            changed 3 1       changed 4 1
86400             rate_limited 1 0  rate_limited 1 0  rate_limited 2 0  rate_limited 2 0  rate_limited 1 0  rate_limited 1 0  rate_limited 1 0  download 2 0
in a day          rate_limited 1 0  rate_limited 1 0  rate_limited 2 0  rate_limited 2 0  rate_limited 1 0  rate_limited 1 0  rate_limited 1 0  download 2 0
'''

DATES = {'in 20 s': 20, '20 s ago': -20, 'in a day': 86400}

BODIES: dict[str, t.Callable[[bytes], bytes]] = {
    'good': lambda good: good,
    '{}': lambda good: b'{}',
    '[]': lambda good: b'[]',
    '<p>': lambda good: b'<p>made up</p>',
}


def answered(name: str, _operation: Operation) -> dict[str, t.Any]:
    """A status, and for a success the body after it."""
    status, _blank, body = name.partition(' ')
    return {'troubles': ({'status': int(status), **({'content': BODIES[body]} if body else {})},)}


def once(name: str, operation: Operation) -> dict[str, t.Any]:
    return {'troubles': ({**answered(name, operation)['troubles'][0], 'times': 1},)}


def retry_after(name: str, _operation: Operation) -> dict[str, t.Any]:
    """A date holds by the clock of the server, which is right here."""
    asked = formatdate(EPOCH + DATES[name], usegmt=True) if name in DATES else '' if name == 'an empty value' else name
    return {'troubles': ({'status': 429, 'headers': {'Retry-After': asked, 'Date': formatdate(EPOCH, usegmt=True)}, 'times': 1},)}


SECTIONS = {
    'Persistent HTTP status': table(STAYS, answered),
    'HTTP status once': table(GOES_BY, once, '{} once'),
    '429 with Retry-After': table(ASKS_TO_WAIT, retry_after, '429 once, Retry-After: {}'),
}
