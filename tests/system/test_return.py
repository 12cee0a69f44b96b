# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Results hold what RETURN promises, and nothing else."""

from __future__ import annotations

import pytest
from documentation import NAMES, documented
from playbook import TOLERANT, archive_info, compare, download, ensure, evidence, file, hand_on, info, wait

BY_ANSIBLE = {'changed', 'failed', 'msg', 'warnings', 'invocation', 'exception', 'ansible_parsed'}  # every result may hold these

TYPES = {
    'str': lambda value: isinstance(value, str),
    'int': lambda value: isinstance(value, int) and not isinstance(value, bool),
    'float': lambda value: isinstance(value, (int, float)) and not isinstance(value, bool),
    'bool': lambda value: isinstance(value, bool),
    'list': lambda value: isinstance(value, list),
    'dict': lambda value: isinstance(value, dict),
    'raw': lambda value: True,
}


def promised(entry, ended):
    """Whether a key must be there; one that depends on options must be asked about by name."""
    return entry['returned'].startswith('always') or entry['returned'] == ended


def deviations(value, entries, ended, path=''):
    """Where a value and its documentation disagree."""
    strangers = [f'{path}{name} is not documented' for name in value if name not in entries]
    missing = [f'{path}{name} is missing' for name in entries if promised(entries[name], ended) and name not in value]
    found = strangers + missing
    for name in value.keys() & entries.keys():
        found += _unlike(value[name], entries[name], ended, f'{path}{name}')
    return found


def _unlike(value, entry, ended, path):
    if value is None:
        return [] if 'null' in entry['returned'] else [f'{path} is null']
    if not TYPES[entry['type']](value):
        return [f'{path} is {value!r}, not {entry["type"]}']
    elements = value if entry['type'] == 'list' else [value] if entry['type'] == 'dict' else []
    found = []
    for element in elements:
        if 'elements' in entry and not TYPES[entry['elements']](element):
            found.append(f'{path} holds {element!r}')
        if 'contains' in entry:
            found += deviations(element, entry['contains'], ended, f'{path}.')
    return found


def samples(entries, path=''):
    """All samples, as (path, entry)."""
    for name, entry in entries.items():
        if 'sample' in entry:
            yield f'{path}{name}', entry
        yield from samples(entry.get('contains', {}), f'{path}{name}.')


@pytest.fixture(scope='module')
def returned():
    return {module: documented(module, 'RETURN') for module in NAMES}


@pytest.mark.parametrize('module', NAMES)
def test_samples_are_of_their_type(returned, module):
    entries = dict(samples(returned[module]))
    assert entries
    assert [path for path, entry in entries.items() if not TYPES[entry['type']](entry['sample'])] == []


def judge(outcome, module, returned):
    """Compare every result of a run, which all are of one module."""
    for name, result in outcome.results.items():
        own = {key: value for key, value in result.items() if key not in BY_ANSIBLE or key in returned[module]}
        ended = 'failure' if result.get('failed') else 'success'
        assert deviations(own, returned[module], ended) == [], name
        assert ('error' in own) is bool(result.get('failed')), name


@pytest.fixture
def reports(sandbox):
    ids = {
        'ready': sandbox.add_report('2026-10', seconds=0),
        'pending': sandbox.add_report('2026-09', seconds=3600),
        'failed': sandbox.add_report('2026-08', seconds=0, ends='FAILED', errors=[{'code': 7, 'description': 'No.'}, {'code': '8'}]),
        'busy': sandbox.add_report('2026-07', seconds=0),
    }
    sandbox.trouble(path=ids['busy'], status=429, headers={'Retry-After': '900'}, times=0)
    return ids


def test_every_module_is_compared():
    assert [name for name in NAMES if f'test_{name}' not in globals()] == []


