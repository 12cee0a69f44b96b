# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Having a report of a month, or none: what reaches the sandbox, and what it holds afterwards."""

from __future__ import annotations

import pytest
from ansible_collections.webex_partner.billing.plugins.module_utils._api.products import BROADWORKS, PRODUCTS
from ansible_collections.webex_partner.billing.plugins.module_utils._reports.ensure import REFUSED, Ensure
from ansible_collections.webex_partner.billing.plugins.module_utils._errors import (
    AuthenticationFailed, BillingError, Conflict, ExchangeTimeout, InvalidInput, NetworkFault, RateLimited, ReportFailed, Unavailable,
)
from ansible_collections.webex_partner.billing.tests.unit.connecting import asked, client_of, minting
from ansible_collections.webex_partner.billing.tests.unit.fake_time import FakeTime
from ansible_collections.webex_partner.billing.tests.unit.playing import Playing
from ansible_collections.webex_partner.billing.tests.unit.reporting import of
from webex_sandbox import Sandbox

PERIOD = '2026-10'
HINT = BROADWORKS.elsewhere
POST = {'method': 'POST', 'path': 'reports$'}
LIST = {'method': 'GET', 'path': 'reports$'}

LOST = [
    pytest.param({'cut': 'before'}, id='reset'),
    pytest.param({'cut': 'headers'}, id='cut in the headers'),
    pytest.param({'cut': 'body'}, id='cut in the body'),
    *(pytest.param({'status': status}, id=str(status)) for status in (408, 500, 502, 503, 504, 599)),
    pytest.param({'status': 503, 'headers': {'Retry-After': '900'}}, id='503 that asks to wait'),
    *(pytest.param({'status': status}, id=f'{status} and empty') for status in (200, 201, 202, 204)),
    pytest.param({'status': 200, 'body': '<html>Log in</html>'}, id='200 with HTML'),
    pytest.param({'status': 200, 'json': {}}, id='200 without an id'),
    pytest.param({'status': 200, 'json': {'id': None}}, id='200 with an id of null'),
    pytest.param({'status': 200, 'json': ['abc']}, id='200 with a list'),
    pytest.param({'status': 302, 'headers': {'Location': '/login'}}, id='302'),
]


@pytest.fixture
def warned():
    return []


@pytest.fixture
def ensure(sandbox, time, warned):
    return make(sandbox, time, warned)


def make(sandbox, time, warned, check_mode=False, **options):
    return Ensure(client_of(sandbox, time, **options), check_mode=check_mode, warn=warned.append)


def present(ensure, period=PERIOD, on_failed='fail', force_new=False, allow_open_period=False):
    return ensure.present(of(period, ensure._client.product), on_failed=on_failed, force_new=force_new, allow_open_period=allow_open_period)


def add(sandbox, *statuses, period=PERIOD):
    """Reports of a month, the newest last, named by number."""
    return [
        sandbox.add_report(period, seconds=0, ends=status, id=f'report-{number}', created=f'2026-11-0{number + 1}T10:00:00Z')
        for number, status in enumerate(statuses)
    ]


def held(sandbox, period=PERIOD):
    return [report['id'] for report in sandbox.state()['reports'] if report['billing_period'] == period]


def posts(sandbox):
    return asked(sandbox).count('POST list')


def ids(outcome, side):
    return [report['id'] for report in outcome.to_result()['diff'][side]['reports']]


def test_a_month_without_a_report_gets_one(sandbox, ensure):
    outcome = present(ensure)
    made, = held(sandbox)
    assert asked(sandbox) == ['GET list', 'POST list', f'GET {made}']
    assert outcome.changed and (outcome.report.id, outcome.report.status) == (made, 'IN_PROGRESS') and outcome.report.created
    assert outcome.to_result()['diff'] == {
        'before': {'reports': []}, 'after': {'reports': [sandbox.listed(made, PERIOD, 'IN_PROGRESS')]},
    }


