# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The temporary file: hidden, private, gone at the end, and no leftover for long."""

from __future__ import annotations

import fcntl
import hashlib
import os

import pytest
from ansible_collections.webex_partner.billing.plugins.module_utils._errors import DownloadFailed
from ansible_collections.webex_partner.billing.plugins.module_utils._file.part import Part, content_of, local
from ansible_collections.webex_partner.billing.tests.unit.filing import in_a_child

pytestmark = pytest.mark.filterwarnings('ignore:.*fork.*:DeprecationWarning')

BODY = b'a,b\n1,2\n'


@pytest.fixture
def dest(tmp_path):
    return str(tmp_path / 'bill.csv')


@pytest.mark.parametrize('umask', [0, 0o022, 0o077])
def test_it_is_hidden_beside_its_place_and_private_from_the_start(dest, tmp_path, umask):
    before = os.umask(umask)
    try:
        with Part(dest) as part:
            name, = os.listdir(tmp_path)
            assert name.startswith('.') and os.stat(part.path).st_mode & 0o777 == 0o600
    finally:
        os.umask(before)
    assert os.listdir(tmp_path) == []


def test_what_was_written_is_known_without_reading_it_again(dest):
    with Part(dest) as part:
        part.write(b'junk that is long')
        part.restart()
        for byte in BODY:
            part.write(bytes([byte]))
        content = part.finish()
        assert content_of(part.path) == content
        assert (content.size, content.sha256, content.records, content.columns) == (8, hashlib.sha256(BODY).hexdigest(), 1, ['a', 'b'])
        assert (part.size, part.furthest) == (8, 17)


@pytest.mark.parametrize('error', [ValueError, SystemExit, KeyboardInterrupt])
def test_it_is_gone_whatever_ends_the_block(dest, tmp_path, error):
    with pytest.raises(error):
        with Part(dest) as part:
            part.write(BODY)
            raise error
    assert os.listdir(tmp_path) == []


def test_one_that_was_moved_stays_where_it_is(dest):
    with Part(dest) as part:
        part.write(BODY)
        part.finish()
        os.replace(part.path, dest)
    assert content_of(dest).size == len(BODY)


def test_leftovers_of_the_same_place_are_removed_and_nothing_else(dest, tmp_path):
    with Part(dest) as part:
        os.link(part.path, tmp_path / 'kept')
        left = part.path
    os.rename(tmp_path / 'kept', left)
    other = tmp_path / '.webex-0000000000000000-x.part'
    other.write_bytes(b'')
    with Part(dest) as part:
        assert not os.path.exists(left)
        with Part(dest) as beside:
            assert os.path.exists(part.path) and os.path.exists(beside.path), 'what another run writes is no leftover'
    assert os.listdir(tmp_path) == [other.name]


def test_one_whose_lock_another_run_holds_is_left_to_it(dest, tmp_path, monkeypatch):
    """A run that looks for leftovers locks what it finds, then removes it; between the two it is there, and lost."""
    flock, taken = fcntl.flock, []

    def taken_first(descriptor, operation):
        if not taken:
            taken.append(os.open(os.readlink(f'/proc/self/fd/{descriptor}'), os.O_RDWR))
            flock(taken[0], operation)
        flock(descriptor, operation)

    monkeypatch.setattr(fcntl, 'flock', taken_first)
    with Part(dest) as part:
        lost = os.readlink(f'/proc/self/fd/{taken[0]}')
        assert part.path != lost
        os.unlink(lost)
        os.close(taken[0])
        part.write(BODY)
        assert part.finish().size == len(BODY)
    assert os.listdir(tmp_path) == []


def test_runs_side_by_side_lose_nothing(dest, tmp_path):
    """Eight processes, each of which begins and ends parts for one place while the others look for leftovers."""
    def begin():
        for _part in range(250):
            with Part(dest) as part:
                part.write(BODY)
                part.finish()
                assert os.stat(part.path).st_size == len(BODY)

    children = [in_a_child(begin) for _child in range(8)]
    assert [os.waitpid(child, 0)[1] for child in children] == [0] * 8
    assert os.listdir(tmp_path) == []


def test_a_pipe_in_the_place_of_a_leftover_is_not_waited_for(dest):
    with Part(dest) as part:
        pipe = part.path
    os.mkfifo(pipe)
    with Part(dest) as part:
        part.write(BODY)
        assert part.finish().size == len(BODY)


def test_a_link_in_the_place_of_a_leftover_is_not_followed(dest, tmp_path):
    with Part(dest) as part:
        link = part.path
    (tmp_path / 'precious').write_bytes(b'x')
    os.symlink(tmp_path / 'precious', link)
    with Part(dest):
        pass
    assert (tmp_path / 'precious').exists()


@pytest.mark.parametrize('name', ['x' * 255, 'ü' * 127, 'a b', '-rf', 'a\udcff'])
def test_any_name_that_a_file_can_have(tmp_path, name):
    with Part(str(tmp_path / name)) as part:
        part.write(BODY)
        os.replace(part.path, tmp_path / name)


def test_a_directory_that_is_none(tmp_path):
    with pytest.raises(DownloadFailed, match='No such file'):
        with Part(str(tmp_path / 'missing' / 'bill.csv')):
            pass


def test_a_full_disk(dest, tmp_path, monkeypatch):
    if not os.path.exists('/dev/full'):
        pytest.skip('needs /dev/full')
    monkeypatch.setattr(os, 'fdopen', lambda descriptor, mode: open('/dev/full', mode))
    with pytest.raises(DownloadFailed, match='No space') as caught:
        with Part(dest) as part:
            part.write(b'x' * 1_000_000)
    assert caught.value.kind == 'download' and 'free some space' in str(caught.value) and os.listdir(tmp_path) == []


def test_a_disk_that_is_full_at_the_last_byte(dest, tmp_path, monkeypatch):
    if not os.path.exists('/dev/full'):
        pytest.skip('needs /dev/full')
    monkeypatch.setattr(os, 'fdopen', lambda descriptor, mode: open('/dev/full', mode))
    with pytest.raises(DownloadFailed, match='No space'):
        with Part(dest) as part:
            part.write(BODY)
            part.finish()
    assert os.listdir(tmp_path) == []


def test_what_is_there_already(tmp_path):
    path = tmp_path / 'old.csv'
    assert content_of(str(path)) is None
    path.write_bytes(b'\x00\x01')
    assert content_of(str(path)).to_diff() == {'size': 2, 'sha256': hashlib.sha256(b'\x00\x01').hexdigest(), 'records': None}
    with pytest.raises(DownloadFailed, match='directory'):
        content_of(str(tmp_path))


def test_an_error_without_a_number():
    with pytest.raises(DownloadFailed, match='odd'):
        with local('writing'):
            raise OSError('odd')
