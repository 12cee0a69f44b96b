# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The examples of the documentation do what they say, with nothing but the connection in the environment."""

from __future__ import annotations

import pytest
from documentation import NAMES, documented
from playbook import file

ASK_NOBODY = ('billing_month_end_plan', 'billing_month_end_note', 'billing_authorize', 'billing_report_compare', 'billing_report_archive_info')
# the partner whose months are there already
FILED_FOR = {'billing_report_compare': 'default', 'billing_report_archive_info': 'default', 'billing_report_evidence': 'north'}


@pytest.fixture
def variables(sandbox, tmp_path):
    """The variables that examples may use; any other one is undefined, and fails."""
    (tmp_path / 'report.csv').write_bytes(b'A,B\n1,2\n')
    for name, quantity in (('older', 2), ('newer', 3)):
        (tmp_path / f'{name}.csv').write_text(f'SUBSCRIBER_NUMBER,PACKAGE,QUANTITY\n1,softphone,{quantity}\n', encoding='utf-8')
    return {
        'downloaded_file': str(tmp_path / 'report.csv'),
        'older_file': str(tmp_path / 'older.csv'),
        'newer_file': str(tmp_path / 'newer.csv'),
        'archive': str(tmp_path / 'archive'),
        'report_id': sandbox.add_report('2026-10', seconds=0),
        'wholesale_report_id': sandbox.add_report('2026-10', product='wholesale', seconds=0),
        'report_ids': [sandbox.add_report('2026-09', seconds=0), sandbox.add_report('2026-08', seconds=0)],
        'partner_token': sandbox.access_token,
        'folder': str(tmp_path),
    }


@pytest.mark.parametrize('module', NAMES)
def test_examples(sandbox, play, variables, module, controller):
    sandbox.add_report('2026-10', product='wholesale', type='CUSTOMER', seconds=0)
    tasks = documented(module, 'EXAMPLES')
    needs_a_person = module == 'billing_authorize'  # tests/system/test_authorize.py has one
    if needs_a_person:
        (controller.home / '.webex').mkdir()
    if module in FILED_FOR:
        filed = [('older', '2026-09'), ('older', '2026-10'), ('newer', '2026-10')]
        play([
            file(
                f'filed_{number}', src=variables[f'{name}_file'], archive=variables['archive'], partner=FILED_FOR[module],
                report={'id': name, 'billing_period': month},
            )
            for number, (name, month) in enumerate(filed)
        ])
    assert any(f'webex_partner.billing.{module}' in task for task in tasks)
    outcome = play(tasks, extra_vars=variables, env={'ANSIBLE_INJECT_FACT_VARS': 'false'}, args=['--check'] if needs_a_person else [])
    assert outcome.code == 0, outcome.stdout
    assert outcome.stdout.count('TASK [') == len(tasks) + 1
    for word in ('WARNING', 'DEPRECATION'):
        assert word not in outcome.stdout + outcome.stderr, outcome.stderr
    assert bool(sandbox.requests) is (module not in ASK_NOBODY)
