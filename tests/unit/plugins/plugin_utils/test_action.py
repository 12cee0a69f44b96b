# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The edge of an action: what leaves it, what does not, and the environment it lends itself."""

from __future__ import annotations

import json
import os

import pytest
from ansible_collections.webex_partner.billing.plugins.module_utils._api.options import connection_spec
from ansible_collections.webex_partner.billing.plugins.module_utils._errors import NotFound
from ansible_collections.webex_partner.billing.plugins.plugin_utils import _action
from ansible_collections.webex_partner.billing.plugins.plugin_utils._action import BillingAction, core_hides_results, hidden, task_environment
from ansible_collections.webex_partner.billing.tests.unit.acting import Templar, act

URL = 'https://files.example/1.csv?Expires=1624978489&Signature=hidden'


class Returns(BillingAction):
    """Gives back its parameters, and a secret it came to know."""

    spec = {**connection_spec(), 'count': {'type': 'int', 'default': 1}, 'mode': {'type': 'str', 'choices': ['a', 'b']}}

    def perform(self, params):
        self.secrets.add('minted-canary')
        return {'params': params, 'minted': 'minted-canary', 'proxy': os.environ.get('HTTPS_PROXY')}


class Warns(Returns):
    def perform(self, params):
        self.secrets.add('minted-canary')
        self.say('line\nwith minted-canary')
        self.warn(f'warning of {URL} and minted-canary')
        return {}


class Fails(Returns):
    def perform(self, params):
        raise NotFound('Webex answered 404 with given-canary', http_status=404)

    def known(self):
        return {'polls': 3}


class Interrupted(Returns):
    def perform(self, params):
        raise KeyboardInterrupt


@pytest.fixture
def printed(monkeypatch):
    lines = []
    monkeypatch.setattr(_action.display, 'display', lambda line, *_args, **_kwargs: lines.append(line))
    return lines


@pytest.mark.parametrize(('version', 'hides'), [
    ('2.14.18', False), ('2.15.0', False), ('2.15.13', False), ('2.16.0', False), ('2.16.9', False), ('2.16.12', False),
    ('2.16.13', True), ('2.16.19', True),
    ('2.17.0', False), ('2.17.0rc1', False), ('2.17.5', False), ('2.17.6', True), ('2.17.14', True),
    ('2.18.0', True), ('2.18.0rc1', True), ('2.19.0b1', True), ('2.21.5', True), ('2.22.0rc1', True), ('2.22.0.dev0', True), ('2.100.0', True), ('3.0.0', True),
])
def test_which_cores_hide_a_result(version, hides):
    assert core_hides_results(version) is hides


@pytest.mark.parametrize(('url', 'show', 'hides'), [(URL, False, True), (URL, True, False), (None, False, False), ('', False, False)])
def test_a_result_is_hidden_when_it_carries_a_url_that_is_not_to_be_shown(url, show, hides):
    result = hidden({'reports': [{'temp_download_url': None}, {'temp_download_url': url}]}, show)
    assert result.get('_ansible_no_log', False) is hides


@pytest.mark.parametrize('result', [{}, {'reports': None}, {'reports': []}, {'failed': True, 'msg': 'x'}], ids=str)
def test_a_result_without_reports_is_not_hidden(result):
    assert '_ansible_no_log' not in hidden(dict(result), False)


def test_no_secret_leaves_with_a_result():
    result = act(Returns, access_token='given-canary', client_secret='secret-canary', refresh_token='refresh-canary', client_id='C1')
    assert 'canary' not in json.dumps(result)
    assert result['params']['client_id'] == 'C1' and result['params']['count'] == 1


def test_no_secret_leaves_with_a_failure():
    result = act(Fails, access_token='given-canary')
    assert 'canary' not in json.dumps(result)
    assert result['failed'] is True and result['polls'] == 3
    assert result['error']['kind'] == 'not_found' and '404' in result['msg']


def test_a_secret_from_the_environment_does_not_leave_either(monkeypatch):
    monkeypatch.setenv('WEBEX_ACCESS_TOKEN', 'given-canary')
    assert 'canary' not in json.dumps(act(Returns))


def test_lines_and_warnings_are_masked_and_appear_at_once(printed):
    result = act(Warns, access_token='x' * 20)
    assert printed[0] == 'line with ********'
    assert len(printed) == 2 and len(result['warnings']) == 1
    for text in (printed[1], result['warnings'][0]):
        assert 'warning of https://files.example/1.csv' in text and 'hidden' not in text and 'canary' not in text


@pytest.mark.parametrize('args', [
    pytest.param({'nonsense': 1}, id='unsupported'),
    pytest.param({'count': 'many'}, id='wrong type'),
    pytest.param({'mode': 'c'}, id='no choice'),
    pytest.param({'access_token': 'given-canary', 'request_timeout': 'given-canary'}, id='wrong type beside a secret'),
])
def test_what_ansible_refuses_carries_no_error_and_no_secret(args):
    result = act(Returns, **args)
    assert result['failed'] is True and result['msg'] and 'error' not in result
    assert 'canary' not in json.dumps(result)


def test_an_unsupported_option_is_named():
    assert 'nonsense' in act(Returns, nonsense=1)['msg']


def test_an_interrupt_is_not_held_up():
    with pytest.raises(KeyboardInterrupt):
        act(Interrupted)


def test_the_environment_of_the_task_reaches_options_and_proxies(monkeypatch):
    monkeypatch.setenv('WEBEX_CLIENT_ID', 'of the controller')
    environment = [{'WEBEX_CLIENT_ID': 'of the play', 'HTTPS_PROXY': 'http://proxy:1'}, {'WEBEX_CLIENT_ID': 'of the task'}]
    result = act(Returns, environment=environment, client_id='')
    assert result['params']['client_id'] == 'of the task' and result['proxy'] == 'http://proxy:1'


@pytest.mark.parametrize('leave', [None, ValueError, KeyboardInterrupt], ids=['returns', 'raises', 'is interrupted'])
def test_the_environment_is_restored(monkeypatch, leave):
    monkeypatch.setenv('KEPT', 'before')
    monkeypatch.delenv('NEW', raising=False)
    before = dict(os.environ)
    try:
        with task_environment(Templar(), [{'KEPT': 'within', 'NEW': 7}]):
            assert (os.environ['KEPT'], os.environ['NEW']) == ('within', '7')
            os.environ['FROM_WITHIN'] = 'x'
            if leave:
                raise leave
    except (ValueError, KeyboardInterrupt):
        pass
    assert dict(os.environ) == before


def test_the_environment_is_restored_when_a_later_part_of_it_cannot_be_had(monkeypatch):
    monkeypatch.setenv('KEPT', 'before')
    with pytest.raises(KeyError):
        with task_environment(Templar(), [{'KEPT': 'within'}, {'OTHER': '{{ unknown }}'}]):
            pass
    assert os.environ['KEPT'] == 'before'


@pytest.mark.parametrize('environment', [None, [], [{}], [{}, {}]], ids=str)
def test_no_environment(environment):
    before = dict(os.environ)
    with task_environment(Templar(), environment):
        assert dict(os.environ) == before


def test_an_environment_from_variables():
    with task_environment(Templar(proxies={'NO_PROXY': 'a'}, host='b'), ['{{ proxies }}', {'HTTPS_PROXY': '{{ host }}'}]):
        assert (os.environ['NO_PROXY'], os.environ['HTTPS_PROXY']) == ('a', 'b')
