# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guide "AWX from zero", followed to the letter against a stand-in of AWX; then its job templates, run as AWX would run them."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from datetime import timedelta
from itertools import islice
from pathlib import Path
from types import SimpleNamespace

import awx_rules
import pytest
import yaml
from awx import Awx
from dateutil.rrule import rrulestr
from playbook import BIN, PATIENCE, Controller
from runner import run
from webex_sandbox import Sandbox

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / 'docs/awx.md').read_text(encoding='utf-8')
DATA = ROOT / 'playbooks/vars/awx.yml'
NOT_CLONED = shutil.ignore_patterns('.git', '.build', '*.tar.gz', 'context', '__pycache__', '.*_cache')
MOST_PATIENCE = 400  # seconds for all commands of the guide
READ = ['spark-admin:broadworks_billing_reports_read']
SECRETS = ('canary-of-write', 'canary-of-read', 'canary-of-both', 'canary-token-of-awx')
NAME = 'Webex billing'

# the keys of infra.aap_configuration that are used here, a snapshot of October 2024
NAMED = {'name', 'description', 'organization'}
INFRA = {
    'controller_credential_types': {'name', 'description', 'kind', 'inputs', 'injectors'},
    'controller_credentials': NAMED | {'credential_type', 'inputs', 'update_secrets'},
    'controller_execution_environments': {'name', 'description', 'image', 'pull'},
    'controller_projects': NAMED | {'scm_type', 'scm_url', 'scm_branch', 'default_environment', 'update_project', 'wait'},
    'controller_inventories': NAMED | {'kind', 'variables'},
    'controller_hosts': {'name', 'description', 'inventory', 'enabled', 'variables'},
    'controller_notifications': NAMED | {'notification_type', 'notification_configuration', 'messages'},
    'controller_templates': NAMED | {
        'project', 'playbook', 'inventory', 'execution_environment', 'credentials', 'instance_groups', 'timeout', 'extra_vars', 'survey_enabled',
        'survey_spec', 'notification_templates_success', 'notification_templates_error',
    },
    'controller_workflows': NAMED | {
        'allow_simultaneous', 'survey_enabled', 'survey_spec', 'notification_templates_error', 'notification_templates_approvals',
        'simplified_workflow_nodes',
    },
    'controller_schedules': NAMED | {'unified_job_template', 'rrule', 'extra_data', 'enabled'},
}
NODE = {'identifier', 'unified_job_template', 'approval_node', 'success_nodes', 'failure_nodes'}


def blocks(language):
    return re.findall(rf'^```{language}\n(.*?)^```', GUIDE, re.DOTALL | re.MULTILINE)


class Loader(yaml.SafeLoader):
    """Takes what Ansible must not template as it is."""


Loader.add_constructor('!unsafe', lambda loader, node: loader.construct_scalar(node))


@pytest.fixture(scope='module')
def guide(tmp_path_factory):
    """What came of the guide: its commands were run in a clone, with a token for each half and one more that must not be used."""
    folder = tmp_path_factory.mktemp('awx')
    shutil.copytree(ROOT, clone := folder / 'clone', ignore=NOT_CLONED)
    (clone / 'settings.yml').write_text(blocks('yaml')[1], encoding='utf-8')
    commands = [block for block in blocks('shell') if 'read -rs' not in block]
    assert len(blocks('shell')) == len(commands) + 1 == 5
    with Sandbox() as webex, Awx(clone) as awx:
        controller = Controller(folder, {})
        tokens = {
            'CONTROLLER_HOST': awx.url, 'CONTROLLER_OAUTH_TOKEN': awx.token, 'WEBEX_API_URL': webex.api_url, 'WEBEX_ACCESS_TOKEN': 'canary-of-both',
            'WEBEX_WRITE_ACCESS_TOKEN': webex.grant('canary-of-write'), 'WEBEX_READ_ACCESS_TOKEN': webex.grant('canary-of-read', READ),
        }
        ran = subprocess.run(
            ['bash', '-euc', '\n'.join(commands)], cwd=clone, env=controller.environment({**tokens, 'ANSIBLE_VERBOSITY': '4', 'ANSIBLE_PIPELINING': 'true'}),
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=MOST_PATIENCE, check=False,
        )
        assert ran.returncode == 0, ran.stdout[-5000:] + ran.stderr
        yield SimpleNamespace(awx=awx, webex=webex, clone=clone, output=ran.stdout + ran.stderr)
        controller.kill()


def test_the_first_run_makes_everything_and_the_second_changes_nothing(guide):
    assert [int(count) for count in re.findall(r'changed=(\d+)', guide.output)] == [12, 0, 1]
    assert [secret for secret in SECRETS if secret in guide.output] == []


def test_each_half_has_its_credential_and_the_hand_on_has_none(guide):
    templates, credentials = guide.awx.all('job_templates'), guide.awx.all('credentials')
    attached = {name: guide.awx.listed('job_templates', template, 'credentials') for name, template in templates.items()}
    assert attached[f'{NAME} submit'] == [f'{NAME} write'] and attached[f'{NAME} collect'] == [f'{NAME} read'] and attached[f'{NAME} hand on'] == []
    inputs = {name: credential['inputs'] for name, credential in credentials.items()}
    assert inputs[f'{NAME} write'] == {'access_token': 'canary-of-write', 'api_url': guide.webex.api_url}
    assert inputs[f'{NAME} read'] == {'access_token': 'canary-of-read', 'api_url': guide.webex.api_url}


