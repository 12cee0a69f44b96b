# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A stand-in of AWX's REST API on loopback: it keeps objects as the modules of awx.awx make them, refuses what AWX refuses, and runs nothing."""

from __future__ import annotations

import itertools
import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

import awx_rules
from awx_rules import FIELDS, Refused, require

ROLES = {'job_templates': ('admin', 'execute', 'read'), 'workflow_job_templates': ('admin', 'execute', 'approval', 'read')}
TEMPLATES = ('projects', 'job_templates', 'workflow_job_templates', 'workflow_approval_templates')
REFERENCES = {
    'organization': ('organizations',), 'credential_type': ('credential_types',), 'project': ('projects',), 'inventory': ('inventories',),
    'execution_environment': ('execution_environments',), 'default_environment': ('execution_environments',),
    'workflow_job_template': ('workflow_job_templates',), 'unified_job_template': TEMPLATES,
}
UNIQUE = ('name', 'organization', 'credential_type', 'inventory', 'identifier', 'workflow_job_template')
NOTIFIED = [f'notification_templates_{event}' for event in ('started', 'success', 'error', 'approvals')]
SUBLISTS = {
    'job_templates': ['credentials', 'instance_groups', *NOTIFIED[:3]],
    'workflow_job_templates': NOTIFIED,
    'workflow_job_template_nodes': ['success_nodes', 'failure_nodes', 'always_nodes', 'credentials'],
    'roles': ['teams'],
}
DEFAULTS = {'description': '', 'host_filter': None, 'kind': '', 'variables': '', 'extra_data': {}, 'allow_simultaneous': False, 'unified_job_template': None}
ROOT = '/api/v2/'