@pytest.mark.parametrize('status', ['COMPLETED', 'IN_PROGRESS', 'REQUESTED', 'AWAITING_MOON'])
def test_what_has_not_failed_is_adopted(sandbox, ensure, status):
    older = 'FAILED' if sandbox.hides else 'COMPLETED'  # of two that have not failed, the newest, where one cannot be of another key
    add(sandbox, older, status, 'FAILED')
    outcome = present(ensure, on_failed='recreate')
    assert not outcome.changed and (outcome.report.id, outcome.report.status) == ('report-1', status)
    assert {request['method'] for request in sandbox.requests} == {'GET'}
    assert sorted(held(sandbox)) == ids(outcome, 'before') == ids(outcome, 'after')[:3] == ['report-0', 'report-1', 'report-2']


def test_a_report_in_progress_is_adopted(sandbox, ensure):
    going_on = sandbox.add_report(PERIOD, seconds=3600)
    outcome = present(ensure)
    assert (outcome.changed, outcome.report.id) == (False, going_on) and posts(sandbox) == 0


def test_a_second_time_changes_nothing(sandbox, ensure):
    assert [present(ensure).changed, present(ensure).changed] == [True, False]
    assert len(held(sandbox)) == 1


@pytest.mark.parametrize('check_mode', [False, True])
def test_a_month_of_failures_fails_with_their_errors(sandbox, time, warned, check_mode):
    errors = [{'code': 7, 'description': 'No moon.'}]
    sandbox.add_report(PERIOD, seconds=0, ends='FAILED', id='failed', errors=errors)
    with pytest.raises(ReportFailed) as caught:
        present(make(sandbox, time, warned, check_mode))
    assert caught.value.kind == 'report_failed' and caught.value.details == errors
    for part in (PERIOD, f'failed of {sandbox.said(PERIOD)} (7 No moon.)', 'on_failed: recreate'):
        assert part in str(caught.value)
    assert held(sandbox) == ['failed'] and posts(sandbox) == 0


def test_or_is_recreated_by_its_failures_alone(sandbox, ensure):
    add(sandbox, 'FAILED', 'FAILED')
    elsewhere = sandbox.add_report('2026-09', seconds=0, ends='FAILED')
    outcome = present(ensure, on_failed='recreate')
    made, = held(sandbox)
    assert outcome.changed and outcome.report.id == made
    assert asked(sandbox)[3:] == ['DELETE report-1', 'DELETE report-0', 'POST list', f'GET {made}']
    assert held(sandbox, '2026-09') == [elsewhere]
    assert sorted(ids(outcome, 'before')) == ['report-0', 'report-1'] and ids(outcome, 'after') == [made]


def test_what_the_list_calls_failed_is_not_deleted_if_it_says_otherwise_itself(sandbox, ensure):
    add(sandbox, 'COMPLETED')
    sandbox.trouble(**LIST, status=200, json={'items': [sandbox.entry('report-0', PERIOD, 'FAILED')]})
    outcome = present(ensure, on_failed='recreate')
    assert not outcome.changed and outcome.report.id == 'report-0' and held(sandbox) == ['report-0']


def test_what_fails_meanwhile_is_recreated_with_the_rest(sandbox, ensure):
    add(sandbox, 'FAILED', 'FAILED')
    items = [sandbox.entry(f'report-{number}', PERIOD, status) for number, status in enumerate(('FAILED', 'IN_PROGRESS'))]
    sandbox.trouble(**LIST, status=200, json={'items': items})
    assert [present(ensure, on_failed='recreate').report.id] == held(sandbox)


def test_a_failed_report_that_is_gone_at_its_deletion_is_as_good_as_deleted(sandbox, ensure):
    add(sandbox, 'FAILED')
    sandbox.trouble(method='DELETE', status=404, processed=True)
    assert [present(ensure, on_failed='recreate').report.id] == held(sandbox)


def test_force_new_creates_another_one(sandbox, ensure):
    add(sandbox, 'COMPLETED', 'FAILED')
    outcome = present(ensure, force_new=True)
    assert outcome.changed and outcome.report.id not in ('report-0', 'report-1') and len(held(sandbox)) == 3
    assert ids(outcome, 'after') == [outcome.report.id, *ids(outcome, 'before')]
    assert asked(sandbox) == ['GET list', 'POST list', f'GET {outcome.report.id}']


