# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fetching and filing, as the module does it: one pass from the wire into the archive, and nothing half there, whatever comes."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import resource
import stat

import pytest
from ansible.module_utils import basic
from ansible_collections.webex_partner.billing.plugins.module_utils import _files
from ansible_collections.webex_partner.billing.plugins.module_utils._api.products import PRODUCTS
from ansible_collections.webex_partner.billing.plugins.module_utils._edge import edge
from ansible_collections.webex_partner.billing.plugins.module_utils._file.download import Download
from ansible_collections.webex_partner.billing.plugins.module_utils._file.part import Part
from ansible_collections.webex_partner.billing.plugins.modules import billing_report_archive
from ansible_collections.webex_partner.billing.tests.unit import printed
from ansible_collections.webex_partner.billing.tests.unit.connecting import asked
from ansible_collections.webex_partner.billing.tests.unit.downloading import statuses
from ansible_collections.webex_partner.billing.tests.unit.filing import PERIOD, Filing
from ansible_collections.webex_partner.billing.tests.unit.playing import Playing


@pytest.fixture(params=PRODUCTS.values(), ids=list(PRODUCTS))
def sandbox(sandbox, request):
    return Playing(sandbox, request.param)


@pytest.fixture
def filing(tmp_path, sandbox):
    return Filing(tmp_path, product=sandbox.product)


@pytest.fixture
def report(sandbox):
    return sandbox.add_report(PERIOD, seconds=0)


@pytest.fixture(autouse=True)
def warned(monkeypatch):
    """The warnings of the modules; ansible-core 2.16 would keep them for the next test."""
    texts = []
    monkeypatch.setattr(basic.AnsibleModule, 'warn', lambda _self, text, **_options: texts.append(text))
    return texts


@pytest.fixture
def fetched(monkeypatch, capsys, sandbox, filing, time, report):
    """Runs the module with the options given."""
    monkeypatch.setattr(edge, 'Time', lambda: time)

    def run(**options):
        options = {
            'id': report, 'archive': str(filing.root), 'api_url': sandbox.api_url, 'access_token': sandbox.access_token, 'retry_timeout': 0,
            **sandbox.product.options, **options,
        }
        monkeypatch.setattr(basic, '_ANSIBLE_ARGS', json.dumps({'ANSIBLE_MODULE_ARGS': options}).encode())
        monkeypatch.setattr(basic, '_ANSIBLE_PROFILE', 'legacy', raising=False)
        with pytest.raises(SystemExit):
            billing_report_archive.main()
        result = printed.result(capsys)
        assert 'Signature' not in json.dumps(result)
        return result
    return run


def folders(filing):
    """The folders from the partner to the month."""
    parts = filing.place.split('/')
    return ['/'.join(parts[:number]) for number in range(1, len(parts) + 1)]


def test_what_was_found_is_in_the_manifest(sandbox, filing, fetched, report):
    result = fetched()
    content = (filing.month / 'v001' / filing.name).read_bytes()
    manifest = filing.manifest(1)
    assert (result['changed'], result['version'], result['manifest']) == (True, 1, manifest)
    assert manifest['file'] == {
        'name': filing.name, 'size': len(content), 'sha256': hashlib.sha256(content).hexdigest(), 'records': 25, 'columns': manifest['file']['columns'],
    }
    assert manifest['file']['columns'][0] == 'made_up_column_1' and manifest['api_url'] == sandbox.api_url
    assert manifest['report']['id'] == report and manifest['requested_at'] and manifest['downloaded_at'] == '2026-11-05T12:00:00Z'
    assert sorted(filing.tree()) == sorted([*folders(filing), *(f'{filing.place}/{name}' for name in (
        '.lock', 'v001', f'v001/{filing.name}', 'v001/manifest.json',
    ))])
    assert len(statuses(sandbox, 'api')) == len(statuses(sandbox)) == 1


