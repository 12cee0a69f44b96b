# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A month end of Webex Wholesale: each type, both products in one run, twice, restated, delivered and handed on."""

from __future__ import annotations

import json

import pytest
from evidence import PERIOD
from playbook import methods

TYPES = ('PARTNER', 'CUSTOMER', 'USER')


def shelf(kind):
    return f'wholesale-{kind.lower()}/{PERIOD}'


def wholesale(sandbox):
    return [report for report in sandbox.state()['wholesale_reports'] if report['billing_period'] == PERIOD]


@pytest.mark.parametrize('kind', TYPES)
def test_a_month_end_twice_and_restated(sandbox, run, archive, kind):
    variables = {'product': 'wholesale', 'type': kind, 'evidence': True}
    first = run(**variables)
    assert first.code == 0, first.stdout
    manifest = archive.manifests(period=shelf(kind))[1]
    assert (manifest['product'], manifest['type'], manifest['billing_period']) == ('wholesale', kind, PERIOD)
    assert archive.names() == [f'default/{shelf(kind)}/v001/{name}' for name in (
        f'billing-report-default-wholesale-{kind.lower()}-{PERIOD}.csv', 'evidence.html', 'manifest.json',
    )]
    before = archive.tree()
    again = run(**variables)
    assert (again.code, again.counts()['changed']) == (0, 0) and archive.tree() == before and methods(sandbox).count('POST') == 1, again.stdout
    restated = run(**variables, force_new=True)
    assert restated.code == 0 and 'nothing new' in restated.stdout and len(wholesale(sandbox)) == 2
    third = run(**variables)
    assert third.code == 0 and '2 billing reports look like' in third.stdout + third.stderr and len(wholesale(sandbox)) == 3, third.stdout
    for report in wholesale(sandbox):
        sandbox.forget_report(report['id'], 'wholesale')
    sandbox.add_report(PERIOD, product='wholesale', type=kind, seconds=0, rows=30)
    changed = run(**variables)
    assert changed.code == 0 and '+5 records' in changed.stdout and list(archive.manifests(period=shelf(kind))) == [1, 2], changed.stdout
    assert all('/broadworks/' not in request['target'] for request in sandbox.requests)


def test_a_partner_who_has_both(sandbox, run, archive, tmp_path):
    (tmp_path / 'deliver.yml').write_text(
        "[{ansible.builtin.debug: {msg: \"delivered {{ month_end_result.manifest.product }} as {{ month_end_result.path | basename }}\"}}]", encoding='utf-8',
    )
    partners = [
        {'partner': 'north'}, {'partner': 'north', 'product': 'wholesale'}, {'partner': 'north', 'product': 'wholesale', 'type': 'CUSTOMER'},
        {'partner': 'south', 'product': 'wholesale', 'sub_partner_org_id': 'sub'},
    ]
    outcome = run(partners=partners, deliver_tasks=str(tmp_path / 'deliver.yml'))
    assert outcome.code == 0, outcome.stdout
    told = [' '.join(line.partition(':')[0].split()) for line in outcome.told()]
    assert told == [f'north {PERIOD}', f'north wholesale-partner {PERIOD}', f'north wholesale-customer {PERIOD}', f'south wholesale-partner {PERIOD}']
    assert [len(archive.manifests(*place)) for place in (
        ('north', PERIOD), ('north', shelf('PARTNER')), ('north', shelf('CUSTOMER')), ('south', shelf('PARTNER')),
    )] == [1, 1, 1, 1]
    assert archive.manifests('south', shelf('PARTNER'))[1]['sub_partner_org_id'] == 'sub'
    assert f'delivered broadworks as billing-report-north-{PERIOD}.csv' in outcome.stdout
    assert f'delivered wholesale as billing-report-north-wholesale-customer-{PERIOD}.csv' in outcome.stdout
    before = archive.tree()
    again = run(partners=partners, delete_after=True)
    assert (again.code, archive.tree()) == (0, before), again.stdout
    assert 'None of them was adopted' in again.stdout + again.stderr, 'that of the sub-partner could be the one of the partner'


@pytest.mark.parametrize('first', [{'partner': 'north', 'internal': True}, {'partner': 'north', 'sub_partner_org_id': 'sub'}], ids=['internal', 'sub-partner'])
def test_entries_that_no_answer_tells_apart_get_a_report_each(sandbox, run, archive, first):
    outcome = run(product='wholesale', partners=[first, {'partner': 'south'}])
    assert outcome.code == 0, outcome.stdout
    filed = [archive.manifests(partner, shelf('PARTNER'))[1]['report']['id'] for partner in ('north', 'south')]
    assert len(set(filed)) == len(wholesale(sandbox)) == 2 and 'is that of another entry' in outcome.stdout + outcome.stderr, outcome.stdout


