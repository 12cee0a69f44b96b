# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guide "Set up AWX", followed to the letter against the stand-in for AWX; and what AWX then accepts, refuses and reports."""

from __future__ import annotations

import json
import os
import re
import shutil
from datetime import timedelta
from itertools import islice
from pathlib import Path

import awx_rules
import pytest
import yaml
from ansible_collections.webex_partner.billing.plugins.module_utils._api import keys
from awx_guide import FIRST, GUIDE, NAME, ROOT, SECOND, THIRD
from dateutil.rrule import rrulestr
from playbook import Controller

DATA = ROOT / 'playbooks/vars/awx.yml'

# the keys of infra.aap_configuration that are used here, a snapshot of October 2024
NAMED = {'name', 'description', 'organization'}
INFRA = {
    'controller_credential_types': {'name', 'description', 'kind', 'inputs', 'injectors'},
    'controller_credentials': NAMED | {'credential_type', 'inputs', 'state'},
    'controller_execution_environments': {'name', 'description', 'credential', 'image', 'pull'},
    'controller_projects': NAMED | {'scm_type', 'scm_url', 'scm_branch', 'default_environment', 'update_project', 'wait'},
    'controller_inventories': NAMED | {'kind', 'variables'},
    'controller_hosts': {'name', 'description', 'inventory', 'enabled', 'variables'},
    'controller_notifications': NAMED | {'notification_type', 'notification_configuration', 'messages'},
    'controller_templates': NAMED | {
        'project', 'playbook', 'inventory', 'execution_environment', 'credentials', 'instance_groups', 'allow_simultaneous', 'timeout', 'extra_vars',
        'survey_enabled', 'survey_spec', 'notification_templates_success', 'notification_templates_error',
    },
    'controller_workflows': NAMED | {
        'allow_simultaneous', 'survey_enabled', 'survey_spec', 'notification_templates_approvals',
        'simplified_workflow_nodes',
    },
    'controller_schedules': NAMED | {'unified_job_template', 'rrule', 'extra_data', 'enabled'},
    'controller_roles': {'teams', 'role', 'workflows', 'job_templates', 'lookup_organization'},  # not in the snapshot: the options of awx.awx.role
}
NODE = {'identifier', 'unified_job_template', 'approval_node', 'extra_data', 'success_nodes', 'failure_nodes'}


class Loader(yaml.SafeLoader):
    """Takes what Ansible must not template as it is."""


Loader.add_constructor('!unsafe', lambda loader, node: loader.construct_scalar(node))


def test_the_first_run_creates_everything_and_the_second_changes_nothing_whatever_the_shell_holds(guide):
    assert [int(count) for output in guide.outputs for count in re.findall(r'changed=(\d+)', output)] == [13, 0, 1]
    assert [name for name in (FIRST, SECOND, THIRD, guide.awx.token) for output in guide.outputs if name in output] == []
    before, after = ({name: inputs['access_token'] for name, inputs in stored.items()} for stored in guide.stored)
    assert before == after == {f'{NAME} write': f'{FIRST}-write', f'{NAME} read': f'{FIRST}-read'}


def test_a_check_changes_nothing_and_the_modules_may_have_another_name(guide, tmp_path):
    folders = os.environ['ANSIBLE_COLLECTIONS_PATH'].split(os.pathsep)
    modules = next(path for path in (Path(folder, 'ansible_collections/awx/awx') for folder in folders) if path.exists())
    shutil.copytree(modules, place := tmp_path / 'ansible_collections/ansible/controller')
    for manifest in (place / 'MANIFEST.json', place / 'FILES.json'):
        manifest.unlink(missing_ok=True)
    search = f'{tmp_path}:{os.environ["ANSIBLE_COLLECTIONS_PATH"]}'
    line = 'ansible-playbook webex_partner.billing.awx_setup -e @settings.yml -e awx_setup_collection=ansible.controller --check'
    output = guide.command(line, ANSIBLE_COLLECTIONS_PATH=search)
    assert re.findall(r'changed=(\d+)', output) == ['0'] and 'TASK [Link the nodes]' in output


