# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A month end as operators run it: one period in, evidence out, and harmless to repeat."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest
from evidence import PERIOD
from playbook import asked, methods, month_end

ROOT = Path(__file__).resolve().parents[2]


def test_twice_and_a_restatement(sandbox, run, archive):
    early = sandbox.add_report(PERIOD, seconds=0, rows=7, created=f'{PERIOD}-05T00:00:00.000Z')
    first = run()
    assert first.code == 0, first.stdout
    assert first.told() == [f'default {PERIOD}: filed as version 1, 25 records, {archive.file().stat().st_size} bytes']
    assert f'Month end of {PERIOD} for default' in first.stdout
    before = archive.tree()

    second = run()
    assert (second.code, second.counts()['changed']) == (0, 0), second.stdout
    assert 'nothing new, version 1 holds the same 25 records' in second.told()[0]
    assert archive.tree() == before
    assert methods(sandbox).count('POST') == 1 and 'DELETE' not in methods(sandbox)
    assert early in str(sandbox.state()), 'a report of the open month is neither filed nor deleted'

    sandbox.add_report(PERIOD, seconds=0, rows=27)
    third = run()
    assert third.code == 0, third.stdout
    size = {version: manifest['file']['size'] for version, manifest in archive.manifests().items()}
    assert third.told() == [
        f'default {PERIOD}: filed as version 2, 27 records, {size[2]} bytes, +2 records and +{size[2] - size[1]} bytes against version 1',
    ]
    after = archive.tree()
    assert {name: after[name] for name in before if '/v001' in name} == {name: before[name] for name in before if '/v001' in name}
    for outcome in (first, second, third):
        assert 'WARNING' not in outcome.stdout + outcome.stderr and 'Signature=' not in outcome.stdout


def test_the_manifest_is_evidence(sandbox, run, archive):
    report = sandbox.add_report(PERIOD, seconds=0.5, created='2026-11-02T10:00:00.000Z', month_listed=False)
    assert run(partner='north', period=PERIOD).code == 0
    assert 'POST' not in methods(sandbox)
    manifest = archive.manifests('north')[1]
    content = archive.file(1, 'north').read_bytes()
    assert manifest['api_url'] == sandbox.api_url
    assert (manifest['partner'], manifest['billing_period'], manifest['report']['id']) == ('north', PERIOD, report)
    assert (manifest['report']['created'], manifest['requested_at']) == ('2026-11-02T10:00:00.000Z', '2026-11-02T10:00:00Z')
    assert (manifest['file']['size'], manifest['file']['sha256']) == (len(content), hashlib.sha256(content).hexdigest())
    assert manifest['file']['records'] == 25 and len(manifest['file']['columns']) == 4
    assert manifest['requested_at'] < manifest['completed_at'] <= manifest['downloaded_at']
    assert (manifest['previous'], manifest['awx']) == (None, None)
    text = json.dumps(manifest)
    assert sandbox.access_token not in text and 'Signature' not in text


def test_another_report_with_the_same_bytes_is_nothing_new(run, archive):
    assert run().code == 0
    before = archive.tree()
    again = run(force_new=True)
    assert again.code == 0, again.stdout
    assert 'nothing new' in again.told()[0]
    assert archive.tree() == before


def test_submit_and_collect(sandbox, run, archive):
    reader = sandbox.grant(scopes=['spark-admin:broadworks_billing_reports_read'])
    sandbox.trouble(method='GET', path='reports/.', status=404, times=2)  # the new report is not visible yet
    submitted = run('submit', archive=None, poll_interval=None)
    assert submitted.code == 0, submitted.stdout
    assert 'IN_PROGRESS' in submitted.told()[0] and not archive.root.exists()
    collected = run('collect', env={'WEBEX_ACCESS_TOKEN': reader})
    assert collected.code == 0, collected.stdout
    assert list(archive.manifests()) == [1]
    assert methods(sandbox).count('POST') == 1


def test_collect_waits_for_the_report_that_was_submitted(sandbox, run, archive):
    """Not for a newer one, and not for an old one that would shadow that the new one has failed."""
    sandbox.add_report(PERIOD, seconds=0, rows=3)
    submitted = sandbox.add_report(PERIOD, seconds=0, ends='FAILED')
    summary = {'partner': 'default', 'billing_period': PERIOD, 'report_id': submitted}
    collected = run('collect', '-e', json.dumps({'billing_month_end': summary}))
    assert collected.code == 2 and submitted in collected.told()[0] and 'FAILED' in collected.told()[0]
    stranger = run('collect', '-e', json.dumps({'billing_month_end': {**summary, 'partner': 'south'}}))
    assert stranger.code == 0 and archive.manifests()[1]['file']['records'] == 3