def test_broadworks_billing_report_info(play, reports, returned):
    module = 'broadworks_billing_report_info'
    outcome = play([
        *(info(name, id=reports[name]) for name in ('ready', 'pending', 'failed')),
        info('every'), info('month', billing_period='2026-08'), info('quiet', id=reports['ready'], set_facts=False),
        info('missing', id='no-such-report') | TOLERANT,
        info('busy', id=reports['busy']) | TOLERANT,
        info('refused', id='') | TOLERANT,
    ])
    judge(outcome, module, returned)
    for name in ('ready', 'pending', 'failed'):
        assert outcome[name]['report'] == outcome[name]['ansible_facts']['broadworks_billing_report']
    assert 'report' not in outcome['every']
    assert outcome['every']['ansible_facts'] == {'broadworks_billing_reports': outcome['every']['reports']}
    assert outcome['missing']['error']['message']
    assert outcome['busy']['error']['retry_after'] == 900


def test_billing_report_wait(play, reports, returned):
    module = 'billing_report_wait'
    outcome = play([
        wait('ready', id=reports['ready']),
        wait('failed', id=reports['failed'], fail_on_failed=False),
        wait('many', ids=[reports['ready'], reports['failed']], fail_on_failed=False),
        wait('quiet', id=reports['ready'], set_facts=False),
        wait('checked', id=reports['pending']) | {'check_mode': True},
        wait('late', id=reports['pending'], wait_timeout=0) | TOLERANT,
        wait('report_failed', id=reports['failed']) | TOLERANT,
        wait('missing', id='no-such-report') | TOLERANT,
        wait('none_there', billing_period='2020-01') | TOLERANT,
        wait('busy', ids=[reports['busy'], reports['ready']], wait_timeout=1) | TOLERANT,
        wait('refused', id='') | TOLERANT,
    ])
    judge(outcome, module, returned)
    for name in ('ready', 'failed', 'checked'):
        assert outcome[name]['report'] == outcome[name]['ansible_facts']['broadworks_billing_report']
    assert outcome['many']['ansible_facts'] == {'broadworks_billing_reports': outcome['many']['reports']}
    assert outcome['report_failed']['error']['details'][0] == {'code': 7, 'description': 'No.'}


def test_broadworks_billing_report(sandbox, play, reports, returned):
    module = 'broadworks_billing_report'
    sandbox.trouble(method='GET', path='reports/created-blindly', status=404)
    sandbox.trouble(method='POST', path='reports$', skip=1, status=200, json={'id': 'created-blindly'})
    sandbox.trouble(method='POST', path='reports$', skip=1, status=429, headers={'Retry-After': '900'})
    outcome = play([
        ensure('created', billing_period='2022-01'),
        ensure('unread', billing_period='2022-02', retry_timeout=1),
        ensure('busy', billing_period='2022-03') | TOLERANT,
        ensure('checked', billing_period='2022-03') | {'check_mode': True},
        ensure('adopted', billing_period='2026-10'),
        ensure('failed', billing_period='2026-08') | TOLERANT,
        ensure('deleted', state='absent', id=reports['ready']),
        ensure('none_there', state='absent', billing_period='2020-01'),
        ensure('refused', billing_period='') | TOLERANT,
    ])
    judge(outcome, module, returned)
    assert [outcome[name]['changed'] for name in ('created', 'unread', 'checked', 'adopted', 'deleted', 'none_there')] == [
        True, True, True, False, True, False,
    ]
    assert outcome['created']['report']['created'] and outcome['unread']['report']['created'] is None
    assert outcome['unread']['report']['id'] == 'created-blindly' and len(outcome['unread']['warnings']) == 1
    assert outcome['checked']['report']['id'] is None and outcome['checked']['report']['billing_period'] == '2022-03'
    assert outcome['deleted']['report'] is None
    assert outcome['failed']['error']['details'][0] == {'code': 7, 'description': 'No.'}
    assert outcome['busy']['error']['retry_after'] == 900