def test_teams_get_roles_that_suffice(guide):
    jobs = [f'{NAME} {name}' for name in ('collect', 'hand on', 'submit')]
    assert guide.awx.granted('billers') == [f'execute {name}' for name in [*jobs[:2], f'{NAME} month end', jobs[2]]]
    assert guide.awx.granted('approvers') == [f'approval {NAME} month end', *(f'read {name}' for name in jobs)]


def test_each_half_has_its_credential_and_the_hand_on_has_none(guide):
    templates, credentials = guide.awx.all('job_templates'), guide.awx.all('credentials')
    attached = {name: guide.awx.listed('job_templates', template, 'credentials') for name, template in templates.items()}
    assert attached[f'{NAME} submit'] == [f'{NAME} write'] and attached[f'{NAME} collect'] == [f'{NAME} read'] and attached[f'{NAME} hand on'] == []
    inputs = {name: credential['inputs'] for name, credential in credentials.items()}
    assert inputs[f'{NAME} write'] == {'access_token': f'{THIRD}-write', 'api_url': guide.webex.api_url}
    assert inputs[f'{NAME} read'] == {'access_token': f'{THIRD}-read', 'api_url': guide.webex.api_url}


def test_the_workflow(guide):
    nodes = guide.awx.all('workflow_job_template_nodes')
    after = {name: [guide.awx.listed('workflow_job_template_nodes', node, f'{how}_nodes') for how in ('success', 'failure')] for name, node in nodes.items()}
    assert after == {
        'submit': [['collect'], ['look_into_it']], 'collect': [['approve'], ['look_into_it']], 'look_into_it': [['submit_again'], []],
        'submit_again': [['collect_again'], []], 'collect_again': [['approve'], []], 'approve': [['hand_on'], []],
        'hand_on': [[], ['look_into_hand_on']], 'look_into_hand_on': [['hand_on_again'], []], 'hand_on_again': [[], []],
    }


def test_runs_that_wait_hold_up_no_other_month_and_reports_are_created_one_at_a_time(guide):
    templates = {**guide.awx.all('job_templates'), **guide.awx.all('workflow_job_templates')}
    assert {name.removeprefix(f'{NAME} '): template['allow_simultaneous'] for name, template in templates.items()} == {
        'submit': False, 'collect': True, 'hand on': False, 'month end': True, 'preflight of submit': False, 'preflight of collect': False,
    }


def test_jobs_end_in_time_and_are_not_silent(guide):
    collect = guide.awx.all('job_templates')[f'{NAME} collect']
    variables = json.loads(collect['extra_vars'])
    assert variables['month_end_heartbeat_interval'] <= 120 and variables['month_end_wait_timeout'] < collect['timeout'] < 4 * 3600
    assert all(template['timeout'] for template in guide.awx.all('job_templates').values())


def test_the_schedule_meets_the_third_weekday_of_each_month(guide):
    starts = list(islice(rrulestr(guide.awx.all('schedules')[f'{NAME} third weekday']['rrule']), 24))
    assert len({(start.year, start.month) for start in starts}) == 24
    for start in starts:
        first = start.replace(day=1)
        weekdays = [day for day in (first + timedelta(days=number) for number in range(7)) if day.weekday() < 5]
        assert start == weekdays[2] and (start.hour, str(start.tzinfo).count('Berlin')) == (6, 1)


def test_the_preflight_comes_a_week_before(guide):
    schedules = guide.awx.all('schedules')
    month_ends = list(islice(rrulestr(schedules[f'{NAME} third weekday']['rrule']), 24))
    for half in ('submit', 'collect'):
        starts = list(islice(rrulestr(schedules[f'{NAME} preflight of {half}']['rrule']), 23))
        assert all(7 <= (month_end.date() - start.date()).days <= 11 for start, month_end in zip(starts, month_ends[1:]))


def test_the_preflights_check_what_their_halves_need(guide, job):
    expired = {'WEBEX_ACCESS_TOKEN': 'expired'}
    for half in ('submit', 'collect'):
        good = job(f'{NAME} preflight of {half}', {'month_end_preflight_days': 3})
        assert good.outcome.code == 0, good.outcome.stdout
        bad = job(f'{NAME} preflight of {half}', {})
        assert bad.outcome.code == 2 and 'The access token ends at' in bad.published()['billing_month_end_reason']
        bad = job(f'{NAME} preflight of {half}', {}, env=expired)
        assert bad.outcome.code == 2 and 'Webex answered 401' in bad.published()['billing_month_end_reason']