@pytest.mark.parametrize('force_new', [False, True])
@pytest.mark.parametrize('trouble', LOST)
def test_a_lost_answer_to_a_create_that_worked(sandbox, ensure, warned, trouble, force_new):
    add(sandbox, *['COMPLETED'] * force_new)
    sandbox.trouble(**POST, **trouble, processed=True)
    outcome = present(ensure, force_new=force_new)
    made, = set(held(sandbox)) - {'report-0'}
    assert outcome.changed and outcome.report.id == made
    assert asked(sandbox) == ['GET list', 'POST list', 'GET list', f'GET {made}'] and warned == []
    assert ids(outcome, 'after') == [made, *ids(outcome, 'before')]


@pytest.mark.parametrize('force_new', [False, True])
@pytest.mark.parametrize('trouble', LOST)
def test_a_lost_answer_to_a_create_that_did_not(sandbox, ensure, trouble, force_new):
    add(sandbox, *['COMPLETED'] * force_new)
    sandbox.trouble(**POST, **trouble, processed=False)
    with pytest.raises(BillingError, match=f'Creating a billing report of {sandbox.said(PERIOD)} failed.*list shows no new report') as caught:
        present(ensure, force_new=force_new)
    assert asked(sandbox) == ['GET list', 'POST list', 'GET list']
    assert ('force_new' in caught.value.remedy) is force_new, 'to run it again is safe without force_new only'
    assert len(held(sandbox)) == force_new


@pytest.mark.clock
@pytest.mark.parametrize('processed', [True, False])
def test_an_answer_that_comes_too_late(warned, processed):
    time = FakeTime(patience=0.5)
    with Sandbox(clock=time.clock, now=time.now) as sandbox:
        sandbox.trouble(**POST, delay=60, processed=processed)
        ensure = make(sandbox, time, warned, retry_timeout=600)
        if processed:
            outcome = present(ensure)
            assert outcome.changed and [outcome.report.id] == held(sandbox)
        else:
            with pytest.raises(ExchangeTimeout, match='list shows no new report'):
                present(ensure)
        assert posts(sandbox) == 1


def test_of_several_that_turned_up_the_newest_counts(sandbox, ensure):
    add(sandbox, 'COMPLETED', 'COMPLETED', 'FAILED')
    sandbox.trouble(**LIST, status=200, json={'items': []})
    sandbox.trouble(**POST, status=504)
    outcome = present(ensure)
    assert outcome.changed and outcome.report.id == 'report-1'


@pytest.mark.parametrize('list_trouble', [{'status': 503}, {'cut': 'before'}, {'status': 403}, {'status': 200, 'body': '<html>'}], ids=str)
def test_a_lost_answer_and_a_list_that_fails_too(sandbox, ensure, list_trouble):
    sandbox.trouble(**POST, status=504)
    sandbox.trouble(**LIST, skip=1, **list_trouble)
    with pytest.raises(Unavailable) as caught:
        present(ensure)
    assert caught.value.http_status == 504 and posts(sandbox) == 1
    for part in ('504', 'Creating', 'Listing the billing reports failed', 'run the task again'):
        assert part in str(caught.value)


def test_a_list_after_a_lost_answer_is_retried(sandbox, time, warned):
    sandbox.trouble(**POST, status=504, processed=True)
    sandbox.trouble(**LIST, skip=1, times=3, status=503)
    outcome = present(make(sandbox, time, warned, retry_timeout=60))
    assert outcome.changed and [outcome.report.id] == held(sandbox) and posts(sandbox) == 1


@pytest.mark.parametrize('answer', ['read', 'lost'])
def test_a_report_that_fails_at_once_is_not_usable(sandbox, ensure, answer):
    sandbox.trouble(path='reports/', replace={'status': 'FAILED', 'errors': [{'code': 7, 'description': 'No.'}]}, times=0)
    if answer == 'lost':
        sandbox.trouble(**POST, cut='before', processed=True)
    with pytest.raises(ReportFailed, match='created and ended FAILED.*7 No') as caught:
        present(ensure, on_failed='recreate')
    assert posts(sandbox) == 1 and caught.value.details == [{'code': 7, 'description': 'No.'}] and len(held(sandbox)) == 1


