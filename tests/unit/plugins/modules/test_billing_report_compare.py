# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Comparing as the module does it: versions, months and files; arguments in as core hands them over, the printed result out."""

from __future__ import annotations

import json
import os

import pytest
from ansible.module_utils import basic
from ansible_collections.webex_partner.billing.plugins.modules import billing_report_compare
from ansible_collections.webex_partner.billing.tests.unit import printed
from ansible_collections.webex_partner.billing.tests.unit.comparing import counts
from ansible_collections.webex_partner.billing.tests.unit.filing import PERIOD, Filing

RESULT = {
    'changed', 'msg', 'before', 'after', 'records', 'added', 'removed', 'changed_records', 'unchanged', 'duplicates', 'columns_added', 'columns_removed',
    'totals', 'groups', 'unreadable', 'changes_path', 'diff',
}


@pytest.fixture
def filing(tmp_path):
    """Three versions of a month, and two of the month before."""
    filing = Filing(tmp_path)
    for rows in ('1,a', '1,a\n2,b'):
        filing.file(f'id,v\n{rows}\n'.encode(), report_billing_period='2026-09')
    for rows in ('1,a', '1,b', '1,b\n3,c\n4,d'):
        filing.file(f'id,v\n{rows}\n'.encode())
    return filing


@pytest.fixture
def compared(monkeypatch, capsys, filing, tmp_path):
    """Runs the module with the options given; an option of None is left out."""
    def run(**options):
        options = {'archive': str(filing.root), 'billing_period': PERIOD, '_ansible_remote_tmp': str(tmp_path), **options}
        arguments = {name: value for name, value in options.items() if value is not None}
        monkeypatch.setattr(basic, '_ANSIBLE_ARGS', json.dumps({'ANSIBLE_MODULE_ARGS': arguments}).encode())
        monkeypatch.setattr(basic, '_ANSIBLE_PROFILE', 'legacy', raising=False)
        with pytest.raises(SystemExit):
            billing_report_compare.main()
        return printed.result(capsys)
    return run


def versions(result):
    return [(result[side]['billing_period'], result[side]['version']) for side in ('before', 'after')]


def test_the_last_version_with_the_one_before(compared):
    result = compared(key=['id'])
    assert set(result) - {'invocation'} == RESULT and not result['changed']
    assert counts(result) == (2, 0, 0, 1) and versions(result) == [(PERIOD, 2), (PERIOD, 3)]
    assert result['msg'] == 'default 2026-10: version 3 against version 2: 2 added, 0 removed, 0 changed, 1 unchanged'


@pytest.mark.parametrize(('options', 'sides', 'found'), [
    ({'version': 2}, [(PERIOD, 1), (PERIOD, 2)], (0, 0, 1, 0)),
    ({'version': 3, 'against': '1'}, [(PERIOD, 1), (PERIOD, 3)], (2, 0, 1, 0)),
    ({'version': 1, 'against': 3}, [(PERIOD, 3), (PERIOD, 1)], (0, 2, 1, 0)),
    ({'against': '3'}, [(PERIOD, 3), (PERIOD, 3)], (0, 0, 0, 3)),
    ({'against': 'previous_month'}, [('2026-09', 2), (PERIOD, 3)], (2, 1, 1, 0)),
    ({'against': 'previous_month', 'version': 1}, [('2026-09', 2), (PERIOD, 1)], (0, 1, 0, 1)),
], ids=str)
def test_other_pairs_of_versions(compared, options, sides, found):
    result = compared(key=['id'], **options)
    assert (versions(result), counts(result)) == (sides, found)


def test_a_sentence_names_the_other_month(compared):
    assert compared(against='previous_month')['msg'].startswith('default 2026-10: version 3 against version 2 of 2026-09: 3 added, 2 removed')


def test_january_is_compared_with_december(filing, compared):
    filing.file(b'id,v\n1,a\n', report_billing_period='2025-12')
    filing.file(b'id,v\n1,a\n', report_billing_period='2026-01')
    assert versions(compared(billing_period='2026-01', against='previous_month')) == [('2025-12', 1), ('2026-01', 1)]


def test_two_files(compared, tmp_path):
    (tmp_path / 'a.csv').write_bytes(b'id,v\n1,a\n')
    (tmp_path / 'b.csv').write_bytes(b'id;v\n2;a\n')
    result = compared(archive=None, billing_period=None, src=str(tmp_path / 'b.csv'), against_src=str(tmp_path / 'a.csv'), key=['id'])
    assert counts(result) == (1, 1, 0, 0) and versions(result) == [(None, None)] * 2
    assert result['after']['path'] == str(tmp_path / 'b.csv') and len(result['after']['sha256']) == 64


