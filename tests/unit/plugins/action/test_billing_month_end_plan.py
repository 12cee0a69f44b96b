# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action that settles a month end: what it returns, what it prints, what it refuses."""

from __future__ import annotations

import pytest
from ansible_collections.webex_partner.billing.plugins.action import billing_month_end_plan
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
    assert result['billing_period'] == '2026-10' and list(result['partners']) == ['north', 'south']
    assert said == ['Month end of 2026-10 for north, south']
    assert result['check_mode'] is False and act(billing_month_end_plan.ActionModule, check_mode=True, period='2026-10')['check_mode'] is True
    assert not result.get('failed') and not result.get('changed')


def test_a_refusal_is_a_sentence_and_data(said):
    result = act(billing_month_end_plan.ActionModule, period='October')
    assert result['failed'] is True and result['error']['kind'] == 'invalid_input'
    assert "'October'" in result['msg']
    assert said == []


def test_an_empty_archive_is_refused_before_anything_is_asked(said):
    result = act(billing_month_end_plan.ActionModule, period='2026-10', archive='')
    assert result['failed'] is True and 'archive must be an absolute path' in result['msg']