@pytest.mark.parametrize('trouble', [{'status': 404}, {'status': 503}, {'cut': 'before'}], ids=str)
def test_a_created_report_that_cannot_be_read_is_created_all_the_same(sandbox, ensure, warned, trouble):
    sandbox.trouble(path='reports/', **trouble)
    outcome = present(ensure)
    made, = held(sandbox)
    assert outcome.changed
    assert (outcome.report.id, outcome.report.billing_period, outcome.report.status) == (made, PERIOD, None)
    assert len(warned) == 1 and made in warned[0] and 'was created' in warned[0]


@pytest.mark.parametrize('status', [400, 403, 409])
def test_a_refusal_reminds_of_the_wholesale_model(sandbox, ensure, status):
    sandbox.trouble(**POST, status=status)
    with pytest.raises(BillingError) as caught:
        present(ensure)
    assert caught.value.http_status == status and (HINT in str(caught.value)) is (sandbox.product is BROADWORKS)
    assert asked(sandbox) == ['GET list', 'POST list', *['GET list'] * (status == 409)]


@pytest.mark.parametrize(('status', 'error', 'tries'), [
    (423, Unavailable, 61), (429, RateLimited, 61), (407, NetworkFault, 1), (404, BillingError, 1), (415, BillingError, 1),
])
def test_a_refusal_is_certain_and_final(sandbox, time, warned, status, error, tries):
    sandbox.trouble(**POST, status=status, headers={'Retry-After': '1'}, times=0)
    with pytest.raises(error) as caught:
        present(make(sandbox, time, warned, retry_timeout=60))
    assert asked(sandbox) == ['GET list', *['POST list'] * len(sandbox.requests[1:])] and len(time.pauses) == posts(sandbox) - 1
    assert (posts(sandbox) > 1) is (tries > 1)
    assert 'olesale' not in str(caught.value) and 'list shows' not in str(caught.value)


def test_what_is_certain_is_an_exception_to_what_is_lost():
    assert set(REFUSED) == {407, 423, 429}


@pytest.mark.parametrize('status', [423, 429])
def test_a_create_that_was_turned_away_is_asked_for_again(sandbox, time, warned, status):
    sandbox.trouble(**POST, status=status, headers={'Retry-After': '7'})
    outcome = present(make(sandbox, time, warned, retry_timeout=60))
    assert outcome.changed and [outcome.report.id] == held(sandbox) and posts(sandbox) == 2 and time.pauses == [7] and warned == []


EARLY = '2026-10-05T00:00:00Z'


@pytest.mark.parametrize('on_failed', ['fail', 'recreate'])
@pytest.mark.parametrize('status', ['COMPLETED', 'IN_PROGRESS', 'FAILED'])
def test_an_early_report_gets_another_one_beside_it(sandbox, ensure, warned, status, on_failed):
    sandbox.add_report(PERIOD, seconds=0, ends=status, id='early', created=EARLY)
    outcome = present(ensure, on_failed=on_failed)
    assert outcome.changed and sorted(held(sandbox)) == sorted(['early', outcome.report.id])
    assert ids(outcome, 'before') == ['early'] and ids(outcome, 'after') == [outcome.report.id, 'early'] and warned == []
    again = present(ensure, on_failed=on_failed)
    assert (again.changed, again.report.id) == (False, outcome.report.id)


def test_recreating_leaves_an_early_report_alone(sandbox, ensure):
    sandbox.add_report(PERIOD, seconds=0, ends='FAILED', id='early', created=EARLY)
    sandbox.add_report(PERIOD, seconds=0, ends='FAILED', id='failed')
    with pytest.raises(ReportFailed) as caught:
        present(ensure)
    assert 'failed of 2026-10' in str(caught.value) and 'early' not in str(caught.value)
    outcome = present(ensure, on_failed='recreate')
    assert sorted(held(sandbox)) == sorted(['early', outcome.report.id])


def test_an_early_report_is_adopted_where_it_is_meant(sandbox, ensure):
    sandbox.add_report(PERIOD, seconds=0, id='early', created=EARLY)
    outcome = present(ensure, allow_open_period=True)
    assert (outcome.changed, outcome.report.id) == (False, 'early')


