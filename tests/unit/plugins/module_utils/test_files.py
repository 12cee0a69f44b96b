# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The durable files below the archive: what is made, what is read, and who holds the lock."""

from __future__ import annotations

import hashlib
import os

import pytest
from ansible_collections.webex_partner.billing.plugins.module_utils import _files
from ansible_collections.webex_partner.billing.plugins.module_utils._errors import InvalidInput


@pytest.mark.parametrize('value', ['', '/a\0b', '\0', 'archive', './archive', '../archive', '~nobody-of-this-name/archive', '$HOME/archive'], ids=repr)
def test_a_path_that_is_not_absolute_is_refused(value):
    with pytest.raises(InvalidInput, match='archive must be an absolute path or begin with ~'):
        _files.path('archive', value)


def test_a_path_is_normalized():
    assert _files.path('archive', '/srv/a/../b/') == '/srv/b'


@pytest.mark.parametrize('size', [0, 1, _files.CHUNK - 1, _files.CHUNK, 2 * _files.CHUNK + 1])
def test_a_copy_is_what_its_digest_says(tmp_path, size):
    content = bytes(number % 251 for number in range(1000)) * (size // 1000 + 1)
    content = content[:size]
    (tmp_path / 'source').write_bytes(content)
    with _files.opened(str(tmp_path / 'source')) as source:
        assert _files.copy(source, str(tmp_path / 'sink')) == (size, hashlib.sha256(content).hexdigest()) == _files.digest(source)
    assert (tmp_path / 'sink').read_bytes() == content


def test_a_copy_replaces_what_was_left_and_writes_through_no_link(tmp_path):
    (tmp_path / 'source').write_bytes(b'new')
    (tmp_path / 'left').write_bytes(b'left by a run that was killed')
    (tmp_path / 'elsewhere').write_bytes(b'of somebody else')
    (tmp_path / 'link').symlink_to(tmp_path / 'elsewhere')
    os.link(tmp_path / 'elsewhere', tmp_path / 'hard link')
    os.mkfifo(tmp_path / 'pipe')
    mode = (tmp_path / 'elsewhere').stat().st_mode
    with _files.opened(str(tmp_path / 'source')) as source:
        for name in ('left', 'link', 'hard link', 'pipe'):
            _files.copy(source, str(tmp_path / name))
            assert (tmp_path / name).read_bytes() == b'new' and not (tmp_path / name).is_symlink()
    assert (tmp_path / 'elsewhere').read_bytes() == b'of somebody else' and (tmp_path / 'elsewhere').stat().st_mode == mode


def test_a_directory_may_be_made_by_another_run_meanwhile(tmp_path, monkeypatch):
    made = []
    mkdir = os.mkdir

    def slower(path, mode):
        mkdir(path)
        made.append(path)
        mkdir(path, mode)

    monkeypatch.setattr(os, 'mkdir', slower)
    with pytest.raises(ZeroDivisionError), _files.directory(str(tmp_path / 'a' / 'b')):
        assert made == [str(tmp_path / 'a'), str(tmp_path / 'a' / 'b')]
        raise ZeroDivisionError
    assert (tmp_path / 'a' / 'b').is_dir(), 'it is the other run\'s'


def test_directories_that_were_made_go_with_a_failure_if_they_are_empty(tmp_path):
    (tmp_path / 'there').mkdir()
    with pytest.raises(ZeroDivisionError), _files.directory(str(tmp_path / 'there' / 'a' / 'b' / 'c')):
        (tmp_path / 'there' / 'a' / 'kept').touch()
        raise ZeroDivisionError
    assert [path.name for path in tmp_path.rglob('*')] == ['there', 'a', 'kept']


def test_no_descriptor_is_left_open(tmp_path):
    before = len(os.listdir('/proc/self/fd'))
    for path in (tmp_path, tmp_path / 'missing'):
        with pytest.raises(InvalidInput), _files.opened_source('src', str(path)):
            pytest.fail('opened')
    assert len(os.listdir('/proc/self/fd')) == before


def test_what_is_missing_elsewhere_is_not_said_of_the_source(tmp_path):
    (tmp_path / 'source').write_bytes(b'A')
    with pytest.raises(FileNotFoundError), _files.opened_source('src', str(tmp_path / 'source')):
        os.stat(tmp_path / 'missing')


def test_a_directory_that_cannot_be_brought_to_the_disk_is_told(tmp_path, monkeypatch):
    def refuse(_descriptor):
        raise OSError(_files.errno.EIO, 'broken')

    monkeypatch.setattr(os, 'fsync', refuse)
    with pytest.raises(OSError, match='broken'):
        _files.sync_directory(str(tmp_path))