def test_the_report_of_a_sub_partner_is_not_taken_by_the_entry_before_it(sandbox, run, archive):
    first = run(product='wholesale', partner='north', sub_partner_org_id='sub')
    own = archive.manifests('north', shelf('PARTNER'))[1]['report']['id']
    outcome = run(product='wholesale', partners=[{'partner': 'south'}, {'partner': 'north', 'sub_partner_org_id': 'sub'}])
    assert (first.code, outcome.code) == (0, 0), outcome.stdout
    assert archive.manifests('south', shelf('PARTNER'))[1]['report']['id'] != own and list(archive.manifests('north', shelf('PARTNER'))) == [1]
    assert len(wholesale(sandbox)) == 2


def test_a_second_try_in_a_workflow_goes_on_with_the_report_that_was_requested(sandbox, run):
    report = sandbox.add_report(PERIOD, product='wholesale', seconds=3600)
    summary = {'partner': 'default', 'billing_period': PERIOD, 'product': 'wholesale', 'type': 'PARTNER', 'report_id': report}
    variables = {'product': 'wholesale', 'internal': True, 'retry': True}
    again = run('submit', '-e', json.dumps({'billing_month_end': summary}), **variables)
    assert again.code == 0 and [one['id'] for one in wholesale(sandbox)] == [report] and methods(sandbox).count('POST') == 0, again.stdout
    for change in (lambda: sandbox.set_status(report, 'FAILED', product='wholesale'), lambda: sandbox.forget_report(report, 'wholesale')):
        change()
        another = run('submit', '-e', json.dumps({'billing_month_end': summary}), **variables)
        assert another.code == 0 and 'created a report' in another.stdout, another.stdout
    assert methods(sandbox).count('POST') == 2


def test_submit_collect_and_hand_on(sandbox, run, archive, tmp_path):
    (tmp_path / 'deliver.yml').write_text('[{ansible.builtin.debug: {msg: "delivered {{ month_end_result.version }}"}}]', encoding='utf-8')
    variables = {'product': 'wholesale', 'type': 'USER'}
    for playbook, more in (
        ('preflight', {'preflight_days': 0}), ('submit', {}), ('collect', {}), ('hand_on', {'deliver_tasks': str(tmp_path / 'deliver.yml')}),
    ):
        outcome = run(playbook, **variables, **more)
        assert outcome.code == 0, outcome.stdout
    assert 'delivered 1' in outcome.stdout and f'default/{shelf("USER")}/v001/handed_on.json' in archive.names()
    assert methods(sandbox).count('POST') == 1


@pytest.mark.parametrize(('variables', 'part'), [
    ({'product': 'webex'}, 'month_end_product must be broadworks or wholesale'),
    ({'product': 'wholesale', 'type': 'partner'}, 'month_end_type must be PARTNER or CUSTOMER or USER'),
    ({'type': 'USER'}, 'type does not apply to the product broadworks'),
    ({'product': 'wholesale', 'sub_partner_org_id': 'a b'}, 'sub_partner_org_id must be the ID of an organization'),
    ({'partners': [{'partner': 'north', 'product': 'wholesale', 'internal': 'perhaps'}]}, 'internal in entry 1 of month_end_partners must be true or false'),
    ({'partners': [{'partner': 'north'}, {'partner': 'north', 'product': 'broadworks'}]}, 'month_end_partners must name each partner once'),
], ids=str)
def test_what_cannot_be_meant_is_refused_before_any_request(sandbox, run, variables, part):
    outcome = run(**variables)
    assert outcome.code == 2 and part in outcome.stdout, outcome.stdout
    assert sandbox.requests == []


def test_internal_organizations_are_asked_for_anew_each_time(sandbox, run):
    variables = {'product': 'wholesale', 'internal': True}
    first, second = run(**variables), run(**variables)
    assert (first.code, second.code, len(wholesale(sandbox))) == (0, 0, 2)
    assert 'None of them was adopted' in second.stdout + second.stderr and 'nothing new' in second.stdout
    alone = run('collect', **variables)
    assert alone.code == 2 and 'give the id of the report' in alone.stdout
