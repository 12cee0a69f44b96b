# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Loops, retries and other hosts: where results stay hidden, and where a plugin runs."""

from __future__ import annotations

import pytest
from playbook import BY_MODULE, ENSURE, INFO, WAIT, asked


@pytest.mark.parametrize('plugin', [INFO, WAIT])
@pytest.mark.parametrize('keywords', [
    {'loop': [1, 2]},
    {'until': 'false', 'retries': 2, 'delay': 0, 'ignore_errors': True},
], ids=['loop', 'until'])
def test_a_result_stays_hidden(sandbox, play, plugin, keywords):
    report = sandbox.add_report('2026-10', seconds=0)
    outcome = play([{plugin: {'id': report, 'set_facts': False}, 'register': 'read', **keywords}], args=['-vvv'])
    assert len(asked(sandbox, report)) >= 2
    assert 'Signature=' in str(outcome['read'])
    assert 'Signature=' not in outcome.stdout + outcome.stderr


def test_the_wait_needs_no_connection_to_the_host(sandbox, play):
    report = sandbox.add_report('2026-10', seconds=0)
    outcome = play([
        {'ansible.builtin.add_host': {'name': 'far', 'ansible_host': '192.0.2.1', 'ansible_connection': 'ansible.builtin.ssh'}},
        {WAIT: {'id': report}, 'register': 'waited', 'delegate_to': 'far'},
    ])
    assert outcome.code == 0, outcome.stdout
    assert outcome['waited']['report']['status'] == 'COMPLETED'


@pytest.mark.parametrize(('keywords', 'is_sent'), [({}, False), (BY_MODULE, True), ({'async': 20, 'poll': 1}, True)], ids=['here', 'other Python', 'async'])
def test_a_module_is_sent_where_that_makes_a_difference(sandbox, play, keywords, is_sent):
    sandbox.add_report('2026-10', seconds=0)
    outcome = play([{ENSURE: {'billing_period': '2026-10'}, **keywords}, {INFO: {'billing_period': '2026-10'}, **keywords}], args=['-vvv'])
    assert outcome.code == 0, outcome.stdout
    assert [f'AnsiballZ_{plugin.rpartition(".")[2]}.py' in outcome.stdout for plugin in (ENSURE, INFO)] == [is_sent] * 2
