# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A month end that says what changed: against the version before, or the month before; counts on the screen, records only in a private file."""

from __future__ import annotations

import csv

from evidence import PERIOD

KEY = {'compare': True, 'key': 'made_up_column_2', 'group_by': ['made_up_column_1'], 'sum': ['made_up_column_4']}


def rows(path):
    with open(path, encoding='utf-8', newline='') as file:
        return list(csv.DictReader(file))


def test_a_restated_month(sandbox, run, archive):
    sandbox.add_report(PERIOD, seconds=0, rows=10, created='2026-11-02T00:00:00.000Z')
    first = run(**KEY)
    assert first.code == 0 and 'was not compared' in ' '.join((first.stdout + first.stderr).split()), first.stdout
    sandbox.add_report(PERIOD, seconds=0, rows=12, created='2026-11-03T00:00:00.000Z')
    outcome = run(evidence=True, **KEY)
    assert outcome.code == 0 and outcome.told()[0].endswith('; 2 added, 0 removed, 0 changed against version 1'), outcome.told()
    changes = archive.month() / 'v002/changes.csv'
    assert [row['change'] for row in rows(changes)] == ['added', 'added'] and changes.stat().st_mode & 0o777 == 0o600
    before = archive.tree()
    again = run(**KEY)
    assert (again.code, again.counts()['changed']) == (0, 0) and archive.tree() == before, again.stdout


def test_the_first_version_is_compared_with_the_month_before(sandbox, run, archive):
    sandbox.add_report('2026-09', seconds=0, rows=5, created='2026-10-02T00:00:00.000Z')
    sandbox.add_report(PERIOD, seconds=0, rows=4)
    assert run(period='2026-09').code == 0
    outcome = run(**KEY)
    assert outcome.code == 0 and outcome.told()[0].endswith('0 added, 1 removed, 4 changed against version 1 of 2026-09'), outcome.told()


def test_a_column_that_is_missing_warns_and_the_month_end_goes_on(sandbox, run, archive):
    for rows_of, created in ((3, '2026-11-02T00:00:00.000Z'), (4, '2026-11-03T00:00:00.000Z')):
        sandbox.add_report(PERIOD, seconds=0, rows=rows_of, created=created)
        outcome = run(compare=True, key=['no such column'])
    assert outcome.code == 0 and 'no such column' in outcome.stdout + outcome.stderr and not list(archive.month().rglob('changes.csv'))


def test_records_stay_out_of_what_is_shown(sandbox, run, archive):
    for rows_of, created in ((3, '2026-11-02T00:00:00.000Z'), (4, '2026-11-03T00:00:00.000Z')):
        sandbox.add_report(PERIOD, seconds=0, rows=rows_of, created=created)
        outcome = run('month_end', '-vvvv', **KEY)
        assert outcome.code == 0 and 'with a comma' not in outcome.stdout + outcome.stderr
    assert 'with a comma' in (archive.month() / 'v002/changes.csv').read_text(encoding='utf-8')
