# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The steps of a month end: whose credentials are used for whom. The steps themselves are tried by real playbooks."""

from __future__ import annotations

import pytest
from ansible_collections.webex_partner.billing.plugins.action import billing_month_end_plan, billing_month_end_step
from ansible_collections.webex_partner.billing.plugins.module_utils._api.options import IDENTITY, connection_spec
from ansible_collections.webex_partner.billing.tests.unit.acting import act

ENTRIES = [{'partner': 'north', 'access_token': 'n'}, {'partner': 'south', 'access_token': 's'}]


def test_every_connection_option_of_an_entry_is_passed():
    given = {name: f'/{name}' if spec['type'] == 'path' else 5 for name, spec in connection_spec().items()}
    options, _blanks = billing_month_end_step._own({'partner': 'north', **given})
    assert set(options) == set(connection_spec())


@pytest.mark.parametrize('name', IDENTITY)
@pytest.mark.parametrize('value', ['own', '', None])
def test_an_entry_that_names_a_credential_gets_no_other_one(name, value):
    options, blanks = billing_month_end_step._own({'partner': 'north', name: value})
    assert options == {**dict.fromkeys(IDENTITY, ''), name: value or ''}
    assert blanks == {f'WEBEX_{each.upper()}': '' for each in IDENTITY}


def test_an_entry_that_names_none_takes_those_of_the_task():
    assert billing_month_end_step._own({'partner': 'north', 'client_id': 'C1'}) == ({'client_id': 'C1'}, {})


@pytest.mark.parametrize('entries', [None, [], ENTRIES[:1], ENTRIES[::-1], [*ENTRIES, {'partner': 'east'}], [ENTRIES[0], {'partner': 'east'}]], ids=repr)
def test_a_plan_of_other_partners_is_refused_before_anything_is_asked(entries):
    plan = act(billing_month_end_plan.ActionModule, period='2026-10', partners=['north', 'south'])
    result = act(billing_month_end_step.ActionModule, task_vars={'month_end_partners': entries}, plan=plan, step='request')
    assert result['failed'] and result['error']['kind'] == 'invalid_input'
    assert 'month_end_partners does not have the partners of the plan, north, south; plan the month end again' in result['msg']


def test_a_single_entry_of_the_plan_is_not_replaced_by_the_environment():
    plan = act(billing_month_end_plan.ActionModule, task_vars={'month_end_period': '2026-09', 'month_end_partners': ENTRIES[:1]}, entry_point='submit')
    result = act(billing_month_end_step.ActionModule, task_vars={}, plan=plan, step='request')
    assert result['failed'] and 'month_end_partners does not have the partners of the plan, north' in result['msg']
