# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Signs of life while the module runs, none before and none after."""

from __future__ import annotations

import threading

import pytest
from ansible.plugins.action import ActionBase
from ansible_collections.webex_partner.billing.plugins.action import billing_report_archive, broadworks_billing_report_download
from ansible_collections.webex_partner.billing.plugins.plugin_utils import _living
from ansible_collections.webex_partner.billing.tests.unit.acting import act

PATIENCE = 10  # seconds


@pytest.fixture
def said(monkeypatch):
    """The lines, and an event that is set with the second one."""
    lines, twice = [], threading.Event()

    def say(line):
        lines.append(line)
        if len(lines) == 2:
            twice.set()

    monkeypatch.setattr(_living, 'BEAT', 0.01)
    monkeypatch.setattr(_living.display, 'display', say)
    return lines, twice


@pytest.mark.parametrize(('action', 'what'), [
    (broadworks_billing_report_download, 'downloading the file of a billing report'), (billing_report_archive, 'filing a billing report'),
], ids=['download', 'archive'])
def test_a_long_download_lives(monkeypatch, said, action, what):
    lines, twice = said

    def execute(_self, **_options):
        assert twice.wait(PATIENCE)
        return {'changed': True, 'dest': '/there'}

    monkeypatch.setattr(ActionBase, '_execute_module', execute)
    result = act(action.ActionModule, id='abc', dest='/there')
    assert (result['changed'], result['dest']) == (True, '/there')
    assert lines[:2] == [f'{what}: 0.01 s so far', f'{what}: 0.02 s so far']
    assert not [thread for thread in threading.enumerate() if thread.name.endswith('(beat)') and not thread.join(PATIENCE) and thread.is_alive()]


def test_the_signs_end_when_the_module_breaks(monkeypatch, said):
    def execute(_self, **_options):
        raise RuntimeError('broken')

    monkeypatch.setattr(ActionBase, '_execute_module', execute)
    with pytest.raises(RuntimeError):
        act(broadworks_billing_report_download.ActionModule, id='abc', dest='/there')
    assert not [thread for thread in threading.enumerate() if thread.name.endswith('(beat)') and not thread.join(PATIENCE) and thread.is_alive()]


def test_what_the_task_says_reaches_the_module(monkeypatch):
    seen = {}
    monkeypatch.setattr(ActionBase, '_execute_module', lambda _self, **options: seen.update(options) or {})
    act(broadworks_billing_report_download.ActionModule, id='abc', dest='/there')
    assert seen == {'task_vars': {}, 'wrap_async': 0}
