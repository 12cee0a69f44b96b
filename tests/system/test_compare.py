# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Comparing in a real run: customers' data is in the file that was asked for, and nowhere else."""

from __future__ import annotations

from playbook import TOLERANT, compare, file
from runner import run

CANARY = 'canary-customer-TheBirdSingsNoMore'
OLD = f'id,package,amount,name\n1,basic,1.50,{CANARY}-1\n{CANARY}-2,basic,2,{CANARY}-2\n3,basic,{CANARY}-3,x\n'
NEW = f'id,package,amount,name\n1,basic,1.75,{CANARY}-4\n{CANARY}-2,{CANARY}-kept,2,{CANARY}-2\n{CANARY}-5,basic,{CANARY}-6,{CANARY}-7\n'


def test_no_record_leaves_the_file_with_the_changes(controller, tmp_path):
    for name, content in (('old', OLD), ('new', NEW), ('broken', f'{NEW}1,"{CANARY}' + 'x' * 200_000)):
        (tmp_path / f'{name}.csv').write_text(content, encoding='utf-8')
    given = {'archive': str(tmp_path / 'archive'), 'billing_period': '2026-10'}
    dest = tmp_path / 'changes.csv'
    ran = run(controller, [
        *(file(f'filed_{name}', src=str(tmp_path / f'{name}.csv'), archive=given['archive'], report={'id': name, 'billing_period': '2026-10'})
          for name in ('old', 'new')),
        compare('whole', **given),
        compare('told', **given, key=['id'], sum=['amount'], dest=str(dest)),
        compare('again', **given, key=['name'], sum=['amount', 'id'], dest=str(dest)),
        compare('missing', **given, key=['id', 'nope']) | TOLERANT,
        compare('broken', src=str(tmp_path / 'broken.csv'), against_src=str(tmp_path / 'old.csv'), key=['id']) | TOLERANT,
    ], args=['-vvvvv', '--cmdline=--diff'])
    outcome = ran.outcome
    assert outcome.code == 0, outcome.stdout
    assert (outcome['told']['added'], outcome['told']['removed'], outcome['told']['changed_records']) == (1, 1, 2)
    assert outcome['told']['unreadable'] == {'amount': 2} and outcome['told']['warnings'] and outcome['again']['warnings']
    assert [outcome[name]['error']['kind'] for name in ('missing', 'broken')] == ['invalid_input'] * 2
    assert dest.read_text(encoding='utf-8').count(CANARY) >= 5
    kept = {dest, *(tmp_path / f'{name}.csv' for name in ('old', 'new', 'broken')), *(tmp_path / 'archive').rglob('*.csv')}
    told = [path for path in tmp_path.rglob('*') if path.is_file() and path not in kept and CANARY.encode() in path.read_bytes()]
    assert told == [] and CANARY not in outcome.stdout + outcome.stderr


def test_a_group_is_what_a_result_may_show(play, tmp_path):
    for name, content in (('old', OLD), ('new', NEW)):
        (tmp_path / f'{name}.csv').write_text(content, encoding='utf-8')
    outcome = play([compare('compared', src=str(tmp_path / 'new.csv'), against_src=str(tmp_path / 'old.csv'), group_by=['package'])])
    assert [entry['group']['package'] for entry in outcome['compared']['totals']] == ['basic', f'{CANARY}-kept']
