# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Canaries stand for the secrets, and the API itself gives them away: none may be found in anything that a run leaves."""

from __future__ import annotations

import csv
import io
import re

import pytest
from canaries import (
    ACCESS, CORE, GIVEN_AWAY, MINTED, OWN, REFRESH, RENEWED_GIVEN_AWAY, SIGNED, URL, credentials, found, full_of_canaries, shown,
)
from playbook import TOLERANT, asked, download, ensure, file, info, wait
from runner import run


@pytest.fixture
def sandbox():
    with full_of_canaries() as running:
        yield running


@pytest.fixture
def reports(sandbox):
    """A report for each kind of trouble. What the API says of them is full of secrets."""
    names = ('good', 'slow', 'failed', 'refused', 'renewed', 'busy', 'html')
    ids = {name: sandbox.add_report('2026-08', seconds=0, id=f'report-{name}') for name in names}
    sandbox.add_report('2026-10', id=ids['good'], seconds=0)
    sandbox.add_report('2026-09', id=ids['slow'], seconds=3)
    sandbox.add_report('2026-09', id=ids['failed'], seconds=0, ends='FAILED', errors=[{'code': 13, 'description': f'{ACCESS}, {REFRESH}'}])
    refusal = {'message': GIVEN_AWAY, 'errors': [{'description': GIVEN_AWAY, 'code': ACCESS}], 'trackingId': ACCESS}
    renewal = {'message': RENEWED_GIVEN_AWAY, 'errors': [{'description': RENEWED_GIVEN_AWAY}], 'trackingId': MINTED}
    for path, trouble in (
        (ids['refused'], {'status': 403, 'json': refusal, 'headers': {'TrackingID': f'ROUTER_{ACCESS}'}}),
        (ids['busy'], {'status': 503, 'json': refusal, 'headers': {'Retry-After': ACCESS}}),
        (ids['html'], {'status': 200, 'body': f'<html>{GIVEN_AWAY}</html>'}),
        ('report-(good|slow)', {'replace': {'tempDownloadURL': URL}}),
    ):
        sandbox.trouble(path=path, times=0, **trouble)
    sandbox.add_report('2022-04', seconds=0, ends='FAILED', errors=[{'code': 13, 'description': f'{ACCESS}, {REFRESH}'}])
    for trouble in ({'status': 504, 'json': refusal}, {'status': 403, 'json': refusal}, {'status': 200, 'json': {'id': ids['busy']}}):
        sandbox.trouble(method='POST', path='reports$', **trouble)
    for _task in range(2):
        sandbox.troubles([
            {'path': ids['renewed'], 'status': 401, 'json': refusal},
            {'path': ids['renewed'], 'status': 403, 'json': renewal, 'headers': {'TrackingID': f'ROUTER_{MINTED}'}},
        ])
    return ids


def every_kind(reports, **options):
    """Tasks of all plugins that go well, that fail, and that survive trouble."""
    quick = {'wait_timeout': 0, **options}
    tasks = [
        info('one', id=reports['good'], **options),
        info('month', billing_period='2026-10', **options),
        info('failed', id=reports['failed'], **options),
        wait('slow', ids=[reports['good'], reports['slow']], poll_interval=0.3, heartbeat_interval=1, **options),
        wait('report_failed', ids=[reports['failed'], reports['good']], **options),
        wait('none_refused', id=reports['failed'], fail_on_failed=False, **options),
    ]
    for name in ('refused', 'renewed', 'busy', 'html'):
        tasks += [info(f'info_{name}', id=reports[name], retry_timeout=0, **options), wait(f'wait_{name}', id=reports[name], **quick)]
    own = {name: value for name, value in options.items() if name != 'set_facts'}
    tasks += [
        ensure('ensure_lost', billing_period='2022-01', **own),
        ensure('ensure_refused', billing_period='2022-02', **own),
        ensure('ensure_unread', billing_period='2022-03', **{**own, 'retry_timeout': 0}),
        ensure('ensure_failed', billing_period='2022-04', **own),
        ensure('ensure_adopted', billing_period='2026-10', **own),
        ensure('ensure_absent', state='absent', billing_period='2022-04', **own),
    ]
    for name in ('good', 'refused', 'html', 'failed'):
        tasks.append(download(f'download_{name}', id=reports[name], dest='bill.csv', **{**own, 'retry_timeout': 0}))
    tasks += [file(f'fetched_{name}', id=reports[name], archive='archive', **{**own, 'retry_timeout': 0}) for name in ('good', 'refused')]
    tasks.append(file('filed', src='playbook.yml', archive='archive', report='{{ one.report }}'))
    tasks.append(file('misfiled', src='/nowhere/bill.csv', archive='archive', report='{{ one.report }}'))
    tasks.append(wait('unsupported', id=reports['good'], idd='x', **options))
    tasks.append(wait('ill_typed', id=reports['good'], wait_timeout='long', **options))
    tasks.append(wait('single', id=reports['good'], **options))  # last, so that its facts stay in the cache
    return [task | TOLERANT for task in tasks]


