# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which report of a month counts."""

from __future__ import annotations

import pytest
from ansible_collections.webex_partner.billing.plugins.module_utils._reports.adoption import Month
from ansible_collections.webex_partner.billing.tests.unit.connecting import asked, client_of
from ansible_collections.webex_partner.billing.tests.unit.reporting import of

PERIOD = '2026-10'
WHOLE, EARLY = '2026-11-0{0}T10:00:00Z', '2026-10-0{0}T10:00:00Z'


@pytest.fixture
def client(sandbox, time):
    return client_of(sandbox, time)


@pytest.fixture
def month(client):
    return Month(client, of(PERIOD, client.product), allow_open_period=False)


def add(sandbox, *statuses, created=WHOLE, **more):
    """Reports of a month, the newest last, named by number."""
    for number, status in enumerate(statuses):
        sandbox.add_report(PERIOD, seconds=0, ends=status, id=f'report-{number}', created=created.format(number + 1), **more)


def ids(reports):
    return [report.id for report in reports]


@pytest.mark.parametrize(('statuses', 'usable', 'failed', 'read'), [
    ((), [], [], []),
    (('COMPLETED',), [0], [], [0]),
    (('COMPLETED', 'COMPLETED'), [1, 0], [], [0, 1]),
    (('COMPLETED', 'FAILED'), [0], [], [0]),
    (('IN_PROGRESS', 'COMPLETED', 'FAILED'), [1, 0], [], [0, 1]),
    (('COMPLETED', 'REQUESTED'), [1, 0], [], [0, 1]),
    (('FAILED', 'FAILED'), [], [1, 0], [0, 1]),
], ids=str)
def test_those_that_have_not_failed_or_else_all(sandbox, month, statuses, usable, failed, read):
    add(sandbox, *statuses)
    found = month.standing(month.listed())
    assert (ids(found.usable), ids(found.failed), found.early) == ([f'report-{n}' for n in usable], [f'report-{n}' for n in failed], [])
    assert all(report.created for report in found.usable + found.failed)
    assert sorted(asked(sandbox)) == sorted(['GET list', *(f'GET report-{number}' for number in read)])


def test_a_report_itself_knows_better_than_the_list(sandbox, month):
    add(sandbox, 'COMPLETED', 'COMPLETED', 'FAILED')
    listed = month.listed()
    sandbox.set_status('report-1', 'FAILED')
    assert ids(month.standing(listed).usable) == ['report-0']
    sandbox.set_status('report-0', 'FAILED')
    assert ids(month.standing(listed).failed) == ['report-2', 'report-1', 'report-0']
    sandbox.set_status('report-2', 'COMPLETED')
    assert ids(month.standing(listed).usable) == ['report-2']


def test_a_report_that_names_another_month_than_the_list_does_not_count(sandbox, month):
    add(sandbox, 'COMPLETED', 'COMPLETED')
    sandbox.trouble(path='report-1', replace=sandbox.wire('2026-09'))
    assert ids(month.standing(month.listed()).usable) == ['report-0']


def test_the_newest_is_the_newest_although_it_does_not_say_its_month(sandbox, month):
    add(sandbox, 'COMPLETED', 'COMPLETED')
    sandbox.trouble(path='report-1', replace=sandbox.wire(None))
    found = month.standing(month.listed()).usable
    assert ids(found) == ['report-1', 'report-0'] and found[0].billing_period == PERIOD


def test_what_is_deleted_meanwhile_does_not_count(sandbox, month):
    add(sandbox, 'FAILED', 'COMPLETED')
    listed = month.listed()
    sandbox.forget_report('report-1')
    assert ids(month.standing(listed).failed) == ['report-0']


@pytest.mark.parametrize(('created', 'early'), [
    ('2026-10-05T12:00:00.000Z', True), ('2026-10-31T23:59:59.999Z', True), ('2026-11-01T01:59:59+02:00', True), ('0001-01-01T00:00:00Z', True),
    ('2026-11-01T00:00:00Z', False), ('2026-10-31T22:00:00-02:00', False), ('2026-11-16T12:40:33.109Z', False),
])
def test_a_report_created_before_its_month_was_over_in_utc_is_early(sandbox, client, month, created, early):
    sandbox.add_report(PERIOD, seconds=0, id='it')
    sandbox.trouble(path='reports/it', times=0, replace={'created': created})
    found = month.standing(month.listed())
    assert (ids(found.usable), ids(found.early)) == (([], ['it']) if early else (['it'], []))
    meant = Month(client, of(PERIOD, client.product), allow_open_period=True)
    assert ids(meant.standing(meant.listed()).usable) == ['it']


@pytest.mark.parametrize('status', ['COMPLETED', 'IN_PROGRESS', 'FAILED'])
def test_an_early_report_is_neither_adopted_nor_counted_as_failed(sandbox, month, status):
    add(sandbox, status, created=EARLY)
    found = month.standing(month.listed())
    assert (found.usable, found.failed, ids(found.early)) == ([], [], ['report-0'])
    assert f'report-0 of {sandbox.said(PERIOD)} (created 2026-10-01T10:00:00Z)' in found.early_ones


@pytest.mark.parametrize('created', [None, 7, '', 'yesterday', '0001-01-01T00:00:00+05:00', '9999-12-31T23:59:59-05:00'], ids=str)
def test_a_report_that_does_not_say_when_it_was_created_is_adopted_with_a_warning(sandbox, month, created):
    add(sandbox, 'COMPLETED')
    sandbox.trouble(path='report-0', times=0, replace={'created': created})
    warned = []
    assert month.standing(month.listed()).adopt(warned.append).id == 'report-0'
    assert len(warned) == 1 and 'report-0 of 2026-10' in warned[0] and 'created' in warned[0]
    sandbox.add_report(PERIOD, seconds=0, id='dated', created=WHOLE.format(1))
    assert month.standing(month.listed()).adopt(warned.append).id == 'dated' and len(warned) == 1


def test_an_entry_without_its_month_is_read_in_full_once(sandbox, month):
    add(sandbox, 'COMPLETED', month_listed=False)
    sandbox.add_report('2026-09', seconds=0, id='elsewhere', month_listed=False)
    assert ids(month.listed()) == ['report-0']
    read = [] if of(PERIOD, sandbox.product).query() else ['GET elsewhere']  # a filter leaves it out
    assert sorted(asked(sandbox)) == [*read, 'GET list', 'GET report-0']
    assert ids(month.listed()) == ['report-0'] and len(asked(sandbox)) == 3 + len(read)


@pytest.mark.parametrize('listed', [None, 202610, 'October', '2026-10-01T00:00'], ids=str)
def test_what_is_no_month_says_no_month(sandbox, month, listed):
    add(sandbox, 'COMPLETED')
    sandbox.trouble(path='reports$', times=0, status=200, json={'items': [sandbox.entry('report-0', listed, 'COMPLETED')]})
    assert ids(month.standing(month.listed()).usable) == ['report-0']


def test_a_report_without_a_month_that_is_gone_or_never_says_it_is_passed_over(sandbox, month):
    add(sandbox, 'COMPLETED', 'COMPLETED', month_listed=False)
    sandbox.trouble(path='report-0', status=404)
    sandbox.trouble(path='report-1', replace=sandbox.wire(None))
    assert month.listed() == month.listed() == []
    assert len(asked(sandbox)) == 4
