# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What AWX accepts and refuses, as far as a month end could meet it: read in its source, a snapshot of October 2024, and seen in a live AWX 24.6.1."""

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
    'teams': NAMED | {'organization'},
    'roles': NAMED,
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
        'allow_simultaneous',
    },
    'workflow_job_templates': NAMED | {'organization', 'extra_vars', 'survey_enabled', 'allow_simultaneous'},
    'workflow_job_template_nodes': PROMPTS | {'type', 'identifier', 'workflow_job_template', 'unified_job_template', 'all_parents_must_converge'},
    'workflow_approval_templates': NAMED | {'timeout'},
    'schedules': NAMED | PROMPTS | {'unified_job_template', 'rrule', 'enabled'},
}
SURVEY_TYPES = ('text', 'textarea', 'password', 'multiplechoice', 'multiselect', 'integer', 'float')
WEBHOOK = {'http_method': 'POST', 'disable_ssl_verification': False, 'username': '', 'password': ''}  # what AWX fills in
# AWX renders each message with this before it accepts it: a job without artifacts, and an approval, in one
STUB = {
    'job': {'id': 42, 'name': 'Stub', 'status': 'running', 'artifacts': {}, 'job_explanation': 'Stub', 'started': datetime.datetime(2026, 1, 1)},
    'job_friendly_name': 'Job', 'url': 'https://awx.example.org/#/jobs/playbook/42',
    'approval_status': 'approved', 'approval_node_name': 'Stub', 'workflow_url': 'https://awx.example.org/#/workflows/42', 'job_metadata': "{'id': 42}",
}
JOB, APPROVAL = ('job', 'job_friendly_name', 'url', 'job_metadata'), ('approval_status', 'approval_node_name', 'workflow_url', 'job_metadata')
APPROVAL_EVENTS = {'running', 'approved', 'timed_out', 'denied'}


class Refused(Exception):
    """An answer of 400: what is wrong with which field."""

    def __init__(self, field, why):
        super().__init__(f'{field}: {why}')
        self.answer = {field: why if isinstance(why, list) else [why]}


def require(truth, field, why):
    if not truth:
        raise Refused(field, why)


def render(text, values):
    return ImmutableSandboxedEnvironment(undefined=StrictUndefined).from_string(text).render(values)


def credential_types(item):
    """AWX renders each injector once with the fields of the type; a nested one, or a reserved variable, is refused."""
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
    """AWX refuses a message that it cannot render. It takes a body that is not JSON, and then sends ``{}``."""
    require(item['notification_type'] == 'webhook', 'notification_type', 'the stand-in knows webhooks only')
    configuration = item['notification_configuration']
    item['notification_configuration'] = {**WEBHOOK, **configuration}
    require({'url', 'headers'} <= set(configuration) <= {'url', 'headers', *WEBHOOK}, 'notification_configuration', 'a field is missing, or unknown')
    events = dict(item['messages'])
    approvals = events.pop('workflow_approval', None) or {}
    require(set(events) <= {'started', 'success', 'error'} and set(approvals) <= APPROVAL_EVENTS, 'messages', 'no such event')
    for event, message in [*events.items(), *approvals.items()]:
        if message is not None:
            require(set(message) <= {'message', 'body'} and '\n' not in message['message'], 'messages', f'{event} is not a message of one line and a body')
            try:
                render(message['message'], STUB), render(message['body'], STUB)
            except TemplateError as error:
                raise Refused('messages', f'{event}: {error}') from None


def webhook(message, context):
    """What AWX sends for a message."""
    try:
        return json.loads(render(message['body'], context))
    except ValueError:
        return {}


def schedules(item):
    """AWX wants one start with a time zone and an interval, and refuses what its scheduler cannot do."""
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
    """AWX checks types and choices; it knows no dates and no patterns."""
    require(all(isinstance(spec.get(name), kind) for name, kind in {'name': str, 'description': str, 'spec': list}.items()), 'error', 'a part is missing')
    variables = [question['variable'] for question in spec['spec']]
    require(variables and len(set(variables)) == len(variables), 'error', 'each question needs a variable of its own')
    for question in spec['spec']:
        kinds = {'type': str, 'question_name': str, 'variable': str, 'required': bool}
        require(all(isinstance(question.get(name), kind) for name, kind in kinds.items()), 'error', f'{question} lacks something')
        require(question['type'] in SURVEY_TYPES, 'error', f"no such type: {question['type']}")
        if question['type'].startswith('multi'):
            require(question['choices'] and question.get('default', '') in ['', *question['choices']], 'error', 'the default is no choice')


def accepted(given, spec, *, unknown='refused', required=True):
    """The variables that AWX takes for a template with this survey.

    Every question that is required must be answered, in a schedule and at a launch by API alike: a default does not count. A node of a workflow need not
    answer them, since the workflow may. A schedule and a node may have no variable that the survey lacks; a launch by API ignores such a variable.
    """
    questions = {question['variable']: question for question in spec['spec']}
    errors = [error for name, question in questions.items() for error in _errors_of_answer(question, given, required)]
    if errors:
        raise Refused('variables_needed_to_start', errors)
    strangers = set(given) - set(questions)
    require(not strangers or unknown == 'ignored', 'extra_data', f'Variables {strangers} are not allowed on launch.')
    return {name: answer for name, answer in given.items() if name in questions}


def _errors_of_answer(question, given, required):
    name = question['variable']
    if name not in given:
        return [f"'{name}' value missing"] if question['required'] and required else []
    answer, choices = given[name], question.get('choices')
    if question['type'] == 'multiplechoice':
        return [] if answer in choices else [f"Value {answer} for '{name}' expected to be one of {choices}."]
    if not isinstance(answer, str):
        return [f"Value {answer} for '{name}' expected to be a string."]
    fits = question.get('min', 0) <= len(answer) <= question.get('max', 1024)
    return [] if fits else [f"'{name}' value {answer} is too small or too large."]


def launched(template, spec, runtime):
    """The variables of a job: those of the template lose to the defaults of its survey, and these to what the launch gives."""
    defaults = {
        question['variable']: question['default'] for question in spec['spec']
        if 'default' in question and not _errors_of_answer(question, {question['variable']: question['default']}, required=True)
    }
    return {**template, **defaults, **runtime}


def of_node(data, artifacts, workflow):
    """What a node gives to its job: its own data lose to the artifacts of the nodes before it, and these to the variables of the workflow."""
    return {**data, **artifacts, **workflow}
