# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is found between two files, in each form that they may have."""

from __future__ import annotations

import codecs

import pytest
from ansible_collections.webex_partner.billing.plugins.module_utils._compare import compare, sorter
from ansible_collections.webex_partner.billing.plugins.module_utils._errors import InvalidInput
from ansible_collections.webex_partner.billing.tests.unit.comparing import Comparing, counts

BEFORE = 'id,name,amount\n1,a,1.50\n2,b,2\n3,c,3\n'


@pytest.fixture
def compared(tmp_path):
    return Comparing(tmp_path)


def test_records_by_their_key(compared):
    result = compared(BEFORE, 'id,name,amount\n2,b,2.00\n3,c,3\n4,d,4\n', key=['id'], dest=True)
    assert counts(result) == (1, 1, 1, 1) and result['records'] == {'before': 3, 'after': 3}
    assert compared.changes() == [
        ['change', 'id', 'name', 'amount'],
        ['removed', '1', 'a', '1.50'], ['before', '2', 'b', '2'], ['after', '2', 'b', '2.00'], ['added', '4', 'd', '4'],
    ]
    assert result['msg'] == 'src against against_src: 1 added, 1 removed, 1 changed, 1 unchanged'


def test_without_a_key_records_are_compared_whole(compared):
    result = compared(BEFORE, 'id,name,amount\n2,b,2.00\n3,c,3\n4,d,4\n')
    assert counts(result) == (2, 2, 0, 1) and result['changes_path'] is None and not result['changed']


def test_a_key_of_several_columns(compared):
    result = compared('a,b,c\n1,23,x\n12,3,y\n', 'a,b,c\n12,3,z\n1,23,x\n', key=['a', 'b'])
    assert counts(result) == (0, 0, 1, 1)


@pytest.mark.parametrize('after', [
    'name,amount,id\r\na,1.50,1\r\nb,2,2\r\nc,3,3\r\n',
    'id,name,amount\n3,c,3\n1,a,1.50\n2,b,2\n',
    '"id","name","amount"\n"1","a","1.50"\n"2",b,"2"\n3,"c",3',
    'id;name;amount\r1;a;1.50\r2;b;2\r3;c;3',
    'sep=|\nid|name|amount\n\n1|a|1.50\n\n2|b|2\n3|c|3\n\n',
    codecs.BOM_UTF16_LE + BEFORE.encode('utf-16-le'),
    codecs.BOM_UTF8 + BEFORE.encode(),
], ids=['columns', 'records', 'quotes', 'delimiter', 'hint', 'utf-16', 'bom'])
@pytest.mark.parametrize('key', [[], ['id']])
def test_order_quotes_line_ends_and_encoding_mean_nothing(compared, after, key):
    assert counts(compared(BEFORE, after, key=key)) == (0, 0, 0, 3)


def test_a_value_is_the_same_in_any_encoding(compared):
    text = 'id,name\n1,Zürich\n2,plain\n'
    assert counts(compared(text.encode('latin-1'), text.encode())) == (0, 0, 0, 2)


def test_a_column_that_only_one_side_has_is_told_and_left_out(compared):
    result = compared('id,gone,name\n1,x,a\n2,y,b\n', 'id,name,new\n1,a,z\n2,c,z\n', key=['id'], dest=True)
    assert counts(result) == (0, 0, 1, 1)
    assert (result['columns_added'], result['columns_removed']) == (['new'], ['gone'])
    assert compared.changes()[0] == ['change', 'id', 'name']


def test_columns_of_the_same_name_are_compared_in_their_order(compared):
    result = compared('id,x,x\n1,a,b\n', 'id,x,x,x\n1,a,c,d\n', key=['id'], dest=True)
    assert counts(result) == (0, 0, 1, 0) and result['columns_added'] == ['x']
    assert compared.changes()[1:] == [['before', '1', 'a', 'b'], ['after', '1', 'a', 'c']]


def test_duplicates_are_counted_equal_ones_paired_first_and_the_rest_in_sorted_order(compared):
    before = 'id,v\n1,a\n1,b\n1,d\n2,x\n'
    after = 'id,v\n1,c\n1,b\n1,e\n1,b\n2,x\n2,x\n'
    result = compared(before, after, key=['id'], dest=True)
    assert counts(result) == (2, 0, 2, 2) and result['duplicates'] == 2 + 4
    assert compared.changes()[1:] == [
        ['before', '1', 'a'], ['after', '1', 'b'], ['before', '1', 'd'], ['after', '1', 'c'], ['added', '1', 'e'], ['added', '2', 'x'],
    ]


