# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which report is waited for, and how options reach the plugins."""

from __future__ import annotations

import pytest
from playbook import BY_MODULE, TOLERANT, asked, end_later, ensure, info, methods, wait


@pytest.fixture
def month(sandbox):
    """Three reports of a month, the newest of them failed."""
    return {
        day: sandbox.add_report('2026-10', seconds=seconds, ends=status, created=f'2026-11-{day:02}T10:00:00.000Z')
        for day, seconds, status in ((2, 0, 'COMPLETED'), (5, 3600, 'COMPLETED'), (9, 0, 'FAILED'))
    }


def test_a_month_adopts_the_newest_that_has_not_failed(sandbox, play, month):
    sandbox.add_report('2026-08', seconds=0, ends='FAILED', created='2026-09-02T10:00:00.000Z')
    newest = sandbox.add_report('2026-08', seconds=0, ends='FAILED', created='2026-09-09T10:00:00.000Z')
    end_later(sandbox, month[5], 1)
    outcome = play([
        wait('adopted', billing_period='2026-10', poll_interval=0.3),
        wait('all_failed', billing_period='2026-08') | TOLERANT,
        wait('none_there', billing_period='2020-01') | TOLERANT,
    ])
    adopted = outcome['adopted']
    assert (adopted['report']['id'], adopted['report']['status']) == (month[5], 'COMPLETED')
    assert adopted['polls'] > 1
    assert outcome['all_failed']['error']['kind'] == 'report_failed'
    assert outcome['all_failed']['report']['id'] == newest
    missing = outcome['none_there']
    assert (missing['error']['kind'], missing['polls'], missing['timed_out']) == ('not_found', 1, False)
    assert '2020-01' in missing['msg']
    assert (missing['reports'], missing['report']) == ([], None)


def test_ids_with_one_entry_give_a_report(sandbox, play):
    report = sandbox.add_report('2026-10', seconds=0)
    outcome = play([wait('one', ids=[report]), wait('alias', report_id=report), wait('zero', id=report, wait_timeout=0)])
    assert outcome.code == 0, outcome.stdout
    for name in ('one', 'alias', 'zero'):
        assert outcome[name]['report']['id'] == report
    assert len(asked(sandbox, report)) == 3


def test_check_mode_looks_once(sandbox, play):
    pending = sandbox.add_report('2026-10', seconds=3600)
    ready = sandbox.add_report('2026-09', seconds=0)
    outcome = play([
        wait('pending', id=pending), wait('ready', id=ready), wait('many', ids=[ready, pending]),
        wait('missing', id='no-such-report') | TOLERANT,
    ], args=['--check'])
    assert outcome.code == 0, outcome.stdout
    assert [outcome[name]['polls'] for name in ('pending', 'ready', 'many')] == [1, 1, 1]
    assert outcome['pending']['report']['status'] == 'IN_PROGRESS'
    assert outcome['pending']['timed_out'] is False
    assert outcome['ready']['report']['status'] == 'COMPLETED'
    assert [report['status'] for report in outcome['many']['reports']] == ['COMPLETED', 'IN_PROGRESS']
    assert outcome['missing']['error']['kind'] == 'not_found'
    assert {request['method'] for request in sandbox.requests} == {'GET'}


NOT_CONNECTED = {'WEBEX_ACCESS_TOKEN': None, 'WEBEX_API_URL': None}
DEAD_PROXY = 'http://127.0.0.1:9'


