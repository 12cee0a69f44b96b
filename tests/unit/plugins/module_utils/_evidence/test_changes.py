# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The section about what changed: counts, exact sums, the groups that differ most, and columns; inert, whatever a file says."""

from __future__ import annotations

import pytest
from ansible_collections.webex_partner.billing.plugins.module_utils._archive.drift import Drift
from ansible_collections.webex_partner.billing.plugins.module_utils._compare.question import Question
from ansible_collections.webex_partner.billing.plugins.module_utils._compare.sides import of_files
from ansible_collections.webex_partner.billing.plugins.module_utils._compare.task import counted, remarks
from ansible_collections.webex_partner.billing.plugins.module_utils._evidence.changes import SHOWN, Changes, changes
from ansible_collections.webex_partner.billing.plugins.module_utils._evidence.markup import document
from ansible_collections.webex_partner.billing.tests.unit.reading import Page

HEADER = 'ID,PACKAGE,AMOUNT\n'
SINCE = 'version 1 of 2026-10'


@pytest.fixture
def section(tmp_path):
    """The section about two files, as a page has it."""
    def section(before, after, **question):
        paths = [tmp_path / 'before.csv', tmp_path / 'after.csv']
        for path, content in zip(paths, (before, after)):
            path.write_text(content, encoding='utf-8')
        sides = of_files(*map(str, paths))
        found = counted(sides, Question.from_params({'decimal': '.', **question}), str(tmp_path))
        return Page(document('t', '', *changes(Changes(SINCE, Drift(), found, tuple(remarks(found, sides))))))
    return section


def of_groups(numbers):
    """A file with a record for each group."""
    return HEADER + ''.join(f'{place},group {place},{number}\n' for place, number in enumerate(numbers))


def bars(page):
    """The bars from above: where each begins and how wide it is, in percent."""
    return [(rect['class'], float(rect['x'].rstrip('%')), float(rect['width'].rstrip('%'))) for rect in page.all('rect')]


def test_counts_sums_and_groups(section):
    before = HEADER + '1,soft,10.50\n2,soft,1.25\n3,desk,1000000\n4,room,7\n'
    after = HEADER + '1,soft,10.75\n3,desk,999990\n4,room,7\n5,soft,3\n6,new,4\n'
    found = section(before, after, key=['ID'], group_by=['PACKAGE'], sum=['AMOUNT'])
    for part in (
        'Compared with version 1 of 2026-10: 4 records before, 5 after. Records are matched by ID .', 'Added 2 Removed 1 Changed 2 Unchanged 1',
        'The columns are the same.', 'Sum of Before After Difference AMOUNT 1 000 018.75 1 000 014.75 −4.00', 'Difference of AMOUNT by PACKAGE',
        'desk 1 000 000 → 999 990 −10 new 0 → 4 +4 soft 11.75 → 13.75 +2.00', 'Groups without a difference: 1.',
    ):
        assert part in found.text, found.text
    assert bars(found) == [('less', 0, 71.43), ('more', 71.43, 28.57), ('more', 71.43, 14.29)] and found.is_inert()


def test_without_a_key_records_are_compared_whole(section):
    found = section(HEADER + '1,a,1\n2,b,x\n2,b,x\n', HEADER + '1,a,2\n2,b,x,9\n', sum=['AMOUNT'])
    assert 'Added 1 Removed 2 Unchanged 1' in found.text and 'Changed' not in found.text and 'compared whole' in found.text
    assert 'Records that equal an earlier record of the same file: 1.' in found.text
    assert 'AMOUNT: 3 fields are not numbers, and are missing from the sums.' in found.text
    assert 'src: 1 records do not have one field for each column.' in found.text and not found.all('svg')


def test_counts_alone(section):
    found = section(HEADER + '1,a,1\n', HEADER + '1,a,1\n', key=['ID'])
    assert 'Added 0 Removed 0 Changed 0 Unchanged 1' in found.text and not found.all('table')


def test_columns_that_came_and_went_with_a_comparison(section):
    found = section('ID,OLD\n1,2\n', 'ID,NEW,"<b>"\n1,2,3\n', key=['ID'])
    assert 'Columns added: NEW , <b> . Columns gone: OLD .' in found.text and found.is_inert()


