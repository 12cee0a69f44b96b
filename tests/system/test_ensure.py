# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Creating and deleting reports: never twice, nothing in check mode, and clear words for every refusal."""

from __future__ import annotations

from functools import partial

import pytest
from playbook import BY_MODULE, ENSURE, TOLERANT, asked, ensure, wait

CREATED = {'status': 200, 'json': {'id': 'nobody-reads-this'}}
LOST = {  # ways for the answer to a create to be lost, and the kind of error each is
    'reset': ({'cut': 'before'}, 'network'),
    'headers': ({'cut': 'headers', **CREATED}, 'network'),
    'body': ({'cut': 'body', **CREATED}, 'network'),
    'late': ({'delay': 30}, 'timeout'),
    'dripping': ({'drip': 1}, 'timeout'),
    '500': ({'status': 500}, 'unavailable'),
    '502': ({'status': 502, 'body': '<html>Bad Gateway</html>'}, 'unavailable'),
    '503': ({'status': 503, 'headers': {'Retry-After': '1'}}, 'unavailable'),
    '504': ({'status': 504}, 'unavailable'),
    'empty': ({'status': 202}, 'invalid_response'),
    'html': ({'status': 200, 'body': '<html>Log in</html>'}, 'invalid_response'),
    'no_id': ({'status': 200, 'json': {'status': 'ok'}}, 'invalid_response'),
}
MONTHS = [f'2022-{month:02}' for month in range(1, 13)]
POST = {'method': 'POST', 'path': 'reports$'}


@pytest.fixture
def play(controller):
    return partial(controller.play, **BY_MODULE)


def posts(sandbox):
    return [request for request in asked(sandbox, '/broadworks/billing/reports') if request['method'] == 'POST']


def held(sandbox):
    return {report['id']: report['billing_period'] for report in sandbox.state()['reports']}


def credentials(sandbox):
    return {'client_id': sandbox.client_id, 'client_secret': sandbox.client_secret, 'refresh_token': sandbox.refresh_token}


def test_from_nothing_to_a_report_and_back(sandbox, play):
    outcome = play([
        ensure('created', billing_period='2022-01'),
        ensure('adopted', billing_period='2022-01'),
        wait('waited', id='{{ created.report.id }}', poll_interval=0.5, set_facts=False),
        ensure('finished', billing_period='2022-01'),
        ensure('another', billing_period='2022-01', force_new=True),
        ensure('deleted', state='absent', id='{{ another.report.id }}'),
        ensure('gone', state='absent', id='{{ another.report.id }}'),
        ensure('emptied', state='absent', billing_period='2022-01'),
        ensure('empty', state='absent', billing_period='2022-01'),
    ])
    assert outcome.code == 0, outcome.stdout
    changes = {name: result['changed'] for name, result in outcome.results.items()}
    assert [name for name, changed in changes.items() if changed] == ['created', 'another', 'deleted', 'emptied']
    assert outcome['created']['report']['id'] == outcome['finished']['report']['id'] != outcome['another']['report']['id']
    assert (outcome['adopted']['report']['status'], outcome['finished']['report']['status']) == ('IN_PROGRESS', 'COMPLETED')
    assert outcome['finished']['report']['temp_download_url'] is None
    assert 'Signature=' not in str(outcome['finished']) and outcome.facts == {}
    assert len(posts(sandbox)) == 2 and '2022-01' not in held(sandbox).values()


@pytest.mark.parametrize('force_new', [False, True])
def test_lost_answers_to_creates_that_worked(sandbox, play, force_new):
    old = {sandbox.add_report(month, seconds=0) for month in MONTHS if force_new}
    for trouble, _kind in LOST.values():
        sandbox.trouble(**POST, **trouble, processed=True)
    outcome = play([
        ensure(f'lost_{name}', billing_period=month, request_timeout=2, force_new=force_new) for month, name in zip(MONTHS, LOST)
    ])
    assert outcome.code == 0, outcome.stdout
    assert sandbox.state()['trouble'] == []
    assert len(posts(sandbox)) == len(LOST), 'one for each, and no second one'
    for month, name in zip(MONTHS, LOST):
        result = outcome[f'lost_{name}']
        made = [report for report, period in held(sandbox).items() if period == month and report not in old]
        assert (result['changed'], [result['report']['id']]) == (True, made), name


@pytest.mark.parametrize('force_new', [False, True])
def test_lost_answers_to_creates_that_did_not(sandbox, play, force_new):
    for trouble, _kind in LOST.values():
        sandbox.trouble(**POST, **trouble, processed=False)
    for month in MONTHS if force_new else ():
        sandbox.add_report(month, seconds=0)
    before = held(sandbox)
    outcome = play([
        ensure(f'lost_{name}', billing_period=month, request_timeout=2, force_new=force_new) | TOLERANT for month, name in zip(MONTHS, LOST)
    ])
    assert held(sandbox) == before
    assert len(posts(sandbox)) == len(LOST)
    for month, (name, (_trouble, kind)) in zip(MONTHS, LOST.items()):
        result = outcome[f'lost_{name}']
        assert result['failed'] and result['error']['kind'] == kind, (name, result)
        for part in (f'Creating a billing report of {month} failed', 'the list shows no new report of that month', 'run the task again'):
            assert part in result['msg'], (name, result['msg'])


