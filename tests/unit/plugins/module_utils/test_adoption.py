# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which report of a month counts."""

from __future__ import annotations

import pytest
from ansible_collections.webex_partner.billing.plugins.module_utils._adoption import standing
from ansible_collections.webex_partner.billing.tests.unit.connecting import asked, client_of

PERIOD = '2026-10'


@pytest.fixture
def client(sandbox, time):
    return client_of(sandbox, time)


def add(sandbox, *statuses):
    """Reports of a month, the newest last, named by number."""
    for number, status in enumerate(statuses):
        sandbox.add_report(PERIOD, seconds=0, ends=status, id=f'report-{number}', created=f'2026-11-0{number + 1}T10:00:00Z')


@pytest.mark.parametrize(('statuses', 'counting'), [
    ((), []),
    (('COMPLETED',), [0]),
    (('COMPLETED', 'COMPLETED'), [1, 0]),
    (('COMPLETED', 'FAILED'), [0]),
    (('IN_PROGRESS', 'COMPLETED', 'FAILED'), [1, 0]),
    (('COMPLETED', 'REQUESTED'), [1, 0]),
    (('FAILED', 'FAILED'), [1, 0]),
], ids=str)
def test_those_that_have_not_failed_or_else_all(sandbox, client, statuses, counting):
    add(sandbox, *statuses)
    found = standing(client, client.list_reports(PERIOD))
    assert [report.id for report in found] == [f'report-{number}' for number in counting]
    assert all(report.created for report in found)
    assert sorted(asked(sandbox)) == sorted(['GET list', *(f'GET report-{number}' for number in counting)])


def test_a_report_itself_knows_better_than_the_list(sandbox, client):
    add(sandbox, 'COMPLETED', 'COMPLETED', 'FAILED')
    listed = client.list_reports(PERIOD)
    sandbox.set_status('report-1', 'FAILED')
    assert [report.id for report in standing(client, listed)] == ['report-0']
    sandbox.set_status('report-0', 'FAILED')
    assert [report.id for report in standing(client, listed)] == ['report-2', 'report-1', 'report-0']
    sandbox.set_status('report-2', 'COMPLETED')
    assert [report.id for report in standing(client, listed)] == ['report-2']


def test_what_is_deleted_meanwhile_does_not_count(sandbox, client):
    add(sandbox, 'FAILED', 'COMPLETED')
    listed = client.list_reports(PERIOD)
    sandbox.forget_report('report-1')
    assert [report.id for report in standing(client, listed)] == ['report-0']