@pytest.mark.parametrize('force_new', [False, True])
def test_a_conflict_with_an_early_report_names_it_and_says_how_to_delete_it(sandbox, ensure, force_new):
    sandbox.add_report(PERIOD, seconds=0, id='early', created=EARLY)
    sandbox.trouble(**POST, status=409)
    with pytest.raises(Conflict) as caught:
        present(ensure, force_new=force_new)
    for part in ('409', f'early of {sandbox.said(PERIOD)} (created {EARLY})', "{state: absent, id: 'early'}"):
        assert part in str(caught.value)
    assert held(sandbox) == ['early'] and posts(sandbox) == 1 and HINT not in str(caught.value)


def test_a_lost_answer_adopts_no_early_report(sandbox, ensure):
    sandbox.add_report(PERIOD, seconds=0, id='early', created=EARLY)
    sandbox.trouble(**POST, status=504)
    with pytest.raises(Unavailable, match='list shows no new report'):
        present(ensure)


def test_a_report_that_webex_dates_before_the_end_of_its_month_is_not_usable(sandbox, ensure):
    sandbox.trouble(path='reports/', replace={'created': EARLY})
    with pytest.raises(InvalidInput, match=f'was created, but Webex dates it {EARLY}.*clock'):
        present(ensure)


def test_check_mode_does_not_adopt_an_early_report_either(sandbox, time, warned):
    sandbox.add_report(PERIOD, seconds=0, id='early', created=EARLY)
    outcome = present(make(sandbox, time, warned, check_mode=True))
    assert outcome.changed and ids(outcome, 'after') == [None, 'early'] and held(sandbox) == ['early']


def test_a_report_whose_entry_does_not_say_its_month_is_adopted(sandbox, ensure, warned):
    sandbox.add_report(PERIOD, seconds=0, id='silent', month_listed=False)
    outcome = present(ensure)
    assert (outcome.changed, outcome.report.id) == (False, 'silent') and posts(sandbox) == 0 and warned == []


def test_a_report_that_does_not_say_when_it_was_created_is_adopted_with_a_warning(sandbox, ensure, warned):
    add(sandbox, 'COMPLETED')
    sandbox.trouble(path='report-0', replace={'created': None})
    assert present(ensure).report.id == 'report-0' and len(warned) == 1 and 'report-0' in warned[0]


def test_a_month_is_emptied_of_early_and_silent_reports_too(sandbox, ensure):
    sandbox.add_report(PERIOD, seconds=0, id='early', created=EARLY)
    sandbox.add_report(PERIOD, seconds=0, id='silent', month_listed=False)
    elsewhere = sandbox.add_report('2026-09', seconds=0, month_listed=False)
    assert sorted(ids(ensure.absent_month(of(PERIOD, sandbox.product)), 'before')) == ['early', 'silent']
    assert held(sandbox) == [] and held(sandbox, '2026-09') == [elsewhere]


@pytest.mark.parametrize('lost', [False, True])
@pytest.mark.parametrize('force_new', [False, True])
@pytest.mark.parametrize('product', PRODUCTS.values(), ids=list(PRODUCTS))
def test_a_created_report_that_is_not_visible_yet(time, warned, product, force_new, lost):
    with Sandbox(clock=time.clock, now=time.now, lag_seconds=5, generation_seconds=60) as played:
        sandbox = Playing(played, product)
        if lost:
            sandbox.trouble(**POST, status=504, processed=True)
            sandbox.trouble(**LIST, skip=1, status=200, json={'items': [sandbox.entry('mine', PERIOD, 'IN_PROGRESS')]})
            sandbox.trouble(path='mine', times=3, status=404)
            sandbox.trouble(path='mine', status=200, json={**sandbox.entry('mine', PERIOD, 'IN_PROGRESS'), 'created': '2026-11-05T12:00:00Z'})
        outcome = present(make(sandbox, time, warned, retry_timeout=60), force_new=force_new)
        assert outcome.changed and outcome.report.status == 'IN_PROGRESS' and warned == []
        assert posts(sandbox) == 1 and time.pauses == [1, 2, 4]