def test_billing_month_end_plan(play, returned):
    module = 'billing_month_end_plan'
    task = f'webex_partner.billing.{module}'
    outcome = play([
        {task: {'period': 'previous'}, 'register': 'previous'},
        {task: {'period': '2026-10', 'partners': ['north', 17]}, 'register': 'named'},
        {task: {'period': '9999-01'}, 'register': 'open', **TOLERANT},
        {task: {'period': '2026-10', 'partners': ['..']}, 'register': 'outside', **TOLERANT},
        {task: {}, 'register': 'missing', **TOLERANT},
        {task: {'period': '2026-10', 'access_token': 'x'}, 'register': 'unsupported', **TOLERANT},
    ])
    refused = [outcome.results.pop(name) for name in ('missing', 'unsupported')]
    assert all('error' not in result and result['failed'] for result in refused)
    judge(outcome, module, returned)
    assert [record['partner'] for record in outcome['named']['partners']] == ['north', '17'] and outcome['previous']['billing_period'] < '9999'
    assert outcome['open']['error']['kind'] == outcome['outside']['error']['kind'] == 'invalid_input'


def test_billing_month_end_note(play, returned):
    module = 'billing_month_end_note'
    outcome = play([
        {'webex_partner.billing.billing_month_end_plan': {'period': '2026-10'}, 'register': 'plan'},
        {f'webex_partner.billing.{module}': {'plan': '{{ plan }}', 'position': 0, 'result': {'msg': 'No.'}}, 'register': 'failure'},
    ])
    outcome.results.pop('plan')
    judge(outcome, module, returned)
    assert (outcome['failure']['remaining'], outcome['failure']['failures']) == ([], ['default 2026-10 failed: No.'])


def test_billing_month_end_step(play, reports, tmp_path, returned):
    module = 'billing_month_end_step'
    task = f'webex_partner.billing.{module}'
    outcome = play([
        {'webex_partner.billing.billing_month_end_plan': {'period': '2026-10', 'archive': str(tmp_path / 'archive')}, 'register': 'plan'},
        {task: {'plan': '{{ plan }}', 'step': 'request'}, 'register': 'requested'},
        {task: {'plan': '{{ requested }}', 'step': 'fetch'}, 'register': 'fetched'},
        {task: {'plan': '{{ fetched }}', 'step': 'delete'}, 'register': 'kept'},
        {'webex_partner.billing.billing_month_end_plan': {'period': '2026-08'}, 'register': 'failing'},
        {task: {'plan': '{{ failing }}', 'step': 'request'}, 'register': 'failed_month'},
    ])
    for name in ('plan', 'failing'):
        outcome.results.pop(name)
    judge(outcome, module, returned)
    assert (outcome['requested']['changed'], outcome['fetched']['changed'], outcome['kept']['changed']) == (False, True, False)
    assert outcome['fetched']['table'][1].startswith('default  COMPLETED  1        25       filed as version 1')
    assert outcome['fetched']['lines'][0].startswith('default 2026-10: filed as version 1') and outcome['kept']['lines'] == outcome['fetched']['lines']
    assert (outcome['failed_month']['remaining'], len(outcome['failed_month']['failures'])) == ([], 1)