def test_the_month_before_now_is_settled_when_it_is_submitted(sandbox, run, archive):
    """A collect that runs late, in the month after, still collects what was submitted."""
    sandbox.add_report('2026-08', seconds=0)
    summary = {'partner': 'default', 'billing_period': '2026-08', 'report_id': None}
    outcome = run('collect', '-e', json.dumps({'billing_month_end': summary}), period='previous')
    assert outcome.code == 0 and 'Month end of 2026-08' in outcome.stdout, outcome.stdout
    assert list(archive.manifests(period='2026-08')) == [1]


def test_a_report_of_another_month_is_not_filed(sandbox, run, archive):
    """Whatever an earlier node has handed on."""
    summary = {'partner': 'default', 'billing_period': PERIOD, 'report_id': sandbox.add_report('2026-05', seconds=0)}
    outcome = run('collect', '-e', json.dumps({'billing_month_end': summary}), delete_after=True)
    assert outcome.code == 2 and f'is of 2026-05, not of {PERIOD}' in outcome.told()[0], outcome.stdout
    assert not archive.root.exists() and 'DELETE' not in methods(sandbox)


def test_what_is_of_another_partner_is_not_believed(sandbox, run):
    summary = {'partner': 'north', 'billing_period': '2021-05', 'report_id': 'north-s'}
    outcome = run('collect', '--check', '-e', json.dumps({'billing_month_end': summary}), period='previous', partner='south')
    assert 'Month end of 2021-05' not in outcome.stdout and asked(sandbox, 'north-s') == []


def test_a_month_that_failed(sandbox, run, archive):
    failed = run(period='2021-03')
    assert failed.code == 2
    assert '2024 Billing Report not found.' in failed.told()[0] and not archive.root.exists()
    assert set(methods(sandbox)) == {'GET'}
    recreated = run(period='2021-03', on_failed='recreate')
    assert recreated.code == 0, recreated.stdout
    assert list(archive.manifests(period='2021-03')) == [1]


@pytest.mark.parametrize(('variables', 'part'), [
    ({'period': '2026-13'}, '2026-13'), ({'period': '9999-01'}, 'has not ended'), ({'period': 'now'}, 'previous'),
    ({'partner': '../elsewhere'}, 'partner'), ({'period': 'previous', 'time_zone': 'Europe/Atlantis'}, 'Atlantis'),
    ({'partners': [{'partner': 'a'}, {'partner': 'a'}]}, 'twice'), ({'partners': [{'access_token': 'x'}]}, 'partner'),
    ({'archive': None}, 'month_end_archive'), ({'archive': ''}, 'month_end_archive is missing'),
    ({'archive': 'archive'}, 'month_end_archive must be an absolute path'), ({'period': None}, 'month_end_period'),
    ({'on_failed': 'pray'}, 'month_end_on_failed'),
], ids=str)
def test_what_cannot_be_meant_is_refused_before_any_request(sandbox, run, archive, variables, part):
    outcome = run(**variables)
    assert outcome.code == 2 and part in outcome.stdout, outcome.stdout
    assert 'Traceback' not in outcome.stdout + outcome.stderr
    assert sandbox.requests == [] and not archive.root.exists()


def test_check_mode_tells_and_changes_nothing(sandbox, run, archive):
    would_create = run('month_end', '--check')
    assert would_create.code == 0 and would_create.told() == [f'default {PERIOD}: would create a report'], would_create.stdout
    report = sandbox.add_report(PERIOD, seconds=0)
    would_file = run('month_end', '--check', delete_after=True)
    assert would_file.code == 0, would_file.stdout
    assert would_file.told() == [f'default {PERIOD}: would file report {report}, COMPLETED, unless nothing is new']
    assert set(methods(sandbox)) == {'GET'} and not archive.root.exists()


def test_a_report_that_says_oddly_when_it_was_created(sandbox, run, archive):
    report = sandbox.add_report(PERIOD, seconds=0)
    sandbox.trouble(path=report, replace={'created': '2 Nov 2026'}, times=0)
    assert run().code == 0
    manifest = archive.manifests()[1]
    assert (manifest['report']['created'], manifest['requested_at']) == ('2 Nov 2026', None)


def test_the_result_of_one_run_is_not_that_of_the_next(sandbox, play, archive):
    sandbox.add_report(PERIOD, seconds=0)
    options = {'archive': str(archive.root), 'poll_interval': 0.3}
    outcome = play([
        month_end(period=PERIOD, **options),
        {'block': [month_end(period='2021-03', **options)], 'rescue': [{'ansible.builtin.assert': {'that': 'month_end_result == {}'}}]},
    ])
    assert outcome.code == 0, outcome.stdout