def test_changes_in_a_file(compared, tmp_path):
    dest = tmp_path / 'changes.csv'
    assert compared(dest=str(dest), _ansible_check_mode=True)['changed'] and not dest.exists()
    result = compared(dest=str(dest))
    assert result['changed'] and result['changes_path'] == str(dest)
    assert result['diff'] == {'before': {}, 'after': {'changes_path': str(dest)}}
    assert dest.read_bytes() == b'change,id,v\r\nadded,3,c\r\nadded,4,d\r\n'
    assert not compared(dest=str(dest))['changed']


def test_nothing_of_the_archive_is_written(filing, compared):
    before = filing.tree()
    compared()
    assert filing.tree() == before


@pytest.mark.parametrize(('wrong', 'kind', 'said'), [
    ({'version': 7}, 'not_found', 'no version 7 of 2026-10'),
    ({'billing_period': '2026-11'}, 'not_found', 'no version of 2026-11'),
    ({'partner': 'north'}, 'not_found', 'no version of 2026-10'),
    ({'version': 1}, 'not_found', 'nothing to compare with: version 1 is the first one of 2026-10'),
    ({'against': '7'}, 'not_found', 'nothing to compare with: no version 7'),
    ({'billing_period': '2026-09', 'against': 'previous_month'}, 'not_found', 'nothing to compare with: no version of 2026-08'),
    ({'against': 'yesterday'}, 'invalid_input', 'against must be'), ({'against': '-1'}, 'invalid_input', 'against must be'),
    ({'against': ''}, 'invalid_input', 'against must be'), ({'against': '9' * 5000}, 'invalid_input', 'against must be'),
    ({'partner': '..'}, 'invalid_input', 'partner must'), ({'archive': 'here'}, 'invalid_input', 'archive must be an absolute path'),
    ({'billing_period': '2026-13'}, 'invalid_input', '2026-13'), ({'dest': 'here'}, 'invalid_input', 'dest must be an absolute path'),
    ({'key': ['nope']}, 'invalid_input', "key: version 2 of 2026-10 has no column 'nope'; it has 'id', 'v'"),
], ids=str)
def test_refusals(filing, compared, wrong, kind, said):
    before = filing.tree()
    result = compared(**wrong)
    assert result['failed'] and result['error']['kind'] == kind and said in result['msg'] and 'Traceback' not in result['msg']
    assert filing.tree() == before


@pytest.mark.parametrize(('src', 'said'), [('missing.csv', 'src does not exist'), ('.', 'src is a directory'), ('empty.csv', 'src is an empty file')])
def test_files_that_cannot_be_compared(compared, tmp_path, src, said):
    (tmp_path / 'a.csv').write_bytes(b'id,v\n1,a\n')
    (tmp_path / 'empty.csv').write_bytes(b'')
    result = compared(archive=None, billing_period=None, src=str(tmp_path / src), against_src=str(tmp_path / 'a.csv'))
    assert result['error']['kind'] == 'invalid_input' and said in result['msg']


@pytest.mark.parametrize('spoil', [
    lambda path: path.write_bytes(b'id,v\n1,x\n'), lambda path: path.unlink(),
    lambda path: (path.rename(path.with_suffix('.old')), path.symlink_to(path.with_suffix('.old'))),
], ids=['changed', 'missing', 'link'])
@pytest.mark.parametrize('version', [2, 3])
def test_a_file_that_is_not_what_its_manifest_says(filing, compared, spoil, version):
    spoil(next((filing.month / f'v00{version}').glob('*.csv')))
    assert compared()['error']['kind'] in ('conflict', 'invalid_input')


@pytest.mark.parametrize('options', [
    {'billing_period': None}, {'src': '/a'}, {'src': '/a', 'billing_period': None, 'archive': None}, {'archive': None}, {'decimal': ';'},
], ids=str)
def test_options_that_do_not_go_together(compared, options):
    assert compared(**options)['failed']


def test_nothing_is_left_in_the_temporary_directory(compared, tmp_path, monkeypatch):
    monkeypatch.setattr('ansible_collections.webex_partner.billing.plugins.module_utils._compare.sorter.MEMORY', 1)
    folders = set(os.listdir(tmp_path))
    assert counts(compared()) == (2, 0, 0, 1)
    assert not [name for name in set(os.listdir(tmp_path)) - folders if os.listdir(tmp_path / name)]