def test_billing_report_archive(play, reports, returned, tmp_path):
    module = 'billing_report_archive'
    source = tmp_path / 'report.csv'
    source.write_bytes(b'A\n1\n')
    restated = tmp_path / 'restated.csv'
    restated.write_bytes(b'A\n1\n2\n')
    given = {'src': str(source), 'archive': str(tmp_path / 'archive'), 'report': {'id': 'abc', 'billing_period': '2026-10'}}
    rich = {
        **given, 'records': 1, 'columns': ['A'], 'api_url': 'https://webexapis.com/v1', 'awx': {'job': 7}, 'partner': 'north',
        **dict.fromkeys(('requested_at', 'completed_at', 'downloaded_at'), '2026-11-02T10:00:00Z'),
    }
    fetched = {'id': reports['ready'], 'archive': str(tmp_path / 'archive'), 'partner': 'south'}
    outcome = play([
        file('checked', **given) | {'check_mode': True},
        file('first', **given), file('again', **given), file('second', **{**given, 'src': str(restated)}),
        file('checked_again', **given) | {'check_mode': True}, file('rich', **rich),
        file('missing', **{**given, 'src': '/nowhere/report.csv'}) | TOLERANT,
        file('refused', **{**given, 'partner': '..'}) | TOLERANT,
        file('foretold', **fetched) | {'check_mode': True}, file('fetched', **fetched), file('known', **fetched) | {'check_mode': True},
        *(file(name, **{**fetched, 'id': reports[name]}, retry_timeout=0) | TOLERANT for name in ('pending', 'failed', 'busy')),
    ])
    judge(outcome, module, returned)
    assert (outcome['foretold']['manifest']['file']['size'], outcome['known']['manifest']) == (None, outcome['fetched']['manifest'])
    assert [outcome[name]['error']['kind'] for name in ('pending', 'failed', 'busy')] == ['download', 'report_failed', 'rate_limited']
    assert [outcome[name]['version'] for name in ('checked', 'first', 'again', 'second', 'checked_again', 'rich')] == [1, 1, 1, 2, 3, 1]


def test_billing_report_evidence(play, returned, tmp_path):
    module = 'billing_report_evidence'
    source = tmp_path / 'report.csv'
    source.write_bytes(b'A\n1\n')
    given = {'archive': str(tmp_path / 'archive'), 'billing_period': '2026-10'}
    filed = play([file('filed', src=str(source), archive=given['archive'], report={'id': 'abc', 'billing_period': '2026-10'})])
    assert filed.code == 0
    outcome = play([
        evidence('checked', **given) | {'check_mode': True, 'diff': True},
        evidence('first', **given), evidence('again', **given, version=1), evidence('checked_again', **given) | {'check_mode': True},
        evidence('missing', **given, version=2) | TOLERANT,
        evidence('refused', **{**given, 'partner': '..'}) | TOLERANT,
    ])
    judge(outcome, module, returned)
    assert [outcome[name]['changed'] for name in ('checked', 'first', 'again', 'checked_again')] == [True, True, False, False]
    assert [outcome[name]['error']['kind'] for name in ('missing', 'refused')] == ['not_found', 'invalid_input']
    assert '+    "evidence_path": ' in outcome.stdout


def test_billing_report_compare(play, returned, tmp_path):
    module = 'billing_report_compare'
    (tmp_path / 'old.csv').write_bytes(b'A,B,C\n1,2,x\n')
    (tmp_path / 'new.csv').write_bytes(b'A,B,D\n1,3,\n2,x,\n')
    given = {'archive': str(tmp_path / 'archive'), 'billing_period': '2026-10'}
    files = {'src': str(tmp_path / 'new.csv'), 'against_src': str(tmp_path / 'old.csv')}
    asked = {'key': ['A'], 'group_by': ['A'], 'sum': ['B'], 'dest': str(tmp_path / 'changes.csv')}
    report = {'id': 'abc', 'billing_period': '2026-10'}
    filed = play([file(name, src=files[name], archive=given['archive'], report=report) for name in ('against_src', 'src')])
    assert filed.code == 0
    outcome = play([
        compare('versions', **given), compare('files', **files),
        compare('checked', **given, **asked) | {'check_mode': True, 'diff': True}, compare('asked', **given, **asked), compare('again', **given, **asked),
        compare('missing', **given, version=7) | TOLERANT, compare('refused', **given, sum=['C']) | TOLERANT,
    ])
    judge(outcome, module, returned)
    assert [outcome[name]['changed'] for name in ('versions', 'files', 'checked', 'asked', 'again')] == [False, False, True, True, False]
    assert [outcome[name]['error']['kind'] for name in ('missing', 'refused')] == ['not_found', 'invalid_input']
    assert outcome['asked']['unreadable'] == {'B': 1} and (outcome['asked']['columns_added'], outcome['asked']['columns_removed']) == (['D'], ['C'])
    assert '+    "changes_path": ' in outcome.stdout


