# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which calls a look costs: counted by the sandbox, not by the code."""

from __future__ import annotations

import pytest
from ansible_collections.webex_partner.billing.plugins.module_utils._errors import AnotherReport, BillingError, NotFound, Unavailable
from ansible_collections.webex_partner.billing.plugins.module_utils._reports.adoption import Month
from ansible_collections.webex_partner.billing.plugins.module_utils._reports.watch import Watch
from ansible_collections.webex_partner.billing.tests.unit.connecting import asked, client_of
from ansible_collections.webex_partner.billing.tests.unit.reporting import of

PERIOD = '2026-10'


@pytest.fixture
def watch(sandbox, time):
    def make(ids=(), billing_period=None, allow_open_period=False, warn=None):
        client = client_of(sandbox, time)
        month = Month(client, of(billing_period, client.product), allow_open_period=allow_open_period) if billing_period else None
        return Watch(client, ids, month, warn or pytest.fail)
    return make


def add(sandbox, *seconds, period=PERIOD):
    return [sandbox.add_report(period, seconds=each, id=f'report-{number}') for number, each in enumerate(seconds)]


def calls_of_a_look(sandbox, watched):
    sandbox.clear_requests()
    watched.look()
    return asked(sandbox)


def test_one_report_costs_one_read_a_look(sandbox, time, watch):
    watched = watch(ids=add(sandbox, 10))
    assert watched.ended is False
    for _look in range(3):
        assert calls_of_a_look(sandbox, watched) == ['GET report-0']
        assert watched.ended is False
    time.advance(10)
    assert calls_of_a_look(sandbox, watched) == ['GET report-0']
    assert watched.ended is True and watched.reports[0].temp_download_url


def test_many_reports_cost_one_list_a_round_and_one_read_for_each_that_ends(sandbox, time, watch):
    ids = add(sandbox, *range(10, 210, 10))
    watched = watch(ids=ids)
    assert calls_of_a_look(sandbox, watched) == ['GET list']
    assert {report.status for report in watched.reports} == {'IN_PROGRESS'}
    time.advance(20)
    assert calls_of_a_look(sandbox, watched) == ['GET list', 'GET report-0', 'GET report-1']
    assert calls_of_a_look(sandbox, watched) == ['GET list']
    time.advance(170)
    assert calls_of_a_look(sandbox, watched) == ['GET list', *(f'GET {report_id}' for report_id in ids[2:19])]
    assert watched.ended is False
    time.advance(10)
    assert calls_of_a_look(sandbox, watched) == ['GET list', 'GET report-19']
    assert watched.ended is True
    assert all(report.created and report.temp_download_url for report in watched.reports)


def test_reports_come_in_the_order_asked(sandbox, watch):
    add(sandbox, 0, 5, 0)
    watched = watch(ids=['report-2', 'report-0', 'report-1'])
    assert [report.id for report in watched.reports] == ['report-2', 'report-0', 'report-1']
    watched.look()
    assert [(report.id, report.status) for report in watched.reports] == [
        ('report-2', 'COMPLETED'), ('report-0', 'COMPLETED'), ('report-1', 'IN_PROGRESS'),
    ]


def test_a_report_asked_for_twice_is_read_once_and_returned_twice(sandbox, watch):
    add(sandbox, 0, 0)
    watched = watch(ids=['report-1', 'report-0', 'report-1'])
    assert calls_of_a_look(sandbox, watched) == ['GET list', 'GET report-1', 'GET report-0']
    assert [report.id for report in watched.reports] == ['report-1', 'report-0', 'report-1'] and watched.ended


def test_the_same_report_twice_is_one_report(sandbox, watch):
    add(sandbox, 0)
    watched = watch(ids=['report-0', 'report-0'])
    assert calls_of_a_look(sandbox, watched) == ['GET report-0']
    assert len(watched.reports) == 2 and watched.ended


def test_what_the_list_does_not_hold_is_read_by_itself(sandbox, watch):
    add(sandbox, 5, 5)
    items = [sandbox.entry('report-0', PERIOD, 'IN_PROGRESS')]
    sandbox.trouble(path='reports$', status=200, json={'items': items})
    watched = watch(ids=['report-0', 'report-1'])
    assert calls_of_a_look(sandbox, watched) == ['GET list', 'GET report-1']
    assert [report.status for report in watched.reports] == ['IN_PROGRESS', 'IN_PROGRESS']


