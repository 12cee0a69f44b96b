# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Versions of a month: the first, nothing new, the next, and what is refused; each whole or not there."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import resource
import stat

import pytest
from ansible_collections.webex_partner.billing.plugins.module_utils import _files
from ansible_collections.webex_partner.billing.plugins.module_utils._errors import BillingError, Conflict, InvalidInput, PermissionRefused, Unavailable
from ansible_collections.webex_partner.billing.plugins.module_utils._file import reader
from ansible_collections.webex_partner.billing.tests.unit.filing import NAME, PERIOD, Filing

FIRST = b'A,B\n1,2\n'
SECOND = b'A,B\n1,2\n3,4\n'
TWIN = b'A,B\n9,9\n'  # as long as FIRST


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.fixture
def filing(tmp_path):
    return Filing(tmp_path)


def test_the_first_version(filing):
    result = filing.file(FIRST, records=1, columns=['A', 'B']).to_result()
    directory = filing.month / 'v001'
    assert (result['changed'], result['version']) == (True, 1)
    assert (result['path'], result['manifest_path']) == (str(directory / NAME), str(directory / 'manifest.json'))
    assert (directory / NAME).read_bytes() == FIRST == filing.src.read_bytes()
    assert result['manifest'] == filing.manifest(1)
    assert result['manifest']['file'] == {'name': NAME, 'size': len(FIRST), 'sha256': digest(FIRST), 'records': 1, 'columns': ['A', 'B']}
    assert result['manifest']['previous'] is None
    assert result['diff'] == {'before': {}, 'after': {'version': 1, 'sha256': digest(FIRST), 'size': len(FIRST), 'records': 1}}
    assert sorted(path.name for path in directory.iterdir()) == sorted([NAME, 'manifest.json'])


@pytest.mark.parametrize('report', ['abc', 'another'])
def test_nothing_new_changes_nothing_on_the_disk(filing, report):
    first = filing.file(FIRST, records=1).to_result()
    before = filing.tree()
    again = filing.file(FIRST, report_id=report, records=77).to_result()
    assert filing.tree() == before
    told = {'msg': 'default 2026-10: nothing new, version 1 holds the same 1 records, 8 bytes', 'changed': False}
    assert again == {**first, **told, 'diff': {'before': first['diff']['after'], 'after': first['diff']['after']}}


@pytest.mark.parametrize('content', [SECOND, TWIN], ids=['longer', 'as long'])
def test_other_bytes_are_the_next_version_and_the_first_stays(filing, content):
    first = filing.file(FIRST, records=1).to_result()
    before = filing.tree()
    second = filing.file(content, records=2).to_result()
    after = filing.tree()
    assert {path: after[path] for path in before if 'v001' in path} == {path: before[path] for path in before if 'v001' in path}
    assert (second['changed'], second['version'], second['path']) == (True, 2, str(filing.month / 'v002' / NAME))
    assert second['manifest']['previous'] == {'version': 1, 'sha256': digest(FIRST), 'size': len(FIRST), 'records': 1} == second['diff']['before']
    assert second['diff']['before'] == first['diff']['after'] and second['diff']['after']['version'] == 2
    assert filing.complete() == ['v001', 'v002']


def test_only_the_last_version_is_compared(filing):
    for content in (FIRST, SECOND, FIRST):
        assert filing.file(content).changed
    assert filing.complete() == ['v001', 'v002', 'v003'] and filing.manifest(3)['previous']['version'] == 2


def test_after_v999_comes_v1000(filing):
    filing.file(FIRST)
    (filing.month / 'v001').rename(filing.month / 'v999')
    path = filing.month / 'v999' / 'manifest.json'
    path.write_text(json.dumps({**json.loads(path.read_text()), 'version': 999}))
    assert filing.file(SECOND).to_result()['version'] == 1000 and filing.complete() == ['v1000', 'v999']
    assert not filing.file(SECOND).changed


def test_months_and_partners_do_not_meet(filing):
    assert [filing.file(FIRST, **changes).manifest['version'] for changes in ({}, {'partner': 'north'}, {'report_billing_period': '2026-09'})] == [1, 1, 1]
    assert (filing.root / 'north' / PERIOD / 'v001' / f'billing-report-north-{PERIOD}.csv').read_bytes() == FIRST
    assert (filing.root / 'default' / '2026-09' / 'v001' / 'billing-report-default-2026-09.csv').read_bytes() == FIRST


