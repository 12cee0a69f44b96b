# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""File systems that cannot do all that a local disk can: without locks, without modes, without fsync of a directory."""

from __future__ import annotations

import errno
import fcntl
import os
import stat

import pytest
from ansible_collections.webex_partner.billing.plugins.module_utils._archive.month import Month
from ansible_collections.webex_partner.billing.plugins.module_utils._errors import Unavailable
from ansible_collections.webex_partner.billing.plugins.module_utils._evidence import evidence
from ansible_collections.webex_partner.billing.plugins.module_utils._file.part import Part
from ansible_collections.webex_partner.billing.plugins.module_utils._time import Time
from ansible_collections.webex_partner.billing.tests.unit.filing import NAME, PERIOD, Filing

FIRST, SECOND = b'A,B\n1,2\n', b'A,B\n1,2\n3,4\n'
NO_LOCKS = ('ENOLCK', 'EOPNOTSUPP', 'ENOTSUP', 'ENOSYS')


@pytest.fixture
def filing(tmp_path):
    return Filing(tmp_path)


def refusing(number):
    def refuse(*_arguments, **_keywords):
        raise OSError(getattr(errno, number), os.strerror(getattr(errno, number)))
    return refuse


@pytest.mark.parametrize('number', NO_LOCKS)
def test_no_locks_is_said_with_the_way_out(filing, monkeypatch, number):
    monkeypatch.setattr(fcntl, 'flock', refusing(number))
    with pytest.raises(Unavailable) as refused:
        filing.file(FIRST)
    for part in (f'{filing.month}/.lock does not know locks', 'local_lock=flock', 'nolock', 'lock to false'):
        assert part in str(refused.value)
    assert filing.complete() == []
    assert filing.file(FIRST, lock_timeout=None).changed and filing.file(SECOND, lock_timeout=None).changed
    month = Month(str(filing.root), 'default', PERIOD)
    with pytest.raises(Unavailable, match='does not know locks'):
        evidence.write(month, None, Time(), lock_timeout=1)
    assert evidence.write(month, None, Time(), lock_timeout=None)['changed']


@pytest.mark.parametrize('number', NO_LOCKS)
def test_a_download_goes_without_locks_and_removes_no_leftover(tmp_path, monkeypatch, number):
    with Part(str(tmp_path / 'bill.csv')) as part:
        left = part.path
    open(left, 'wb').close()
    monkeypatch.setattr(fcntl, 'flock', refusing(number))
    with Part(str(tmp_path / 'bill.csv')) as part:
        part.write(FIRST)
        assert os.path.exists(left) and part.finish().size == len(FIRST)


@pytest.mark.parametrize('number', ['EPERM', 'EOPNOTSUPP', 'ENOSYS'])
def test_a_mount_that_decides_about_modes_is_filed_to_with_a_warning(filing, monkeypatch, number):
    for name in ('chmod', 'fchmod'):
        monkeypatch.setattr(os, name, refusing(number))
    before = os.umask(0o077)
    try:
        outcome = filing.file(FIRST)
    finally:
        os.umask(before)
    assert outcome.changed and filing.complete() == ['v001']
    directory, file = outcome.warnings
    assert f'{filing.month}/v001 has mode 0700, not 0750' in directory and f'{NAME} has mode 0600, not 0640' in file


def test_a_mount_that_gives_the_very_modes_is_no_reason_to_warn(filing, monkeypatch):
    for name in ('chmod', 'fchmod'):
        monkeypatch.setattr(os, name, refusing('EPERM'))
    before = os.umask(0o022)
    try:
        assert filing.file(FIRST).warnings == ()
    finally:
        os.umask(before)


def test_a_mode_that_cannot_be_set_for_another_reason_leaves_nothing(filing, monkeypatch):
    monkeypatch.setattr(os, 'chmod', refusing('EIO'))
    for _run in range(3):
        with pytest.raises(Unavailable):
            filing.file(FIRST)
        assert not filing.root.exists()


@pytest.mark.parametrize('number', ['EINVAL', 'ENOTSUP', 'ENOSYS'])
def test_a_directory_that_cannot_be_synced(filing, monkeypatch, number):
    fsync = os.fsync
    monkeypatch.setattr(os, 'fsync', lambda fd: refusing(number)() if stat.S_ISDIR(os.fstat(fd).st_mode) else fsync(fd))
    assert filing.file(FIRST).changed


@pytest.mark.parametrize('number', ['EINVAL', 'ENOTSUP', 'ENOSYS'])
def test_a_file_system_without_fsync(filing, monkeypatch, tmp_path, number):
    monkeypatch.setattr(os, 'fsync', refusing(number))
    assert filing.file(FIRST).changed
    with Part(str(tmp_path / 'bill.csv')) as part:
        part.write(FIRST)
        assert part.finish().size == len(FIRST)