def test_an_id_that_nobody_knows_fails_by_name(sandbox, watch):
    add(sandbox, 5)
    watched = watch(ids=['report-0', 'nothing'])
    with pytest.raises(NotFound, match='nothing'):
        watched.look()


def test_the_list_may_be_ahead_of_the_report(sandbox, watch):
    add(sandbox, 5, 5)
    items = [sandbox.entry(f'report-{number}', PERIOD, 'COMPLETED') for number in (0, 1)]
    sandbox.trouble(path='reports$', status=200, json={'items': items})
    watched = watch(ids=['report-0', 'report-1'])
    watched.look()
    assert watched.ended is False, 'the report itself is not finished'


def test_one_sick_report_does_not_hide_how_the_others_are(sandbox, watch):
    add(sandbox, 0, 0, 0)
    watched = watch(ids=['report-0', 'report-1', 'report-2'])
    sandbox.trouble(path='report-1', status=503)
    with pytest.raises(Unavailable):
        watched.look()
    assert [bool(report.created) for report in watched.reports] == [True, False, True]
    assert [report.status for report in watched.reports] == ['COMPLETED'] * 3, 'the list told as much'
    assert watched.ended is False and watched.remaining == sandbox.resumed(id='report-1')
    assert calls_of_a_look(sandbox, watched) == ['GET list', 'GET report-1']
    assert watched.ended


@pytest.mark.parametrize('trouble', [{'status': 429}, {'cut': 'before'}, {'status': 403}], ids=str)
def test_a_trouble_of_the_service_ends_the_look_and_what_was_read_is_kept(sandbox, watch, trouble):
    add(sandbox, 0, 0, 0)
    watched = watch(ids=['report-0', 'report-1', 'report-2'])
    sandbox.trouble(path='report-1', **trouble)
    with pytest.raises(BillingError):
        watched.look()
    assert [bool(report.created) for report in watched.reports] == [True, False, False]
    assert calls_of_a_look(sandbox, watched) == ['GET list', 'GET report-1', 'GET report-2']
    assert watched.ended


def test_a_report_asked_for_twice_is_resumed_once(sandbox, watch):
    add(sandbox, 100)
    watched = watch(ids=['report-0', 'report-0'])
    watched.look()
    assert watched.remaining == sandbox.resumed(id='report-0')


def test_a_month_adopts_its_newest_report_that_has_not_failed(sandbox, time, watch):
    older = [] if sandbox.hides else ['GET older']  # it could be of another key
    for name, ends, created in (
        *([('older', 'COMPLETED', '2026-11-01T10:00:00.109Z')] if older else []),
        ('newer', 'COMPLETED', '2026-11-01T10:00:00.2Z'),
        ('newest', 'FAILED', '2026-11-01T10:00:00.25Z'),
    ):
        sandbox.add_report(PERIOD, seconds=0, ends=ends, created=created, id=name)
    watched = watch(billing_period=PERIOD)
    calls = calls_of_a_look(sandbox, watched)
    assert calls[0] == 'GET list' and sorted(calls[1:]) == ['GET newer', *older], 'the failed one is not needed'
    assert [report.id for report in watched.reports] == ['newer'] and watched.ended


def test_the_adopted_report_stays_adopted_at_one_read_a_look(sandbox, time, watch):
    sandbox.add_report(PERIOD, seconds=100, id='adopted', created='2026-11-01T10:00:00Z')
    watched = watch(billing_period=PERIOD)
    watched.look()
    sandbox.add_report(PERIOD, seconds=0, id='another', created='2026-11-02T10:00:00Z')
    assert calls_of_a_look(sandbox, watched) == ['GET adopted']
    time.advance(100)
    watched.look()
    assert [report.id for report in watched.reports] == ['adopted'] and watched.ended


def test_a_month_of_failures_ends_with_the_newest_of_them(sandbox, watch):
    for name, created in (('older', '2026-11-01T10:00:00Z'), ('newest', '2026-11-02T10:00:00Z')):
        sandbox.add_report(PERIOD, seconds=0, ends='FAILED', created=created, id=name)
    watched = watch(billing_period=PERIOD)
    watched.look()
    assert [(report.id, report.failed) for report in watched.reports] == [('newest', True)] and watched.ended


def test_a_month_without_reports_is_not_found_at_once(sandbox, watch):
    watched = watch(billing_period='2019-01')
    with pytest.raises(NotFound, match='2019-01') as caught:
        watched.look()
    assert caught.value.kind == 'not_found' and asked(sandbox) == ['GET list']
    assert watched.reports == [] and watched.ended is False


