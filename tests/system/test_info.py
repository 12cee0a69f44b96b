# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading reports: one, those of a month, all."""

from __future__ import annotations

from functools import partial

import pytest
from playbook import BY_MODULE, asked, info

KEYS = {
    'id', 'billing_period', 'status', 'created', 'created_by', 'temp_download_url', 'temp_download_url_expires', 'errors',
}


@pytest.fixture(params=[{}, BY_MODULE], ids=['here', 'by module'])
def play(request, controller):
    return partial(controller.play, **request.param)


def test_one_report(sandbox, play):
    report = sandbox.add_report('2026-10', seconds=0, created='2026-11-02T10:00:00.000Z')
    outcome = play([info('found', id=report), info('alias', report_id=report), info('checked', id=report) | {'check_mode': True}])
    assert outcome.code == 0, outcome.stdout
    found = outcome['found']
    assert set(found['report']) == KEYS
    assert found['reports'] == [found['report']]
    assert (found['report']['id'], found['report']['status'], found['report']['billing_period']) == (report, 'COMPLETED', '2026-10')
    assert found['report']['created'] == '2026-11-02T10:00:00.000Z'
    assert found['report']['temp_download_url'].startswith(sandbox.files_url)
    assert found['report']['temp_download_url_expires'].endswith('Z')
    assert found['report']['errors'] == []
    for name in ('found', 'alias', 'checked'):
        assert outcome[name]['changed'] is False
        assert outcome[name]['report']['id'] == report
    assert [request['method'] for request in sandbox.requests] == ['GET'] * 3


def test_the_reports_of_a_month(sandbox, play):
    early, late, between = (
        sandbox.add_report('2026-10', seconds=0, ends=status, created=f'2026-11-{day:02}T10:00:00.000Z')
        for day, status in ((2, 'FAILED'), (9, 'COMPLETED'), (5, 'COMPLETED'))
    )
    outcome = play([
        info('month', billing_period='2026-10'),
        info('failed', billing_period='2026-10', status=['FAILED'], set_facts=False),
        info('nothing', billing_period='2020-01', set_facts=False),
    ])
    assert outcome.code == 0, outcome.stdout
    month = outcome['month']
    assert [report['id'] for report in month['reports']] == [late, between, early]
    assert [set(report) for report in month['reports']] == [KEYS] * 3
    assert month['reports'][0]['created_by']
    assert month['reports'][2]['errors'] == [{'code': 2024, 'description': 'Billing Report not found.'}]
    assert 'report' not in month
    assert outcome.facts == {'broadworks_billing_reports': month['reports']}
    assert [report['id'] for report in outcome['failed']['reports']] == [early]
    assert outcome['nothing']['reports'] == []


def test_all_reports_from_one_call(sandbox, play):
    newest = sandbox.add_report('2026-10', seconds=3600)
    outcome = play([info('every'), info('some', status=['COMPLETED', 'IN_PROGRESS'], set_facts=False)])
    assert outcome.code == 0, outcome.stdout
    assert len(sandbox.requests) == 2
    every = outcome['every']['reports']
    assert [report['billing_period'] for report in every] == ['2026-10', '2021-05', '2021-04', '2021-03']
    assert [report['status'] for report in every] == ['IN_PROGRESS', 'COMPLETED', 'COMPLETED', 'FAILED']
    assert every[0] == {**dict.fromkeys(KEYS), 'id': newest, 'billing_period': '2026-10', 'status': 'IN_PROGRESS', 'errors': []}
    assert [report['billing_period'] for report in outcome['some']['reports']] == ['2026-10', '2021-05', '2021-04']


def test_a_failed_report_is_information(sandbox, play):
    report = sandbox.add_report('2026-10', seconds=0, ends='FAILED', errors=[{'code': 7, 'description': 'No moon.'}])
    outcome = play([info('failed', id=report)])
    assert outcome.code == 0, outcome.stdout
    assert outcome['failed']['report']['errors'] == [{'code': 7, 'description': 'No moon.'}]
    assert outcome.facts['broadworks_billing_report']['status'] == 'FAILED'


def test_facts_can_be_turned_off(sandbox, play):
    report = sandbox.add_report('2026-10', seconds=0)
    outcome = play([info('found', id=report, set_facts=False)])
    assert outcome['found']['report']['temp_download_url']
    assert 'ansible_facts' not in outcome['found']
    assert outcome.facts == {}


def test_with_async_the_link_is_left_out_unless_it_may_be_shown(sandbox, play):
    report = sandbox.add_report('2026-10', seconds=0)
    outcome = play([
        info('awaited', id=report) | {'async': 30, 'poll': 1},
        info('started', id=report, show_download_url=True) | {'async': 30, 'poll': 0},
        {'ansible.builtin.async_status': {'jid': '{{ started.ansible_job_id }}'}, 'register': 'fetched',
         'until': 'fetched.finished | bool', 'retries': 30, 'delay': 0.2},
    ])
    assert outcome.code == 0, outcome.stdout
    assert outcome['awaited']['report']['status'] == 'COMPLETED'
    assert outcome['awaited']['report']['temp_download_url'] is None
    assert 'Signature=' in outcome['fetched']['report']['temp_download_url']
    assert len(asked(sandbox, report)) == 2


def test_a_netrc_does_not_replace_the_token(sandbox, controller):
    netrc = controller.home / '.netrc'
    netrc.write_text('machine 127.0.0.1 login somebody password else\n', encoding='utf-8')
    netrc.chmod(0o600)
    outcome = controller.play([info('found')])
    assert outcome.code == 0, outcome.stdout
    assert [request['authorization'] for request in sandbox.requests] == ['valid']
