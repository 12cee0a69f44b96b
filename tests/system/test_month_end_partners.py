# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Several partners in one run: each is billed as itself, and one that fails does not stop the others."""

from __future__ import annotations

import json

import pytest
from evidence import PERIOD
from playbook import ARCHIVE, BY_MODULE, ENSURE, EVIDENCE, WAIT, methods, month_end


def test_several_partners(sandbox, run, archive, controller):
    """The good ones are filed although one fails, each with the token of its own."""
    good, other = sandbox.grant(), sandbox.grant()
    partners = [
        {'partner': 'north', 'access_token': good, 'request_timeout': 20}, {'partner': 'south', 'access_token': 'no-good-token'},
        {'partner': '17', 'access_token': other},
    ]
    outcome = run('month_end', '-vvvv', partners=partners)
    assert outcome.code == 2
    told = outcome.told()
    assert [line.partition(':')[0] for line in told] == [f'north {PERIOD}', f'south {PERIOD} failed', f'17 {PERIOD}']
    assert '401' in told[1] and 'tracking id' in told[1]
    assert '1 of 3 partners failed. south' in outcome.stdout
    assert list(archive.manifests('north')) == list(archive.manifests('17')) == [1] and not archive.month('south').exists()
    assert not any(token in outcome.stdout + outcome.stderr for token in (good, other, 'no-good-token'))


def test_defaults_of_the_group_and_options_of_a_partner_join(sandbox, play, archive):
    defaults = {'group/webex_partner.billing.webex': {'api_url': sandbox.api_url, 'access_token': 'no-good-token', 'retry_timeout': 0}}
    task = month_end(period=PERIOD, archive=str(archive.root), poll_interval=0.3, partners=[{'partner': 'north', 'access_token': sandbox.access_token}])
    outcome = play([task], module_defaults=defaults, env={'WEBEX_API_URL': None, 'WEBEX_ACCESS_TOKEN': None})
    assert outcome.code == 0, outcome.stdout
    assert list(archive.manifests('north')) == [1]


def test_a_delivery_that_cannot_be_included_fails_its_partner_alone(run, archive, tmp_path):
    (tmp_path / 'deliver.yml').write_text('[{ansible.builtin.include_tasks: nowhere.yml}]', encoding='utf-8')
    partners = [{'partner': 'west', 'access_token': 'no-good-token'}, {'partner': 'north'}, {'partner': 'south'}]
    outcome = run(partners=partners, deliver_tasks=str(tmp_path / 'deliver.yml'))
    assert outcome.code == 2 and '3 of 3 partners failed' in outcome.stdout and 'nowhere.yml' in outcome.stdout
    assert '401' in outcome.told()[0] and [line.partition(': ')[2] for line in outcome.told()[1:]] == ['its output says why'] * 2
    assert list(archive.manifests('north')) == list(archive.manifests('south')) == [1]


@pytest.mark.parametrize(('tasks', 'part'), [
    ('/nowhere/deliver.yml', 'The file /nowhere/deliver.yml does not exist'), ('submit.yml', 'month_end_deliver_tasks is the relative path'),
])
def test_a_delivery_that_is_not_there_is_told_before_anything_is_asked(sandbox, run, tasks, part):
    outcome = run(deliver_tasks=tasks)
    assert outcome.code == 2 and part in outcome.stdout, outcome.stdout
    assert sandbox.requests == []


@pytest.mark.parametrize('name', ['fetch.yml', 'main.yml'])
def test_a_delivery_lies_beside_the_playbook_and_not_in_the_role(sandbox, play, archive, tmp_path, name):
    """Whatever its name, and what it includes itself."""
    (tmp_path / name).write_text('[{ansible.builtin.include_tasks: plan.yml}]', encoding='utf-8')
    (tmp_path / 'plan.yml').write_text('[{ansible.builtin.debug: {msg: "delivered {{ month_end_result.version }}"}}]', encoding='utf-8')
    sandbox.add_report(PERIOD, seconds=0)
    outcome = play([month_end(period=PERIOD, archive=str(archive.root), deliver_tasks=name)])
    assert outcome.code == 0 and outcome.stdout.count('delivered 1') == 1, outcome.stdout
    assert 'DELETE' not in methods(sandbox)


@pytest.mark.parametrize('others', [{}, {'retry_timeout': 5}])
def test_defaults_by_the_name_of_a_module_reach_the_role(sandbox, play, archive, others):
    """Although the environment has a token of somebody else, and an entry sets an option that is no credential."""
    names = (ENSURE, WAIT, ARCHIVE)
    defaults = {name: {'api_url': sandbox.api_url, 'access_token': sandbox.access_token} for name in names}
    task = month_end(period=PERIOD, archive=str(archive.root), poll_interval=0.3, partners=[{'partner': 'north', **others}])
    outcome = play([task], module_defaults=defaults, env={'WEBEX_ACCESS_TOKEN': 'token-of-somebody-else'})
    assert outcome.code == 0 and list(archive.manifests('north')) == [1], outcome.stdout


