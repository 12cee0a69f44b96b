# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where a file goes: judged before any request, named by nothing that a server makes up."""

from __future__ import annotations

import os

import pytest
from ansible_collections.webex_partner.billing.plugins.module_utils._errors import InvalidInput
from ansible_collections.webex_partner.billing.plugins.module_utils._file.place import file_for, judged
from ansible_collections.webex_partner.billing.tests.unit.reporting import a_report


def test_a_file_that_need_not_exist(tmp_path):
    assert judged(str(tmp_path / 'bill.csv')) == str(tmp_path / 'bill.csv')


def test_links_are_followed(tmp_path):
    (tmp_path / 'real').mkdir()
    (tmp_path / 'link').symlink_to('real')
    (tmp_path / 'file').symlink_to('real/missing.csv')
    assert judged(str(tmp_path / 'link')) == str(tmp_path / 'real')
    assert judged(str(tmp_path / 'link/bill.csv')) == str(tmp_path / 'real/bill.csv')
    assert judged(str(tmp_path / 'file')) == str(tmp_path / 'real/missing.csv')


@pytest.mark.parametrize(('name', 'word'), [
    ('missing/bill.csv', 'does not exist'), ('missing/', 'not an existing directory'), ('file/bill.csv', 'does not exist'),
    ('file/', 'not an existing directory'), ('pipe', 'not a file or a directory'),
    ('circle', 'circle'),
])
def test_what_can_be_no_place(tmp_path, name, word):
    (tmp_path / 'file').write_bytes(b'')
    (tmp_path / 'circle').symlink_to('circle/x')
    os.mkfifo(tmp_path / 'pipe')
    with pytest.raises(InvalidInput, match=word):
        judged(f'{tmp_path}/{name}')


@pytest.mark.parametrize('period', ['../../etc', '2026-13', '2026-10/x', '', None, '.', '2026-10\n'])
def test_a_month_that_is_none_is_in_no_name(tmp_path, period):
    name = os.path.relpath(file_for(a_report('a', period), str(tmp_path)), tmp_path)
    assert name == 'unknown_ca978112ca1b.csv'


def test_each_report_has_a_name_of_its_own(tmp_path):
    names = {file_for(a_report(report, '2026-10'), str(tmp_path)) for report in ('a', 'A', 'b', '../a', 'a/../b')}
    assert len(names) == 5 and all(os.path.dirname(name) == str(tmp_path) for name in names)


def test_a_directory_under_the_name_of_the_file(tmp_path):
    (tmp_path / '2026-10_ca978112ca1b.csv').mkdir()
    with pytest.raises(InvalidInput, match='directory'):
        file_for(a_report('a', '2026-10'), str(tmp_path))