def test_billing_report_archive_info(play, returned, tmp_path):
    module = 'billing_report_archive_info'
    source = tmp_path / 'report.csv'
    source.write_bytes(b'A\n1\n')
    given = {'archive': str(tmp_path / 'archive')}
    report = {'id': 'abc', 'billing_period': '2026-10'}
    of_wholesale = {**report, 'billing_start_date': '2026-10-01', 'billing_end_date': '2026-10-31', 'type': 'PARTNER'}
    filed = play([
        file('filed', src=str(source), **given, report=report), file('of_wholesale', src=str(source), **given, product='wholesale', report=of_wholesale),
    ])
    assert filed.code == 0
    (tmp_path / 'archive/default/2026-10/v001/extra').touch()
    outcome = play([
        archive_info('listed', **given), archive_info('verified', **given, verify=True) | {'check_mode': True},
        archive_info('missing', archive='/nowhere/archive') | TOLERANT, archive_info('refused', **given, partner='..') | TOLERANT,
        archive_info('foreign', **given, type='USER') | TOLERANT,
    ])
    assert outcome.results.pop('foreign')['failed'], 'Ansible itself refuses it'
    judge(outcome, module, returned)
    assert [[version['state'] for version in outcome[name]['versions']] for name in ('listed', 'verified')] == [['unverified'] * 2, ['verified'] * 2]
    assert [outcome[name]['error']['kind'] for name in ('missing', 'refused')] == ['not_found', 'invalid_input']
    assert len(outcome['listed']['problems']) == 1 and not outcome['verified']['changed']


def test_billing_report_hand_on(play, returned, tmp_path):
    module = 'billing_report_hand_on'
    source = tmp_path / 'report.csv'
    source.write_bytes(b'A\n1\n')
    given = {'archive': str(tmp_path / 'archive'), 'billing_period': '2026-10'}
    claimed = {'version': 1, 'claim': '{{ claimed.claim }}', 'awx': {'job': 7}}
    outcome = play([
        file('filed', src=str(source), archive=given['archive'], report={'id': 'abc', 'billing_period': '2026-10'}),
        hand_on('checked', **given), hand_on('would_claim', **given, state='claimed') | {'check_mode': True},
        hand_on('claimed', **given, state='claimed'), hand_on('held', **given, state='claimed') | TOLERANT,
        hand_on('recorded', **given, **claimed, state='recorded'), hand_on('not_ours', **given, **claimed, state='released'),
        hand_on('again', **given, state='claimed', awx={'workflow': ''}),
        hand_on('refused', **{**given, 'partner': '..'}) | TOLERANT, hand_on('missing', **given, version=2) | TOLERANT,
    ])
    del outcome.results['filed']
    judge(outcome, module, returned)
    assert [outcome[name]['changed'] for name in ('checked', 'would_claim', 'claimed', 'recorded', 'not_ours', 'again')] == [
        False, True, True, True, False, False,
    ]
    assert [outcome[name]['error']['kind'] for name in ('held', 'refused', 'missing')] == ['conflict', 'invalid_input', 'not_found']