def test_partners_that_share_an_integration(sandbox, run, archive):
    """The client ID and secret come from the environment, each refresh token from its entry."""
    env = {'WEBEX_CLIENT_ID': sandbox.client_id, 'WEBEX_CLIENT_SECRET': sandbox.client_secret, 'WEBEX_ACCESS_TOKEN': 'token-of-somebody-else'}
    outcome = run(partners=[{'partner': 'north', 'refresh_token': sandbox.refresh_token}], env=env)
    assert outcome.code == 0 and list(archive.manifests('north')) == [1], outcome.stdout


def test_labels_are_text(sandbox, run, archive):
    """Also such as a template would take for a number, and names of methods of a dictionary."""
    labels = ['12.1', '12.10', '1e5', 'pop']
    sandbox.add_report(PERIOD, seconds=0)
    summary = {'partner': ', '.join([*labels, '42']), 'billing_period': PERIOD, 'report_id': ''}
    partners = [{'partner': label} for label in [*labels, 42]]
    outcome = run('collect', '-e', json.dumps({'billing_month_end': summary}), partners=partners, env={'ANSIBLE_JINJA2_NATIVE': 'true'})
    assert outcome.code == 0, outcome.stdout
    assert {path.name: list(archive.manifests(path.name)) for path in archive.root.iterdir()} == dict.fromkeys([*labels, '42'], [1])


def test_a_label_from_a_template_is_text_too(sandbox, run, archive):
    sandbox.add_report(PERIOD, seconds=0)
    outcome = run('month_end', '-e', 'label=12.10', partner='{{ label }}', evidence=True, env={'ANSIBLE_JINJA2_NATIVE': 'true'})
    assert outcome.code == 0 and list(archive.manifests('12.10')) == [1], outcome.stdout


@pytest.mark.parametrize(('own', 'part'), [
    ({'client_id': 'C1', 'client_secret': 's1', 'refresh_token': 'r1'}, 'client_secret'), ({'access_token': 'has-expired'}, '401'),
    ({'access_token': ''}, 'redentials'),
], ids=['to mint', 'expired', 'empty'])
def test_nobody_is_billed_as_somebody_else(sandbox, run, archive, own, part):
    """Although the environment has every credential of another partner."""
    env = {'WEBEX_CLIENT_ID': sandbox.client_id, 'WEBEX_CLIENT_SECRET': sandbox.client_secret, 'WEBEX_REFRESH_TOKEN': sandbox.refresh_token}
    outcome = run(partners=[{'partner': 'south', **own}, {'partner': 'north'}], env=env)
    assert outcome.code == 2 and part in outcome.told()[0] and list(archive.manifests('north')) == [1], outcome.stdout
    assert not archive.month('south').exists()


def test_the_reports_that_were_submitted_are_those_that_are_collected(sandbox, run, archive):
    """Not old ones, which would shadow that the new one of a partner has failed."""
    sandbox.add_report(PERIOD, seconds=0, rows=3)
    failed, good = sandbox.add_report(PERIOD, seconds=0, ends='FAILED'), sandbox.add_report(PERIOD, seconds=0, rows=4)
    summary = {'partner': 'north, south', 'billing_period': PERIOD, 'report_id': f'{failed}, {good}'}
    outcome = run('collect', '-e', json.dumps({'billing_month_end': summary}), partners=[{'partner': 'north'}, {'partner': 'south'}])
    assert outcome.code == 2 and failed in outcome.told()[0], outcome.stdout
    assert not archive.month('north').exists() and archive.manifests('south')[1]['file']['records'] == 4


@pytest.mark.parametrize(('wrong', 'told'), [
    ({'module_defaults': {EVIDENCE: {'lock': 'perhaps'}}}, 'perhaps'),
    ({**BY_MODULE, 'env': {'ANSIBLE_REMOTE_TMP': '/proc/nowhere'}}, '/proc/nowhere'),
], ids=['a module refuses its defaults', 'core cannot send a module'])
def test_what_is_wrong_for_a_plugin_fails_the_partners_and_not_the_run(sandbox, play, archive, wrong, told):
    sandbox.add_report(PERIOD, seconds=0)
    task = month_end(period=PERIOD, archive=str(archive.root), evidence=True, partners=[{'partner': 'north'}, {'partner': 'south'}])
    outcome = play([task], **wrong)
    assert outcome.code == 2 and [line.partition(':')[0] for line in outcome.told()] == [f'{name} {PERIOD} failed' for name in ('north', 'south')]
    assert all(told in line for line in outcome.told())


@pytest.mark.parametrize('fails', [False, True])
def test_a_run_of_many_partners_is_short_and_ends_with_the_table(sandbox, run, fails):
    sandbox.add_report(PERIOD, seconds=0)
    partners = [{'partner': f'p{number:02}', **({'access_token': 'no-good-token'} if fails and number == 3 else {})} for number in range(30)]
    outcome = run(partners=partners)
    assert outcome.code == (2 if fails else 0) and outcome.stdout.count('\n') < 200, outcome.stdout
    table = outcome.stdout.rpartition('Show the outcome for each partner')[2].partition('\n\nPLAY RECAP')[0].split('\n')
    assert 'TASK' not in ''.join(table) and len(table) == 36, outcome.stdout
    assert '"partner  status     version  records  what happened"' in table[3]
