# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which events follow from one list after another, and how faults change the pause between two lists."""

from __future__ import annotations

from dataclasses import replace

import pytest
from ansible_collections.webex_partner.billing.plugins.module_utils._api.report import Report
from ansible_collections.webex_partner.billing.plugins.module_utils._errors import AuthenticationFailed, NotFound, PermissionRefused, Rejected
from ansible_collections.webex_partner.billing.plugins.module_utils._reports.events import LONGEST_PAUSE, Lookout, News, event
from ansible_collections.webex_partner.billing.tests.unit.connecting import asked, client_of
from ansible_collections.webex_partner.billing.tests.unit.reporting import a_report, of

API = 'https://webexapis.com/v1'
OCTOBER = a_report('abc', '2026-10', 'IN_PROGRESS')
LISTS = r'reports$'
INTERVAL = 60


@pytest.fixture
def warnings():
    return []


@pytest.fixture
def lookout(sandbox, time, warnings):
    """A lookout over the reports of the sandbox since a month."""
    def make(since=None, **options):
        client = client_of(sandbox, time, **options)
        return Lookout(client, client.product.key(), News(since), INTERVAL, warnings.append)
    return make


def ids(reports):
    return [report.id for report in reports]


def test_each_status_of_a_report_is_news_once():
    news = News()
    ended = replace(OCTOBER, status='COMPLETED')
    assert [news.of(listed) for listed in ([], [OCTOBER], [OCTOBER], [ended], [ended])] == [[], [OCTOBER], [], [ended], []]


def test_a_report_that_had_ended_before_the_first_list_is_news():
    assert ids(News().of([replace(OCTOBER, status='FAILED')])) == ['abc']


def test_an_id_with_another_padding_is_the_same_report():
    news, padded = News(), replace(OCTOBER, id='abc==')
    assert ids(news.of([OCTOBER])) == ['abc'] and news.of([padded]) == []
    assert event(OCTOBER, API)['meta'] == event(padded, API)['meta']


def test_a_report_without_a_status_is_no_news_until_it_has_one():
    news = News()
    assert news.of([replace(OCTOBER, status=None)]) == [] and news.of([OCTOBER]) == [OCTOBER]


def test_what_was_seen_is_forgotten_when_the_list_does_not_show_it():
    news = News()
    for number in range(100):
        assert len(news.of([replace(OCTOBER, id=f'report-{number}')])) == 1
    assert len(news._seen) == 1


@pytest.mark.parametrize(('period', 'is_news'), [('2026-09', False), ('2026-10', True), ('2027-01', True)])
def test_reports_before_a_month_are_no_news(sandbox, period, is_news):
    report = Report('abc', of(period, sandbox.product), 'COMPLETED')
    assert bool(News('2026-10').of([report])) is is_news


def test_a_report_that_does_not_say_its_period_is_news_in_any_case(sandbox):
    assert News('2026-10').of([Report('abc', sandbox.product.key(), 'COMPLETED')])


def test_an_event_says_what_is_allowed_and_nothing_else(sandbox):
    key = of('2026-10', sandbox.product)
    full = Report('abc', key, 'COMPLETED', '2026-11-01T00:00:00Z', 'a person', 'https://127.0.0.1/a.csv?Signature=secret', ({'code': 1},))
    said = event(full, API)
    assert said['billing_report'] == {
        'product': sandbox.product.name, 'id': 'abc', **key.to_result(), 'status': 'COMPLETED', 'created': '2026-11-01T00:00:00Z',
    }
    assert set(said) == {'billing_report', 'meta'} and set(said['meta']) == {'uuid'}


def test_the_uuid_never_changes_and_depends_on_product_address_id_and_status(sandbox):
    report = Report('abc', of('2026-10', sandbox.product), 'COMPLETED')
    known = {'broadworks': 'fb354b49-617c-563e-9f22-50863ac1a62f', 'wholesale': '2a3fcf57-faae-5eab-b8a4-4f9f33ffb99a'}
    assert event(report, API)['meta']['uuid'] == known[sandbox.product.name]
    others = event(replace(report, status='FAILED'), API), event(replace(report, id='abd'), API), event(report, 'https://127.0.0.1/v1')
    assert len({known[sandbox.product.name], *(other['meta']['uuid'] for other in others)}) == 4


def test_a_look_is_one_list_and_reports_the_oldest_first(sandbox, lookout):
    found = lookout('2026-10')
    for number, period in enumerate(('2026-10', '2026-12', '2026-11', '2026-09')):
        sandbox.add_report(period, seconds=0, id=f'report-{number}')
    sandbox.clear_requests()
    events, pause = found.look()
    assert [each['billing_report']['id'] for each in events] == ['report-0', 'report-2', 'report-1']
    assert found.look() == ([], INTERVAL) and pause == INTERVAL
    assert asked(sandbox) == ['GET list', 'GET list']


@pytest.mark.parametrize(('trouble', 'pause'), [
    ({'status': 503}, INTERVAL),
    ({'status': 423}, INTERVAL),
    ({'status': 429, 'headers': {'Retry-After': '7'}}, INTERVAL),
    ({'status': 429, 'headers': {'Retry-After': '300'}}, 300),
    ({'status': 429, 'headers': {'Retry-After': '86400'}}, LONGEST_PAUSE),
    ({'status': 429, 'headers': {'Retry-After': 'rand(30),add(30)'}}, INTERVAL),
    ({'status': 200, 'body': '<html>'}, INTERVAL),
    ({'cut': 'before'}, INTERVAL),
    ({'cut': 'body'}, INTERVAL),
])
def test_a_fault_that_passes_changes_nothing_but_the_pause(sandbox, lookout, warnings, trouble, pause):
    found = lookout('2026-10')
    sandbox.trouble(path=LISTS, times=2, **trouble)
    report = sandbox.add_report('2026-10', seconds=0)
    assert found.look() == ([], pause) == found.look()
    assert len(warnings) == 1 and warnings[0].startswith('Listing the billing reports failed: ')
    assert [each['billing_report']['id'] for each in found.look()[0]] == [report]


def test_a_fault_that_comes_back_is_reported_again(sandbox, lookout, warnings):
    found = lookout()
    for status in (503, 503, 429, 503):
        sandbox.trouble(path=LISTS, status=status)
        found.look()
    assert len(warnings) == 3
    found.look()
    sandbox.trouble(path=LISTS, status=503)
    found.look()
    assert len(warnings) == 4


@pytest.mark.parametrize(('status', 'error'), [(400, Rejected), (401, AuthenticationFailed), (403, PermissionRefused), (404, NotFound)])
def test_a_refusal_is_raised(sandbox, lookout, status, error):
    sandbox.trouble(path=LISTS, status=status, times=0)
    with pytest.raises(error):
        lookout().look()
