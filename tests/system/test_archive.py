# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filing downloaded reports: versions, evidence, and what an operator is told when it cannot be."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import resource
import signal
from pathlib import Path

import pytest
from playbook import BY_MODULE, TOLERANT, asked, file, info, until
from runner import run

PERIOD = '2026-10'
NAME = f'billing-report-default-{PERIOD}.csv'
REPORT = {'id': 'abc', 'billing_period': PERIOD}
FIRST = b'A,B\n1,2\n'
SECOND = b'A,B\n1,2\n3,4\n'


class Place:
    """An archive, and files to put in it."""

    def __init__(self, folder):
        self.folder = folder
        self.archive = folder / 'archive'
        self.month = self.archive / 'default' / PERIOD

    def source(self, content, name='source.csv'):
        path = self.folder / name
        path.write_bytes(content)
        return str(path)

    def file(self, register, src, **options):
        return file(register, src=src, **{'archive': str(self.archive), 'report': REPORT, **options})

    def fetch(self, register, **options):
        return file(register, archive=str(self.archive), **options)

    def tree(self):
        paths = sorted(self.archive.rglob('*')) if self.archive.exists() else []
        return {str(path.relative_to(self.archive)): path.read_bytes() if path.is_file() else None for path in paths}

    def complete(self):
        return sorted(path.parent.name for path in self.month.glob('v*/manifest.json'))


@pytest.fixture
def place(tmp_path):
    return Place(tmp_path)


def test_a_restatement_is_the_next_version(place, play):
    first, second = place.source(FIRST, 'first.csv'), place.source(SECOND, 'second.csv')
    outcome = play([
        place.file('filed', first, records=1, columns=['A', 'B']),
        place.file('same', first),
        place.file('another_report', first, report={**REPORT, 'id': 'def'}),
        place.file('restated', second, records=2, report={**REPORT, 'created': '2026-11-03T10:00:00.000Z'}),
        place.file('older', first, report={**REPORT, 'id': 'old', 'created': '2026-11-02T10:00:00.000Z'}),
    ], args=['--diff'])
    assert outcome.code == 0, outcome.stdout
    assert [outcome[name]['changed'] for name in outcome.results] == [True, False, False, True, False]
    assert [outcome[name]['version'] for name in outcome.results] == [1, 1, 1, 2, 2]
    assert [outcome[name]['stale'] for name in outcome.results] == [False, False, False, False, True]
    assert outcome['older']['path'] == outcome['restated']['path'] and 'report old was created' in outcome['older']['msg']
    assert 'allow_older' in ' '.join(outcome['older']['warnings'])
    assert outcome['another_report']['manifest']['report']['id'] == 'abc'
    manifest = outcome['restated']['manifest']
    assert json.loads(Path(outcome['restated']['manifest_path']).read_text(encoding='utf-8')) == manifest
    assert manifest['previous'] == {'version': 1, 'sha256': hashlib.sha256(FIRST).hexdigest(), 'size': len(FIRST), 'records': 1}
    assert (manifest['file']['size'] - manifest['previous']['size'], manifest['file']['records'] - manifest['previous']['records']) == (4, 1)
    assert [Path(outcome[name]['path']).read_bytes() for name in ('filed', 'restated')] == [FIRST, SECOND]
    assert place.complete() == ['v001', 'v002']
    assert '"version": 2' in outcome.stdout and '1,2' not in outcome.stdout


