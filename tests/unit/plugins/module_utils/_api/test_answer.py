# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What any answer of the API becomes: seen from the caller, with a real server."""

from __future__ import annotations

import json

import pytest
from ansible_collections.webex_partner.billing.plugins.module_utils._errors import BillingError, InvalidResponse
from ansible_collections.webex_partner.billing.plugins.module_utils._secrets import Secrets
from ansible_collections.webex_partner.billing.tests.unit.connecting import client_of

MESSAGE = 'The server says so.'


def failure(sandbox, time, **trouble):
    sandbox.trouble(**{'headers': {'TrackingID': None}, **trouble})
    with pytest.raises(BillingError) as caught:
        client_of(sandbox, time).get_report('abc')
    return caught.value


@pytest.mark.parametrize(('status', 'kind'), [
    (400, 'invalid_input'), (401, 'authentication'), (403, 'permission'), (404, 'not_found'), (405, 'invalid_input'), (409, 'conflict'),
    (410, 'gone'), (415, 'invalid_input'), (423, 'unavailable'), (428, 'invalid_input'), (429, 'rate_limited'),
    (500, 'unavailable'), (502, 'unavailable'), (503, 'unavailable'), (504, 'unavailable'),
])
def test_each_status_gives_sentence_and_data(sandbox, time, status, kind):
    headers = {'TrackingID': 'ROUTER_1'}
    error = failure(sandbox, time, status=status, headers=headers, json={'message': MESSAGE, 'errors': [{'description': 'a'}], 'trackingId': 'NA_2'})
    result = error.to_result(str)
    assert result['error'] == {
        'kind': kind, 'http_status': status, 'message': MESSAGE, 'details': [{'code': None, 'description': 'a'}],
        'tracking_id': 'ROUTER_1', 'retry_after': None,
    }
    for part in ('Reading billing report abc', str(status), MESSAGE, 'ROUTER_1'):
        assert part in result['msg']


@pytest.mark.parametrize(('body', 'message', 'details'), [
    pytest.param({'message': MESSAGE}, MESSAGE, None, id='message alone'),
    pytest.param({'code': 7, 'message': MESSAGE, 'trackingId': 'x'}, MESSAGE, None, id='code, message, trackingId'),
    pytest.param({'errors': [{'description': MESSAGE}]}, MESSAGE, [(None, MESSAGE)], id='errors alone'),
    pytest.param({'errors': [{'key': 'k', 'message': [{'description': MESSAGE}]}]}, MESSAGE, [(None, MESSAGE)], id='nested'),
    pytest.param({'message': MESSAGE, 'errors': [{'errorCode': 400112, 'description': 'x'}]}, MESSAGE, [(400112, 'x')], id='errorCode'),
    pytest.param({'error': 'invalid_grant', 'error_description': MESSAGE}, MESSAGE, None, id='oauth'),
    pytest.param({'message': None, 'errors': None, 'trackingId': None}, None, None, id='all null'),
    pytest.param({'message': ['x'], 'errors': 7, 'trackingId': {}}, None, None, id='all of wrong types'),
    pytest.param({}, None, None, id='empty object'),
    pytest.param([], None, None, id='a list'),
    pytest.param('text', None, None, id='a string'),
    pytest.param(None, None, None, id='null'),
    pytest.param({'message': 'x' * 100000}, 'x' * 500 + '…', None, id='a very long message'),
    pytest.param({'message': 'two\r\nlines\x1b[31m'}, 'two lines [31m', None, id='control characters'),
])
def test_any_json_gives_a_sentence(sandbox, time, body, message, details):
    result = failure(sandbox, time, status=403, json=body).to_result(Secrets().mask)
    assert result['error']['message'] == message
    assert result['error']['details'] == (details and [{'code': code, 'description': text} for code, text in details])
    assert '403' in result['msg'] and 'None' not in result['msg'] and result['msg'].isprintable()


@pytest.mark.parametrize('body', [
    pytest.param('{"errors": [' + '{"code": 1},' * 1400000 + '{"code": 1}]}', id='a million errors'),
    pytest.param('{"errors": [' + '{"code": 1},' * 1000 + '{"code": 1}]}', id='a thousand errors'),
    pytest.param('{"errors": [{"message": [' + '{"code": 1},' * 1000 + '{"code": 1}]}]}', id='a thousand nested ones'),
])
def test_a_flood_of_errors_is_cut_short(sandbox, time, body):
    error = failure(sandbox, time, status=400, body=body)
    assert error.http_status == 400 and len(error.details or []) <= 50