def test_every_file_of_tasks_has_its_place():
    """An entry point, or a step of one. A delivery may include a file of its own by any name but those of the entry points."""
    tasks = ROOT / 'roles/month_end/tasks'
    text = '\n'.join(path.read_text(encoding='utf-8') for path in tasks.rglob('*.yml'))
    steps = set(re.findall(r'_tasks: steps/(\w+)\.yml', text)) | set(re.findall(r'_month_end_half: (\w+)', text))
    assert {path.stem for path in tasks.glob('*.yml')} == {'main', 'submit', 'collect', 'preflight'}
    assert {path.stem for path in (tasks / 'steps').iterdir()} == steps


def test_hostile_words_of_a_server_do_nothing(sandbox, run):
    sandbox.add_report(PERIOD, seconds=0, ends='FAILED', errors=[{'code': 7, 'description': "{{ lookup('env', 'HOME') }} %}"}])
    outcome = run()
    assert outcome.code == 2
    assert "{{ lookup('env', 'HOME') }} %}" in outcome.told()[0]


def test_a_delivery_that_fails_is_made_up_for(sandbox, run, archive, tmp_path):
    """It has the result, it runs again although nothing is new then, and only after it the report is deleted."""
    delivered, tasks = tmp_path / 'delivered', tmp_path / 'deliver.yml'
    tasks.write_text(json.dumps([
        {'ansible.builtin.command': {'argv': ['test', '-e', str(tmp_path / 'ready')]}, 'changed_when': False},
        {'ansible.builtin.copy': {'src': '{{ month_end_result.path }}', 'dest': str(delivered), 'remote_src': True}},
        {'ansible.builtin.debug': {'msg': 'delivered {{ month_end_result.manifest.file.records }}, new: {{ month_end_result.changed }}'}},
    ]), encoding='utf-8')
    options = {'deliver_tasks': str(tasks), 'delete_after': True}
    failed = run(**options)
    assert failed.code == 2 and list(archive.manifests()) == [1] and 'DELETE' not in methods(sandbox)
    (tmp_path / 'ready').touch()
    again = run(**options)
    assert again.code == 0 and 'delivered 25, new: False' in again.stdout, again.stdout
    assert delivered.read_bytes() == archive.file().read_bytes()
    assert methods(sandbox).count('DELETE') == 1 and methods(sandbox).count('POST') == 1
    assert asked(sandbox, PERIOD) == [] and archive.manifests()[1]['report']['id'] in sandbox.requests[-1]['target']


def test_a_delivery_that_keeps_a_secret(run, tmp_path):
    """What it says under no_log is repeated nowhere."""
    tasks = tmp_path / 'deliver.yml'
    tasks.write_text(json.dumps([{'ansible.builtin.command': {'argv': ['cat', '/nowhere/canary-of-a-delivery']}, 'no_log': True}]), encoding='utf-8')
    outcome = run(deliver_tasks=str(tasks))
    assert outcome.code == 2 and outcome.told() == [f'default {PERIOD} failed: a task under no_log, whose output is hidden'], outcome.stdout
    assert 'canary-of-a-delivery' not in ''.join(outcome.told())


@pytest.mark.parametrize('trouble', [
    {'status': 403, 'times': 0}, {'status': 200, 'body': '<html>Sign in</html>'}, {'status': 200, 'body': ''}, {'cut': 'body', 'times': 0},
    {'headers': {'Content-Length': '99999'}, 'times': 0},
], ids=str)
def test_a_file_host_in_trouble_leaves_the_good_version_alone(sandbox, run, archive, trouble):
    assert run().code == 0
    before = archive.tree()
    sandbox.add_report(PERIOD, seconds=0, rows=30)
    sandbox.trouble(host='files', **trouble)
    partners = [{'partner': 'default', 'retry_timeout': 0, 'request_timeout': 2}]
    outcome = run(partners=partners)
    assert outcome.code == 2 and 'Downloading the file of billing report' in outcome.told()[0], outcome.stdout
    assert archive.tree() == before
    assert run(partners=partners).code == (2 if trouble.get('times') == 0 else 0)


def test_an_archive_that_cannot_be_written(run, tmp_path):
    (tmp_path / 'file').touch()
    outcome = run(archive=str(tmp_path / 'file' / 'archive'))
    assert outcome.code == 2 and 'Not a directory' in outcome.told()[0], outcome.stdout