def test_a_relative_path_is_refused_here_and_where_a_module_is_sent(place, play):
    source, ways = place.source(FIRST), {'here': {}, 'sent': BY_MODULE}
    outcome = play([
        *(place.file(f'archive_{way}', source, archive='archive') | TOLERANT | keywords for way, keywords in ways.items()),
        *(place.file(f'src_{way}', 'source.csv') | TOLERANT | keywords for way, keywords in ways.items()),
        *(place.file(f'home_{way}', source, archive='~/filed') | {'environment': {'HOME': str(place.folder)}} | keywords for way, keywords in ways.items()),
    ])
    assert outcome.code == 0, outcome.stdout
    for name in ('archive', 'src'):
        refused = [outcome[f'{name}_{way}'] for way in ways]
        assert [result['error']['kind'] for result in refused] == ['invalid_input'] * 2 and refused[0]['msg'] == refused[1]['msg']
        assert f'{name} must be an absolute path or begin with ~' in refused[0]['msg']
    assert not place.archive.exists()
    home = place.folder / 'filed' / 'default' / PERIOD / 'v001' / NAME
    assert [(outcome[f'home_{way}']['path'], outcome[f'home_{way}']['changed']) for way in ways] == [(str(home), True), (str(home), False)]


def test_check_mode_leaves_no_trace(place, play):
    source = place.source(FIRST)
    outcome = play([place.file('told', source)], args=['--check', '--diff'])
    assert outcome.code == 0, outcome.stdout
    assert not place.archive.exists()
    filed = play([place.file('filed', source)])['filed']
    assert outcome['told'] == filed
    before = place.tree()
    again = play([place.file('told', source), place.file('next', place.source(SECOND, 'second.csv'))], args=['--check'])
    assert [again[name]['changed'] for name in ('told', 'next')] == [False, True]
    assert again['next']['path'] == str(place.month / 'v002' / NAME)
    assert place.tree() == before


def test_the_signed_url_of_a_report_is_shown_nowhere(sandbox, place, controller):
    report = sandbox.add_report(PERIOD, seconds=0)
    done = run(controller, [
        info('read', id=report, set_facts=False),
        place.file('filed', place.source(FIRST), report='{{ read.report }}'),
        place.file('refused', '/nowhere/report.csv', report='{{ read.report }}') | TOLERANT,
    ], env={'WEBEX_API_URL': sandbox.api_url, 'WEBEX_ACCESS_TOKEN': sandbox.access_token}, args=['-vvvv'])
    assert done.outcome.results['filed']['manifest']['report']['id'] == report
    assert 'Signature=' in str(done.outcome.results['read'])
    shown = [path for path in done.artifacts.rglob('*') if path.is_file()] + [path for path in place.archive.rglob('*') if path.is_file()]
    assert len(shown) > 5
    assert [str(path) for path in shown if b'Signature=' in path.read_bytes()] == []


def test_it_needs_neither_requests_nor_credentials(place, play):
    (place.folder / 'shadow').mkdir()
    (place.folder / 'shadow/requests.py').write_text('raise ImportError("hidden by a test")\n', encoding='utf-8')
    outcome = play([place.file('filed', place.source(FIRST))], env={
        'PYTHONPATH': str(place.folder / 'shadow'), 'WEBEX_ACCESS_TOKEN': None, 'WEBEX_API_URL': None,
    })
    assert outcome.code == 0, outcome.stdout
    assert outcome['filed']['manifest']['api_url'] is None


def test_a_report_is_fetched_and_filed_with_the_defaults_of_the_group(sandbox, place, play):
    report = sandbox.add_report(PERIOD, seconds=0)
    tasks = [place.fetch('told', id=report) | {'check_mode': True}, place.fetch('filed', id=report), place.fetch('same', report_id=report)]
    outcome = play([*tasks, place.file('by_hand', place.source(FIRST), partner='north')], module_defaults={
        'group/webex_partner.billing.webex': {'access_token': sandbox.access_token, 'api_url': sandbox.api_url},
    }, env={'WEBEX_ACCESS_TOKEN': None, 'WEBEX_API_URL': None})
    assert outcome.code == 0, outcome.stdout
    assert [outcome[name]['changed'] for name in outcome.results] == [True, True, False, True]
    content = (place.month / 'v001' / NAME).read_bytes()
    assert outcome['filed']['manifest'] == outcome['same']['manifest'] and outcome['told']['path'] == outcome['filed']['path']
    assert outcome['filed']['manifest']['file']['sha256'] == hashlib.sha256(content).hexdigest()
    assert {outcome[name]['manifest']['api_url'] for name in outcome.results} == {sandbox.api_url}
    assert sorted(path.name for path in place.month.iterdir()) == ['.lock', 'v001'] and len(asked(sandbox, 'Signature=')) == 2