def test_a_lost_answer_where_the_list_fails_too(sandbox, play):
    sandbox.trouble(**POST, cut='before', processed=True)
    sandbox.trouble(method='GET', path='reports$', skip=1, times=0, status=503)
    failed = play([ensure('failed', billing_period='2022-01', retry_timeout=1) | TOLERANT])['failed']
    assert failed['error']['kind'] == 'network'
    for part in ('Creating', 'Listing the billing reports failed', '503', 'run the task again'):
        assert part in failed['msg']
    assert len(posts(sandbox)) == 1


def test_a_conflict_adopts_what_is_there_now(sandbox, play):
    sandbox.trouble(**POST, status=409, processed=True)
    outcome = play([ensure('theirs', billing_period='2022-01')])
    assert outcome.code == 0, outcome.stdout
    assert outcome['theirs']['changed'] is False
    assert held(sandbox)[outcome['theirs']['report']['id']] == '2022-01'
    assert len(posts(sandbox)) == 1


def test_refusals(sandbox, play):
    old = sandbox.add_report('2022-12', seconds=0)
    refusals = {
        400: ('invalid_input', True), 403: ('permission', True), 409: ('conflict', True),
        404: ('not_found', False), 423: ('unavailable', False), 429: ('rate_limited', False),
    }
    early = sandbox.add_report('2022-11', seconds=0, created='2022-11-05T00:00:00.000Z')
    for status in [*refusals, 409, 409]:
        sandbox.trouble(**POST, status=status, headers={'Retry-After': '99'} if status in (423, 429) else {})
    outcome = play([
        *(ensure(f'refused_{status}', billing_period='2022-01') | TOLERANT for status in refusals),
        ensure('refused_another', billing_period='2022-12', force_new=True) | TOLERANT,
        ensure('refused_early', billing_period='2022-11') | TOLERANT,
        ensure('meant', billing_period='2022-11', allow_open_period=True),
        wait('early', billing_period='2022-11') | TOLERANT,
        wait('awaited', billing_period='2022-11', allow_open_period=True, set_facts=False),
    ])
    assert len(posts(sandbox)) == len(refusals) + 2
    assert outcome['refused_early']['error']['kind'] == 'conflict' and f"{{state: absent, id: '{early}'}}" in outcome['refused_early']['msg']
    assert (outcome['meant']['changed'], outcome['meant']['report']['id'], outcome['awaited']['report']['id']) == (False, early, early)
    assert outcome['early']['error']['kind'] == 'not_found' and early in outcome['early']['msg']
    for status, (kind, wholesale) in refusals.items():
        refused = outcome[f'refused_{status}']
        assert (refused['error']['kind'], refused['error']['http_status']) == (kind, status)
        assert refused['error']['tracking_id'] in refused['msg']
        assert ('Wholesale billing API' in refused['msg']) is wholesale, refused['msg']
        assert ('list shows no new report' in refused['msg']) is (status == 409)
    assert outcome['refused_another']['error']['kind'] == 'conflict'
    assert held(sandbox)[old] == '2022-12' and '2022-01' not in held(sandbox).values()


def test_a_token_that_has_expired_is_renewed_once(sandbox, play):
    sandbox.trouble(**POST, status=401)
    outcome = play([ensure('created', billing_period='2022-01', access_token=sandbox.access_token, **credentials(sandbox))])
    assert outcome.code == 0, outcome.stdout
    assert [request['status'] for request in posts(sandbox)] == [401, 200]
    assert list(held(sandbox).values()).count('2022-01') == 1 and len(sandbox.minted) == 1


def test_a_token_without_the_scope_to_write(sandbox, play):
    token = sandbox.grant(scopes=['spark-admin:broadworks_billing_reports_read'])
    mine = sandbox.add_report('2022-02', seconds=0)
    outcome = play([
        ensure('adopted', billing_period='2022-02', access_token=token),
        ensure('checked', state='absent', id=mine, access_token=token) | {'check_mode': True},
        ensure('create', billing_period='2022-01', access_token=token) | TOLERANT,
        ensure('delete', state='absent', id=mine, access_token=token) | TOLERANT,
    ])
    assert (outcome['adopted']['changed'], outcome['checked']['changed']) == (False, True)
    for name in ('create', 'delete'):
        assert outcome[name]['error']['kind'] == 'permission' and '_write' in outcome[name]['msg']
    assert mine in held(sandbox)


