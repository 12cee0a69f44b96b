# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action that settles a month end: what it returns, what it prints, what it refuses."""

from __future__ import annotations

import pytest
from ansible_collections.webex_partner.billing.plugins.action import billing_month_end_plan
from ansible_collections.webex_partner.billing.plugins.module_utils._month_end.variables import VARIABLES
from ansible_collections.webex_partner.billing.plugins.plugin_utils import _action
from ansible_collections.webex_partner.billing.tests.unit.acting import act


@pytest.fixture
def said(monkeypatch):
    lines = []
    monkeypatch.setattr(_action.display, 'display', lines.append)
    return lines


@pytest.fixture(autouse=True)
def clock(monkeypatch, time):
    monkeypatch.setattr(billing_month_end_plan, 'Time', lambda: time)


def test_what_it_resolved_to_is_returned_and_printed(said):
    result = act(billing_month_end_plan.ActionModule, period='previous', partners=['north', 'south'])
    assert result['billing_period'] == '2026-10' and [record['partner'] for record in result['partners']] == ['north', 'south']
    assert said == ['Month end of 2026-10 for north, south']
    assert result['check_mode'] is False and act(billing_month_end_plan.ActionModule, check_mode=True, period='2026-10')['check_mode'] is True
    assert not result.get('failed') and not result.get('changed')


def test_a_refusal_is_a_sentence_and_data(said):
    result = act(billing_month_end_plan.ActionModule, period='October')
    assert result['failed'] is True and result['error']['kind'] == 'invalid_input'
    assert "'October'" in result['msg']
    assert said == []


def plan(entry_point='main', **variables):
    """The result for variables of the role, without their prefix, beside any others."""
    given = {'playbook_dir': '/nowhere', 'period': '2026-10', 'archive': '/archive', **variables}
    named = {name if name.startswith(('awx_', 'billing_', 'playbook_')) else f'month_end_{name}': value for name, value in given.items()}
    return act(billing_month_end_plan.ActionModule, task_vars=named, entry_point=entry_point)


def test_the_plan_of_the_role(said):
    result = plan(partner=12.10, on_failed=' recreate ', force_new='true', wait_timeout='90', evidence='no', period=' 2026-10 ')
    assert not result.get('failed') and 'warnings' not in result
    assert result['settings'] == {
        'archive': '/archive', 'on_failed': 'recreate', 'force_new': True, 'wait_timeout': 90, 'poll_interval': 5, 'max_poll_interval': 60,
        'heartbeat_interval': 60, 'evidence': False, 'delete_after': False, 'deliver_tasks': '', 'notify_room': '', 'has_entries': False,
        'preflight_needs': ['read', 'write'], 'preflight_days': 35, 'compare': False, 'key': [], 'group_by': [], 'sum': [], 'decimal': '.',
    }
    assert result['summary'] == {
        'partner': '12.1', 'billing_period': '2026-10', 'status': None, 'report_id': None, 'version': None, 'records': None, 'size': None,
        'sha256': None, 'changed': False, 'archive_path': None, 'product': 'broadworks', 'type': None,
    }


@pytest.mark.parametrize('blank', [None, '', '  '])
def test_a_blank_variable_counts_as_unset(said, blank):
    names = [name for name in VARIABLES if name not in ('period', 'archive')]
    assert plan(**dict.fromkeys(names, blank)) == plan()
    assert 'month_end_archive is missing' in plan(archive=blank)['msg']
    assert 'month_end_period is missing' in plan(period=blank)['msg']


def test_a_second_try_that_somebody_approved(said):
    settings = plan(retry='true', on_failed='fail', force_new=True)['settings']
    assert (settings['on_failed'], settings['force_new']) == ('recreate', False)


@pytest.mark.parametrize(('variables', 'part'), [
    ({'period': '2026-13'}, "month_end_period is '2026-13'"), ({'period': '9999-01'}, 'month_end_period 9999-01 has not ended'),
    ({'period': 'previous', 'time_zone': 'Atlantis'}, "month_end_time_zone 'Atlantis'"), ({'archive': 'arch'}, 'month_end_archive must be an absolute path'),
    ({'on_failed': 'pray'}, "month_end_on_failed must be fail or recreate, not 'pray'"), ({'force_new': 'perhaps'}, 'month_end_force_new must be true'),
    ({'wait_timeout': 'long'}, 'month_end_wait_timeout must be a number'), ({'wait_timeout': -1}, 'month_end_wait_timeout must be a number'),
    ({'partner': ['a']}, 'month_end_partner must be a text'), ({'partners': 'canary'}, 'month_end_partners must be a list'),
    ({'partners': [{'access_token': 'canary'}]}, 'entry 1 of month_end_partners does not name its partner'),
    ({'partners': [{'partner': 'a'}, {'partner': 'b', 'acces_token': 'canary'}]}, 'entry 2 of month_end_partners has the key acces_token'),
    ({'partners': [{'partner': 'a', 'access_token': ['canary']}]}, 'access_token in entry 1'),
    ({'partners': [{'partner': 'a', 'request_timeout': 'canary'}]}, 'request_timeout in entry 1 of month_end_partners must be a number'),
    ({'partners': [{'partner': 'a', 'validate_certs': 'canary'}]}, 'validate_certs in entry 1 of month_end_partners must be true'),
    ({'partners': [{'partner': 12.1}, {'partner': '12.1'}]}, "month_end_partners must name each partner once, not '12.1' twice"),
    ({'deliver_tasks': 'deliver.yml'}, 'The file /nowhere/deliver.yml does not exist'),
    ({'deliver_tasks': 'delete.yml', 'playbook_dir': billing_month_end_plan.COLLECTION + '/playbooks'}, "month_end_deliver_tasks is the relative path"),
], ids=str)
def test_an_invalid_variable_is_refused_by_its_name(said, variables, part):
    result = plan(**variables)
    assert result['failed'] is True and result['error']['kind'] == 'invalid_input' and part in result['msg'], result
    assert 'canary' not in str(result) and said == []


