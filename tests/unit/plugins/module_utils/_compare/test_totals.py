# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sums by group: exact, of numbers alone, the largest differences first."""

from __future__ import annotations

import decimal

import pytest
from ansible_collections.webex_partner.billing.plugins.module_utils._compare.totals import Numbers
from ansible_collections.webex_partner.billing.tests.unit.comparing import Comparing


@pytest.fixture
def compared(tmp_path):
    return Comparing(tmp_path)


def sums(before, after, difference):
    return {'before': before, 'after': after, 'difference': difference}


def test_groups_with_the_largest_differences_first(compared):
    before = 'package,site,amount,users\nA,x,1,1\nB,x,0.10,2\nB,x,0.20,\nC,x,7,1\n'
    after = 'package,site,amount,users\nA,x,1,1\nB,x,-0.30,2\nD,x,9.9,1\n'
    result = compared(before, after, group_by=['package', 'site'], sum=['amount', 'users'])
    assert result['totals'] == [
        {'group': {'package': 'D', 'site': 'x'}, 'sums': {'amount': sums('0', '9.9', '9.9'), 'users': sums('0', '1', '1')}},
        {'group': {'package': 'C', 'site': 'x'}, 'sums': {'amount': sums('7', '0', '-7'), 'users': sums('1', '0', '-1')}},
        {'group': {'package': 'B', 'site': 'x'}, 'sums': {'amount': sums('0.30', '-0.30', '-0.60'), 'users': sums('2', '2', '0')}},
        {'group': {'package': 'A', 'site': 'x'}, 'sums': {'amount': sums('1', '1', '0'), 'users': sums('1', '1', '0')}},
    ]
    assert result['unreadable'] == {'amount': 0, 'users': 1} and result['groups'] == 4
    assert compared.warnings == [
        "users: 1 fields are not numbers, and are missing from the sums. A number has ASCII digits, a sign and the decimal '.'."
    ]


def test_without_groups_there_is_one_entry(compared):
    result = compared('a,b\n1,x\n2,y\n', 'a,b\n1,x\n', sum=['a'])
    assert result['totals'] == [{'group': {}, 'sums': {'a': sums('3', '1', '-2')}}]
    assert compared('a,b\n1,x\n2,y\n', 'a,b\n1,x\n')['totals'] == [{'group': {}, 'sums': {}}]


def test_groups_without_sums(compared):
    assert [entry['group'] for entry in compared('a,b\n1,x\n2,y\n', 'a,b\n1,x\n', group_by=['b'])['totals']] == [{'b': 'x'}, {'b': 'y'}]


def test_every_digit_counts(compared):
    long = '1' * 5000
    result = compared(f'a,b\n{long},x\n0.{long},x\n', 'a,b\n1,x\n', sum=['a'])
    total, = result['totals']
    assert total['sums']['a']['before'] == f'{long}.{long}' and len(total['sums']['a']['difference']) == 10002


def test_many_tenths_are_exact(compared):
    result = compared('a,b\n' + '0.1,x\n' * 1000, 'a,b\n' + '1e2,x\n', sum=['a'])
    assert result['totals'][0]['sums']['a'] == sums('100.0', '0', '-100.0') and result['unreadable'] == {'a': 1}


NUMBERS = ['0', '1', '-1', '+1', '007', '1.50', '-.5', '5.', '+0.10', '1' * 100]
OTHERS = [
    '', ' ', ' 1', '1 ', '1,5', '1e5', '1_000', '1.2.3', '--1', '+-1', '-', '.', 'NaN', 'Infinity', '0x1',
    '１', '٣', '½', '−1', '1 000', "1'000", '€1', '1\n',
]


@pytest.mark.parametrize('mark', ['.', ','])
@pytest.mark.parametrize('beside', [[], ['x']])
def test_what_is_a_number(mark, beside):
    def switched(text):
        return text.translate(str.maketrans('.,', ',.')) if mark == ',' else text

    for text in NUMBERS:
        numbers = Numbers(mark)
        found = numbers.read([switched(text), *beside])
        assert found[0] == decimal.Decimal(text) and numbers.unreadable == len(beside)
    for text in OTHERS:
        numbers = Numbers(mark)
        assert numbers.read([switched(text), '2', *beside])[:2] == [0, 2] and numbers.unreadable == 1 + len(beside), text


def test_the_other_decimal(compared):
    result = compared('a;b\n1,5;x\n1.5;x\n', 'a;b\n-1,25;x\n', sum=['a'], decimal=',')
    assert result['totals'][0]['sums']['a'] == sums('1.5', '-1.25', '-2.75') and result['unreadable'] == {'a': 1}
    assert 'decimal \',\'' in compared.warnings[0]


def test_a_result_lists_a_thousand_groups(compared):
    before = 'g,v\n' + ''.join(f'g{number:04},0\n' for number in range(1200))
    after = 'g,v\n' + ''.join(f'g{number:04},{number}\n' for number in range(1200))
    result = compared(before, after, group_by=['g'], sum=['v'])
    assert len(result['totals']) == 1000 and result['groups'] == 1200
    assert result['totals'][0]['group'] == {'g': 'g1199'} and result['totals'][-1]['group'] == {'g': 'g0200'}
    assert compared.warnings == ['The totals list the 1000 groups with the largest differences, of 1200 groups.']


def test_a_group_is_shown_as_a_short_line(compared):
    result = compared('g,v\n"a\n\x1b[2Jb",1\n', f'g,v\n{"x" * 2000},1\n', group_by=['g'], sum=['v'])
    shown = [entry['group']['g'] for entry in result['totals']]
    assert shown[0] == 'a [2Jb' and len(shown[1]) <= 520