def test_a_created_report_that_stays_invisible_is_given_a_minute(sandbox, time, warned):
    sandbox.trouble(path='reports/', times=0, status=404)
    outcome = present(make(sandbox, time, warned, retry_timeout=600))
    assert outcome.changed and [outcome.report.id] == held(sandbox) and posts(sandbox) == 1
    assert 60 <= sum(time.pauses) < 75 and len(warned) == 1 and 'was created' in warned[0]


def test_a_conflict_adopts_what_somebody_else_created(sandbox, ensure):
    sandbox.trouble(**POST, status=409, processed=True)
    outcome = present(ensure)
    assert not outcome.changed and [outcome.report.id] == held(sandbox)
    assert asked(sandbox) == ['GET list', 'POST list', 'GET list', f'GET {outcome.report.id}']
    assert ids(outcome, 'before') == ids(outcome, 'after') == held(sandbox)


def test_a_conflict_after_a_deletion_is_a_change(sandbox, ensure):
    add(sandbox, 'FAILED')
    sandbox.trouble(**POST, status=409, processed=True)
    outcome = present(ensure, on_failed='recreate')
    assert outcome.changed and ids(outcome, 'before') == ['report-0'] and ids(outcome, 'after') == held(sandbox)


def test_a_conflict_adopts_no_old_report_where_a_new_one_was_asked_for(sandbox, ensure):
    add(sandbox, 'COMPLETED')
    sandbox.trouble(**POST, status=409)
    with pytest.raises(Conflict, match='list shows no new report'):
        present(ensure, force_new=True)
    assert posts(sandbox) == 1


def test_a_failure_after_deletions_says_so(sandbox, ensure):
    add(sandbox, 'FAILED', 'FAILED')
    sandbox.trouble(**POST, status=403)
    with pytest.raises(BillingError, match='403.*after 2 were deleted'):
        present(ensure, on_failed='recreate')
    assert held(sandbox) == []


def test_nothing_is_created_where_a_deletion_fails(sandbox, ensure):
    add(sandbox, 'FAILED', 'FAILED')
    sandbox.trouble(path='report-0', method='DELETE', status=403)
    with pytest.raises(BillingError, match='Deleting billing report report-0 failed.*after 1 were deleted') as caught:
        present(ensure, on_failed='recreate')
    assert posts(sandbox) == 0 and held(sandbox) == ['report-0'] and HINT not in str(caught.value)


def test_an_expired_token_is_renewed_and_the_create_asked_again_once(sandbox, time, warned):
    sandbox.trouble(**POST, status=401)
    outcome = present(make(sandbox, time, warned, **minting(sandbox, access_token=sandbox.access_token)))
    assert outcome.changed and [outcome.report.id] == held(sandbox)
    assert asked(sandbox) == ['GET list', 'POST list', 'POST token', 'POST list', f'GET {outcome.report.id}']


def test_a_create_that_is_refused_with_401_twice_is_final(sandbox, time, warned):
    sandbox.trouble(**POST, status=401, times=0)
    with pytest.raises(AuthenticationFailed):
        present(make(sandbox, time, warned, **minting(sandbox, access_token=sandbox.access_token)))
    assert asked(sandbox) == ['GET list', 'POST list', 'POST token', 'POST list']


@pytest.mark.parametrize('trouble', [{'status': 503}, {'cut': 'before'}, {'status': 200, 'body': '<html>'}, {'status': 400}, {'status': 403}], ids=str)
def test_a_token_that_cannot_be_minted_leaves_no_doubt(sandbox, time, warned, trouble):
    sandbox.trouble(**POST, status=401)
    sandbox.trouble(path='access_token', **trouble)
    with pytest.raises(BillingError, match='Getting an access token') as caught:
        present(make(sandbox, time, warned, **minting(sandbox, access_token=sandbox.access_token)))
    assert asked(sandbox) == ['GET list', 'POST list', 'POST token']
    assert HINT not in str(caught.value) and 'list shows' not in str(caught.value)


