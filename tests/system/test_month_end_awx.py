# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A month end as AWX runs it: a private data directory, credentials as environment variables, one node after the other."""

from __future__ import annotations

import json

import pytest
from evidence import PERIOD
from playbook import connection, end_later
from runner import run

KEYS = ['partner', 'billing_period', 'status', 'report_id', 'version', 'records', 'size', 'sha256', 'changed', 'archive_path', 'product', 'type']
PATHS_OF_RUNNER = ('private/env/', 'private/artifacts/job/command')  # ansible-runner notes the environment of its command


@pytest.fixture
def node(controller, sandbox, archive):
    """Run one node of a workflow, with what earlier ones published."""
    def run_node(playbook, published=None, env=None, args=('-vvvv',), **variables):
        named = {f'month_end_{name}': value for name, value in {'period': PERIOD, **variables}.items()}
        if playbook != 'submit':
            named.update({'month_end_archive': str(archive.root), 'month_end_poll_interval': 0.3})
        given = {**named, **(published or {}), 'awx_job_id': 41, 'awx_user_name': 'admin', 'awx_workflow_job_id': 40, 'awx_schedule_name': ''}
        return run(controller, f'webex_partner.billing.{playbook}', env=env or connection(sandbox), extra_vars=given, args=args)
    return run_node


def leaked(controller, secrets):
    """Files that hold a secret, but for those that ansible-runner itself writes it to."""
    files = [path for path in controller.folder.rglob('*') if path.is_file()]
    return [
        str(path) for path in files
        if not path.relative_to(controller.folder).as_posix().startswith(PATHS_OF_RUNNER) and any(secret in path.read_bytes() for secret in secrets)
    ]


def test_a_workflow(sandbox, controller, archive, node):
    submitted = node('submit')
    assert submitted.outcome.code == 0, submitted.outcome.stdout
    published = submitted.published()
    assert list(published) == ['billing_month_end'] and list(published['billing_month_end']) == KEYS
    assert (published['billing_month_end']['status'], published['billing_month_end']['changed']) == ('IN_PROGRESS', True)

    collected = node('collect', published)
    assert collected.outcome.code == 0, collected.outcome.stdout
    summary, manifest = collected.published()['billing_month_end'], archive.manifests()[1]
    assert summary == {
        'partner': 'default', 'billing_period': PERIOD, 'status': 'COMPLETED', 'report_id': published['billing_month_end']['report_id'],
        'version': 1, 'records': 25, 'size': manifest['file']['size'], 'sha256': manifest['file']['sha256'], 'changed': True,
        'archive_path': str(archive.file()), 'product': 'broadworks', 'type': None,
    }
    assert manifest['awx'] == {'job': '41', 'workflow': '40', 'schedule': None, 'user': 'admin'}
    assert any('look 1' in text for _when, text in collected.lines())
    secrets = [sandbox.access_token.encode(), b'Signature=']
    assert leaked(controller, secrets) == []
    cached = [json.loads(path.read_text(encoding='utf-8')) for path in (collected.artifacts / 'fact_cache').iterdir()]
    assert all(facts in ({}, {'__payload__': '{}'}) for facts in cached), 'the role leaves no fact'


def test_a_workflow_of_wholesale(sandbox, archive, node):
    which = {'product': 'wholesale', 'type': 'USER'}
    sandbox.add_report(PERIOD, seconds=0, product='wholesale', type='PARTNER')
    published = {}
    for playbook in ('submit', 'collect', 'hand_on'):
        done = node(playbook, published, **which)
        assert done.outcome.code == 0, done.outcome.stdout
        before, published = published, done.published()
        assert published['billing_month_end'].items() >= which.items()
    assert published == before and list(archive.manifests(period=f'wholesale-user/{PERIOD}')) == [1]
    for other in ({}, {**which, 'type': 'PARTNER'}):
        refused = node('hand_on', published, **other)
        assert refused.outcome.code == 2 and 'no earlier job of this AWX workflow has published a version' in refused.outcome.stdout


