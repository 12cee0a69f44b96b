# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Columns that came and went: told at filing, of the version before or the month before."""

from __future__ import annotations

import json

import pytest
from ansible_collections.webex_partner.billing.plugins.module_utils._archive.drift import beyond
from ansible_collections.webex_partner.billing.tests.unit.filing import Filing


@pytest.fixture
def filing(tmp_path):
    return Filing(tmp_path)


def told(outcome):
    """The drift in the result, which the manifest must have too, and the warnings."""
    result = outcome.to_result()
    assert [result['manifest'][name] for name in ('columns_added', 'columns_removed')] == [result['columns_added'], result['columns_removed']]
    return result['columns_added'], result['columns_removed'], [text for text in outcome.warnings if 'columns' in text]


def test_the_first_file_has_nothing_to_compare_with(filing):
    assert told(filing.file(b'A,B\n1,2\n')) == (None, None, [])


def test_a_version_is_compared_with_the_one_before(filing):
    filing.file(b'A,B,C\n1,2,3\n')
    assert told(filing.file(b'C,D,A,E\n1,2,3,4\n')) == (['D', 'E'], ['B'], [
        "The columns differ from those of version 1 of 2026-10: added 'D', 'E' and removed 'B'. Check what reads this file.",
    ])
    assert told(filing.file(b'A,C,D,E\n1,2,3,5\n')) == ([], [], []), 'their order means nothing'
    assert told(filing.file(b'A,C,D,E\n1,2,3,5\n')) == ([], [], []), 'what stands is told as it was filed'


def test_the_first_version_of_a_month_is_compared_with_the_last_one_of_the_month_before(filing):
    filing.file(b'A,B\n1,2\n', report_billing_period='2026-09')
    filing.file(b'A,C\n1,2\n', report_billing_period='2026-09')
    filing.file(b'X,Y\n1,2\n', report_billing_period='2026-08')
    outcome = filing.file(b'A,C,D\n1,2,3\n')
    assert told(outcome) == (['D'], [], ["The columns differ from those of version 2 of 2026-09: added 'D'. Check what reads this file."])
    assert filing.manifest(1)['columns_added'] == ['D']


def test_the_month_before_january_is_december(filing):
    filing.file(b'A,B\n1,2\n', report_billing_period='2025-12')
    assert told(filing.file(b'A\n1\n', report_billing_period='2026-01'))[:2] == ([], ['B'])


def test_columns_that_were_given_count(filing):
    filing.file(b'A,B\n1,2\n', columns=['A', 'B'])
    assert told(filing.file(b'A,B\n3,4\n', columns=['A', 'X']))[:2] == (['X'], ['B'])


def test_check_mode_tells_the_same(filing):
    filing.file(b'A,B\n1,2\n')
    before = filing.tree()
    assert told(filing.file(b'A,C\n1,2\n', dry=True))[:2] == (['C'], ['B']) and filing.tree() == before


def test_columns_of_the_same_name_are_counted():
    assert (beyond(['x', 'a', 'x', 'x'], ['x', 'b']), beyond(['x', 'b'], ['x', 'a', 'x', 'x'])) == (['a', 'x', 'x'], ['b'])


@pytest.mark.parametrize('spoil', [
    lambda month: (month / 'v001/manifest.json').write_text('{}', encoding='utf-8'),
    lambda month: next((month / 'v001').glob('*.csv')).unlink(),
    lambda month: (month.rename(month.with_name('elsewhere')), month.symlink_to('elsewhere')),
    lambda month: next((month / 'v001').glob('*.csv')).write_bytes(b'\x1f\x8b'),
], ids=['manifest', 'missing', 'link', 'no csv'])
def test_a_month_before_that_cannot_be_read_does_not_matter(filing, spoil):
    filing.file(b'A,B\n1,2\n', report_billing_period='2026-09')
    spoil(filing.root / 'default' / '2026-09')
    assert told(filing.file(b'A,C\n1,2\n')) == (None, None, [])


@pytest.mark.parametrize('columns', [None, 'AB', [1], {'A': 1}, ['A', None]], ids=repr)
def test_columns_of_a_foreign_manifest_are_read_from_the_file_if_they_are_none(filing, columns):
    filing.file(b'A,B\n1,2\n')
    path = filing.month / 'v001/manifest.json'
    manifest = json.loads(path.read_text(encoding='utf-8'))
    manifest['file']['columns'] = columns
    path.write_text(json.dumps(manifest), encoding='utf-8')
    assert told(filing.file(b'A,C\n1,2\n'))[:2] == (['C'], ['B'])


def test_a_manifest_of_an_earlier_release_says_nothing(filing):
    filing.file(b'A,B\n1,2\n')
    path = filing.month / 'v001/manifest.json'
    manifest = json.loads(path.read_text(encoding='utf-8'))
    del manifest['columns_added'], manifest['columns_removed']
    path.write_text(json.dumps(manifest), encoding='utf-8')
    result = filing.file(b'A,B\n1,2\n').to_result()
    assert (result['changed'], result['columns_added'], result['columns_removed']) == (False, None, None)


def test_hostile_names_are_lines_and_many_are_not_all_listed(filing):
    filing.file(b'A,B\n1,2\n')
    names = ['"a\n\x1b[2J"', *(f'c{number}' for number in range(100))]
    added, _removed, (warning,) = told(filing.file((','.join(names) + '\n1\n').encode()))
    assert added[0] == 'a [2J' and len(added) == 101 and warning.isprintable() and "'c48' and 51 more and removed" in warning
