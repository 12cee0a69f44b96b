# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The file with the changes: private, exact, written once and whole."""

from __future__ import annotations

import os
import stat

import pytest
from ansible_collections.webex_partner.billing.plugins.module_utils import _files
from ansible_collections.webex_partner.billing.plugins.module_utils._compare.sheet import Sheet
from ansible_collections.webex_partner.billing.plugins.module_utils._errors import Conflict, InvalidInput, Unavailable
from ansible_collections.webex_partner.billing.tests.unit.comparing import Comparing

BEFORE, AFTER = 'id,v\n1,a\n', 'id,v\n1,b\n'


@pytest.fixture
def compared(tmp_path):
    return Comparing(tmp_path)


@pytest.fixture
def others(tmp_path):
    """The names beside the files that are compared."""
    return lambda: sorted(set(os.listdir(tmp_path)) - {'before.csv', 'after.csv', 'room'})


@pytest.mark.parametrize('umask', [0, 0o077])
def test_it_is_for_its_owner_alone_from_the_start(compared, monkeypatch, umask):
    modes = []
    tell = Sheet.tell
    monkeypatch.setattr(Sheet, 'tell', lambda self, *change: modes.append(os.fstat(self._file.fileno()).st_mode) or tell(self, *change))
    before = os.umask(umask)
    try:
        compared(BEFORE, AFTER, dest=True)
    finally:
        os.umask(before)
    assert {stat.S_IMODE(mode) for mode in [*modes, os.stat(compared.dest).st_mode]} == {0o600} and modes


def test_values_are_written_as_they_are(compared):
    odd = ['=1+1', '+x', '-x', '@x', ' spaced ', 'say "no"', 'a,b', 'two\r\nlines', 'one\rmore', 'Zürich €', '']
    rows = ''.join('{},"{}"\n'.format(number, value.replace('"', '""')) for number, value in enumerate(odd))
    compared('id,v\n', 'id,v\n' + rows, key=['id'], dest=True)
    assert sorted(compared.changes()[1:], key=lambda row: int(row[1])) == [['added', str(number), value] for number, value in enumerate(odd)]


def test_a_second_run_changes_nothing(compared):
    assert compared(BEFORE, AFTER, dest=True)['changed'] is True
    before = compared.dest.stat()
    result = compared(BEFORE, AFTER, dest=True)
    assert result['changed'] is False and compared.warnings == [] and result['changes_path'] == str(compared.dest)
    assert compared.dest.stat() == before


def test_a_file_that_is_there_is_left_alone_and_one_with_other_changes_is_told(compared):
    compared.dest.write_bytes(b'mine')
    assert compared(BEFORE, AFTER, dest=True)['changed'] is False
    assert compared.dest.read_bytes() == b'mine'
    assert compared.warnings == [f'{compared.dest} is left as it is, and holds other changes than were found now.']


def test_in_check_mode_nothing_is_written(compared, others):
    result = compared(BEFORE, AFTER, dest=True, dry=True)
    assert result['changed'] is True and result['added'] == 1 and others() == []
    compared(BEFORE, AFTER, dest=True)
    assert compared(BEFORE, AFTER, dest=True, dry=True)['changed'] is False


@pytest.mark.parametrize('make', [
    lambda path: path.mkdir(), lambda path: path.symlink_to('before.csv'), lambda path: path.symlink_to('nowhere'), os.mkfifo,
], ids=['directory', 'link', 'dead link', 'pipe'])
def test_what_is_no_file_is_refused(compared, make):
    make(compared.dest)
    with pytest.raises(Conflict, match='is not a file'):
        compared(BEFORE, AFTER, dest=True)


def test_a_directory_that_is_missing(compared, tmp_path):
    compared.dest = tmp_path / 'missing' / 'changes.csv'
    with pytest.raises(InvalidInput, match='No such file'):
        compared(BEFORE, AFTER, dest=True)


@pytest.mark.parametrize('error', [OSError(28, 'No space left on device'), KeyboardInterrupt()], ids=repr)
def test_a_failure_leaves_nothing(compared, others, monkeypatch, error):
    def fail(*_arguments):
        raise error

    monkeypatch.setattr(_files, 'to_disk', fail)
    with pytest.raises((Unavailable, KeyboardInterrupt)):
        compared(BEFORE, AFTER, dest=True)
    assert others() == []


def test_what_a_killed_run_left_is_removed(compared, others, tmp_path):
    left = tmp_path / f'{_files.part_prefix(str(compared.dest))}x.part'
    left.write_bytes(b'customers')
    compared(BEFORE, AFTER, dest=True)
    assert others() == ['changes.csv']