def test_values_from_templates(place, play):
    outcome = play(
        [place.file(
            'filed', place.source(FIRST), records='{{ nothing }}', columns='{{ names }}', api_url='{{ nothing }}', completed_at="{{ nothing }}",
            report='{{ given }}', awx={'job': '{{ job }}', 'user': '{{ nothing }}', 'workflow': "{{ unknown | default(omit) }}"},
            downloaded_at="{{ '%Y-%m-%dT%H:%M:%SZ' | strftime(0, utc=true) }}",
        )],
        vars={'nothing': None, 'names': ['Ä', 'B'], 'job': 41, 'given': {**REPORT, 'created': None, 'errors': [], 'temp_download_url': None}},
    )
    assert outcome.code == 0, outcome.stdout
    manifest = outcome['filed']['manifest']
    assert (manifest['file']['records'], manifest['file']['columns']) == (None, ['Ä', 'B'])
    assert manifest['awx'] == {'job': '41', 'workflow': None, 'schedule': None, 'user': None}
    assert (manifest['completed_at'], manifest['downloaded_at'], manifest['report']['created']) == (None, '1970-01-01T00:00:00Z', None)
    assert 'WARNING' not in outcome.stdout + outcome.stderr


REFUSED = {
    'dots': ({'partner': '..'}, 'partner'),
    'slash': ({'partner': 'a/../../b'}, 'partner'),
    'empty': ({'partner': ''}, 'partner'),
    'period': ({'report': {'id': 'abc', 'billing_period': '2026-13'}}, '2026-13'),
    'missing': ({'src': '/nowhere/report.csv'}, 'does not exist'),
    'directory': ({'src': '/'}, 'a directory'),
    'nothing': ({'src': '/dev/null'}, 'not a file'),
    'below_a_file': ({'archive': '/dev/null/archive'}, 'Not a directory'),
    'user_info': ({'api_url': 'https://user:sesame@webexapis.com/v1'}, 'api_url'),
    'time': ({'downloaded_at': 'yesterday'}, 'downloaded_at'),
    'late': ({'lock_timeout': -1}, 'lock_timeout'),
}


def test_what_cannot_be_meant(place, play):
    source = place.source(FIRST)
    usual = {'src': source, 'archive': str(place.archive), 'report': REPORT}
    outcome = play([file(name, **{**usual, **options}) | TOLERANT for name, (options, _part) in REFUSED.items()])
    for name, (_options, part) in REFUSED.items():
        result = outcome[name]
        assert (result['failed'], result['error']['kind']) == (True, 'invalid_input'), name
        assert part in result['msg'] and '\n' not in result['msg'], result['msg']
        assert 'sesame' not in result['msg']
    assert not place.archive.exists()
    assert 'Traceback' not in outcome.stdout + outcome.stderr


def test_evidence_that_contradicts_is_left_alone(place, play):
    first, second = place.source(FIRST, 'first.csv'), place.source(SECOND, 'second.csv')
    play([place.file('first', first)])
    manifest = place.month / 'v001/manifest.json'
    good = manifest.read_bytes()
    for content in (b'{"schema": 2}', b'', good.replace(PERIOD.encode(), b'2026-09')):
        manifest.write_bytes(content)
        before = place.tree()
        outcome = play([place.file('same', first) | TOLERANT, place.file('other', second) | TOLERANT])
        for result in outcome.results.values():
            assert result['error']['kind'] == 'conflict' and str(manifest) in result['msg']
        assert place.tree() == before
    manifest.write_bytes(good)
    (place.month / 'v001' / NAME).unlink()
    assert play([place.file('same', first) | TOLERANT])['same']['error']['kind'] == 'conflict'


