# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reports that answers cannot tell apart: the list is asked with a filter where there is one, and nothing is taken by guess."""

from __future__ import annotations

import pytest
from ansible_collections.webex_partner.billing.plugins.module_utils._api.products import WHOLESALE
from ansible_collections.webex_partner.billing.plugins.module_utils._errors import Conflict, InvalidInput, NotFound
from ansible_collections.webex_partner.billing.plugins.module_utils._reports.adoption import Month
from ansible_collections.webex_partner.billing.plugins.module_utils._reports.ensure import Ensure
from ansible_collections.webex_partner.billing.plugins.module_utils._reports.watch import Watch
from ansible_collections.webex_partner.billing.tests.unit.connecting import asked, client_of
from ansible_collections.webex_partner.billing.tests.unit.playing import Playing
from ansible_collections.webex_partner.billing.tests.unit.reporting import of
from webex_sandbox import Sandbox

PERIOD = '2026-10'
CREATED = '2026-11-0{0}T10:00:00Z'
INTERNAL = {'internal': True}
SUB = {'sub_partner_org_id': 'sub'}


@pytest.fixture
def sandbox(time):
    with Sandbox(clock=time.clock, now=time.now) as running:
        yield Playing(running, WHOLESALE)


@pytest.fixture
def warned():
    return []


@pytest.fixture
def ensure(sandbox, time, warned):
    return Ensure(client_of(sandbox, time), check_mode=False, warn=warned.append)


def present(ensure, on_failed='fail', **key):
    return ensure.present(of(PERIOD, WHOLESALE, **key), on_failed=on_failed, force_new=False, allow_open_period=False)


def watch(sandbox, time, warned, **key):
    client = client_of(sandbox, time)
    return Watch(client, month=Month(client, of(PERIOD, WHOLESALE, **key), allow_open_period=False), warn=warned.append)


def add(sandbox, *keys, **more):
    for number, key in enumerate(keys):
        sandbox.add_report(PERIOD, seconds=0, id=f'report-{number}', created=CREATED.format(number + 1), **more, **key)


@pytest.mark.parametrize(('key', 'adopted'), [
    ({}, 'report-0'), ({'type': 'CUSTOMER'}, 'report-1'), ({'type': 'USER'}, 'report-2'),
])
@pytest.mark.parametrize('type_key', ['type', 'reportType', ''])
def test_each_type_has_reports_of_its_own_however_answers_spell_it(sandbox, ensure, warned, key, adopted, type_key):
    add(sandbox, {}, {'type': 'CUSTOMER'}, {'type': 'USER'}, type_key=type_key)
    assert present(ensure, **key).report.id == adopted and warned == []


def test_a_server_that_does_not_filter_makes_no_difference(sandbox, ensure):
    add(sandbox, {'type': 'CUSTOMER'}, {}, {'category': 'POINT_IN_TIME'})
    items = [{**sandbox.entry(f'report-{number}', PERIOD, 'COMPLETED'), 'reportType': kind} for number, kind in enumerate(('CUSTOMER', 'PARTNER', 'PARTNER'))]
    sandbox.trouble(path='reports$', status=200, json={'items': [*items, sandbox.entry('elsewhere', '2026-09', 'COMPLETED')]})
    assert present(ensure).report.id == 'report-1', 'another category is another report, too'


def test_the_filter_finds_the_reports_of_a_sub_partner(sandbox, ensure, warned):
    add(sandbox, SUB, {'sub_partner_org_id': 'other'}, {})
    assert present(ensure, **SUB).report.id == 'report-0' and warned == []
    assert 'subPartnerOrgId=sub' in sandbox.requests[0]['target']