@pytest.mark.parametrize('umask', [0o000, 0o022, 0o077])
def test_what_is_made_is_private_whatever_the_umask(filing, umask):
    before = os.umask(umask)
    try:
        filing.file(FIRST)
    finally:
        os.umask(before)
    for path in [filing.root, *filing.root.rglob('*')]:
        assert stat.S_IMODE(path.stat().st_mode) == (0o750 if path.is_dir() else 0o640), path


def test_a_directory_that_was_there_keeps_its_mode(filing):
    filing.root.mkdir(mode=0o755)
    filing.root.chmod(0o755)
    filing.file(FIRST)
    assert stat.S_IMODE(filing.root.stat().st_mode) == 0o755


@pytest.mark.parametrize('left', [
    {}, {NAME: SECOND}, {f'.{NAME}.part': b'A,'}, {NAME: TWIN, '.manifest.json.part': b'{'}, {'notes.txt': b'by a stranger'},
], ids=lambda left: '+'.join(left) or 'empty')
def test_a_version_without_its_manifest_is_taken_over(filing, left):
    filing.file(FIRST)
    directory = filing.month / 'v002'
    directory.mkdir()
    for name, content in left.items():
        (directory / name).write_bytes(content)
    assert not filing.file(FIRST).changed
    assert filing.file(SECOND).manifest['version'] == 2
    assert {path.name for path in directory.iterdir()} == {NAME, 'manifest.json'} | ({'notes.txt'} & set(left))
    assert (directory / NAME).read_bytes() == SECOND and filing.manifest(2)['file']['sha256'] == digest(SECOND)


@pytest.mark.parametrize('name', ['v002', 'v0001', 'v01', 'v000', 'V003', 'v003.bak', 'v', 'latest'])
def test_other_names_are_no_versions(filing, name):
    filing.file(FIRST)
    (filing.month / name).mkdir()
    if name != 'v002':
        (filing.month / name / 'manifest.json').write_text('{}')
    assert filing.file(SECOND).manifest['version'] == 2


@pytest.mark.parametrize('version', [1, 2])
@pytest.mark.parametrize('text', [
    '', '{', 'null', '[]', '{}', '{"schema": 2}', '{"schema": "1"}', '{"schema": true}', '{"schema": 1.0}', b'\xff\xfe', '[' * 100000,
], ids=lambda text: str(text[:12]))
def test_a_manifest_that_is_not_understood_ends_it_and_nothing_is_touched(filing, version, text):
    filing.file(FIRST)
    filing.file(SECOND)
    (filing.month / f'v00{version}' / 'manifest.json').write_bytes(text if isinstance(text, bytes) else text.encode())
    before = filing.tree()
    for content in (FIRST, SECOND, TWIN):
        for dry in (True, False):
            with pytest.raises(Conflict, match=f'v00{version}/manifest.json (is of a schema|is not JSON)'):
                filing.file(content, dry=dry)
    assert filing.tree() == before


@pytest.mark.parametrize('changes', [
    {'version': 2}, {'version': '1'}, {'version': True}, {'version': 1.0}, {'partner': 'north'}, {'billing_period': '2026-09'}, {'file': None}, {'file': {}},
    {'file': {'name': '../../x', 'size': 8, 'sha256': digest(FIRST), 'records': None}},
    {'file': {'name': 'a\0b', 'size': 8, 'sha256': digest(FIRST), 'records': None}},
    {'file': {'name': '\ud800', 'size': 8, 'sha256': digest(FIRST), 'records': None}},
    {'file': {'name': NAME, 'size': '8', 'sha256': digest(FIRST), 'records': None}},
    {'file': {'name': NAME, 'size': 8, 'sha256': 'x', 'records': None}},
    {'file': {'name': NAME, 'size': 8, 'sha256': digest(FIRST), 'records': 'many'}},
], ids=str)
def test_a_manifest_that_contradicts_its_place_ends_it(filing, changes):
    filing.file(FIRST)
    path = filing.month / 'v001' / 'manifest.json'
    path.write_text(json.dumps({**filing.manifest(1), **changes}))
    before = filing.tree()
    with pytest.raises(Conflict, match='nothing was changed'):
        filing.file(SECOND)
    assert filing.tree() == before


