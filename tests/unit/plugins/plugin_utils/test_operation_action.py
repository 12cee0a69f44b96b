# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An action beside a module: what it does itself, and what it leaves to the module."""

from __future__ import annotations

import re
import sys

import pytest
from ansible_collections.webex_partner.billing.plugins.module_utils._api.products import BROADWORKS
from ansible_collections.webex_partner.billing.plugins.module_utils._edge.operation import Operation
from ansible_collections.webex_partner.billing.plugins.plugin_utils import _action
from ansible_collections.webex_partner.billing.plugins.plugin_utils._operation_action import OperationAction
from ansible_collections.webex_partner.billing.tests.unit.acting import act, acting
from ansible_collections.webex_partner.billing.tests.unit.raw_server import RawServer

HERE = {'ansible_python_interpreter': sys.executable}
TOKEN = {'access_token': 'given-canary'}
OPTIONS = {'count': {'type': 'int'}, 'id': {'type': 'str'}, 'show_download_url': {'type': 'bool', 'default': False}}


def perform(edge):
    edge.warn_masked(f'{edge.params["count"]} with {edge.client(BROADWORKS).connection.access_token}')
    url = 'https://files.example/1.csv' if edge.result_is_hidden else None
    return {'is_check': edge.check_mode, 'given': edge.given, 'reports': [{'temp_download_url': url}]}


class Action(OperationAction):
    """Does without core where a module would be sent."""

    operation = Operation(perform, OPTIONS, {'mutually_exclusive': [('count', 'id')]})

    def _execute_module(self, **sent):
        return {'sent': sent}


def test_on_this_host_it_is_done_here():
    result = act(Action, task_vars=HERE, check_mode=True, count='3', **TOKEN)
    assert result['is_check'] is True and result['_ansible_no_log'] is True
    assert result['warnings'] == ['3 with ********']
    assert result['given'] == {'count': '3', 'access_token': '********'}


def test_a_link_that_may_be_shown_is():
    result = act(Action, task_vars=HERE, count=1, show_download_url='yes', **TOKEN)
    assert result['reports'][0]['temp_download_url'] and '_ansible_no_log' not in result


def test_rules_between_options_hold():
    result = act(Action, task_vars=HERE, count=1, id='a', **TOKEN)
    assert result['failed'] is True and 'mutually exclusive' in result['msg']


@pytest.mark.parametrize('where', [
    pytest.param({'task_vars': {}}, id='Python not known'),
    pytest.param({'task_vars': {'ansible_python_interpreter': '/usr/bin/python3.99'}}, id='another Python'),
    pytest.param({'connection': {'transport': 'ssh'}}, id='another host'),
    pytest.param({'connection': {'become': object()}}, id='another user'),
    pytest.param({'keywords': {'delegate_to': 'far'}}, id='delegated'),
    pytest.param({'keywords': {'async_val': 20}}, id='async'),
])
def test_what_would_not_be_the_same_is_left_to_the_module(where):
    sent = act(Action, **{'task_vars': HERE, 'count': 1, **TOKEN, **where})['sent']
    is_async = bool(where.get('keywords', {}).get('async_val'))
    assert sent['module_args'] == {'count': 1, **TOKEN, '_webex_result_is_hidden': not is_async}
    assert sent['wrap_async'] == (20 if is_async else 0)


def test_a_person_sees_each_retry(monkeypatch):
    lines = []
    monkeypatch.setattr(_action.display, 'display', lines.append)
    with RawServer(b'') as gone:
        options = {**TOKEN, 'api_url': f'http://{gone.address}/v1', 'retry_timeout': 0.3}

    class Lists(OperationAction):
        operation = Operation(lambda edge: {'reports': edge.client(BROADWORKS).list_reports()}, OPTIONS, {})

    result = act(Lists, task_vars=HERE, **options)
    assert result['failed'] is True and 'is the sandbox still running?' in result['msg']
    assert len(lines) == 1 and re.search('^Listing the billing reports failed: .*refused; retrying in [0-9]+ s$', lines[0])


def test_the_next_try_of_a_task_forgets_no_secret_of_its_own():
    """With ``until`` core runs the same action again, and the client may mint another token each time."""
    minted = iter(('first-canary', 'second-canary'))

    def mint(edge):
        secret = next(minted)
        edge.client(BROADWORKS).secrets.add(secret)
        return {'said': secret}

    class Mints(Action):
        operation = Operation(mint, OPTIONS, {})

    action = acting(Mints, task_vars=HERE, **TOKEN)
    assert [action() for _try in range(2)] == [{'said': '********'}] * 2