def test_of_those_that_look_alike_none_is_taken(sandbox, time, ensure, warned):
    """The newest one may be that of a sub-partner."""
    add(sandbox, {}, INTERNAL, SUB)
    with pytest.raises(Conflict, match='3 billing reports look like .*sub_partner_org_id or internal; give the id'):
        watch(sandbox, time, warned).look()
    outcome = present(ensure)
    assert outcome.changed and outcome.report.id not in ('report-0', 'report-1', 'report-2')
    assert len(warned) == 1 and '(report-2, report-1, report-0)' in warned[0] and 'None of them was adopted' in warned[0]


def test_one_that_has_not_failed_is_not_doubtful(sandbox, time, ensure, warned):
    add(sandbox, {'ends': 'FAILED'}, {}, {'ends': 'FAILED'})
    watched = watch(sandbox, time, warned)
    watched.look()
    assert watched.reports[0].id == present(ensure).report.id == 'report-1' and warned == []


def test_with_a_filter_only_the_rest_is_doubtful(sandbox, ensure, warned):
    add(sandbox, SUB, {}, {'sub_partner_org_id': 'other'})
    assert present(ensure, **SUB).report.id == 'report-0' and warned == []
    add(sandbox, SUB, {}, SUB | INTERNAL)
    assert present(ensure, **SUB).changed and 'shows internal. None' in warned[0]


@pytest.mark.parametrize('on_failed', ['fail', 'recreate'])
@pytest.mark.parametrize('ends', ['COMPLETED', 'FAILED'])
def test_nothing_is_adopted_or_deleted_if_nothing_tells_that_it_is_meant(sandbox, ensure, warned, ends, on_failed):
    add(sandbox, {}, INTERNAL, ends=ends)
    outcome = present(ensure, on_failed, **INTERNAL)
    assert outcome.changed and outcome.report.id not in ('report-0', 'report-1') and len(sandbox.state()['reports']) == 6
    assert len(warned) == 1 and 'shows internal. None of them was adopted' in warned[0]


def test_nobody_is_warned_where_nothing_looks_alike(sandbox, ensure, warned):
    assert present(ensure, **INTERNAL).changed and warned == []
    assert asked(sandbox)[:2] == ['GET list', 'POST list']


@pytest.mark.parametrize('trouble', [{'status': 504}, {'status': 409}], ids=str)
def test_a_report_that_was_not_there_before_is_the_one_that_was_meant(sandbox, ensure, trouble):
    add(sandbox, {}, INTERNAL)
    sandbox.trouble(method='POST', path='reports$', processed=True, **trouble)
    outcome = present(ensure, **INTERNAL)
    assert outcome.report.id not in ('report-0', 'report-1') and outcome.changed is (trouble['status'] == 504)


def test_a_wait_or_a_deletion_by_month_does_not_guess(sandbox, time, ensure, warned):
    add(sandbox, {}, INTERNAL)
    for guess in (watch(sandbox, time, warned, **INTERNAL).look, lambda: ensure.absent_month(of(PERIOD, WHOLESALE, **INTERNAL))):
        with pytest.raises(InvalidInput, match='2026-10 of type PARTNER with internal organizations .* shows internal; give the id'):
            guess()
    assert sandbox.requests == []


def test_a_deletion_by_month_keeps_to_the_key(sandbox, ensure):
    add(sandbox, {}, {'type': 'CUSTOMER'}, SUB, {'category': 'POINT_IN_TIME'})
    assert [report.id for report in ensure.absent_month(of(PERIOD, WHOLESALE, **SUB)).before] == ['report-2']
    assert [report.id for report in ensure.absent_month(of(PERIOD, WHOLESALE)).before] == ['report-0']


def test_what_would_be_waited_for_next_names_the_key(sandbox, time, warned):
    watched = watch(sandbox, time, warned, type='CUSTOMER', **SUB)
    assert watched.remaining == {'product': 'wholesale', 'billing_period': PERIOD, 'type': 'CUSTOMER', 'sub_partner_org_id': 'sub'}
    with pytest.raises(NotFound, match='of 2026-10 of type CUSTOMER for sub-partner sub; create .*webex_partner.billing.wholesale_billing_report'):
        watched.look()