def test_a_manifest_that_is_a_directory_or_leads_nowhere_ends_it(filing):
    for make in (lambda path: path.mkdir(), lambda path: path.symlink_to('/nowhere/at/all')):
        filing.file(FIRST)
        path = filing.month / 'v001' / 'manifest.json'
        path.unlink()
        make(path)
        with pytest.raises(Conflict, match='cannot be read'):
            filing.file(SECOND)
        path.unlink() if path.is_symlink() else path.rmdir()


@pytest.mark.parametrize('damage', [
    lambda path: path.unlink(), lambda path: path.write_bytes(TWIN), lambda path: path.write_bytes(b''),
], ids=['gone', 'other', 'empty'])
def test_nothing_is_called_filed_that_is_no_longer_there(filing, damage):
    filing.file(FIRST)
    damage(filing.month / 'v001' / NAME)
    for dry in (True, False):
        with pytest.raises(Conflict, match='no longer what its manifest says'):
            filing.file(FIRST, dry=dry)


@pytest.mark.parametrize('make', [lambda path: path.write_bytes(b'x'), lambda path: path.symlink_to('/nowhere'), lambda path: path.symlink_to(path.parent)])
def test_what_stands_where_the_next_version_belongs_is_left_there(filing, make):
    filing.file(FIRST)
    make(filing.month / 'v002')
    before = filing.tree()
    for dry in (True, False):
        with pytest.raises(Conflict, match='move it away'):
            filing.file(SECOND, dry=dry)
    assert filing.tree() == before


def test_dry_tells_what_would_be_and_leaves_no_trace(filing):
    told = filing.file(FIRST, dry=True, records=1)
    assert not filing.root.exists()
    assert filing.file(FIRST, records=1) == told
    before = filing.tree()
    assert not filing.file(FIRST, dry=True).changed
    told = filing.file(SECOND, dry=True)
    assert told.changed and filing.tree() == before
    assert filing.file(SECOND) == told


def test_dry_needs_no_lock(filing, monkeypatch):
    filing.file(FIRST)
    monkeypatch.setattr(fcntl, 'flock', lambda *_arguments: pytest.fail('locked'))
    assert not filing.file(FIRST, dry=True).changed


def test_the_expected_digest_is_held_to(filing):
    assert filing.file(FIRST, sha256=digest(FIRST)).changed
    before = filing.tree()
    for dry in (True, False):
        with pytest.raises(Conflict, match=digest(SECOND)):
            filing.file(SECOND, sha256=digest(TWIN), dry=dry)
    assert filing.tree() == before


@pytest.mark.parametrize('rest', [b'', b'and more'], ids=['shorter', 'longer'])
def test_a_file_that_changes_while_it_is_read_is_not_filed(filing, monkeypatch, rest):
    read = os.read

    def changing(descriptor, count):
        chunk = read(descriptor, count)
        return (chunk + rest if rest else chunk[:-1]) if chunk else chunk

    filing.src.write_bytes(FIRST)
    monkeypatch.setattr(os, 'read', changing)
    with pytest.raises(Conflict, match='changed while it was read'):
        filing.file()
    assert filing.complete() == [] and sorted(filing.tree()) == ['default', f'default/{PERIOD}', f'default/{PERIOD}/.lock']


def test_the_file_is_never_held_as_a_whole(filing, monkeypatch):
    monkeypatch.setattr(_files, 'CHUNK', 16)
    monkeypatch.setattr(reader, 'CHUNK', 16)
    asked = []
    read, write = os.read, os.write
    monkeypatch.setattr(os, 'read', lambda descriptor, count: asked.append(count) or read(descriptor, count))
    monkeypatch.setattr(os, 'write', lambda descriptor, data: write(descriptor, data[:5]))  # a system may take less than it is given
    content = b'A,B\n' + b'1,2\n' * 1000
    assert filing.file(content).manifest['file'] == {'name': NAME, 'size': len(content), 'sha256': digest(content), 'records': None, 'columns': None}
    assert set(asked) == {16} and (filing.month / 'v001' / NAME).read_bytes() == content


def pipe(path):
    os.mkfifo(path)


def loop(path):
    path.symlink_to(path)


