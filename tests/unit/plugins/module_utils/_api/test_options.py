# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The shared options: option, variable, default, and each value that is refused before any request."""

from __future__ import annotations

from datetime import datetime

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.webex_partner.billing.plugins.module_utils._api import options
from ansible_collections.webex_partner.billing.plugins.module_utils._api.options import Connection, connection_spec, of_one_identity, without_unset
from ansible_collections.webex_partner.billing.plugins.module_utils._errors import InvalidInput
from ansible_collections.webex_partner.billing.tests.unit.connecting import connection_to, validated

API_URL = 'https://webexapis.com/v1'
VARIABLES = {
    'access_token': 'WEBEX_ACCESS_TOKEN',
    'client_id': 'WEBEX_CLIENT_ID',
    'client_secret': 'WEBEX_CLIENT_SECRET',
    'refresh_token': 'WEBEX_REFRESH_TOKEN',
    'token_file': 'WEBEX_TOKEN_FILE',
    'api_url': 'WEBEX_API_URL',
    'ca_path': 'WEBEX_CA_PATH',
}
TRIO = {'client_id': 'C1', 'client_secret': 'the-secret', 'refresh_token': 'the-refresh'}


def refused(**options):
    with pytest.raises(InvalidInput) as caught:
        connection_to(**{'api_url': API_URL, **options})
    return str(caught.value)


@pytest.mark.parametrize('name', VARIABLES)
@pytest.mark.parametrize(('option', 'variable', 'expected'), [
    pytest.param('/option', '/variable', '/option', id='the option comes first'),
    pytest.param(None, '/variable', '/variable', id='then the variable'),
    pytest.param('', '/variable', '/variable', id='an empty option is unset'),
    pytest.param(' \t', '/variable', '/variable', id='a blank option is unset'),
    pytest.param('', '', 'default', id='an empty variable is unset too'),
    pytest.param('', ' \n', 'default', id='a blank variable is unset too'),
    pytest.param(' /option ', '/variable', '/option', id='the option is trimmed'),
    pytest.param('', ' /variable\n', '/variable', id='the variable is trimmed'),
    pytest.param(None, '', 'default', id='an empty variable alone'),
    pytest.param(None, None, 'default', id='then the default'),
    pytest.param('/option', '', '/option', id='option and an empty variable'),
])
def test_precedence(monkeypatch, name, option, variable, expected):
    if variable is not None:
        monkeypatch.setenv(VARIABLES[name], variable)
    default = API_URL if name == 'api_url' else None
    options = {} if option is None else {name: option}
    assert validated(**options)[name] == (default if expected == 'default' else expected)


@pytest.mark.parametrize(('option', 'variable', 'expected'), [
    ('', '', True), (None, None, True), (None, 'false', False), (None, '0', False), ('', 'no', False),
    (True, 'no', True), (False, 'yes', False), ('no', '', False), (' no ', 'yes', False), (' ', ' no\n', False),
])
def test_validate_certs(monkeypatch, option, variable, expected):
    if variable is not None:
        monkeypatch.setenv('WEBEX_VALIDATE_CERTS', variable)
    assert validated(**{} if option is None else {'validate_certs': option})['validate_certs'] is expected


def test_a_variable_that_is_no_boolean_is_refused_by_name(monkeypatch):
    monkeypatch.setenv('WEBEX_VALIDATE_CERTS', 'perhaps')
    errors = ArgumentSpecValidator(connection_spec()).validate({}).error_messages
    assert errors and 'validate_certs' in errors[0]


def test_defaults():
    connection = connection_to('')
    assert (connection.api_url, connection.validate_certs, connection.ca_path) == (API_URL, True, None)
    assert (connection.request_timeout, connection.retry_timeout) == (30, 60)


def test_none_counts_as_unset_and_for_connection_options_an_empty_string_too():
    assert without_unset({'id': '', 'status': None, 'api_url': '', 'access_token': None, 'retry_timeout': 0, 'validate_certs': False}) == {
        'id': '', 'retry_timeout': 0, 'validate_certs': False,
    }


@pytest.mark.parametrize('name', ['request_timeout', 'retry_timeout'])
@pytest.mark.parametrize('value', [-1, '-0.001', 'nan', 'NaN', 'inf', '-inf', float('nan'), float('inf')], ids=str)
def test_numbers_that_no_clock_knows_are_refused(name, value):
    assert name in refused(**{name: value})