def test_entries_may_hold_blanks_and_numbers(said):
    result = plan(partners=[{'partner': 42, 'access_token': '', 'request_timeout': None}, {'partner': 'pop', 'retry_timeout': '5', 'validate_certs': 'no'}])
    assert [record['partner'] for record in result['partners']] == ['42', 'pop'] and result['settings']['has_entries'] is True


def test_an_entry_of_another_product_takes_nothing_of_the_role_and_a_blank_part_is_the_usual_one(said):
    role = {'product': 'wholesale', 'type': 'CUSTOMER', 'sub_partner_org_id': 'sub'}
    entries = [
        {'partner': 'same'}, {'partner': 'old', 'product': 'broadworks'}, {'partner': 'own', 'sub_partner_org_id': ''}, {'partner': 'usual', 'type': None},
    ]
    result = plan(**role, partners=entries)
    assert [(record['product'], record['type'], record['key'].get('sub_partner_org_id')) for record in result['partners']] == [
        ('wholesale', 'CUSTOMER', 'sub'), ('broadworks', None, None), ('wholesale', 'CUSTOMER', None), ('wholesale', 'PARTNER', 'sub'),
    ], result
    assert plan(product='broadworks', partners=[{'partner': 'a', 'product': 'wholesale'}])['partners'][0]['type'] == 'PARTNER'


@pytest.mark.parametrize('entry_point', ['main', 'submit', 'collect', 'hand_on'])
def test_previous_is_settled_once_in_a_workflow(said, entry_point):
    summary = {'partner': 'default', 'billing_period': '2026-08', 'report_id': 'R1'}
    result = plan(entry_point, period='previous', awx_workflow_job_id=40, billing_month_end=summary)
    assert result['billing_period'] == '2026-08'
    assert result['partners'][0]['report_id'] == (None if entry_point in ('main', 'submit') else 'R1')
    assert plan(entry_point, billing_month_end=summary)['partners'][0]['report_id'] is None, 'that is the report of another month'


@pytest.mark.parametrize(('entry_point', 'fails'), [('main', False), ('submit', False), ('collect', True), ('hand_on', True)])
@pytest.mark.parametrize('summary', [None, {'partner': 'south', 'billing_period': '2026-08'}], ids=['lost', "another partner's"])
def test_previous_is_never_guessed_later_in_a_workflow(said, entry_point, fails, summary):
    result = plan(entry_point, period='previous', awx_workflow_job_id=40, billing_month_end=summary)
    assert bool(result.get('failed')) is fails
    assert not fails or 'launch this job again with the month itself' in result['msg']
    assert plan(entry_point, period='previous', billing_month_end=summary)['billing_period'] == '2026-10'
    assert plan(entry_point, period='2026-09', awx_workflow_job_id=40)['billing_period'] == '2026-09'


def test_a_variable_that_does_not_exist_is_warned_of(said, tmp_path):
    (tmp_path / 'deliver.yml').write_text('msg: "{{ month_end_outbox }}"', encoding='utf-8')
    others = {'evidense': True, 'onfailed': 'recreate', 'outbox': '/outbox', 'result': {}, 'plan': {}}
    result = plan(deliver_tasks=str(tmp_path / 'deliver.yml'), **others)
    assert [warning.partition(' has no variable ')[2] for warning in result['warnings']] == [
        'month_end_evidense, so its value has no effect; did you mean month_end_evidence?',
        'month_end_onfailed, so its value has no effect; did you mean month_end_on_failed?',
    ]


@pytest.mark.parametrize(('shown', 'named'), [
    ({'compare': True, 'evidence': True, 'group_by': ['A'], 'sum': ['B']}, None),
    ({'compare': True, 'group_by': ['A'], 'sum': ['B']}, 'month_end_group_by and month_end_sum'),
    ({'evidence': True, 'sum': ['B']}, 'month_end_sum'),
])
def test_groups_and_sums_that_no_page_will_show_are_warned_of(said, shown, named):
    warnings = plan(**shown).get('warnings', [])
    assert [warning.partition(': set month_end_compare')[0] for warning in warnings] == ([named] if named else [])


def test_an_empty_archive_is_refused_before_anything_is_asked(said):
    result = act(billing_month_end_plan.ActionModule, period='2026-10', archive='')
    assert result['failed'] is True and 'archive is missing' in result['msg']