class Awx:
    """An AWX with one organization and one container group, whose projects find the playbooks of the tree at ``repository``."""

    def __init__(self, repository):
        self.repository = repository
        self.token = 'canary-token-of-awx'
        self.writes = []  # (method, path) of all that changed something, or tried
        self._ids = itertools.count(1)
        self._lock = threading.Lock()
        self._items = {endpoint: {} for endpoint in (*FIELDS, 'project_updates')}
        self._lists = {}
        self._surveys = {}
        self._insert('organizations', {'name': 'Default'})
        self._insert('instance_groups', {'name': 'billing'})
        for team in ('billers', 'approvers'):
            self._insert('teams', {'name': team, 'organization': 1})
        self._server = ThreadingHTTPServer(('127.0.0.1', 0), handler_of(self))

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, args=(0.1,), daemon=True).start()
        return self

    def __exit__(self, *_exception):
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self):
        return f'http://127.0.0.1:{self._server.server_port}'

    def all(self, endpoint):
        """All objects of a kind, with their secrets, by name."""
        return {item.get('name') or item.get('identifier'): item for item in self._items[endpoint].values()}

    def listed(self, endpoint, item, sublist):
        """The names of what is associated with an object."""
        kind = 'workflow_job_template_nodes' if sublist.endswith('_nodes') else re.sub('_(started|success|error|approvals)$', '', sublist)
        found = [self._items[kind][number] for number in self._lists.get((endpoint, item['id'], sublist), [])]
        return [one.get('name') or one.get('identifier') for one in found]

    def granted(self, team):
        """The roles of a team, each with the name of its object."""
        number = self.all('teams')[team]['id']
        return sorted(role['name'] for role in self._items['roles'].values() if number in self._lists.get(('roles', role['id'], 'teams'), []))

    def survey(self, item):
        return self._surveys[item['id']]

    def respond(self, method, path, query, data):
        """The status and the body of the answer."""
        endpoint, *rest = path.removeprefix(ROOT).strip('/').split('/')
        with self._lock:
            if method != 'GET':
                self.writes.append((method, path))
            try:
                if rest:
                    return self._item(method, endpoint, int(rest[0]), rest[1:], data)
                if method == 'POST':
                    return 201, self._made(endpoint, self._insert(endpoint, data))
                return 200, self._page(self._find(endpoint, query))
            except Refused as refused:
                return 400, refused.answer
            except KeyError as error:
                return 404, {'detail': f'Not found: {error}.'}

    def _made(self, endpoint, item):
        if endpoint != 'projects':
            return self._shown(endpoint, item)
        update = self._synced(item)  # AWX begins by itself to update a new one
        return {**self._shown(endpoint, item), 'summary_fields': {'current_update': {'id': update['id']}}}

    def _find(self, endpoint, query):
        kinds = TEMPLATES if endpoint == 'unified_job_templates' else (endpoint,)
        return [
            self._shown(kind, item) for kind in kinds for item in self._items[kind].values()
            if all(str(item.get(name)) == value for name, value in query.items())
        ]

    def _page(self, results):
        return {'count': len(results), 'next': None, 'previous': None, 'results': results}

    def _item(self, method, endpoint, number, rest, data):
        item = self._items[endpoint][number]
        if not rest and method == 'PATCH':
            self._judge(endpoint, changed := {**item, **data}, data)
            item.update(changed)
            return 200, self._shown(endpoint, item)
        if not rest:
            return 200, self._shown(endpoint, item)
        if rest == ['survey_spec']:
            return self._survey(method, number, data)
        if rest == ['launch']:
            return 201, {'extra_vars': awx_rules.accepted(data.get('extra_vars', {}), self._surveys[number], unknown='ignored')}
        if rest == ['update']:
            return 202, self._shown('project_updates', self._synced(item))
        if rest == ['create_approval_template']:
            approval = self._insert('workflow_approval_templates', data)
            item['unified_job_template'] = approval['id']
            return 201, self._shown('workflow_approval_templates', approval)
        if rest[0] not in SUBLISTS[endpoint]:
            raise KeyError(rest[0])
        numbers = self._lists.setdefault((endpoint, number, rest[0]), [])
        if method == 'GET':
            return 200, self._page([{'id': one} for one in numbers])
        if data.get('disassociate'):
            numbers.remove(data['id'])
        else:
            self._judge_association(rest[0], number, numbers, data['id'])
            numbers.append(data['id'])
        return 204, None

    def _survey(self, method, number, data):
        if method == 'POST':
            awx_rules.survey_spec(data)
            self._surveys[number] = data
        return 200, self._surveys.get(number, {})

    def _insert(self, endpoint, data):
        item = {**{name: value for name, value in DEFAULTS.items() if name in FIELDS[endpoint]}, **data}
        self._judge(endpoint, item, data)
        twin = [one for one in self._items[endpoint].values() if all(one.get(name) == item.get(name) for name in UNIQUE)]
        require(not twin or endpoint == 'workflow_approval_templates', '__all__', 'there is one of that name')
        item['id'] = next(self._ids)
        self._items[endpoint][item['id']] = item
        for role in ROLES.get(endpoint, ()):
            self._insert('roles', {'name': f'{role} {item["name"]}'})
        return item

    def _synced(self, project):
        """AWX takes a while for it; here it is done at once."""
        update = {'id': next(self._ids), 'name': project['name'], 'status': 'successful', 'failed': False, 'finished': '2026-01-01T00:00:00Z'}
        update['scm_revision'] = project['scm_revision'] = '0123456789'
        self._items['project_updates'][update['id']] = update
        return update

    def _judge(self, endpoint, item, data):
        unknown = set(data) - FIELDS[endpoint]
        require(not unknown, '__all__', f'no such field: {unknown}')
        for name, kinds in REFERENCES.items():
            require(item.get(name) is None or any(item[name] in self._items[kind] for kind in kinds), name, 'there is no such object')
        getattr(self, f'_judge_{endpoint}', getattr(awx_rules, endpoint, lambda item: None))(item)

    def _judge_inventories(self, item):
        require(item['kind'] is not None, 'kind', 'This field may not be null.')

    def _judge_credentials(self, item):
        fields = self._items['credential_types'][item['credential_type']]['inputs']['fields']
        require(set(item.setdefault('inputs', {})) <= {field['id'] for field in fields}, 'inputs', 'the type has no such input')

    def _judge_job_templates(self, item):
        require(item.get('inventory') and item.get('project'), 'inventory', 'a job needs an inventory and a project')
        require(self._items['projects'][item['project']].get('scm_revision'), 'project', 'was not synced')
        path = self.repository / item['playbook']
        is_playbook = path.is_file() and re.search(r'^\s*-?\s*(hosts|(ansible\.builtin\.)?import_playbook):', path.read_text(encoding='utf-8'), re.MULTILINE)
        require(is_playbook, 'playbook', 'Playbook not found for project.')

    def _judge_schedules(self, item):
        awx_rules.schedules(item)
        awx_rules.accepted(item['extra_data'], self._surveys[item['unified_job_template']])

    def _judge_workflow_job_template_nodes(self, item):
        if item.get('extra_data'):
            awx_rules.accepted(item['extra_data'], self._surveys[item['unified_job_template']], required=False)

    def _judge_association(self, sublist, number, numbers, other):
        if sublist == 'credentials':
            kinds = [self._items['credentials'][one]['credential_type'] for one in [*numbers, other]]
            require(len(set(kinds)) == len(kinds), 'detail', 'Cannot assign multiple credentials of one type.')
        if sublist.endswith('_nodes'):
            require(number not in self._descendants(other), 'detail', 'Cycle detected.')

    def _descendants(self, number):
        after = {other for (_kind, one, sublist), others in self._lists.items() if one == number and sublist.endswith('_nodes') for other in others}
        return {number, *itertools.chain.from_iterable(map(self._descendants, after))}

    def _shown(self, endpoint, item):
        url = f'{ROOT}{endpoint}/{item["id"]}/'
        related = {'survey_spec': f'{url}survey_spec/', 'update': f'{url}update/'}
        if item.get('unified_job_template'):
            kind = next(kind for kind in TEMPLATES if item['unified_job_template'] in self._items[kind])
            related['unified_job_template'] = f'{ROOT}{kind}/{item["unified_job_template"]}/'
        shown = {**item, 'type': endpoint.removesuffix('s'), 'url': url, 'related': related, 'summary_fields': {}}
        if endpoint in ROLES:
            by_name = {role['name']: number for number, role in self._items['roles'].items()}
            shown['summary_fields'] = {'object_roles': {f'{role}_role': {'id': by_name[f'{role} {item["name"]}']} for role in ROLES[endpoint]}}
        if endpoint == 'credentials':
            fields = self._items['credential_types'][item['credential_type']]['inputs']['fields']
            secret = {field['id'] for field in fields if field.get('secret')}
            shown['inputs'] = {name: '$encrypted$' if name in secret else value for name, value in item['inputs'].items()}
        return shown


def handler_of(awx):
    class Handler(BaseHTTPRequestHandler):
        """One request; without the right token it is refused."""

        def _respond(self):
            target = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get('Content-Length') or 0))
            if self.headers.get('Authorization') == f'Bearer {awx.token}':
                status, answer = awx.respond(self.command, target.path, dict(parse_qsl(target.query)), json.loads(body or b'{}'))
            else:
                status, answer = 401, {'detail': 'Authentication credentials were not provided.'}
            content = b'' if answer is None else json.dumps(answer).encode()
            self.send_response(status)
            self.send_header('X-API-Product-Name', 'AWX')
            self.send_header('X-API-Product-Version', '24.6.1')
            self.send_header('Content-Length', str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PATCH = do_DELETE = _respond

        def log_message(self, *_arguments):
            pass

    return Handler