@pytest.mark.parametrize(('statuses', 'options', 'changed', 'report', 'after'), [
    ([], {}, True, None, [None]),
    (['COMPLETED'], {}, False, 'report-0', ['report-0']),
    (['COMPLETED'], {'force_new': True}, True, None, [None, 'report-0']),
    (['FAILED'], {'on_failed': 'recreate'}, True, None, [None]),
    (['FAILED'], {'force_new': True}, True, None, [None, 'report-0']),
], ids=str)
def test_check_mode_reads_and_tells(sandbox, time, warned, statuses, options, changed, report, after):
    names = add(sandbox, *statuses)
    outcome = present(make(sandbox, time, warned, check_mode=True), **options)
    result = outcome.to_result()
    assert (outcome.changed, result['report']['id'], result['report']['billing_period']) == (changed, report, PERIOD)
    assert ids(outcome, 'before') == names == held(sandbox) and ids(outcome, 'after') == after
    assert {request['method'] for request in sandbox.requests} == {'GET'}


def test_a_report_is_deleted(sandbox, ensure):
    add(sandbox, 'COMPLETED', 'COMPLETED')
    outcome = ensure.absent('report-0')
    assert outcome.changed and outcome.report is None and held(sandbox) == ['report-1']
    assert asked(sandbox) == ['GET report-0', 'DELETE report-0']
    assert ids(outcome, 'before') == ['report-0'] and ids(outcome, 'after') == []


@pytest.mark.parametrize('status', [404, 410])
@pytest.mark.parametrize('method', ['GET', 'DELETE'])
def test_one_that_is_gone_already_is_no_change(sandbox, ensure, method, status):
    add(sandbox, 'COMPLETED')
    sandbox.trouble(method=method, path='report-0', status=status)
    outcome = ensure.absent('report-0')
    assert not outcome.changed and ids(outcome, 'before') == ids(outcome, 'after') == []


@pytest.mark.parametrize('trouble', [{'cut': 'before'}, {'status': 504}], ids=str)
def test_a_deletion_whose_answer_was_lost_is_a_change(sandbox, time, warned, trouble):
    add(sandbox, 'COMPLETED')
    sandbox.trouble(method='DELETE', processed=True, **trouble)
    outcome = make(sandbox, time, warned, retry_timeout=60).absent('report-0')
    assert outcome.changed and asked(sandbox) == ['GET report-0', 'DELETE report-0', 'DELETE report-0']


def test_a_month_is_emptied_whatever_its_reports_are(sandbox, ensure):
    add(sandbox, 'COMPLETED', 'FAILED', 'REQUESTED')
    elsewhere = sandbox.add_report('2026-09', seconds=0)
    outcome = ensure.absent_month(of(PERIOD, sandbox.product))
    assert outcome.changed and held(sandbox) == [] and held(sandbox, '2026-09') == [elsewhere]
    assert sorted(ids(outcome, 'before')) == ['report-0', 'report-1', 'report-2']
    assert not ensure.absent_month(of(PERIOD, sandbox.product)).changed


def test_of_a_month_only_what_this_task_deleted_is_a_change(sandbox, ensure):
    add(sandbox, 'COMPLETED', 'COMPLETED')
    sandbox.trouble(method='DELETE', path='report-0', status=404)
    assert ids(ensure.absent_month(of(PERIOD, sandbox.product)), 'before') == ['report-1']


def test_a_deletion_that_is_refused_fails(sandbox, ensure):
    add(sandbox, 'COMPLETED')
    sandbox.trouble(method='DELETE', status=409)
    with pytest.raises(Conflict, match='Deleting billing report report-0') as caught:
        ensure.absent('report-0')
    assert HINT not in str(caught.value)


@pytest.mark.parametrize('there', [True, False])
def test_check_mode_deletes_nothing(sandbox, time, warned, there):
    names = add(sandbox, *['COMPLETED'] * there)
    ensure = make(sandbox, time, warned, check_mode=True)
    for outcome in (ensure.absent('report-0'), ensure.absent_month(of(PERIOD, sandbox.product))):
        assert outcome.changed is there and ids(outcome, 'before') == names and ids(outcome, 'after') == []
    assert held(sandbox) == names and {request['method'] for request in sandbox.requests} == {'GET'}


def test_no_signed_url_is_in_a_result(sandbox, ensure):
    add(sandbox, 'COMPLETED')
    outcome = present(ensure)
    assert outcome.report.temp_download_url
    result = outcome.to_result()
    assert result['report']['temp_download_url'] is result['report']['temp_download_url_expires'] is None
    assert 'Signature' not in str(result)