@pytest.mark.parametrize('umask', [0, 0o077, 0o777])
def test_the_file_is_private_while_it_comes_and_has_its_mode_when_it_is_filed(monkeypatch, filing, fetched, umask):
    modes = []
    write = Part.write
    monkeypatch.setattr(Part, 'write', lambda self, chunk: modes.append(stat.S_IMODE(os.stat(self.path).st_mode)) or write(self, chunk))
    before = os.umask(umask)
    try:
        fetched()
    finally:
        os.umask(before)
    assert modes and not any(mode & 0o077 for mode in modes) and stat.S_IMODE((filing.month / 'v001' / filing.name).stat().st_mode) == 0o640


def untouched(folder):
    """Return what changes if a folder or a file in it is replaced or written to; reading may change the time of access."""
    found = [(path, path.stat()) for path in (folder, *folder.iterdir())]
    return [(path, at.st_ino, at.st_mode, at.st_uid, at.st_size, at.st_mtime_ns, at.st_ctime_ns) for path, at in found]


def test_the_file_is_moved_and_read_for_nothing_but_the_evidence(monkeypatch, filing, fetched):
    digests = []
    digest = _files.digest
    monkeypatch.setattr(_files, 'digest', lambda source, *sink: digests.append(os.readlink(f'/proc/self/fd/{source}')) or digest(source, *sink))
    monkeypatch.setattr(_files, 'copy', lambda *_arguments: pytest.fail('copied'))
    fetched()
    assert digests == []
    version = filing.month / 'v001'
    before = untouched(version)
    assert fetched()['changed'] is False and untouched(version) == before
    assert digests == [str(version / filing.name)]


def test_a_restatement_is_the_next_version(sandbox, filing, fetched):
    fetched()
    result = fetched(id=sandbox.add_report(PERIOD, seconds=0, rows=27))
    assert (result['changed'], result['version']) == (True, 2) and '+2 records' in result['msg']
    assert filing.complete() == ['v001', 'v002'] and filing.manifest(2)['previous']['records'] == 25


@pytest.mark.parametrize('check_mode', [False, True])
def test_an_older_report_is_not_even_downloaded(sandbox, filing, fetched, warned, check_mode):
    older, newer = (sandbox.add_report(PERIOD, seconds=0, created=f'2026-11-0{day}T10:00:00.000Z', rows=20 + day) for day in (2, 3))
    last = fetched(id=newer)
    before = filing.tree()
    sandbox.clear_requests()
    result = fetched(id=older, _ansible_check_mode=check_mode)
    assert (result['changed'], result['stale'], result['version'], result['path'], result['manifest']) == (False, True, 1, last['path'], last['manifest'])
    assert f'not filed, report {older} was created' in result['msg'] and len(warned) == 1 and 'allow_older' in warned[0]
    assert asked(sandbox) == [f'GET {older}'] and filing.tree() == before
    result = fetched(id=older, allow_older=True, _ansible_check_mode=check_mode)
    assert (result['changed'], result['stale'], result['version']) == ((False, False, 1) if check_mode else (True, False, 2)) and len(warned) == 1


@pytest.mark.parametrize('check_mode', [False, True])
def test_an_older_report_removes_what_a_killed_run_left(sandbox, filing, fetched, check_mode):
    older, newer = (sandbox.add_report(PERIOD, seconds=0, created=f'2026-11-0{day}T10:00:00.000Z') for day in (2, 3))
    fetched(id=newer)
    prefix = _files.part_prefix(str(filing.month / filing.name))
    left = filing.month / f'{prefix}left.part'
    left.write_text('rows of a customer', encoding='utf-8')
    assert fetched(id=older, _ansible_check_mode=check_mode)['stale'] and left.exists() is check_mode


def test_a_newer_report_that_another_run_files_meanwhile_makes_it_stale(sandbox, filing, fetched, monkeypatch):
    older, newer = (sandbox.add_report(PERIOD, seconds=0, created=f'2026-11-0{day}T10:00:00.000Z', rows=20 + day) for day in (2, 3))
    run, others = Download.run, [newer]

    def overtaken(self, *arguments):
        if others:
            fetched(id=others.pop())
        return run(self, *arguments)

    monkeypatch.setattr(Download, 'run', overtaken)
    result = fetched(id=older)
    assert (result['changed'], result['stale'], result['manifest']['report']['id']) == (False, True, newer) and filing.complete() == ['v001']