@pytest.mark.parametrize(('make', 'said'), [
    (lambda _path: None, 'does not exist'), (lambda path: path.mkdir(), 'is a directory'), (lambda path: path.touch(), 'an empty file'),
    (pipe, 'not a file'), (loop, 'symbolic links'),
], ids=['missing', 'directory', 'empty', 'pipe', 'loop'])
def test_a_source_that_cannot_be_meant(filing, make, said):
    make(filing.src)
    for dry in (True, False):
        with pytest.raises(InvalidInput, match=said) as caught:
            filing.file(dry=dry)
        assert str(filing.src) in str(caught.value)
    assert not filing.root.exists()


@pytest.mark.parametrize('place', ['', 'default', f'default/{PERIOD}'])
def test_a_file_where_a_directory_should_be(filing, place):
    path = filing.root / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b'in the way')
    for dry in (True, False):
        with pytest.raises(InvalidInput, match='Not a directory'):
            filing.file(FIRST, dry=dry)
    assert path.read_bytes() == b'in the way'


@pytest.mark.parametrize(('number', 'error'), [
    ('EACCES', PermissionRefused), ('EROFS', PermissionRefused), ('EPERM', PermissionRefused), ('ENOSPC', Unavailable), ('EDQUOT', Unavailable),
    ('EIO', Unavailable), ('ENOLCK', Unavailable), ('ENAMETOOLONG', InvalidInput), ('ELOOP', InvalidInput),
])
@pytest.mark.parametrize('call', ['mkdir', 'write', 'fsync', 'replace'])
def test_what_the_file_system_refuses_is_a_sentence_and_leaves_no_version(filing, monkeypatch, call, number, error):
    def refuse(*_arguments, **_keywords):
        raise OSError(getattr(_files.errno, number), os.strerror(getattr(_files.errno, number)))

    filing.src.write_bytes(FIRST)
    with monkeypatch.context() as patch:
        patch.setattr(os, call, refuse)
        with pytest.raises(error, match=f'^Filing {filing.src} below .* failed: {os.strerror(getattr(_files.errno, number))}'):
            filing.file()
    assert filing.complete() == [] and list(filing.root.rglob('*.part')) == list(filing.root.rglob('*.csv')) == []
    assert filing.file(FIRST).manifest['version'] == 1


def test_a_full_disk(filing):
    filing.file(FIRST)
    before = filing.tree()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    filing.src.write_bytes(b'1,2\n' * 4096)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, limits[1]))
    try:
        with pytest.raises(Unavailable, match='free some space'):
            filing.file()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert filing.tree().keys() == before.keys()
    assert filing.file().manifest['version'] == 2


@pytest.mark.parametrize('number', ['EINVAL', 'ENOTSUP'])
def test_a_file_system_that_cannot_sync_directories_will_do(filing, monkeypatch, number):
    fsync = os.fsync

    def particular(descriptor):
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(getattr(_files.errno, number), 'cannot')
        fsync(descriptor)

    monkeypatch.setattr(os, 'fsync', particular)
    assert filing.file(FIRST).changed


def test_names_come_after_what_they_name_is_on_the_disk(filing, monkeypatch):
    calls = []

    def follow(name):
        call = getattr(os, name)

        def followed(target, *arguments):
            path = os.readlink(f'/proc/self/fd/{target}') if isinstance(target, int) else target
            calls.append((name, os.path.basename(path)))
            return call(target, *arguments)
        monkeypatch.setattr(os, name, followed)

    filing.file(FIRST)
    for name in ('mkdir', 'fsync', 'replace'):
        follow(name)
    filing.file(SECOND)
    assert calls == [
        ('mkdir', 'v002'), ('fsync', PERIOD), ('fsync', f'.{NAME}.part'), ('fsync', '.manifest.json.part'), ('fsync', PERIOD),
        ('replace', f'.{NAME}.part'), ('fsync', 'v002'), ('replace', '.manifest.json.part'), ('fsync', 'v002'),
    ]


def test_every_error_is_one_of_the_collection(filing, monkeypatch):
    def refuse(*_arguments):
        raise OSError('without a number')

    filing.src.write_bytes(FIRST)
    monkeypatch.setattr(os, 'open', refuse)
    with pytest.raises(BillingError, match='without a number'):
        filing.file()