@pytest.mark.parametrize(('drift', 'told'), [
    (Drift(['NEW'], ['OLD', '</style>']), 'Columns added: NEW . Columns gone: OLD , </style> . Compared with version 1 of 2026-10.'),
    (Drift([], []), 'The columns are those of version 1 of 2026-10.'), (Drift(), ''), (Drift(['x'], None), ''),
])
def test_columns_without_a_comparison(drift, told):
    found = Page(document('t', '', *changes(Changes(SINCE, drift))))
    assert found.text == told and found.is_inert()


@pytest.mark.parametrize(('group', 'seen'), [
    ('<script>alert(1)</script>', '<script>alert(1)</script>'), ('</td></table><img src=x>', '</td></table><img src=x>'), ('', '(empty)'),
    ('\x1b[31m\u202e', '[31m'), ('x' * 600, 'x' * 500 + '…'),
], ids=['script', 'end of table', 'empty', 'control', 'long'])
def test_hostile_groups_are_shown_and_do_nothing(section, group, seen):
    found = section(HEADER + f'1,{group},1\n', HEADER + f'1,{group},2\n', group_by=['PACKAGE'], sum=['AMOUNT'])
    assert f'{seen} 1 → 2 +1' in found.text and found.is_inert()


@pytest.mark.parametrize('more', [0, 500], ids=['1,000 groups', 'more than results list'])
def test_a_thousand_groups(section, more):
    numbers = [place * 1000003 % 2017 - 1000 for place in range(1000 + more)]
    found = section(of_groups([0] * len(numbers)), of_groups(numbers), group_by=['PACKAGE'], sum=['AMOUNT'])
    largest = sorted(numbers, key=abs, reverse=True)
    rest = f'{sum(largest[SHOWN:]):+,}'.replace(',', ' ').replace('-', '−')
    assert len(bars(found)) == SHOWN and found.text.count('→') == SHOWN and 'any sum' not in found.text
    assert f'Other groups: {990 + more:,}'.replace(',', ' ') + f', with a difference of {rest} together.' in found.text, found.text[-200:]


def test_each_sum_has_its_own_largest_groups(section):
    header = 'PACKAGE,COUNT,AMOUNT\n'
    before, after = header + 'a,1,1\nb,1,1\n', header + 'a,2,1000\nb,9,1\n'
    text = section(before, after, group_by=['PACKAGE'], sum=['COUNT', 'AMOUNT']).text
    assert 'by PACKAGE Group Difference b 1 → 9 +8 a 1 → 2 +1 There are no other groups.' in text
    assert 'by PACKAGE Group Difference a 1 → 1 000 +999 Groups without a difference: 1.' in text


def test_more_groups_than_are_listed_and_two_sums(section):
    rows = [f'{place},{place},{place}\n' for place in range(1, 1002)]
    header = 'PACKAGE,COUNT,AMOUNT\n'
    text = section(header, header + ''.join(rows), group_by=['PACKAGE'], sum=['COUNT', 'AMOUNT']).text
    assert text.count('The chart shows the largest of those 1 000 groups that differ most in any sum.') == 2


def test_groups_of_several_columns(section):
    assert '1 · (empty) 1 → 2 +1' in section(HEADER + '1,,1\n', HEADER + '1,,2\n', group_by=['ID', 'PACKAGE'], sum=['AMOUNT']).text


def test_no_records_and_no_difference(section):
    found = section(HEADER, HEADER, group_by=['PACKAGE'], sum=['AMOUNT'])
    assert 'AMOUNT 0 0 0' in found.text and 'There are no other groups.' in found.text and not bars(found)
    found = section(HEADER + '1,a,1\n', HEADER + '2,a,1\n', group_by=['PACKAGE'], sum=['AMOUNT'])
    assert 'Groups without a difference: 1.' in found.text and not bars(found)


def test_numbers_of_any_length_are_exact(section):
    large, small = '9' * 400, '0.' + '0' * 398 + '1'
    found = section(HEADER + '1,a,0\n2,b,0\n', HEADER + f'1,a,{large}\n2,b,{small}\n', group_by=['PACKAGE'], sum=['AMOUNT'])
    assert large + '.' + small[2:] in found.text.replace(' ', '') and [drawn[2] for drawn in bars(found)] == [100, 0] and found.all('span', 'long')


def test_the_decimal_mark_is_that_of_the_file(section):
    assert 'AMOUNT 1,50 2 000,25 +1 998,75' in section('AMOUNT\n"1,50"\n', 'AMOUNT\n"2000,25"\n', sum=['AMOUNT'], decimal=',').text