def test_a_download_that_fails_in_a_new_month_leaves_no_directory(sandbox, filing, fetched):
    sandbox.trouble(host='files', status=403, times=0)
    for _run in range(2):
        assert fetched()['failed'] and not filing.root.exists()


def test_check_mode_reads_the_report_alone(sandbox, filing, fetched, report):
    told = fetched(_ansible_check_mode=True)
    assert (told['changed'], told['version'], told['manifest']['file']['size']) == (True, 1, None) and not filing.root.exists()
    assert told['msg'] == f'{filing.place.replace("/", " ")}: would fetch report {report} and file it as version 1'
    assert asked(sandbox) == [f'GET {report}']
    filed = fetched()
    before = filing.tree()
    sandbox.clear_requests()
    told = fetched(_ansible_check_mode=True)
    assert (told['changed'], told['manifest'], filing.tree()) == (False, filed['manifest'], before) and told['diff']['before'] == told['diff']['after']
    assert told['msg'] == f'{filing.place.replace("/", " ")}: would fetch report {report} and file it as version 2, unless version 1 holds the same bytes'
    assert asked(sandbox) == [f'GET {report}']


@pytest.mark.parametrize(('said', 'options', 'kind'), [
    (PERIOD, {'billing_period': '2026-09'}, 'conflict'), (None, {}, 'invalid_response'), ('../../evil', {}, 'invalid_response'),
    ('../../evil', {'billing_period': PERIOD}, 'conflict'),
])
def test_a_report_of_another_month_is_not_fetched(sandbox, filing, fetched, report, said, options, kind):
    sandbox.trouble(path=report, replace=sandbox.wire(said), times=0)
    result = fetched(**options)
    assert result['error']['kind'] == kind and asked(sandbox) == [f'GET {report}'] and not filing.root.exists()


def test_a_report_that_does_not_say_its_month_is_of_the_one_that_is_given(sandbox, filing, fetched, report):
    sandbox.trouble(path=report, replace=sandbox.wire(None), times=0)
    assert fetched(billing_period=PERIOD)['changed'] is True and filing.complete() == ['v001']


@pytest.mark.parametrize('trouble', [
    {'status': 200, 'body': '<html>a,b</html>'}, {'status': 200, 'body': ''}, {'status': 403, 'times': 0}, {'cut': 'body'}, {'status': 503},
    {'status': 200, 'body': '{}'}, {'headers': {'Content-Length': '99999'}},
], ids=str)
def test_what_is_no_file_leaves_nothing_in_the_archive(sandbox, filing, fetched, trouble):
    for last in ([], ['v001']):
        sandbox.trouble(host='files', **trouble)
        before = filing.tree()
        result = fetched()
        assert result['error']['kind'] in ('download', 'network') and 'at dest' not in result['msg']
        assert filing.complete() == last and filing.tree().keys() == before.keys()
        sandbox.clear_trouble()
        fetched()


@pytest.mark.parametrize('status', ['FAILED', 'IN_PROGRESS'])
def test_a_report_without_a_file(sandbox, filing, fetched, report, status):
    sandbox.set_status(report, status)
    for check_mode in (True, False):
        assert fetched(_ansible_check_mode=check_mode)['error']['kind'] == ('report_failed' if status == 'FAILED' else 'download')
    assert not filing.root.exists()


def test_what_a_killed_run_left_is_removed_and_what_another_one_holds_is_not(filing, fetched):
    fetched()
    prefix = _files.part_prefix(str(filing.month / filing.name))
    left, held = (filing.month / f'{prefix}{name}.part' for name in ('left', 'held'))
    left.touch()
    with open(held, 'wb') as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert fetched()['changed'] is False
        assert held.exists() and not left.exists()