@pytest.mark.parametrize('name', ['request_timeout', 'retry_timeout'])
@pytest.mark.parametrize('blank', ['', ' '], ids=repr)
def test_a_blank_number_is_its_default(name, blank):
    assert getattr(connection_to(API_URL, **{name: blank}), name) == {'request_timeout': 30, 'retry_timeout': 60}[name]


def test_zero_is_one_try_but_no_exchange():
    assert connection_to(API_URL, retry_timeout=0).retry_timeout == 0
    assert 'request_timeout' in refused(request_timeout=0)


@pytest.mark.parametrize('given', [
    {},
    *({name: value for name, value in TRIO.items() if name != left_out} for left_out in TRIO),
    {'client_id': 'C1'},
], ids=lambda given: ' '.join(given) or 'nothing')
def test_without_credentials_options_and_variables_are_named(given):
    sentence = refused(access_token='', **given)
    for name in ('access_token', *TRIO):
        assert name in sentence and VARIABLES[name] in sentence
    assert 'the-secret' not in sentence and 'the-refresh' not in sentence


OTHERS = {name: f'other-{name}' for name in ('access_token', *TRIO)}


@pytest.mark.parametrize(('given', 'expected'), [
    pytest.param({}, OTHERS, id='all of the environment'),
    pytest.param({'access_token': 'own'}, {**OTHERS, 'access_token': 'own', 'refresh_token': None}, id='a token of its own'),
    pytest.param({'refresh_token': 'own'}, {**OTHERS, 'access_token': None, 'refresh_token': 'own'}, id='the integration is shared'),
    pytest.param({'access_token': 'own', 'refresh_token': ''}, {**OTHERS, 'access_token': 'own', 'refresh_token': None}, id='the other one blank'),
    pytest.param({'access_token': 'own', **TRIO}, {'access_token': 'own', **TRIO}, id='both of the same source'),
    pytest.param({'access_token': ' ', 'refresh_token': None}, OTHERS, id='both blank'),
    pytest.param({'client_id': 'C1'}, {**OTHERS, 'client_id': 'C1'}, id='an integration is no identity'),
])
def test_credentials_of_a_partner_are_one_identity(monkeypatch, given, expected):
    for name, value in OTHERS.items():
        monkeypatch.setenv(VARIABLES[name], value)
    connection = Connection.from_params(validated(api_url=API_URL, **given))
    assert {name: getattr(connection, name) for name in OTHERS} == expected


@pytest.mark.parametrize('other', ['access_token', 'refresh_token'])
def test_a_token_file_is_an_identity_too(monkeypatch, other):
    monkeypatch.setenv(VARIABLES[other], 'of-the-environment')
    connection = Connection.from_params(validated(api_url=API_URL, token_file='/north.json'))
    assert (connection.token_file, getattr(connection, other)) == ('/north.json', None)
    monkeypatch.delenv(VARIABLES[other])
    monkeypatch.setenv('WEBEX_TOKEN_FILE', '/south.json')
    connection = Connection.from_params(validated(**{'api_url': API_URL, **TRIO, other: 'own'}))
    assert (connection.token_file, getattr(connection, other)) == (None, 'own')


@pytest.mark.parametrize('other', ['access_token', 'refresh_token'])
def test_two_identities_of_one_source_are_refused(monkeypatch, other):
    with pytest.raises(InvalidInput, match=f'token_file and {other} are set together'):
        Connection.from_params(validated(api_url=API_URL, token_file='/north.json', **{other: 'own'}))
    monkeypatch.setenv(VARIABLES[other], 'of-the-environment')
    monkeypatch.setenv('WEBEX_TOKEN_FILE', '/south.json')
    with pytest.raises(InvalidInput, match='WEBEX_TOKEN_FILE'):
        Connection.from_params(validated(api_url=API_URL))


def test_a_relative_token_file_is_refused():
    assert 'token_file must be an absolute path' in refused(access_token='', token_file='north.json')


def test_a_token_of_the_environment_does_not_complete_a_refresh_token_of_the_task(monkeypatch):
    monkeypatch.setenv('WEBEX_ACCESS_TOKEN', 'other-token')
    monkeypatch.setenv('WEBEX_CLIENT_ID', 'C1')
    sentence = refused(access_token='', refresh_token='the-refresh')
    assert 'client_id and refresh_token without client_secret; WEBEX_ACCESS_TOKEN is not used' in sentence
    assert 'other-token' not in sentence and 'the-refresh' not in sentence


def test_a_token_loses_the_line_end_it_was_copied_with():
    assert connection_to(API_URL, access_token=' abc\r\n').access_token == 'abc'