def test_a_record_that_comes_twice_now_was_added_once(compared):
    result = compared('a,b\n1,2\n', 'a,b\n1,2\n1,2\n')
    assert counts(result) == (1, 0, 0, 1) and result['duplicates'] == 1


@pytest.mark.parametrize('key', [[], ['id'], ['id', 'name', 'amount']])
def test_a_file_compared_with_itself_is_read_once_and_its_counts_are_those_of_any_comparison(compared, monkeypatch, key):
    twice = BEFORE + '3,c,3\n3,d,x\n'
    otherwise = compared(twice, twice + '\n', key=key, group_by=['name'], sum=['amount'])
    monkeypatch.setattr(compare, 'compare', None)
    result = compared(twice, twice, key=key, group_by=['name'], sum=['amount'], dest=True)
    assert counts(result) == (0, 0, 0, 5) and len(compared.changes()) == 1
    assert {name: result[name] for name in ('records', 'duplicates', 'totals', 'unreadable')} == \
        {name: otherwise[name] for name in ('records', 'duplicates', 'totals', 'unreadable')}


def test_files_without_records(compared):
    assert counts(compared('a,b\n', 'a,b\n1,2\n')) == (1, 0, 0, 0)
    result = compared('a,b\n', 'b,a\n', sum=['a'])
    assert counts(result) == (0, 0, 0, 0)
    assert result['totals'] == [{'group': {}, 'sums': {'a': {'before': '0', 'after': '0', 'difference': '0'}}}]


@pytest.mark.parametrize('option', ['key', 'group_by', 'sum'])
def test_a_column_that_is_not_there(compared, option):
    with pytest.raises(InvalidInput, match=f"{option}: against_src has no column 'new'; it has 'id', 'name', 'amount'; name a column that both"):
        compared(BEFORE, 'id,new\n', **{option: ['id', 'new']})
    with pytest.raises(InvalidInput, match=f"{option}: src has no column 'name'; it has 'id', 'new'"):
        compared(BEFORE, 'id,new\n', **{option: ['name']})


def test_a_column_that_is_there_twice_cannot_be_meant(compared):
    with pytest.raises(InvalidInput, match="key: src has more than one column 'id'"):
        compared(BEFORE, 'id,id\n', key=['id'])


def test_of_many_columns_a_message_names_some(compared):
    with pytest.raises(InvalidInput, match="'c49' and 950 more; "):
        compared(','.join(f'c{number}' for number in range(1000)) + '\n', 'a,b\n', key=['a'])


def test_files_that_have_nothing_in_common(compared):
    with pytest.raises(InvalidInput, match='against_src and src have no column in common'):
        compared('a,b\n1,2\n', 'c,d\n1,2\n')


def test_records_with_too_few_or_too_many_fields_are_told(compared):
    result = compared('a,b\n1\n2,x\n', 'a,b\n1,\n2,x,more\n')
    assert counts(result) == (0, 0, 0, 2)
    said = 'records do not have one field for each column. Missing fields count as empty, further fields are left out.'
    assert compared.warnings == [f'against_src: 1 {said}', f'src: 1 {said}']


@pytest.mark.parametrize('memory', [1, 2000])
def test_what_does_not_fit_into_memory_gives_the_same(compared, monkeypatch, memory):
    def rows(shift):
        return 'id,name,amount\n' + ''.join(f'{number % 70:03},{number * shift % 7},{number}.5\n' for number in range(300))

    question = {'key': ['id'], 'group_by': ['name'], 'sum': ['amount']}
    whole = compared(rows(1), rows(3), dest=True, **question)
    changes = compared.changes()
    compared.dest.unlink()
    for name, value in (('MEMORY', memory), ('BLOCK', 50), ('RUNS', 3), ('TOGETHER', 7)):
        monkeypatch.setattr(sorter, name, value)
    monkeypatch.setattr('ansible_collections.webex_partner.billing.plugins.module_utils._compare.totals.MEMORY', memory)
    assert compared(rows(1), rows(3), dest=True, **question) == whole and compared.changes() == changes
