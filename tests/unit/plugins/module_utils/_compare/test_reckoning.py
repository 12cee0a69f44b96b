# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Random pairs of files: counts, sums and changes are those of an independent reckoning."""

from __future__ import annotations

import csv
import io
import random

import pytest
from ansible_collections.webex_partner.billing.plugins.module_utils._compare import sorter
from ansible_collections.webex_partner.billing.tests.unit.comparing import Comparing
from ansible_collections.webex_partner.billing.tests.unit.reckoning import Table, reckon, shown, told

PAIRS = 2000
COLUMNS = ['id', 'package', 'customer', 'amount', 'users', 'note']
AMOUNTS = ['0', '1', '-2.50', '+3', '0.1', '.5', '7.', '', 'n/a', '1,5', ',5', '-2,75', '12345678901234567890.123456789', '1e3']
TEXTS = ['a', 'b', '', 'Zürich', 'a,b', 'say "no"', 'two\nlines', 'two\r\nlines', ';', '\t', ' ', '€', 'ÿ']


def pair(dice):
    """Two tables, of which the newer one is the older one with some changes."""
    def columns():
        return dice.sample(COLUMNS, dice.randrange(2, len(COLUMNS) + 1))

    def record():
        return {
            column: dice.choice(AMOUNTS) if column in ('amount', 'users') else str(dice.randrange(1, 9)) if column == 'id' else dice.choice(TEXTS)
            for column in COLUMNS
        }

    records = [record() for _number in range(dice.randrange(12))]
    changed = [{**each, dice.choice(COLUMNS): dice.choice(AMOUNTS)} if dice.random() < 0.3 else each for each in records if dice.random() < 0.8]
    changed += [dice.choice([*records, record()]) for _number in range(dice.randrange(4))]
    dice.shuffle(changed)
    while True:
        headers = columns(), columns()
        if set(headers[0]) & set(headers[1]):
            return [Table(header, [[each[column] for column in header] for each in found]) for header, found in zip(headers, (records, changed))]


def written(table, dice):
    """The table as some program may write it."""
    sink = io.StringIO()
    quoting, end = dice.choice([(csv.QUOTE_MINIMAL, '\r\n'), *((csv.QUOTE_ALL, end) for end in ('\n', '\r\n', '\r'))])
    writer = csv.writer(sink, delimiter=dice.choice(',;\t|'), lineterminator=end, quoting=quoting)
    writer.writerows([table.columns, *table.rows])
    return sink.getvalue().encode(dice.choice(['utf-8', 'utf-8-sig', 'utf-16']))


@pytest.mark.parametrize('seed', range(10))
def test_random_pairs(tmp_path, monkeypatch, seed):
    compared, dice = Comparing(tmp_path), random.Random(seed)
    monkeypatch.setattr(sorter, 'MEMORY', 500)
    for _number in range(PAIRS // 10):
        before, after = pair(dice)
        common = [column for column in before.columns if column in after.columns]

        def some(names):
            return dice.sample(names, dice.randrange(len(names) + 1))

        question = {
            'key': some(common), 'group_by': some(common), 'sum': some([name for name in common if name in ('amount', 'users')]),
            'decimal': dice.choice('.,'),
        }
        compared.dest.unlink(missing_ok=True)
        result = compared(written(before, dice), written(after, dice), dest=True, **question)
        expected = reckon(before, after, question['key'], question['group_by'], question['sum'], question['decimal'])
        changes, totals = expected.pop('changes'), expected.pop('totals')
        assert {name: result[name] for name in expected} == expected, question
        assert compared.changes()[1:] == changes, question
        assert told(result) == shown(totals), question