def test_what_remains_is_what_to_ask_for_next_time(sandbox, time, watch):
    add(sandbox, 10, 20, 30)
    watched = watch(ids=['report-2', 'report-0', 'report-1'])
    assert watched.remaining == sandbox.resumed(ids=['report-2', 'report-0', 'report-1'])
    for seconds, remaining in ((10, sandbox.resumed(ids=['report-2', 'report-1'])), (10, sandbox.resumed(id='report-2'))):
        time.advance(seconds)
        watched.look()
        assert watched.remaining == remaining


def test_of_a_month_the_adopted_report_remains(sandbox, watch):
    sandbox.add_report(PERIOD, seconds=10, id='adopted')
    watched = watch(billing_period=PERIOD)
    assert watched.remaining == sandbox.resumed(billing_period=PERIOD)
    watched.look()
    assert watched.remaining == sandbox.resumed(id='adopted')


@pytest.mark.parametrize('allow_open_period', [False, True])
def test_an_early_report_is_adopted_only_where_it_is_meant(sandbox, watch, allow_open_period):
    sandbox.add_report(PERIOD, seconds=0, id='early', created='2026-10-05T00:00:00Z')
    watched = watch(billing_period=PERIOD, allow_open_period=allow_open_period)
    if allow_open_period:
        watched.look()
        assert watched.ended and watched.reports[0].id == 'early'
    else:
        with pytest.raises(NotFound, match='2026-10.*early of 2026-10.* \\(created 2026-10-05.*allow_open_period: true'):
            watched.look()


def test_an_early_failure_beside_a_whole_one_is_passed_over(sandbox, watch):
    sandbox.add_report(PERIOD, seconds=0, ends='FAILED', id='failed', created='2026-11-02T00:00:00Z')
    sandbox.add_report(PERIOD, seconds=0, id='early', created='2026-10-05T00:00:00Z')
    watched = watch(billing_period=PERIOD)
    watched.look()
    assert [(report.id, report.failed) for report in watched.reports] == [('failed', True)]


def test_a_report_that_does_not_say_when_it_was_created_is_waited_for_with_a_warning(sandbox, watch):
    sandbox.add_report(PERIOD, seconds=0, id='undated')
    sandbox.trouble(path='undated', replace={'created': None})
    warned = []
    watched = watch(billing_period=PERIOD, warn=warned.append)
    watched.look()
    assert watched.ended and len(warned) == 1 and 'undated' in warned[0]


def test_entries_without_their_month_are_read_once_however_often_it_looks(sandbox, watch):
    elsewhere = sandbox.add_report('2026-09', seconds=0, month_listed=False)
    sandbox.add_report(PERIOD, seconds=0, id='silent', month_listed=False)
    watched = watch(billing_period=PERIOD)
    sandbox.trouble(path='silent', skip=1, times=2, status=503)
    for _look in range(2):
        with pytest.raises(Unavailable):
            watched.look()
    watched.look()
    read = 0 if of(PERIOD, sandbox.product).query() else 1  # a filter leaves it out
    assert watched.ended and asked(sandbox).count(f'GET {elsewhere}') == read and asked(sandbox).count('GET silent') == 4


def test_what_would_be_waited_for_next_is_meant_as_before(sandbox, watch):
    assert watch(billing_period=PERIOD, allow_open_period=True).remaining == sandbox.resumed(billing_period=PERIOD, allow_open_period=True)


def test_padding_makes_no_other_id(sandbox, time, watch):
    add(sandbox, 0, 10)
    watched = watch(ids=['report-0==', 'report-1='])
    assert calls_of_a_look(sandbox, watched) == ['GET list', 'GET report-0%3D%3D']
    assert [(report.id, report.status) for report in watched.reports] == [('report-0==', 'COMPLETED'), ('report-1=', 'IN_PROGRESS')]
    time.advance(10)
    watched.look()
    assert watched.ended


@pytest.mark.parametrize('ids', [['report-0'], ['report-0', 'report-1']], ids=len)
def test_another_report_is_named(sandbox, watch, ids):
    add(sandbox, 0, 10)
    sandbox.trouble(path='reports/report-0', replace={'id': 'other'})
    with pytest.raises(AnotherReport, match='Reading billing report report-0 .*other'):
        watch(ids=ids).look()