@pytest.mark.parametrize('token', ['a b', 'a\nb', 'a\r\nX-Evil: 1', 'käse', 'a\x00b', '\udce9'], ids=ascii)
def test_a_token_that_no_header_bears_is_refused_without_telling_it(token):
    sentence = refused(access_token=token)
    assert 'access_token' in sentence and token not in sentence and repr(token)[1:-1] not in sentence


def test_the_representation_of_a_connection_tells_no_secret():
    text = repr(connection_to(API_URL, access_token='the-token', **TRIO))
    assert 'the-token' not in text and 'the-secret' not in text and 'the-refresh' not in text


@pytest.mark.parametrize('path', ['/no/such/file.pem', '/', 'a\x00b'], ids=ascii)
def test_a_ca_path_that_is_no_file_is_refused(path):
    assert 'ca_path' in refused(ca_path=path)


def test_validated_as_an_action_does_it():
    spec = {**connection_spec(), 'id': {'type': 'str'}}
    validation = ArgumentSpecValidator(spec).validate(of_one_identity(without_unset({'access_token': 'abc', 'retry_timeout': '5', 'nonsense': 1})))
    assert validation.unsupported_parameters and len(validation.error_messages) == 1
    assert validation.validated_parameters['retry_timeout'] == 5.0
    assert 'abc' in validation._no_log_values
    assert isinstance(Connection.from_params(validation.validated_parameters), Connection)


@pytest.mark.parametrize('name', ['access_token', 'client_secret', 'refresh_token'])
def test_secrets_are_known_to_ansible_also_when_they_come_from_a_variable(monkeypatch, name):
    monkeypatch.setenv(VARIABLES[name], 'from-variable')
    assert 'from-variable' in ArgumentSpecValidator(connection_spec()).validate({})._no_log_values


@pytest.mark.parametrize('value', ['Y2lzY29zcGFyazovL3VzL0JJTExJTkdfUkVQT1JULzU', 'a/b', '...', 'a?b#c', '%2e%2e', 'ü'])
def test_ids_are_opaque(value):
    assert options.report_id('id', value) == value


@pytest.mark.parametrize('value', [
    '', '.', '..', ' ', 'a b', ' a', 'a ', 'a\n', 'a\tb', '\x00', 'a\x7f', 'a\x1b[31m', 'a\u00a0b', 'a\u2028b', 'a\x9bb', 'a\ud800',
], ids=ascii)
def test_ids_that_are_none(value):
    with pytest.raises(InvalidInput) as caught:
        options.report_id('id', value)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize('value', ['', '2021-13', '2021-5', 'previous', '2021-05-01', '\x1b[31m'], ids=ascii)
def test_periods_that_are_none(value):
    with pytest.raises(InvalidInput, match='YYYY-MM') as caught:
        options.billing_period(value)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(('period', 'now'), [
    ('2026-10', '2026-11-01T00:00:00+00:00'), ('2026-10', '2026-11-01T01:00:00+01:00'), ('2026-12', '2027-01-01T00:00:00+00:00'),
    ('1999-12', '2026-11-05T12:00:00+00:00'),
])
def test_a_month_ends_with_its_last_second_in_utc(period, now):
    over = datetime.fromisoformat(now).timestamp()
    assert options.ended_period(period, over) == period
    if not period.startswith('1999'):
        with pytest.raises(InvalidInput, match='when the month is over'):
            options.ended_period(period, over - 0.001)


@pytest.mark.parametrize('period', ['', '2026-13', '2026-1'])
def test_a_month_that_is_none_has_not_ended_either(period):
    with pytest.raises(InvalidInput, match='YYYY-MM'):
        options.ended_period(period, 4102444800)


@pytest.mark.parametrize('prefix', ['', 'sha256:'])
def test_a_digest_is_the_same_in_capitals(prefix):
    assert options.sha256('checksum', (prefix + 'ab' * 32).upper(), prefix) == 'ab' * 32
    assert options.sha256('checksum', None, prefix) is None


@pytest.mark.parametrize('prefix', ['', 'sha256:'])
@pytest.mark.parametrize('value', ['', 'ab', 'g' * 64, 'a' * 65, 'md5:' + 'a' * 64, 'sha256:sha256:' + 'a' * 64])
def test_what_is_no_digest_is_refused(prefix, value):
    with pytest.raises(InvalidInput, match=f'checksum must be {prefix}.*64 hexadecimal digits'):
        options.sha256('checksum', value, prefix)