def test_a_node_that_fails_publishes_what_it_knows(sandbox, node):
    report = sandbox.add_report(PERIOD, seconds=3600)
    end_later(sandbox, report, 1.5, 'FAILED')
    failed = node('month_end')
    assert failed.outcome.code == 2
    summary = failed.published()['billing_month_end']
    assert list(summary) == KEYS
    assert (summary['status'], summary['report_id'], summary['version'], summary['changed']) == ('FAILED', report, None, False)


def test_several_partners_are_one_flat_summary(sandbox, controller, archive, node):
    secret = sandbox.grant('canary-token-of-north')
    partners = [{'partner': 'north', 'access_token': secret}, {'partner': 'south'}]
    submitted = node('submit', partners=partners)
    published = submitted.published()['billing_month_end']
    assert (published['records'], published['size'], published['changed']) == (None, None, True)
    done = node('collect', submitted.published(), partners=partners)
    assert done.outcome.code == 0, done.outcome.stdout
    ids = [archive.manifests(partner)[1]['report']['id'] for partner in ('north', 'south')]
    assert published['report_id'] == ', '.join(ids)
    assert done.published()['billing_month_end'] == {
        'partner': 'north, south', 'billing_period': PERIOD, 'status': 'COMPLETED', 'report_id': ', '.join(ids), 'version': None, 'records': 50,
        'size': sum(archive.file(1, partner).stat().st_size for partner in ('north', 'south')), 'sha256': None, 'changed': True,
        'archive_path': str(archive.root), 'product': 'broadworks', 'type': None,
    }
    assert leaked(controller, [secret.encode(), sandbox.access_token.encode(), b'Signature=']) == []


def test_an_empty_answer_of_a_survey_is_no_answer(node, archive):
    done = node('month_end', partner='', time_zone='', deliver_tasks='', notify_room='', notify_token='')
    assert done.outcome.code == 0, done.outcome.stdout
    assert list(archive.manifests()) == [1]


def test_the_room_is_told(controller, node, tmp_path):
    """By a stand-in, with the options of the module of community.general 12; without that collection the run ends well and says so."""
    untold = node('month_end', notify_room='ROOM', notify_token='canary-token-of-a-bot')
    assert untold.outcome.code == 0 and 'The closing message was not sent: ' in untold.outcome.stdout, untold.outcome.stdout
    module = tmp_path / 'stand_in/ansible_collections/community/general/plugins/modules/cisco_webex.py'
    module.parent.mkdir(parents=True)
    module.write_text(STAND_IN, encoding='utf-8')
    told = node('month_end', env={
        **controller.environment(), 'ANSIBLE_COLLECTIONS_PATH': f'{tmp_path / "stand_in"}:{controller.environment()["ANSIBLE_COLLECTIONS_PATH"]}',
        'TOLD': str(tmp_path / 'told.json'),
    }, notify_room='ROOM', notify_token='canary-token-of-a-bot')
    assert told.outcome.code == 0, told.outcome.stdout
    message = json.loads((tmp_path / 'told.json').read_text(encoding='utf-8'))
    assert (message.pop('personal_token'), message) == ('canary-token-of-a-bot', {
        'recipient_type': 'roomId', 'recipient_id': 'ROOM', 'msg_type': 'text',
        'msg': f'default {PERIOD}: nothing new, version 1 holds the same 25 records, 1451 bytes',
    })
    (tmp_path / 'told.json').unlink()
    assert leaked(controller, [b'canary-token-of-a-bot']) == []


STAND_IN = """
import json, os
from ansible.module_utils.basic import AnsibleModule
module = AnsibleModule({
    'recipient_type': {'required': True}, 'recipient_id': {'required': True, 'no_log': True}, 'msg_type': {'default': 'text'},
    'personal_token': {'required': True, 'no_log': True}, 'msg': {'required': True},
})
json.dump(module.params, open(os.environ['TOLD'], 'w'))
module.exit_json()
"""