def test_broadworks_billing_report_download(play, reports, returned, tmp_path):
    module = 'broadworks_billing_report_download'
    there, ready, other = str(tmp_path / 'bill.csv'), reports['ready'], str(tmp_path / 'other.csv')
    (tmp_path / 'other.csv').write_bytes(b'\x00')
    outcome = play([
        download('checked_first', id=ready, dest=there) | {'check_mode': True},
        download('first', id=ready, dest=there),
        download('again', id=ready, dest=there),
        download('checked', id=ready, dest=there) | {'check_mode': True},
        download('checked_other', id=ready, dest=other) | {'check_mode': True},
        download('known', id=ready, dest=there, checksum='sha256:{{ first.sha256 }}'),
        download('replaced', id=ready, dest=other, backup=True),
        download('failed', id=reports['failed'], dest=there) | TOLERANT,
        download('pending', id=reports['pending'], dest=there) | TOLERANT,
        download('missing', id='no-such-report', dest=there) | TOLERANT,
        download('busy', id=reports['busy'], dest=there) | TOLERANT,
        download('refused', id='', dest=there) | TOLERANT,
        download('differs', id=ready, dest=there, checksum=f'sha256:{"0" * 64}') | TOLERANT,
    ])
    judge(outcome, module, returned)
    first = outcome['first']
    assert (first['dest'], first['records'], first['mode'], first['changed']) == (there, 25, '0600', True)
    assert first['size'] == (tmp_path / 'bill.csv').stat().st_size and len(first['columns']) == 4
    assert first['report']['id'] == ready and first['report']['temp_download_url'] is None
    assert [outcome[name]['changed'] for name in ('checked_first', 'again', 'checked', 'known')] == [True, False, False, False]
    assert outcome['checked_first']['sha256'] is None and outcome['checked_other']['records'] is None
    assert 'backup_file' in outcome['replaced'] and 'backup_file' not in first
    kinds = {
        'failed': 'report_failed', 'pending': 'download', 'missing': 'not_found', 'busy': 'rate_limited', 'refused': 'invalid_input', 'differs': 'download',
    }
    assert {name: outcome[name]['error']['kind'] for name in kinds} == kinds


@pytest.fixture
def wholesale(sandbox):
    return {
        'ready': sandbox.add_report('2026-10', product='wholesale', seconds=0),
        'days': sandbox.add_report(product='wholesale', start_date='2026-10-01', end_date='2026-10-15', seconds=3600),
        'failed': sandbox.add_report('2026-08', product='wholesale', type='USER', seconds=0, ends='FAILED'),
    }


def of_wholesale(module, register, **options):
    return {f'webex_partner.billing.{module}': options, 'register': register}


def test_wholesale_billing_report_info(play, wholesale, returned):
    module = 'wholesale_billing_report_info'
    outcome = play([
        *(of_wholesale(module, name, id=wholesale[name]) for name in wholesale),
        of_wholesale(module, 'every'), of_wholesale(module, 'month', billing_period='2026-08', type='USER'),
        of_wholesale(module, 'missing', id='no-such-report') | TOLERANT, of_wholesale(module, 'refused', id='') | TOLERANT,
    ])
    judge(outcome, module, returned)
    assert outcome['ready']['report'] == outcome['ready']['ansible_facts']['wholesale_billing_report'] and outcome['ready']['report']['temp_download_url']
    assert outcome['days']['report']['billing_period'] is None and [report['type'] for report in outcome['month']['reports']] == ['USER']
    assert 'Signature' not in outcome.stdout


def test_a_wait_for_wholesale(play, wholesale, returned):
    wholesale_wait = {'product': 'wholesale', 'wait_timeout': 0}
    outcome = play([
        wait('ready', id=wholesale['ready'], **wholesale_wait), wait('month', billing_period='2026-10', **wholesale_wait),
        wait('late', id=wholesale['days'], **wholesale_wait) | TOLERANT,
        wait('failed', billing_period='2026-08', type='USER', **wholesale_wait) | TOLERANT,
        wait('none_there', billing_period='2026-08', type='CUSTOMER', **wholesale_wait) | TOLERANT,
        wait('hidden', billing_period='2026-10', internal=True, **wholesale_wait) | TOLERANT,
        wait('foreign', billing_period='2026-10', type='USER') | TOLERANT,
    ])
    judge(outcome, 'billing_report_wait', returned)
    assert outcome['month']['report']['id'] == outcome['ready']['ansible_facts']['wholesale_billing_report']['id'] == wholesale['ready']
    kinds = {
        'late': 'wait_timeout', 'failed': 'report_failed', 'none_there': 'not_found', 'hidden': 'invalid_input', 'foreign': 'invalid_input',
    }
    assert {name: outcome[name]['error']['kind'] for name in kinds} == kinds
    assert f"billing_report_wait: {{product: 'wholesale', id: '{wholesale['days']}'}}" in outcome['late']['msg']
    assert 'Signature' not in outcome.stdout