def test_the_lock_is_not_held_while_the_file_comes(sandbox, filing, fetched):
    filing.month.mkdir(parents=True)
    with open(filing.month / '.lock', 'wb') as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        result = fetched(lock_timeout=0)
    assert result['error']['kind'] == 'conflict' and '.lock' in result['msg'] and statuses(sandbox) == [200]
    assert [path.name for path in filing.month.iterdir()] == ['.lock']


def test_what_a_server_repeats_of_our_secrets_is_not_filed(sandbox, filing, fetched, report):
    sandbox.trouble(path=report, replace={'createdBy': f'who has {sandbox.access_token}'}, times=0)
    sandbox.trouble(host='files', status=200, body=f'A,{sandbox.access_token}\n1,2\n')
    result = fetched()
    for texts in (result, filing.manifest(1)):
        assert sandbox.access_token not in json.dumps(texts)
    assert result['manifest'] == filing.manifest(1) and result['manifest']['file']['columns'][0] == 'A'


def test_a_disk_that_is_full_while_the_file_comes(sandbox, filing, fetched):
    report = sandbox.add_report(PERIOD, seconds=0, rows=3000)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, limits[1]))
    try:
        result = fetched(id=report)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert result['error']['kind'] == 'download' and f'writing to {filing.month} on this host failed' in result['msg']
    assert not filing.root.exists()


def test_a_disk_that_is_full_while_the_file_is_filed(monkeypatch, filing, fetched):
    def refuse(*_arguments):
        raise OSError(_files.errno.ENOSPC, os.strerror(_files.errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(_files, 'write', refuse)
        result = fetched()
    assert result['error']['kind'] == 'unavailable' and result['msg'].startswith(f'Filing {filing.name} below {filing.month} failed: No space left')
    assert [path.name for path in filing.month.iterdir()] == ['.lock']
    assert fetched()['version'] == 1


def test_a_place_that_is_none_is_found_before_the_file_is_fetched(sandbox, filing, fetched):
    filing.root.write_bytes(b'in the way')
    assert fetched()['error']['kind'] == 'invalid_input' and statuses(sandbox) == []


def test_a_file_without_a_length_is_warned_about(sandbox, warned, fetched):
    sandbox.trouble(host='files', status=200, body='a,b\n1,2\n', headers={'Content-Length': None})
    file = fetched()['manifest']['file']
    assert (file['records'], file['length_told']) == (1, False) and len(warned) == 1 and 'length' in warned[0]


@pytest.mark.parametrize('options', [
    {'id': ''}, {'archive': ''}, {'archive': 'arch'}, {'archive': './arch'}, {'partner': '..'}, {'billing_period': '2026-13'}, {'billing_period': ''},
    {'lock_timeout': -1}, {'requested_at': 'today'},
    {'access_token': ''}, {'api_url': 'http://elsewhere.example'},
], ids=str)
def test_a_value_that_cannot_be_meant_is_refused_before_any_request(sandbox, filing, fetched, options):
    assert fetched(**options)['error']['kind'] == 'invalid_input' and sandbox.requests == [] and not filing.root.exists()


@pytest.mark.parametrize('options', [
    {'src': '/tmp/report.csv'}, {'report': {'id': 'abc', 'billing_period': PERIOD}}, {'sha256': '0' * 64}, {'records': 1}, {'columns': ['A']},
    {'downloaded_at': '2026-11-05T12:00:00Z'}, {'id': None}, {'id': None, 'src': '/tmp/report.csv'},
    {'id': None, 'src': '/tmp/report.csv', 'report': {'id': 'abc', 'billing_period': PERIOD}, 'billing_period': PERIOD},
], ids=str)
def test_what_contradicts_itself_is_refused_by_ansible(sandbox, filing, fetched, options):
    result = fetched(**options)
    assert result['failed'] is True and 'error' not in result and sandbox.requests == [] and not filing.root.exists()
