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


@pytest.mark.parametrize('value', ['', 'a\0b', '\0'], ids=repr)
def test_what_is_no_path_is_refused(value):
    with pytest.raises(InvalidInput, match='archive must be a path'):
        _files.path('archive', value)


def test_a_path_is_absolute(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert _files.path('archive', 'a/../b') == str(tmp_path / 'b')


@pytest.mark.parametrize('size', [0, 1, _files.CHUNK - 1, _files.CHUNK, 2 * _files.CHUNK + 1])
def test_a_copy_is_what_its_digest_says(tmp_path, size):
    content = bytes(number % 251 for number in range(1000)) * (size // 1000 + 1)
    content = content[:size]
    (tmp_path / 'source').write_bytes(content)
    with _files.opened(str(tmp_path / 'source')) as source:
        assert _files.copy(source, str(tmp_path / 'sink')) == (size, hashlib.sha256(content).hexdigest()) == _files.digest(source)
    assert (tmp_path / 'sink').read_bytes() == content


def test_a_copy_replaces_what_was_left_and_follows_no_link(tmp_path):
    (tmp_path / 'source').write_bytes(b'new')
    (tmp_path / 'left').write_bytes(b'left by a run that was killed')
    (tmp_path / 'elsewhere').write_bytes(b'of somebody else')
    (tmp_path / 'link').symlink_to(tmp_path / 'elsewhere')
    with _files.opened(str(tmp_path / 'source')) as source:
        _files.copy(source, str(tmp_path / 'left'))
        with pytest.raises(OSError):
            _files.copy(source, str(tmp_path / 'link'))
    assert (tmp_path / 'left').read_bytes() == b'new' and (tmp_path / 'elsewhere').read_bytes() == b'of somebody else'


def test_a_directory_may_be_made_by_another_run_meanwhile(tmp_path, monkeypatch):
    made = []
    mkdir = os.mkdir

    def slower(path, mode):
        mkdir(path)
        made.append(path)
        mkdir(path, mode)

    monkeypatch.setattr(os, 'mkdir', slower)
    _files.make_directory(str(tmp_path / 'a' / 'b'))
    assert made == [str(tmp_path / 'a'), str(tmp_path / 'a' / 'b')]


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