def judged(ran):
    """Both kinds of task really ran, and did what they should."""
    outcome = ran.outcome
    assert outcome['one']['report']['temp_download_url'] == URL
    assert [report['temp_download_url'] for report in outcome['slow']['reports']] == [URL, URL]
    assert outcome['month']['reports']
    kinds = {
        'refused': 'permission', 'renewed': 'permission', 'busy': 'unavailable', 'html': 'invalid_response',
    }
    for name, kind in kinds.items():
        assert outcome[f'info_{name}']['error']['kind'] == kind, outcome[f'info_{name}']
    for name, kind in {**kinds, 'busy': 'wait_timeout', 'html': 'wait_timeout'}.items():
        assert outcome[f'wait_{name}']['error']['kind'] == kind, outcome[f'wait_{name}']
    assert outcome['report_failed']['error']['kind'] == 'report_failed'
    for name, kind in {'lost': 'unavailable', 'refused': 'permission', 'failed': 'report_failed'}.items():
        assert outcome[f'ensure_{name}']['error']['kind'] == kind, outcome[f'ensure_{name}']
    assert len(outcome['ensure_unread']['warnings']) == 1
    assert outcome['ensure_adopted']['report']['temp_download_url'] is None
    assert outcome['ensure_absent']['changed'] is True
    hidden = [result for result in ran.results('runner_on_ok') if 'censored' in result]
    assert len(hidden) == 4, hidden
    return outcome


def test_credentials_from_the_environment(controller, sandbox, reports):
    env = {f'WEBEX_{name.upper()}': value for name, value in credentials().items()}
    ran = run(controller, every_kind(reports), env=env, args=['-vvvvv'])
    judged(ran)
    cache = 'private/artifacts/job/fact_cache/'
    assert found(controller.folder, known=(*OWN, *CORE, cache)) == []
    assert not shown(ran.outcome) and 'Traceback' not in ran.outcome.stdout
    cached = found(ran.artifacts / 'fact_cache')
    assert cached and all(SIGNED in place for place in cached), 'a fact cache holds the link, as documented, and nothing else'
    assert asked(sandbox, '/access_token')


def test_credentials_from_extra_variables_and_no_facts(controller, sandbox, reports):
    options = {name: f'{{{{ my_{name} }}}}' for name in credentials()}
    ran = run(
        controller, every_kind(reports, set_facts=False, **options), extra_vars=credentials('my_'), args=['-vvvvv'],
    )
    judged(ran)
    assert found(controller.folder, known=OWN) == []
    assert not shown(ran.outcome) and 'Traceback' not in ran.outcome.stdout
    assert asked(sandbox, '/access_token')


def test_in_check_and_diff_mode(controller, sandbox, reports):
    env = {f'WEBEX_{name.upper()}': value for name, value in credentials().items()}
    ran = run(controller, every_kind(reports), env=env, args=['-vvvvv', '--cmdline=--check --diff'])
    assert ran.outcome['one']['report']['temp_download_url'] == URL
    assert ran.outcome['ensure_absent']['changed'] is True and ran.outcome['download_good']['changed'] is True
    assert {request['target'] for request in sandbox.requests if request['method'] != 'GET'} == {'/v1/access_token'}
    assert found(controller.folder, known=(*OWN, *CORE, 'private/artifacts/job/fact_cache/')) == []
    assert not shown(ran.outcome) and 'Traceback' not in ran.outcome.stdout


def test_a_link_in_the_errors_of_a_report(sandbox, play):
    report = sandbox.add_report('2026-10', seconds=0, ends='FAILED', errors=[{'code': 13, 'description': f'No file at {URL}'}])
    outcome = play([
        info('read', id=report),
        wait('failed', id=report) | TOLERANT,
        wait('tolerated', id=report, fail_on_failed=False),
    ], args=['-vvv'])
    assert outcome['failed']['error']['kind'] == 'report_failed'
    assert SIGNED not in outcome.stdout + outcome.stderr


def test_a_hidden_result_can_be_used(sandbox, play):
    report = sandbox.add_report('2026-10', seconds=0)
    outcome = play([
        info('read', id=report),
        wait('waited', id=report),
        *({'ansible.builtin.uri': {'url': f'{{{{ {name}.report.temp_download_url }}}}', 'return_content': True},
           'register': f'fetched_{name}', 'no_log': True} for name in ('read', 'waited')),
        {'ansible.builtin.assert': {'that': 'ansible_facts.broadworks_billing_report.temp_download_url is not none'}},
    ], args=['-vvv'])
    assert outcome.code == 0, outcome.stdout
    for name in ('fetched_read', 'fetched_waited'):
        assert len(list(csv.reader(io.StringIO(outcome[name]['content'], newline='')))) == 26
    assert 'Signature=' not in outcome.stdout + outcome.stderr


def test_a_link_is_shown_when_asked_for(sandbox, play):
    report = sandbox.add_report('2026-10', seconds=0)
    outcome = play([
        info('read', id=report, show_download_url=True),
        wait('waited', id=report, show_download_url=True),
        info('hidden', id=report),
    ], args=['-v'])
    assert outcome.code == 0, outcome.stdout
    read, waited, hidden = re.findall(r'^ok: .*', outcome.stdout, re.MULTILINE)[:3]
    assert outcome['read']['report']['temp_download_url'] in read
    assert outcome['waited']['report']['temp_download_url'] in waited
    assert 'Signature=' not in hidden
    assert 'censored' in hidden