def test_a_month_of_failures(sandbox, play):
    errors = [{'code': 2031, 'description': 'Try the other moon.'}]
    failed = [sandbox.add_report('2022-01', seconds=0, ends='FAILED', errors=errors) for _report in range(2)]
    healthy = sandbox.add_report('2022-02', seconds=0)
    sandbox.add_report('2022-02', seconds=0, ends='FAILED')
    before = held(sandbox)
    outcome = play([
        ensure('failed', billing_period='2022-01') | TOLERANT,
        ensure('checked', billing_period='2022-01', on_failed='recreate') | {'check_mode': True},
        ensure('recreated', billing_period='2022-01', on_failed='recreate'),
        ensure('healthy', billing_period='2022-02', on_failed='recreate'),
    ])
    assert outcome['failed']['error']['kind'] == 'report_failed' and outcome['failed']['error']['details'] == errors * 2
    for part in (*failed, '2031 Try the other moon.', 'on_failed: recreate'):
        assert part in outcome['failed']['msg']
    assert outcome['checked']['changed'] is outcome['recreated']['changed'] is True
    assert sorted(report['id'] for report in outcome['checked']['diff']['before']['reports']) == sorted(failed)
    assert (outcome['healthy']['changed'], outcome['healthy']['report']['id']) == (False, healthy)
    assert set(before) - set(held(sandbox)) == set(failed) and set(held(sandbox)) - set(before) == {outcome['recreated']['report']['id']}


def test_check_mode_sends_reads_only(sandbox, play):
    ready = sandbox.add_report('2022-02', seconds=0)
    failed = sandbox.add_report('2022-03', seconds=0, ends='FAILED')
    before = held(sandbox)
    outcome = play(
        [
            ensure('create', billing_period='2022-01', **credentials(sandbox)),
            ensure('adopt', billing_period='2022-02', **credentials(sandbox)),
            ensure('force', billing_period='2022-02', force_new=True, **credentials(sandbox)),
            ensure('recreate', billing_period='2022-03', on_failed='recreate', **credentials(sandbox)),
            ensure('fail', billing_period='2022-03', **credentials(sandbox)) | TOLERANT,
            ensure('delete', state='absent', id=failed, **credentials(sandbox)),
            ensure('delete_month', state='absent', billing_period='2022-02', **credentials(sandbox)),
            ensure('gone', state='absent', id='no-such-report', **credentials(sandbox)),
            ensure('gone_month', state='absent', billing_period='2020-01', **credentials(sandbox)),
        ],
        env={'WEBEX_ACCESS_TOKEN': None}, args=['--check', '--diff'],
    )
    assert outcome.code == 0, outcome.stdout
    assert held(sandbox) == before
    assert {request['method'] for request in asked(sandbox, '/billing/reports')} == {'GET'}
    assert {request['method'] for request in sandbox.requests} - {'GET'} == {'POST'} and asked(sandbox, '/access_token')
    changed = [name for name, result in outcome.results.items() if result.get('changed')]
    assert changed == ['create', 'force', 'recreate', 'delete', 'delete_month']
    assert outcome['fail']['error']['kind'] == 'report_failed'
    for name in ('create', 'force', 'recreate'):
        assert outcome[name]['report']['id'] is None and outcome[name]['report']['billing_period'].startswith('2022-0')
        assert outcome[name]['diff']['after']['reports'][0]['id'] is None
    assert outcome['adopt']['report']['id'] == ready
    assert outcome.stdout.count('+++ after') == len(changed)


def test_a_month_that_is_still_going_on_may_be_allowed(sandbox, play):
    outcome = play([ensure('open', billing_period='9999-01', allow_open_period=True)])
    assert outcome.code == 0, outcome.stdout
    assert held(sandbox)[outcome['open']['report']['id']] == '9999-01'


def test_async_and_defaults_of_the_group(sandbox, play):
    outcome = play(
        [ensure('created', billing_period='2022-01') | {'async': 30, 'poll': 1}],
        env={'WEBEX_ACCESS_TOKEN': None, 'WEBEX_API_URL': None},
        module_defaults={'group/webex_partner.billing.webex': {'access_token': sandbox.access_token, 'api_url': sandbox.api_url}},
    )
    assert outcome.code == 0, outcome.stdout
    assert outcome['created']['report']['status'] == 'IN_PROGRESS' and len(posts(sandbox)) == 1


def test_a_loop_over_months_with_retries_creates_each_once(sandbox, play):
    sandbox.trouble(**POST, times=3, cut='before', processed=True)
    task = {ENSURE: {'billing_period': '{{ item }}'}, 'loop': MONTHS[:3], 'register': 'created'}
    outcome = play([task | {'until': 'created is success', 'retries': 3, 'delay': 0}])
    assert outcome.code == 0, outcome.stdout
    assert sorted(period for period in held(sandbox).values() if period in MONTHS) == MONTHS[:3]
    assert [result['changed'] for result in outcome['created']['results']] == [True] * 3 and len(posts(sandbox)) == 3