ALL_ANSWERS = {'month_end_period': '2026-10', 'month_end_on_failed': 'recreate', 'month_end_force_new': 'true'}


@pytest.mark.parametrize('answers', [{'month_end_period': '2026-10'}, {'month_end_period': 'previous'}, ALL_ANSWERS], ids=['month', 'previous', 'all'])
def test_a_launch_by_api_is_accepted_with_the_month_alone_and_with_all_answers(guide, answers):
    workflow = guide.awx.all('workflow_job_templates')[f'{NAME} month end']
    status, launched = guide.awx.respond('POST', f'/api/v2/workflow_job_templates/{workflow["id"]}/launch/', {}, {'extra_vars': answers})
    assert (status, launched['extra_vars']) == (201, answers)
    defaults = {'month_end_on_failed': 'fail', 'month_end_force_new': 'false'}
    assert awx_rules.launched({}, guide.awx.survey(workflow), answers) == {**defaults, **answers}


@pytest.mark.parametrize('answers', [
    {}, {'month_end_period': '2026-1'}, {'month_end_period': '2026-10-01'}, {'month_end_period': '2026-10', 'month_end_force_new': True},
])
def test_other_launches_are_refused(guide, answers):
    for template in (*guide.awx.all('job_templates').values(), *guide.awx.all('workflow_job_templates').values()):
        if 'preflight' not in template['name'] and ('month_end_force_new' not in answers or 'submit' in template['name']):
            with pytest.raises(awx_rules.Refused):
                awx_rules.accepted(answers, guide.awx.survey(template))


def test_every_message_has_the_same_keys(guide):
    messages = guide.awx.all('notification_templates')[f'{NAME} webhook']['messages']
    job = {**{name: awx_rules.STUB[name] for name in awx_rules.JOB}, 'job': {**awx_rules.STUB['job'], 'job_explanation': ''}}
    job['job']['artifacts'] = {'billing_month_end': {'partner': 'default', 'version': None}, 'billing_month_end_reason': 'It "failed".'}
    bodies = {event: awx_rules.webhook(messages[event], job) for event in ('success', 'error')}
    assert (bodies['error']['reason'], bodies['error']['billing_month_end']) == ('It "failed".', {'partner': 'default', 'version': None})
    job['job']['artifacts'] = {}
    assert awx_rules.webhook(messages['success'], job)['reason'] is None
    for status in awx_rules.APPROVAL_EVENTS:
        approval = {**{name: awx_rules.STUB[name] for name in awx_rules.APPROVAL}, 'approval_status': status}
        bodies[status] = awx_rules.webhook(messages['workflow_approval'][status], approval)
        assert bodies[status]['status'] == status and bodies[status]['reason'] and bodies[status]['launch']
    assert {tuple(body) for body in bodies.values()} == {('job', 'name', 'status', 'url', 'billing_month_end', 'reason', 'launch')}


def test_each_ending_is_reported_once(guide):
    def told_of(template):
        return [event for event in ('success', 'error') if guide.awx.listed('job_templates', template, f'notification_templates_{event}')]

    told = {name.removeprefix(f'{NAME} '): told_of(template) for name, template in guide.awx.all('job_templates').items()}
    assert told == {
        'submit': ['error'], 'collect': ['success', 'error'], 'hand on': ['success', 'error'],
        'preflight of submit': ['error'], 'preflight of collect': ['error'],
    }
    workflow = guide.awx.all('workflow_job_templates')[f'{NAME} month end']
    assert [guide.awx.listed('workflow_job_templates', workflow, f'notification_templates_{event}') for event in ('success', 'error')] == [[], []]
    assert guide.awx.listed('workflow_job_templates', workflow, 'notification_templates_approvals') == [f'{NAME} webhook']


def data():
    return yaml.load(DATA.read_text(encoding='utf-8'), Loader)


def test_the_data_has_the_shape_of_infra_aap_configuration():
    given = {name: value for name, value in data().items() if name.startswith('controller_')}
    assert set(given) == set(INFRA)
    for name, entries in given.items():
        assert all(set(entry) <= INFRA[name] for entry in entries), name
    assert all(set(node) <= NODE for node in given['controller_workflows'][0]['simplified_workflow_nodes'])


