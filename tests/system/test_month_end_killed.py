# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A month end that is killed, wherever it stands, and run again: one report at Webex, one version in the archive, nothing half."""

from __future__ import annotations

import fcntl
import os
import resource
import signal

import pytest
from evidence import PERIOD
from playbook import asked, methods, until

PATIENCE = 30  # seconds until a run has come to where it is to be killed

# a module's Python that stops for good where a file is about to get a certain name
STALLED = """
import os, time
replace = os.replace
def stall(source, target, **others):
    while os.path.basename(target) == os.environ['STALLED_AT']:
        open(os.environ['STALLED'], 'w').close()
        time.sleep(1)
    return replace(source, target, **others)
os.replace = stall
"""


@pytest.fixture
def killed(controller, started):
    """Start a month end, kill all of it without a word once ``there()``, and see that it was not over by then."""
    def run(there, **variables):
        process = started(**variables)
        assert until(there, seconds=PATIENCE), process.poll()
        for number in controller.processes():
            os.kill(number, signal.SIGKILL)
        stdout = process.communicate()[0]
        assert 'PLAY RECAP' not in stdout
    return run


@pytest.fixture
def harmless(sandbox, run, archive):
    """A run after the kill does what was missing, a second one nothing."""
    def check(*more, place=PERIOD, **variables):
        outcome = run(**variables)
        assert outcome.code == 0, outcome.stdout
        assert methods(sandbox).count('POST') == 1, 'created once'
        file = f'billing-report-default-{place.replace("/", "-")}.csv'
        assert archive.names() == [f'default/{place}/v001/{name}' for name in (file, *more, 'manifest.json')]
        assert archive.manifests(period=place)[1]['file']['size'] == archive.file(period=place).stat().st_size
        before = archive.tree()
        again = run(**variables)
        assert (again.code, again.counts()['changed']) == (0, 0), again.stdout
        assert archive.tree() == before and methods(sandbox).count('POST') == 1
    return check


@pytest.mark.kills
def test_before_the_create(sandbox, killed, harmless):
    sandbox.trouble(method='GET', path='reports$', delay=60)
    killed(lambda: asked(sandbox, 'reports'))
    assert 'POST' not in methods(sandbox)
    harmless()


@pytest.mark.kills
def test_after_a_create_whose_answer_is_lost(sandbox, killed, harmless):
    sandbox.trouble(method='POST', path='reports$', delay=60)
    killed(lambda: 'POST' in methods(sandbox))
    harmless()


@pytest.mark.kills
def test_while_waiting(sandbox, killed, harmless):
    report = sandbox.add_report(PERIOD, seconds=3600)
    killed(lambda: len(asked(sandbox, report)) > 3)
    sandbox.forget_report(report)
    harmless()


@pytest.mark.kills
def test_amid_the_download(sandbox, killed, harmless, archive):
    sandbox.trouble(host='files', drip=0.05)
    killed(lambda: any(request['host'] == 'files' for request in sandbox.requests))
    assert len(archive.names()) == 1 and archive.names()[0].startswith(f'default/{PERIOD}/.webex-')
    harmless()


@pytest.fixture
def killed_at(tmp_path, killed):
    """The same, where a file is about to get its name."""
    def run(name, **variables):
        (tmp_path / 'site').mkdir()
        (tmp_path / 'site/sitecustomize.py').write_text(STALLED, encoding='utf-8')
        mark = tmp_path / 'stalled'
        killed(mark.exists, env={'PYTHONPATH': str(tmp_path / 'site'), 'STALLED': str(mark), 'STALLED_AT': name}, **variables)
    return run


@pytest.mark.kills
def test_between_file_and_manifest(killed_at, harmless, archive):
    killed_at('manifest.json')
    assert archive.manifests() == {} and len(list(archive.month().glob('v001/*.csv'))) == 1
    harmless()


@pytest.mark.kills
@pytest.mark.parametrize(('kind', 'name'), [('PARTNER', 'manifest.json'), ('CUSTOMER', 'evidence.html'), ('USER', 'manifest.json')])
def test_where_another_product_stands(killed_at, harmless, archive, kind, name):
    variables = {'product': 'wholesale', 'type': kind, 'evidence': True}
    killed_at(name, **variables)
    place = f'wholesale-{kind.lower()}/{PERIOD}'
    assert list(archive.manifests(period=place)) == [1] * (name == 'evidence.html')
    harmless('evidence.html', place=place, **variables)


@pytest.mark.kills
def test_between_manifest_and_evidence(killed_at, harmless, archive):
    killed_at('evidence.html', evidence=True)
    assert list(archive.manifests()) == [1] and not list(archive.month().glob('v001/evidence.html'))
    harmless('evidence.html', evidence=True)


@pytest.mark.kills
def test_before_the_report_is_deleted(sandbox, killed, archive, run):
    sandbox.trouble(method='DELETE', delay=60, processed=False, status=503)
    killed(lambda: 'DELETE' in methods(sandbox), delete_after=True)
    assert list(archive.manifests()) == [1]
    before = archive.tree()
    again = run(delete_after=True)
    assert again.code == 0 and archive.tree() == before, again.stdout
    assert methods(sandbox).count('DELETE') == 2 and methods(sandbox).count('POST') == 1


def test_two_at_once(sandbox, started, controller, archive):
    """Both wait for one report, then for one lock; the one that comes second finds that nothing is new."""
    report = sandbox.add_report(PERIOD, seconds=3600)
    archive.month().mkdir(parents=True)
    with open(archive.month() / '.lock', 'wb') as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        processes = [started(), started()]
        assert until(lambda: len(asked(sandbox, report)) > 6, seconds=PATIENCE)
        sandbox.set_status(report, 'COMPLETED')
        assert until(lambda: len([request for request in sandbox.requests if request['host'] == 'files']) == 2, seconds=PATIENCE)
        assert archive.manifests() == {}
    outcomes = [controller.finish(process) for process in processes]
    assert [outcome.code for outcome in outcomes] == [0, 0], [outcome.stdout for outcome in outcomes]
    assert sorted('nothing new' in outcome.told()[0] for outcome in outcomes) == [False, True]
    assert list(archive.manifests()) == [1] and len(archive.names()) == 2


def test_a_disk_that_is_full(sandbox, run, archive):
    sandbox.add_report(PERIOD, seconds=0, rows=200_000)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4_000_000, limits[1]))  # ansible-playbook itself writes less
    try:
        outcome = run()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert outcome.code == 2 and 'File too large' in outcome.told()[0], outcome.told()
    assert archive.names() == []
    assert run().code == 0 and archive.manifests()[1]['file']['records'] == 200_000