def test_the_environment_of_play_and_task(sandbox, play):
    token = {'WEBEX_ACCESS_TOKEN': '{{ my_token }}'}
    elsewhere = {'api_url': 'https://webexapis.invalid/v1'}
    outcome = play(
        [
            task | keywords
            for kind in (info, wait)
            for task, keywords in (
                (kind(f'{kind.__name__}_both', id='{{ my_id }}'), {'environment': token}),
                (kind(f'{kind.__name__}_proxy', id='{{ my_id }}', **elsewhere), {'environment': {**token, 'HTTPS_PROXY': DEAD_PROXY}, **TOLERANT}),
                (kind(f'{kind.__name__}_loopback', id='{{ my_id }}'), {'environment': {**token, 'HTTP_PROXY': DEAD_PROXY, 'NO_PROXY': ''}}),
                (kind(f'{kind.__name__}_alone', id='{{ my_id }}'), TOLERANT),
            )
        ],
        env=NOT_CONNECTED,
        extra_vars={'my_token': sandbox.access_token, 'my_id': sandbox.add_report('2026-10', seconds=0)},
        environment={'WEBEX_API_URL': sandbox.api_url},
        module_defaults={'group/webex_partner.billing.webex': {'retry_timeout': 0}, 'webex_partner.billing.billing_report_wait': {'wait_timeout': 0}},
    )
    assert outcome.code == 0, outcome.stdout
    for name in ('info', 'wait'):
        assert outcome[f'{name}_both']['report']['status'] == 'COMPLETED'
        assert 'efused' in outcome[f'{name}_proxy']['msg']
        assert outcome[f'{name}_loopback']['report']['status'] == 'COMPLETED'
        assert 'No credentials' in outcome[f'{name}_alone']['msg']
    assert outcome['info_proxy']['error']['kind'] == 'network'
    assert len(sandbox.requests) == 4


def test_a_task_never_acts_as_the_partner_of_the_environment(sandbox, play):
    """By the action and by the module: a token of the environment neither replaces nor renews one of the task."""
    report = sandbox.add_report('2026-10', seconds=0)
    refresh = {'access_token': '', 'refresh_token': sandbox.refresh_token}
    ways = {'here': {}, 'sent': BY_MODULE}
    outcome = play(
        [
            task | keywords
            for way, keywords in ways.items()
            for task in (
                ensure(f'expired_{way}', state='absent', id=report, access_token='expired') | TOLERANT,
                info(f'renewed_{way}', id=report, **refresh),
            )
        ] + [wait('renewed_wait', id=report, **refresh)],
        env={
            'WEBEX_ACCESS_TOKEN': 'of-another-partner', 'WEBEX_REFRESH_TOKEN': 'of-another-partner',
            'WEBEX_CLIENT_ID': sandbox.client_id, 'WEBEX_CLIENT_SECRET': sandbox.client_secret,
        },
        environment={'WEBEX_REFRESH_TOKEN': sandbox.refresh_token},
    )
    assert outcome.code == 0, outcome.stdout
    assert {outcome[f'expired_{way}']['error']['kind'] for way in ways} == {'authentication'}
    assert {outcome[f'renewed_{way}']['report']['status'] for way in (*ways, 'wait')} == {'COMPLETED'}
    assert methods(sandbox) == ['GET', 'POST', 'GET', 'GET', 'POST', 'GET', 'POST', 'GET']
    assert [request['authorization'] for request in sandbox.requests] == ['refused', 'none', 'valid'] * 2 + ['none', 'valid']


def test_empty_means_unset(sandbox, play):
    names = ('access_token', 'client_id', 'client_secret', 'refresh_token', 'api_url', 'validate_certs', 'ca_path')
    empty = dict.fromkeys(names, '')
    report = sandbox.add_report('2026-10', seconds=0)
    outcome = play([
        info('info', id=report, **empty), wait('wait', id=report, **empty),
        info('info_variable', id=report), wait('wait_variable', id=report),
    ], env={f'WEBEX_{name.upper()}': '' for name in names if name not in ('access_token', 'api_url')})
    assert outcome.code == 0, outcome.stdout
    assert len(sandbox.requests) == 4


def test_defaults_of_the_group(sandbox, play):
    report = sandbox.add_report('2026-10', seconds=0)
    defaults = {'access_token': sandbox.access_token, 'api_url': sandbox.api_url}
    outcome = play(
        [info('info', id=report), wait('wait', id=report)],
        env=NOT_CONNECTED, module_defaults={'group/webex_partner.billing.webex': defaults},
    )
    assert outcome.code == 0, outcome.stdout
    assert outcome['info']['report'] == {**outcome['wait']['report'], **{
        name: outcome['info']['report'][name] for name in ('temp_download_url', 'temp_download_url_expires')
    }}
