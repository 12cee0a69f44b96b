# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each branch of the workflow, walked to its end as AWX walks it: by the links and data of the set-up, each job by ansible-runner."""

from __future__ import annotations

import awx_rules
import pytest
from awx_guide import NAME
from webex_sandbox.tokens import WHOLESALE_SCOPES

DELIVERY = """
- name: Deliver the file
  ansible.builtin.copy:
    src: "{{ month_end_result.path }}"
    dest: "{{ month_end_archive | dirname }}/outbox/delivered.csv"
    mode: "0600"
    remote_src: true
"""


@pytest.fixture
def walk(guide, job, tmp_path):
    """Walk the workflow of a month; return what happened at each node, the published summaries and reasons, and whether it ended well.

    ``before`` are actions by node, which get the path so far and happen just before it; those of an approval return whether a person approves.
    ``settings`` and ``env`` are those of the installation and of the credential, by node.
    """
    (tmp_path / 'deliver.yml').write_text(DELIVERY, encoding='utf-8')
    (tmp_path / 'outbox').mkdir()
    awx = guide.awx
    nodes = awx.all('workflow_job_template_nodes')
    templates = {item['id']: name for name, item in awx.all('job_templates').items()}
    survey = awx.survey(awx.all('workflow_job_templates')[f'{NAME} month end'])

    def following(identifier, how):
        return awx.listed('workflow_job_template_nodes', nodes[identifier], f'{how}_nodes')

    def walked(answers, before=None, settings=None, env=None):
        given, artifacts, path = awx_rules.launched({}, survey, awx_rules.accepted(answers, survey)), {}, []
        (identifier,) = set(nodes) - {after for name in nodes for how in ('success', 'failure') for after in following(name, how)}
        while True:
            node, act = nodes[identifier], (before or {}).get(identifier)
            succeeded = act(path) if act else None
            if node['unified_job_template'] in templates:
                ran = job(
                    templates[node['unified_job_template']], awx_rules.of_node(node.get('extra_data', {}), artifacts, given),
                    {'month_end_deliver_tasks': str(tmp_path / 'deliver.yml'), **(settings or {}).get(identifier, {})}, (env or {}).get(identifier),
                )
                succeeded = ran.outcome.code == 0
                artifacts = {**artifacts, **(published := ran.published())}
                path.append((identifier, succeeded, published, ran.outcome.stdout))
            else:
                path.append((identifier, succeeded, {}, ''))
            after = following(identifier, 'success' if succeeded else 'failure')
            if not after:
                return path, succeeded
            (identifier,) = after
    return walked


def steps(path):
    return ' '.join(identifier if succeeded else f'{identifier}!' for identifier, succeeded, _published, _output in path)


def yes(_path):
    return True


def no(_path):
    return False


def reason(path, node):
    return next(published['billing_month_end_reason'] for identifier, _ok, published, _output in path if identifier == node)


def test_the_schedule_is_walked_to_the_end(guide, walk, archive, tmp_path):
    answers = guide.awx.all('schedules')[f'{NAME} third weekday']['extra_data']
    path, ended_well = walk(answers, {'approve': yes})
    assert (steps(path), ended_well) == ('submit collect approve hand_on', True), path
    summary = path[-1][2]['billing_month_end']
    assert summary == {**path[1][2]['billing_month_end'], 'changed': True} and (summary['status'], summary['version']) == ('COMPLETED', 1)
    assert (tmp_path / 'outbox/delivered.csv').read_bytes() == archive.file(period=summary['billing_period']).read_bytes()

    path, ended_well = walk({'month_end_period': summary['billing_period']}, {'approve': yes})
    assert (steps(path), ended_well) == ('submit collect approve hand_on', True), path
    assert path[-1][2]['billing_month_end']['changed'] is False, 'a second run of the month delivers nothing'


def test_the_approver_sees_what_changed_in_the_last_lines_of_collect_and_in_its_notification(guide, walk):
    answers = {'month_end_period': '2026-06'}
    guide.webex.add_report('2026-06', seconds=0, rows=10, created='2026-07-02T00:00:00.000Z')
    first, _ended_well = walk(answers, {'approve': no})
    assert 'was not compared' in ' '.join(first[1][3].split()), first
    guide.webex.add_report('2026-06', seconds=0, rows=12, created='2026-07-03T00:00:00.000Z')
    path, ended_well = walk(answers, {'approve': yes})
    assert (steps(path), ended_well) == ('submit collect approve hand_on', True), path
    last_lines = path[1][3].partition('PLAY RECAP')[0].splitlines()[-6:]
    assert '2 added, 0 removed, 0 changed against version 1' in ' '.join(last_lines), last_lines
    message = guide.awx.all('notification_templates')[f'{NAME} webhook']['messages']['success']
    for node in (1, 3):
        job = {**awx_rules.STUB['job'], 'artifacts': path[node][2], 'job_explanation': ''}
        told = awx_rules.webhook(message, {**{name: awx_rules.STUB[name] for name in awx_rules.JOB}, 'job': job})['billing_month_end']
        assert [told[f'records_{what}'] for what in ('added', 'removed', 'changed')] == [2, 0, 0]
    assert 'The last lines of the job named collect' in str(guide.awx.all('workflow_approval_templates'))