def test_a_file_that_is_not_the_one_downloaded(place, play):
    outcome = play([place.file('refused', place.source(FIRST), sha256='0' * 64) | TOLERANT])
    assert outcome['refused']['error']['kind'] == 'conflict'
    assert place.complete() == []


def test_a_disk_that_is_full(place, controller):
    source = place.source(b'A\n' + b'1\n' * 4_000_000)
    limit = 4_000_000  # ansible-playbook itself writes less
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limits[1]))
    try:
        outcome = controller.play([place.file('filed', source) | TOLERANT])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert outcome['filed']['error']['kind'] == 'unavailable', outcome['filed']
    assert 'free some space' in outcome['filed']['msg']
    assert list(place.month.glob('v*')) == []
    assert controller.play([place.file('filed', source)])['filed']['version'] == 1


def holders(controller, path):
    """How many processes of the runs have a file open."""
    def has(process):
        try:
            return any(os.readlink(entry) == str(path) for entry in Path(f'/proc/{process}/fd').iterdir())
        except OSError:
            return False
    return sum(map(has, controller.processes()))


def started(place, controller, sources):
    """A playbook that files all sources in the background, all of them at once."""
    tasks = [place.file(f'job{number}', source) | {'async': 60, 'poll': 0} for number, source in enumerate(sources)]
    ends = [
        {'ansible.builtin.async_status': {'jid': f'{{{{ job{number}.ansible_job_id }}}}'}, 'register': f'filed{number}',
         'until': f'filed{number} is finished', 'retries': 200, 'delay': 0.1}
        for number in range(len(sources))
    ]
    return controller.start(['ansible-playbook', controller.write(tasks + ends)])


@pytest.mark.parametrize('many', [2, 10])
def test_many_at_once(place, controller, many):
    place.month.mkdir(parents=True)
    sources = [place.source(FIRST + b'%d,0\n' % (number // 2), f'{number}.csv') for number in range(many)]
    with open(place.month / '.lock', 'wb') as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        process = started(place, controller, sources)
        assert until(lambda: holders(controller, place.month / '.lock') >= many, seconds=30)
        assert place.complete() == []
    outcome = controller.finish(process)
    assert outcome.code == 0, outcome.stdout
    contents = {Path(source).read_bytes() for source in sources}
    filed = [(place.month / name / NAME).read_bytes() for name in place.complete()]
    assert set(filed) == contents and len(filed) <= many
    assert place.complete() == [f'v{number + 1:03}' for number in range(len(filed))]
    results = [outcome[f'filed{number}'] for number in range(many)]
    assert sum(result['changed'] for result in results) == len(filed)


def test_a_lock_that_is_held(place, play):
    place.month.mkdir(parents=True)
    with open(place.month / '.lock', 'wb') as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        refused = play([place.file('refused', place.source(FIRST), lock_timeout=0.3) | TOLERANT])['refused']
    assert refused['error']['kind'] == 'conflict' and '.lock' in refused['msg']
    assert play([place.file('filed', place.source(FIRST), lock_timeout=0)])['filed']['changed'] is True


@pytest.mark.kills
def test_killed_in_the_midst(place, controller):
    source = place.folder / 'source.csv'
    with open(source, 'wb') as sparse:
        sparse.truncate(3_000_000_000)
    process = controller.start(['ansible-playbook', controller.write([place.file('killed', str(source))])])
    assert until(lambda: list(place.month.glob('v001/.*.part')), seconds=30)
    for number in controller.processes():
        os.kill(number, signal.SIGKILL)
    process.communicate()
    assert [path.name for path in place.month.glob('v001/*')] == [f'.{NAME}.part']
    source.write_bytes(FIRST)
    outcome = controller.play([place.file('filed', str(source))])
    assert outcome['filed']['version'] == 1 and place.complete() == ['v001']
    assert sorted(path.name for path in (place.month / 'v001').iterdir()) == sorted([NAME, 'manifest.json'])