def test_wholesale_billing_report(play, wholesale, returned):
    module = 'wholesale_billing_report'
    outcome = play([
        of_wholesale(module, 'created', billing_period='2026-09', type='CUSTOMER'),
        of_wholesale(module, 'checked', start_date='2026-09-01', end_date='2026-09-02') | {'check_mode': True},
        of_wholesale(module, 'adopted', billing_period='2026-10'),
        of_wholesale(module, 'failed', billing_period='2026-08', type='USER') | TOLERANT,
        of_wholesale(module, 'deleted', state='absent', id=wholesale['ready']),
        of_wholesale(module, 'none_there', state='absent', billing_period='2026-07'),
        of_wholesale(module, 'refused', billing_period='') | TOLERANT,
    ])
    judge(outcome, module, returned)
    assert [outcome[name]['changed'] for name in ('created', 'checked', 'adopted', 'deleted', 'none_there')] == [True, True, False, True, False]


def test_wholesale_billing_report_download(play, wholesale, returned, tmp_path):
    module = 'wholesale_billing_report_download'
    there = str(tmp_path / 'bill.csv')
    outcome = play([
        of_wholesale(module, 'checked', id=wholesale['ready'], dest=there) | {'check_mode': True},
        of_wholesale(module, 'first', id=wholesale['ready'], dest=there), of_wholesale(module, 'again', id=wholesale['ready'], dest=there),
        *(of_wholesale(module, name, id=wholesale[name], dest=there) | TOLERANT for name in ('days', 'failed')),
    ])
    judge(outcome, module, returned)
    assert [outcome[name]['changed'] for name in ('checked', 'first', 'again')] == [True, True, False] and outcome['first']['records'] == 25
    assert [outcome[name]['error']['kind'] for name in ('days', 'failed')] == ['download', 'report_failed']


def test_billing_access_info(sandbox, play, tmp_path, returned):
    module = 'billing_access_info'
    task = f'webex_partner.billing.{module}'
    minting = {'access_token': '', 'client_id': sandbox.client_id, 'client_secret': sandbox.client_secret, 'refresh_token': sandbox.refresh_token}
    sandbox.trouble(path='access_token', skip=1, replace={'scope': 'spark-admin:broadworks_billing_reports_read'})
    outcome = play([
        {task: {'access_token': sandbox.access_token}, 'register': 'given'},
        {task: {**minting, 'archive': str(tmp_path)}, 'register': 'minted'},
        {task: {**minting, 'needs': ['read', 'write']}, 'register': 'scoped'},
        {task: {'access_token': 'expired', 'archive': '/proc/nowhere'}, 'register': 'refused'},
        {task: {'access_token': 'x', 'valid_days': -1}, 'register': 'wrong', **TOLERANT},
    ])
    judge(outcome, module, returned)
    assert outcome['minted']['access']['ok'] and outcome['minted']['msg'].startswith('ready, 3 reports are listed, the refresh token ends at 20')
    assert outcome['scoped']['access']['missing_scopes'] and outcome['refused']['access']['tracking_id']


def test_billing_authorize(play, tmp_path, returned):
    module = 'billing_authorize'
    task = f'webex_partner.billing.{module}'
    outcome = play([
        {task: {'token_file': str(tmp_path / 'north.json')}, 'register': 'checked', 'check_mode': True},
        {task: {'token_file': str(tmp_path / 'north.json')}, 'register': 'without_a_terminal', **TOLERANT},
    ], env={'WEBEX_ACCESS_TOKEN': None})
    judge(outcome, module, returned)
    assert outcome['without_a_terminal']['error']['kind'] == 'invalid_input'