@pytest.mark.parametrize('body', [
    pytest.param('<html><body>Bad Gateway</body></html>', id='HTML'),
    pytest.param('', id='empty'),
    pytest.param('{"message": ', id='half'),
    pytest.param('{"errors": ' + '[' * 100000, id='deep brackets'),
    pytest.param('{"errors": [{"code": ' + '9' * 400 + '}]}', id='a code beyond floats'),
    pytest.param('{"errors": [{"code": ' + '9' * 5000 + '}]}', id='a code of 5000 digits'),
    pytest.param('{"errors": ' + '[{"message": ' * 2000 + '[]' + '}]' * 2000 + '}', id='deep errors'),
    pytest.param('{"message": "\\ud800", "trackingId": "\\udfff"}', id='surrogates'),
    pytest.param('{"errors": [{"code": NaN}, {"code": Infinity}]}', id='NaN'),
])
def test_any_body_gives_a_sentence(sandbox, time, body):
    error = failure(sandbox, time, status=502, body=body)
    assert error.kind == 'unavailable' and '502 Bad Gateway' in str(error)
    json.dumps(error.to_result(str), ensure_ascii=False).encode('utf-8')


@pytest.mark.parametrize(('headers', 'body', 'expected'), [
    pytest.param({'TrackingID': 'ROUTER_1'}, {'trackingId': 'NA_2'}, 'ROUTER_1', id='header first'),
    pytest.param({'trackingid': 'ROUTERGW_1'}, {}, 'ROUTERGW_1', id='header in lower case'),
    pytest.param({'TrackingID': None}, {'trackingId': 'NA_2'}, 'NA_2', id='else the body'),
    pytest.param({'TrackingID': ''}, {'trackingId': 'NA_2'}, 'NA_2', id='header empty'),
    pytest.param({'TrackingID': None}, {}, None, id='neither'),
])
def test_tracking_id(sandbox, time, headers, body, expected):
    assert failure(sandbox, time, status=500, headers=headers, json=body).tracking_id == expected


def test_an_unknown_status_gives_a_sentence(sandbox, time):
    assert '499' in str(failure(sandbox, time, status=499, body=''))


@pytest.mark.parametrize(('status', 'body'), [
    pytest.param(200, '<!DOCTYPE html><title>Log in</title>', id='HTML'),
    pytest.param(200, '', id='empty'),
    pytest.param(204, '', id='204'),
    pytest.param(200, 'OK', id='text'),
    pytest.param(200, '[]', id='a list'),
    pytest.param(200, 'null', id='null'),
    pytest.param(200, '{}', id='no id'),
    pytest.param(200, '{"id": 7}', id='an id that is no text'),
    pytest.param(200, '[' * 100000, id='deep brackets'),
    pytest.param(302, '', id='a redirect'),
])
def test_a_success_that_is_no_report_is_an_invalid_response(sandbox, time, status, body):
    error = failure(sandbox, time, status=status, body=body, headers={'TrackingID': 'ROUTER_1'})
    assert isinstance(error, InvalidResponse)
    assert (error.http_status, error.tracking_id) == (status, 'ROUTER_1')


@pytest.mark.parametrize('field', ['message', 'trackingId', 'description', 'code', 'error_description', 'header'])
def test_a_secret_that_the_server_echoes_is_masked(sandbox, time, field):
    token = sandbox.access_token
    body = {'message': 'm', 'errors': [{'code': 'c', 'description': 'd'}]}
    if field in ('description', 'code'):
        body['errors'][0][field] = f'bad {token}'
    elif field != 'header':
        body[field] = f'bad {token}'
    headers = {'TrackingID': f'ROUTER_{token}' if field == 'header' else None}
    sandbox.trouble(status=400, json=body, headers=headers)
    secrets = Secrets()
    with pytest.raises(BillingError) as caught:
        client_of(sandbox, time, secrets).list_reports()
    assert token not in json.dumps(caught.value.to_result(secrets.mask))