def test_the_workflow(guide):
    nodes = guide.awx.all('workflow_job_template_nodes')
    after = {name: [guide.awx.listed('workflow_job_template_nodes', node, f'{how}_nodes') for how in ('success', 'failure')] for name, node in nodes.items()}
    assert after == {
        'submit': [['collect'], ['look_into_it']], 'collect': [['approve'], ['look_into_it']], 'look_into_it': [['submit_again'], []],
        'submit_again': [['collect_again'], []], 'collect_again': [['approve'], []], 'approve': [['hand_on'], []], 'hand_on': [[], []],
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


def defaults(spec):
    return {question['variable']: question['default'] for question in spec['spec'] if 'default' in question}


@pytest.mark.parametrize('answer', ['2026-1', '2026-10-01'])
def test_surveys_take_a_month_and_refuse_the_wrong_length(guide, answer):
    for template in (*guide.awx.all('job_templates').values(), *guide.awx.all('workflow_job_templates').values()):
        awx_rules.answers({'month_end_period': '2026-10'}, guide.awx.survey(template))
        with pytest.raises(awx_rules.Refused):
            awx_rules.answers({'month_end_period': answer}, guide.awx.survey(template))


@pytest.fixture(scope='module')
def content(guide, tmp_path_factory):
    """What the sync of the project installs beside it; AWX asks in the folder of the clone, here with no Galaxy in reach."""
    place = tmp_path_factory.mktemp('content')
    environment = Controller(place, {}).environment({'ANSIBLE_COLLECTIONS_PATH': str(place), 'ANSIBLE_GALAXY_SERVER': 'http://127.0.0.1:9/'})
    command = [BIN / 'ansible-galaxy', 'collection', 'install', '-r', guide.clone / 'collections/requirements.yml']
    subprocess.run(command, cwd=guide.clone, env=environment, check=True, capture_output=True, timeout=PATIENCE)
    return place


@pytest.fixture
def job(guide, content, archive, tmp_path):
    """Run a job template as AWX starts it as a node of a workflow."""
    def start(name, variables):
        template = guide.awx.all('job_templates')[f'{NAME} {name}']
        env = {'ANSIBLE_COLLECTIONS_PATH': str(content), 'ANSIBLE_INVENTORY_UNPARSED_FAILED': 'True', 'JOB_ID': '41'}
        kind = guide.awx.all('credential_types')['Webex partner']
        for credential in guide.awx.listed('job_templates', template, 'credentials'):
            values = {field['id']: '' for field in kind['inputs']['fields']} | guide.awx.all('credentials')[credential]['inputs']
            env |= {name: awx_rules.render(text, values) for name, text in kind['injectors']['env'].items()}
        hosts = {name: json.loads(host['variables']) for name, host in guide.awx.all('hosts').items()}
        given = {**json.loads(template['extra_vars']), **variables, 'month_end_archive': str(archive.root), 'awx_job_id': 41, 'awx_workflow_job_id': 40}
        (folder := tmp_path / name.replace(' ', '_')).mkdir()
        ran = run(
            Controller(folder, {'ANSIBLE_COLLECTIONS_PATH': ''}), template['playbook'], env=env, extra_vars=given, project=guide.clone,
            inventory={'all': {'hosts': list(hosts)}, '_meta': {'hostvars': hosts}},
        )
        assert ran.outcome.code == 0, ran.outcome.stdout
        return ran
    return start


def test_the_workflow_runs_to_its_end_as_the_schedule_starts_it(guide, job, archive, tmp_path):
    workflow = guide.awx.all('workflow_job_templates')[f'{NAME} month end']
    answers = defaults(guide.awx.survey(workflow)) | guide.awx.all('schedules')[f'{NAME} third weekday']['extra_data']
    assert answers == {'month_end_period': 'previous', 'month_end_on_failed': 'fail', 'month_end_force_new': 'false'}

    submitted = job('submit', answers).published()
    collected = job('collect', {**submitted, **answers}).published()
    summary = collected['billing_month_end']
    assert (summary['status'], summary['version'], summary['report_id']) == ('COMPLETED', 1, submitted['billing_month_end']['report_id'])

    (tmp_path / 'deliver.yml').write_text(DELIVERY, encoding='utf-8')
    job('hand on', {**collected, **answers, 'month_end_deliver_tasks': str(tmp_path / 'deliver.yml'), 'outbox': str(tmp_path)})
    assert (tmp_path / 'out.csv').read_bytes() == archive.file(period=summary['billing_period']).read_bytes()

    messages = guide.awx.all('notification_templates')[f'{NAME} webhook']['messages']
    told = awx_rules.render(messages['success']['body'], {**awx_rules.STUB, 'job': {**awx_rules.STUB['job'], 'artifacts': collected}})
    assert json.loads(told)['billing_month_end'] == summary


DELIVERY = """
- name: Hand it on
  ansible.builtin.copy:
    src: "{{ month_end_result.path }}"
    dest: "{{ outbox }}/out.csv"
    mode: "0600"
    remote_src: true
"""


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


@pytest.mark.parametrize('body', ['{"a": {{ job.artifacts }}', '["a"]', '{"a": {{ job.stranger }}}'])
def test_the_stand_in_refuses_messages_that_awx_refuses(body):
    with pytest.raises(awx_rules.Refused):
        awx_rules.notification_templates({
            'notification_type': 'webhook', 'notification_configuration': {'url': 'x', 'headers': {}}, 'messages': {'success': {'message': 'a', 'body': body}},
        })
