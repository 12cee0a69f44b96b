# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fields of Webex's JSON: missing, null or of any type, and nothing of it may break."""

from __future__ import annotations

import json

import pytest
from ansible_collections.webex_partner.billing.plugins.module_utils._api import fields

NOT_FOUND = 'Billing Report not found.'
NO_TEXT = (None, '', 0, 7, 1.5, True, [], ['x'], {}, {'x': 'y'})


@pytest.mark.parametrize('value', NO_TEXT, ids=repr)
def test_no_text(value):
    assert fields.text(value) is None


@pytest.mark.parametrize('value', ['IN_PROGRESS', ' ', 'Zürich', '\U0001f4a9', '日本'], ids=ascii)
def test_text_stays_as_it_is(value):
    assert fields.text(value) == value


HOSTILE = '\x1b[2Ja\x9b\u202e\u2028\nTASK [forged] ***\nok: [localhost]\ud800'


@pytest.mark.parametrize('value', [HOSTILE, 'abc\n', '\ud800'], ids=ascii)
def test_what_must_stay_as_it_came_is_one_line_or_nothing(value):
    assert fields.text(value) is None


def test_what_may_change_becomes_one_line():
    line = '[2Ja TASK [forged] *** ok: [localhost]'
    assert fields.shortened(HOSTILE) == fields.code(HOSTILE) == line
    assert fields.errors([{'code': HOSTILE, 'description': HOSTILE}, HOSTILE]) == [
        {'code': line, 'description': line}, {'code': None, 'description': line},
    ]
    assert fields.lines({HOSTILE: [HOSTILE, 7, None, {'a': HOSTILE}]}) == {line: [line, 7, None, {'a': line}]}
    assert fields.shortened('\n') is None


def test_a_url_is_bare_also_where_its_query_holds_an_escape():
    assert fields.shortened('see https://h/p?\x1bSignature=sesame') == 'see https://h/p?…'


@pytest.mark.parametrize(('value', 'expected'), [
    pytest.param(2024, 2024, id='int'),
    pytest.param(2024.0, 2024, id='float'),
    pytest.param('2024', 2024, id='digits'),
    pytest.param(0, 0, id='zero'),
    pytest.param(-1, -1, id='negative'),
    pytest.param('invalid_grant', 'invalid_grant', id='a word'),
    pytest.param(None, None, id='null'),
    pytest.param('', None, id='empty'),
    pytest.param(True, None, id='a boolean'),
    pytest.param([2024], None, id='a list'),
    pytest.param({'code': 2024}, None, id='an object'),
    pytest.param(float('nan'), None, id='NaN'),
    pytest.param(float('inf'), None, id='infinity'),
])
def test_code(value, expected):
    code = fields.code(value)
    assert (code, type(code)) == (expected, type(expected))


@pytest.mark.parametrize('value', [
    pytest.param(10 ** 400, id='an int beyond floats'),
    pytest.param(-10 ** 400, id='a negative int beyond floats'),
    pytest.param('9' * 5000, id='5000 digits'),
    pytest.param('²', id='a digit that is no number'),
    pytest.param(1e300, id='a huge float'),
    pytest.param(2024.5, id='a fraction'),
    pytest.param('\ud800', id='a surrogate'),
])
def test_a_strange_code_breaks_nothing(value):
    code = fields.code(value)
    assert code is None or isinstance(code, (int, str))
    json.dumps(code, ensure_ascii=False).encode('utf-8')


@pytest.mark.parametrize(('value', 'expected'), [
    pytest.param(None, [], id='absent or null'),
    pytest.param([], [], id='empty'),
    pytest.param([{'code': 2024, 'description': NOT_FOUND}], [(2024, NOT_FOUND)], id='as documented'),
    pytest.param([{'code': 2024.0, 'description': NOT_FOUND}], [(2024, NOT_FOUND)], id='code is a float'),
    pytest.param([{'code': '2024', 'description': NOT_FOUND}], [(2024, NOT_FOUND)], id='code is text'),
    pytest.param([{'errorCode': 10022, 'description': NOT_FOUND}], [(10022, NOT_FOUND)], id='errorCode'),
    pytest.param([{'code': None, 'errorCode': 10022}], [(10022, None)], id='errorCode beside a null code'),
    pytest.param([{'description': NOT_FOUND}], [(None, NOT_FOUND)], id='no code'),
    pytest.param([{'code': 2024}], [(2024, None)], id='no description'),
    pytest.param([{'code': 2024, 'description': None}], [(2024, None)], id='description is null'),
    pytest.param([{'code': 2024, 'description': ['x']}], [(2024, None)], id='description is a list'),
    pytest.param([{'code': 0, 'description': 'none'}], [(0, 'none')], id='code zero is a code'),
    pytest.param([{'message': 'Refused.'}], [(None, 'Refused.')], id='message for description'),
    pytest.param([{'key': 'billingPeriod', 'message': [{'description': 'a'}, {'code': 7, 'description': 'b'}]}],
                 [(None, 'a'), (7, 'b')], id='nested list'),
    pytest.param(['plain text', {'code': 1}], [(None, 'plain text'), (1, None)], id='text among objects'),
    pytest.param({'code': 2024, 'description': NOT_FOUND}, [(2024, NOT_FOUND)], id='one object, no list'),
    pytest.param('plain text', [(None, 'plain text')], id='text, no list'),
    pytest.param([None, 7, True, [], {}, {'fieldName': 'x'}], [], id='nothing that says anything'),
    pytest.param(7, [], id='a number'),
    pytest.param([{'code': 1, 'description': 'a'}, {'code': 2, 'description': 'b'}], [(1, 'a'), (2, 'b')], id='in order'),
])
def test_errors(value, expected):
    assert fields.errors(value) == [{'code': code, 'description': description} for code, description in expected]


@pytest.mark.parametrize('depth', [10, 400, 2000])
def test_errors_nested_as_deep_as_json_allows_break_nothing(depth):
    text = '{"message": [' * depth + '{"code": 2024}' + ']}' * depth
    try:
        value = json.loads(text)
    except RecursionError:
        return
    assert isinstance(fields.errors(value), list)


def test_a_text_from_outside_is_cut_to_what_a_sentence_bears():
    assert fields.shortened('x' * 500) == 'x' * 500
    assert len(fields.shortened('x' * 100000)) < 600