def test_each_partner_has_names_of_its_own_but_shares_what_is_not_about_it():
    own = ('controller_credentials', 'controller_notifications', 'controller_templates', 'controller_workflows', 'controller_schedules')
    assert all(entry['name'].startswith('{{ awx_setup_name }} ') for name in own for entry in data()[name])


def test_each_job_knows_whose_reports_they_are():
    which = data()['awx_setup_reports']
    assert which == {f'month_end_{name}': f'{{{{ awx_setup_{name} }}}}' for name in ('partner', *keys.choice_spec())}
    assert all(which.items() <= template['extra_vars'].items() for template in data()['controller_templates'])


def test_every_variable_is_told_with_its_default():
    rows = dict(re.findall(r'^\| `(awx_setup_\w+)` \| (.*?) \|', GUIDE, re.MULTILINE))
    settings = dict(islice(data().items(), len(rows) - 1))
    assert set(rows) == {*settings, 'awx_setup_archive'}
    for name, default in settings.items():
        assert rows[name] == ('none' if default == '' else f'`{str(default).lower() if isinstance(default, bool) else default}`'), name
    assert data()['awx_setup_scm_url'] == yaml.safe_load((ROOT / 'galaxy.yml').read_text(encoding='utf-8'))['repository']


@pytest.mark.parametrize('place, variables', [
    ('archive', {'WEBEX_ACCESS_TOKEN': 'T'}), ('/archive', {'WEBEX_CLIENT_ID': 'C'}), ('/archive', {'WEBEX_ACCESS_TOKEN': 'T', 'WEBEX_READ_CLIENT_ID': 'C'}),
], ids=['relative', 'incomplete', 'no mixture'])
def test_what_cannot_be_meant_is_refused_before_anything_is_made(tmp_path, place, variables):
    controller = Controller(tmp_path, variables)
    refused = controller.finish(controller.start(['ansible-playbook', 'webex_partner.billing.awx_setup', '-e', f'awx_setup_archive={place}']))
    assert refused.code == 2 and 'Give awx_setup_archive, an absolute path' in refused.stdout and refused.counts()['ok'] == 0, refused.stdout


@pytest.mark.parametrize('rule', [
    'RRULE:FREQ=MONTHLY;INTERVAL=1', 'DTSTART:20260101T060000 RRULE:FREQ=MONTHLY;INTERVAL=1', 'DTSTART:20260101T060000Z RRULE:FREQ=MONTHLY',
    'DTSTART:20260101T060000Z RRULE:FREQ=MONTHLY;INTERVAL=1;BYDAY=1MO', 'DTSTART:20260101T060000Z RRULE:FREQ=DAILY;INTERVAL=1 EXDATE:20260102T060000Z',
])
def test_the_stand_in_refuses_rules_that_awx_refuses(rule):
    with pytest.raises(awx_rules.Refused):
        awx_rules.schedules({'rrule': rule})


@pytest.mark.parametrize('injectors', [{'env': {'ANSIBLE_TOKEN': 'x'}}, {'env': {'TOKEN': {'a': 'b'}}}, {'env': {'TOKEN': '{{ stranger }}'}}, {'envs': {}}])
def test_the_stand_in_refuses_injectors_that_awx_refuses(injectors):
    with pytest.raises(awx_rules.Refused):
        awx_rules.credential_types({'kind': 'cloud', 'inputs': {'fields': [{'id': 'token', 'label': 'Token'}]}, 'injectors': {'env': {}, **injectors}})


def test_the_stand_in_refuses_a_message_that_awx_cannot_render_and_sends_nothing_of_a_body_that_is_not_json():
    def template(body):
        return {
            'notification_type': 'webhook', 'notification_configuration': {'url': 'x', 'headers': {}}, 'messages': {'success': {'message': 'a', 'body': body}},
        }
    with pytest.raises(awx_rules.Refused):
        awx_rules.notification_templates(template('{"a": {{ job.stranger }}}'))
    awx_rules.notification_templates(template('no JSON'))
    assert awx_rules.webhook({'message': 'a', 'body': 'no JSON'}, {}) == {}