def test_a_wrong_month_is_denied_or_fails_again(walk):
    path, ended_well = walk({'month_end_period': '2026-13'}, {'look_into_it': no})
    assert (steps(path), ended_well) == ('submit! look_into_it!', False), path
    assert '2026-13' in reason(path, 'submit')
    path, ended_well = walk({'month_end_period': '2026-13'}, {'look_into_it': yes})
    assert (steps(path), ended_well) == ('submit! look_into_it submit_again!', False), path


def test_missing_credentials_and_a_receiver_that_refuses(walk, tmp_path):
    def receiver(present):
        (tmp_path / 'outbox').rename(tmp_path / 'away') if not present else (tmp_path / 'away').rename(tmp_path / 'outbox')
        return True

    path, ended_well = walk(
        {'month_end_period': '2026-09'},
        {'look_into_it': yes, 'approve': lambda _path: receiver(False), 'look_into_hand_on': lambda _path: receiver(True)},
        env={'submit': {'WEBEX_ACCESS_TOKEN': ''}},
    )
    expected = 'submit! look_into_it submit_again collect_again approve hand_on! look_into_hand_on hand_on_again'
    assert (steps(path), ended_well) == (expected, True), path
    assert 'No credentials' in reason(path, 'submit') and 'outbox' in reason(path, 'hand_on')
    assert (tmp_path / 'outbox/delivered.csv').exists()


def test_a_report_that_fails_is_replaced_by_approving(guide, walk):
    def fail(path):
        guide.webex.set_status(path[0][2]['billing_month_end']['report_id'], 'FAILED')

    path, ended_well = walk({'month_end_period': '2026-08'}, {'collect': fail, 'look_into_it': yes, 'approve': no})
    assert (steps(path), ended_well) == ('submit collect! look_into_it submit_again collect_again approve!', False), path
    ids = [path[position][2]['billing_month_end']['report_id'] for position in (0, 3, 4)]
    assert ids[0] != ids[1] == ids[2] and 'FAILED' in reason(path, 'collect')


def test_a_wait_that_timed_out_goes_on_by_approving(guide, walk):
    def become(status):
        return lambda path: guide.webex.set_status(path[0][2]['billing_month_end']['report_id'], status)

    path, ended_well = walk(
        {'month_end_period': '2026-07', 'month_end_force_new': 'true'},
        {'collect': become('IN_PROGRESS'), 'look_into_it': yes, 'collect_again': become('COMPLETED'), 'approve': no},
        {'collect': {'month_end_wait_timeout': 0}},
    )
    assert (steps(path), ended_well) == ('submit collect! look_into_it submit_again collect_again approve!', False), path
    ids = [path[position][2]['billing_month_end']['report_id'] for position in (0, 3, 4)]
    assert len(set(ids)) == 1 and 'approve "try again"' in reason(path, 'collect')


def test_a_restated_month_of_wholesale_is_collected_by_the_report_that_was_requested(guide, walk, archive):
    """By month nothing tells the two reports apart."""
    old = guide.webex.add_report('2026-10', product='wholesale', type='CUSTOMER', seconds=0)
    path, ended_well = walk(
        {'month_end_period': '2026-10', 'month_end_force_new': 'true'}, {'approve': yes},
        dict.fromkeys(('submit', 'collect', 'hand_on'), {'month_end_product': 'wholesale', 'month_end_type': 'CUSTOMER'}),
        {'collect': {'WEBEX_ACCESS_TOKEN': guide.webex.grant(scopes=WHOLESALE_SCOPES[0])}},
    )
    assert (steps(path), ended_well) == ('submit collect approve hand_on', True), path
    manifest = archive.manifests(period='wholesale-customer/2026-10')[1]
    assert manifest['report']['id'] == path[0][2]['billing_month_end']['report_id'] != old and manifest['type'] == 'CUSTOMER'
