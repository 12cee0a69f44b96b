# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is refused before any request is made: one clear sentence each, and no traceback."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from playbook import TOLERANT, Controller, connection, ensure, info, wait
from webex_sandbox import Sandbox

THIS_MONTH = time.strftime('%Y-%m', time.gmtime())

REFUSED = (
    (info('info_period', billing_period='2026-13'), '2026-13', 'YYYY-MM'),
    (info('info_period_empty', billing_period=''), 'billing_period', 'YYYY-MM'),
    (info('info_id_empty', id=''), 'id', 'empty'),
    (info('info_both', id='Y2lz', billing_period='2026-10'), 'id', 'billing_period'),
    (info('info_status', id='Y2lz', status=['FAILED']), 'id', 'status'),
    (info('info_stranger', idd='Y2lz'), 'idd', 'Supported parameters'),
    (info('info_http', api_url='http://webex.example/v1'), 'api_url', 'https://'),
    (wait('wait_nothing'), 'id, ids and billing_period', ''),
    (wait('wait_both', id='Y2lz', billing_period='2026-10'), 'id, ids and billing_period', ''),
    (wait('wait_id_empty', id=''), 'id', 'empty'),
    (wait('wait_ids_empty', ids=[]), 'ids', 'empty'),
    (wait('wait_ids_with_empty', ids=['Y2lz', '']), 'id', 'empty'),
    (wait('wait_period', billing_period='2026-10-01'), '2026-10-01', 'YYYY-MM'),
    (wait('wait_stranger', id='Y2lz', idd='Y2lz'), 'idd', 'Supported parameters'),
    (wait('wait_negative', id='Y2lz', wait_timeout=-1), 'wait_timeout', '-1'),
    (wait('wait_nan', id='Y2lz', poll_interval='nan'), 'poll_interval', 'nan'),
    (wait('wait_infinite', id='Y2lz', wait_timeout='inf'), 'wait_timeout', 'inf'),
    (wait('wait_word', id='Y2lz', wait_timeout='long'), 'wait_timeout', 'float'),
    (wait('wait_ca', id='Y2lz', ca_path='/nowhere/ca.pem'), 'ca_path', '/nowhere/ca.pem'),
    (ensure('ensure_period', billing_period='2026-13'), '2026-13', 'YYYY-MM'),
    (ensure('ensure_period_empty', billing_period=''), 'billing_period', 'YYYY-MM'),
    (ensure('ensure_this_month', billing_period=THIS_MONTH), THIS_MONTH, 'allow_open_period'),
    (ensure('ensure_this_month_checked', billing_period=THIS_MONTH) | {'check_mode': True}, THIS_MONTH, 'allow_open_period'),
    (ensure('ensure_future', billing_period='9999-01', force_new=True), '9999-01', 'not ended'),
    (ensure('ensure_malformed_although_open', billing_period='9999-1', allow_open_period=True), '9999-1', 'YYYY-MM'),
    (ensure('ensure_nothing'), 'billing_period', 'missing'),
    (ensure('ensure_present_id', id='Y2lz'), 'billing_period', 'missing'),
    (ensure('ensure_absent_nothing', state='absent'), 'id', 'billing_period'),
    (ensure('ensure_absent_both', state='absent', id='Y2lz', billing_period='2026-10'), 'id', 'billing_period'),
    (ensure('ensure_absent_period', state='absent', billing_period='2026-1'), '2026-1', 'YYYY-MM'),
    (ensure('ensure_absent_id_empty', state='absent', id=''), 'id', 'empty'),
    (ensure('ensure_stranger', billing_period='2026-10', set_facts=True), 'set_facts', 'Supported parameters'),
)
BY_ANSIBLE = {'ensure_nothing', 'ensure_present_id', 'ensure_absent_nothing', 'ensure_absent_both', 'ensure_stranger'}
BY_ANSIBLE |= {'info_both', 'info_status', 'info_stranger', 'wait_stranger', 'wait_word'}  # which knows no kind of error


@pytest.fixture(scope='module')
def refused(tmp_path_factory):
    """All refusals from one run."""
    with Sandbox() as sandbox:
        controller = Controller(tmp_path_factory.mktemp('refused'), connection(sandbox))
        outcome = controller.play([task | TOLERANT for task, _part, _other in REFUSED])
        assert outcome.code == 0, outcome.stdout
        assert sandbox.requests == []
        yield outcome


@pytest.mark.parametrize('task, part, other', [pytest.param(*case, id=case[0]['register']) for case in REFUSED])
def test_a_value_that_cannot_be_meant(refused, task, part, other):
    result = refused[task['register']]
    assert result['failed'] is True
    assert part in result['msg'], result['msg']
    assert other in result['msg'], result['msg']
    assert '\n' not in result['msg']
    if task['register'] not in BY_ANSIBLE:
        assert result['error']['kind'] == 'invalid_input'
        assert result['error']['http_status'] is None


def test_no_traceback(refused):
    assert 'Traceback' not in refused.stdout + refused.stderr


def test_without_credentials(sandbox, play):
    outcome = play(
        [
            info('info') | TOLERANT,
            wait('wait', id='Y2lz') | TOLERANT,
            wait('two_of_three', id='Y2lz', client_id='C1', client_secret='unspoken') | TOLERANT,
        ],
        env={'WEBEX_ACCESS_TOKEN': None},
    )
    for result in outcome.results.values():
        assert result['error']['kind'] == 'invalid_input'
        for name in ('access_token', 'client_id', 'client_secret', 'refresh_token'):
            assert name in result['msg']
            assert f'WEBEX_{name.upper()}' in result['msg']
    assert sandbox.requests == []


def test_without_requests(sandbox, play, tmp_path):
    Path(tmp_path / 'shadow').mkdir()
    Path(tmp_path / 'shadow/requests.py').write_text('raise ImportError("hidden by a test")\n', encoding='utf-8')
    outcome = play([info('info') | TOLERANT, wait('wait', id='Y2lz') | TOLERANT], env={'PYTHONPATH': str(tmp_path / 'shadow')})
    for result in outcome.results.values():
        assert result['failed'] is True
        assert 'requests' in result['msg']
        assert 'Python' in result['msg']
        assert result['error']['kind'] == 'invalid_input'
    assert 'Traceback' not in outcome.stdout + outcome.stderr
    assert sandbox.requests == []


def test_async_on_the_wait(sandbox, play):
    refused = play([wait('refused', id='Y2lz') | TOLERANT | {'async': 30, 'poll': 1}])['refused']
    assert refused['failed'] is True
    assert 'async' in refused['msg']
    assert 'support' in refused['msg']
    assert sandbox.requests == []
