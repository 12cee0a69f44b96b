# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A month end that says what changed: counts on the screen, records in a private file, and groups and sums on the evidence page."""

from __future__ import annotations

import csv

from ansible_collections.webex_partner.billing.tests.unit.reading import Page
from evidence import PERIOD
from runner import run as by_runner

KEY = {'compare': True, 'key': 'made_up_column_2', 'group_by': ['made_up_column_3'], 'sum': ['made_up_column_4']}
GROUP = 'with a comma'  # in each field of made_up_column_3


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
    page = Page((archive.month() / 'v002/evidence.html').read_bytes())
    assert 'Added 2 Removed 0 Changed 0 Unchanged 10' in page.text and 'and a newline 60.00 → 84.00 +24.00' in page.text and page.is_inert(), page.text
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


def test_a_group_that_is_missing_warns_and_the_page_has_no_comparison(sandbox, run, archive):
    for rows_of, created in ((3, '2026-11-02T00:00:00.000Z'), (4, '2026-11-03T00:00:00.000Z')):
        sandbox.add_report(PERIOD, seconds=0, rows=rows_of, created=created)
        outcome = run(evidence=True, **{**KEY, 'group_by': ['no such column']})
    printed = ' '.join((outcome.stdout + outcome.stderr).split())
    assert outcome.code == 0 and 'was not compared by group' in printed and outcome.told()[0].endswith('1 added, 0 removed, 0 changed against version 1')
    assert 'The columns are those of version 1 of 2026-10.' in Page((archive.month() / 'v002/evidence.html').read_bytes()).text


def test_a_column_that_is_missing_warns_and_the_month_end_goes_on(sandbox, run, archive):
    for rows_of, created in ((3, '2026-11-02T00:00:00.000Z'), (4, '2026-11-03T00:00:00.000Z')):
        sandbox.add_report(PERIOD, seconds=0, rows=rows_of, created=created)
        outcome = run(compare=True, key=['no such column'])
    assert outcome.code == 0 and 'no such column' in outcome.stdout + outcome.stderr and not list(archive.month().rglob('changes.csv'))


def test_records_groups_and_sums_stay_out_of_what_is_shown(sandbox, controller, archive):
    """At full verbosity, as AWX runs it, with facts that are kept."""
    env = {
        'WEBEX_API_URL': sandbox.api_url, 'WEBEX_ACCESS_TOKEN': sandbox.access_token,
        'ANSIBLE_CACHE_PLUGIN': 'jsonfile', 'ANSIBLE_CACHE_PLUGIN_CONNECTION': str(controller.folder / 'facts'),
    }
    named = {'period': PERIOD, 'archive': str(archive.root), 'evidence': True, **KEY}
    for rows_of, created in ((1000, '2026-11-02T00:00:00.000Z'), (1200, '2026-11-03T00:00:00.000Z')):
        sandbox.add_report(PERIOD, seconds=0, rows=rows_of, created=created)
        given = {f'month_end_{name}': value for name, value in named.items()}
        ran = by_runner(controller, 'webex_partner.billing.month_end', env=env, extra_vars=given, args=['-vvvvv'])
        assert ran.outcome.code == 0 and GROUP not in ran.outcome.stdout + ran.outcome.stderr
    total = '57138.00'  # of made_up_column_4
    assert '57\u202f138.00' in (archive.month() / 'v002/evidence.html').read_text(encoding='utf-8')
    holds = {
        path.name: canary for path in controller.folder.rglob('*') if path.is_file() for canary in (GROUP, total) if canary.encode() in path.read_bytes()
    }
    assert set(holds) == {archive.file().name, 'changes.csv', 'evidence.html'} and total not in ran.outcome.stdout, holds
    assert 'records_added' in str(ran.published())
