# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What AWX refuses, as far as a month end could meet it; from its documentation and its source, snapshot of October 2024."""

from __future__ import annotations

import datetime
import json
import re

from dateutil.rrule import rrulestr
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

NAMED = {'name', 'description'}
PROMPTS = {'extra_data', 'inventory', 'scm_branch', 'limit', 'job_type', 'job_tags', 'skip_tags', 'verbosity', 'timeout', 'execution_environment'}
FIELDS = {
    'organizations': NAMED,
    'instance_groups': NAMED,
    'credential_types': NAMED | {'kind', 'inputs', 'injectors', 'managed'},
    'credentials': NAMED | {'organization', 'credential_type', 'inputs'},
    'execution_environments': NAMED | {'organization', 'image', 'pull', 'credential'},
    'projects': NAMED | {'organization', 'scm_type', 'scm_url', 'scm_branch', 'default_environment'},
    'inventories': NAMED | {'organization', 'kind', 'host_filter', 'variables'},
    'hosts': NAMED | {'inventory', 'enabled', 'variables'},
    'notification_templates': NAMED | {'organization', 'notification_type', 'notification_configuration', 'messages'},
    'job_templates': NAMED | {
        'organization', 'job_type', 'project', 'playbook', 'inventory', 'execution_environment', 'timeout', 'extra_vars', 'survey_enabled', 'verbosity',
    },
    'workflow_job_templates': NAMED | {'organization', 'extra_vars', 'survey_enabled', 'allow_simultaneous'},
    'workflow_job_template_nodes': PROMPTS | {'type', 'identifier', 'workflow_job_template', 'unified_job_template', 'all_parents_must_converge'},
    'workflow_approval_templates': NAMED | {'timeout'},
    'schedules': NAMED | PROMPTS | {'unified_job_template', 'rrule', 'enabled'},
}
SURVEY_TYPES = ('text', 'textarea', 'password', 'multiplechoice', 'multiselect', 'integer', 'float')
WEBHOOK = {'http_method': 'POST', 'disable_ssl_verification': False, 'username': '', 'password': ''}  # what AWX fills in
# what AWX renders a message with before it accepts it: a job that has published nothing
STUB = {
    'job': {'id': 42, 'name': 'Stub', 'status': 'running', 'artifacts': {}, 'started': datetime.datetime(2026, 1, 1)},
    'job_friendly_name': 'Job', 'url': 'https://awx.example.org/#/jobs/playbook/42',
}


class Refused(Exception):
    """An answer of 400: what is wrong with which field."""

    def __init__(self, field, why):
        super().__init__(f'{field}: {why}')
        self.answer = {field: [why]}


def require(truth, field, why):
    if not truth:
        raise Refused(field, why)


def render(text, values):
    return ImmutableSandboxedEnvironment(undefined=StrictUndefined).from_string(text).render(values)


def credential_types(item):
    require(item.get('kind') in ('cloud', 'net'), 'kind', 'a custom type is cloud or net')
    fields = item['inputs']['fields']
    for field in fields:
        require(set(field) <= {'id', 'label', 'type', 'secret', 'help_text', 'choices', 'multiline', 'format', 'default'}, 'inputs', f'unknown key in {field}')
        require({'id', 'label'} <= set(field) and field.setdefault('type', 'string') in ('string', 'boolean'), 'inputs', f'{field} lacks something')
    require(set(item['injectors']) <= {'env', 'file', 'extra_vars'}, 'injectors', 'unknown kind')
    for name, text in item['injectors']['env'].items():
        require(re.fullmatch('[a-zA-Z_][a-zA-Z0-9_]*', name) and not name.startswith('ANSIBLE_'), 'injectors', f'{name} is not allowed')
        require(isinstance(text, str), 'injectors', 'they cannot be nested')
        try:
            render(text, {field['id']: 'EXAMPLE' for field in fields})
        except TemplateError as error:
            raise Refused('injectors', f'{name}: {error}') from None


def notification_templates(item):
    require(item['notification_type'] == 'webhook', 'notification_type', 'the stand-in knows webhooks only')
    configuration = item['notification_configuration']
    item['notification_configuration'] = {**WEBHOOK, **configuration}
    require({'url', 'headers'} <= set(configuration) <= {'url', 'headers', *WEBHOOK}, 'notification_configuration', 'a field is missing, or unknown')
    require(set(item['messages']) <= {'started', 'success', 'error', 'workflow_approval'}, 'messages', 'no such event')
    for event, message in item['messages'].items():
        if message is not None:
            require(set(message) <= {'message', 'body'} and '\n' not in message['message'], 'messages', f'{event} is not a message of one line and a body')
            try:
                render(message['message'], STUB)
                require(isinstance(json.loads(render(message['body'], STUB)), dict), 'messages', f'the body of {event} is no JSON dictionary')
            except (TemplateError, ValueError) as error:
                raise Refused('messages', f'{event}: {error}') from None


def schedules(item):
    rule = item['rrule']
    starts = re.findall(r'DTSTART(?:;[^:]+)?:[0-9]+T[0-9]+Z?', rule)
    require(len(starts) == 1, 'rrule', 'one DTSTART is needed')
    require(not re.search(r'DTSTART:[0-9]+T[0-9]+ ', rule), 'rrule', 'DTSTART cannot be naive')
    require(not re.search(r'(EX|R)DATE', rule), 'rrule', 'EXDATE and RDATE are not allowed')
    rules = re.findall(r'RULE:\S*', rule)
    require(rules and all('INTERVAL' in one for one in rules), 'rrule', 'INTERVAL is required')
    require('SECONDLY' not in rule and not re.search(r'BYDAY=[0-9]+[A-Z]{2}', rule), 'rrule', 'SECONDLY and a BYDAY with a number are not supported')
    rrulestr(rule)


def survey_spec(spec):
    require(all(isinstance(spec.get(name), kind) for name, kind in {'name': str, 'description': str, 'spec': list}.items()), 'error', 'a part is missing')
    variables = [question['variable'] for question in spec['spec']]
    require(variables and len(set(variables)) == len(variables), 'error', 'each question needs a variable of its own')
    for question in spec['spec']:
        kinds = {'type': str, 'question_name': str, 'variable': str, 'required': bool}
        require(all(isinstance(question.get(name), kind) for name, kind in kinds.items()), 'error', f'{question} lacks something')
        require(question['type'] in SURVEY_TYPES, 'error', f"no such type: {question['type']}")
        if question['type'].startswith('multi'):
            require(question['choices'] and question.get('default', '') in ['', *question['choices']], 'error', 'the default is no choice')


def answers(given, spec):
    """Refuse variables that a template does not ask for, and answers that its survey does not take."""
    questions = {question['variable']: question for question in spec['spec']}
    require(set(given) <= set(questions), 'extra_data', 'a variable that the survey does not ask for')
    for name, question in questions.items():
        require(name in given or 'default' in question or not question['required'], 'extra_data', f'{name} is missing')
        answer = given.get(name, question.get('default'))
        require(answer in question.get('choices', [answer]), 'extra_data', f'{name} is no choice')
        require(question.get('min', 0) <= len(answer) <= question.get('max', 1024), 'extra_data', f'{name} is too short or too long')
