# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which version is handed on, and that it is handed on once: the version that was approved, and only if its file is the one that was filed."""

from __future__ import annotations

import hashlib
import json

import pytest
from evidence import PERIOD
from playbook import until

WORKFLOW = {'awx_job_id': 41, 'awx_workflow_job_id': 40}


@pytest.fixture
def file_two(archive):
    """File two versions of the month of a partner; return the summary of the first, which was approved."""
    def write(partner='default'):
        for version in (1, 2):
            (place := archive.month(partner) / f'v{version:03}').mkdir(parents=True)
            (place / 'report.csv').write_text(content := f'A,B\n{version},2\n', encoding='utf-8')
            file = {'name': 'report.csv', 'size': len(content), 'sha256': hashlib.sha256(content.encode()).hexdigest(), 'records': 1}
            manifest = {'schema': 1, 'partner': partner, 'billing_period': PERIOD, 'version': version, 'file': file}
            (place / 'manifest.json').write_text(json.dumps(manifest), encoding='utf-8')
        return {'partner': partner, 'billing_period': PERIOD, 'version': 1, 'sha256': archive.manifests(partner)[1]['file']['sha256']}
    return write


@pytest.fixture
def approved(file_two):
    return file_two()


@pytest.fixture
def start(controller, archive, tmp_path):
    """Start the playbook; a variable of None is left out, and one in capitals is of the environment."""
    (tmp_path / 'deliver.yml').write_text(DELIVERY, encoding='utf-8')

    def begin(**variables):
        usual = {
            'month_end_period': PERIOD, 'month_end_archive': str(archive.root), 'month_end_deliver_tasks': str(tmp_path / 'deliver.yml'),
            'outbox': str(tmp_path),
        }
        given = {name: value for name, value in {**usual, **variables}.items() if value is not None and not name.isupper()}
        env = {name: value for name, value in variables.items() if name.isupper()}
        return controller.start(['ansible-playbook', 'webex_partner.billing.hand_on', '-e', json.dumps(given)], env)
    return begin


@pytest.fixture
def hand_on(controller, start, tmp_path):
    """Run the playbook; return its exit code, its output and all deliveries until now."""
    def run(**variables):
        outcome = controller.finish(start(**variables))
        return outcome.code, outcome.stdout, arrivals(tmp_path)
    return run


def arrivals(folder):
    """What every delivery brought, in order."""
    return [path.read_text(encoding='utf-8') for path in sorted(folder.glob('arrived.*'))]


DELIVERY = """
- name: Find out how many files arrived before
  ansible.builtin.find:
    paths: "{{ outbox }}"
    patterns: "arrived.*"
  register: arrived

- name: Deliver the file
  ansible.builtin.copy:
    src: "{{ month_end_result.path }}"
    dest: "{{ outbox }}/arrived.{{ arrived.matched }}"
    mode: "0600"
    remote_src: true

- name: Wait for the end of the test
  ansible.builtin.wait_for:
    path: "{{ outbox }}/go_on"
    timeout: 30
  when: hold | default(false)

- name: Fail if the test wants it
  ansible.builtin.fail:
    msg: The receiver is full.
  when: refuse | default(false)
"""


def test_the_approved_version_is_handed_on_once_although_a_newer_one_exists(approved, hand_on, archive):
    workflow = {**WORKFLOW, 'billing_month_end': approved}
    code, output, arrived = hand_on(**workflow, month_end_period='previous')
    assert (code, arrived) == (0, ['A,B\n1,2\n']), output
    assert 'v001/report.csv: handed on' in output
    record = json.loads((archive.month() / 'v001/handed_on.json').read_text(encoding='utf-8'))
    assert (record['version'], record['sha256'], record['deliveries'][0]['awx']['job']) == (1, approved['sha256'], '41')
    assert not (archive.month() / '.handing_on.json').exists()

    code, output, arrived = hand_on(**workflow, month_end_retry='true')
    assert (code, len(arrived)) == (0, 1) and 'version 1 was handed on before' in output, output
    code, output, arrived = hand_on(**workflow, hand_on_again='true')
    assert (code, len(arrived)) == (0, 2), output
    assert len(json.loads((archive.month() / 'v001/handed_on.json').read_text(encoding='utf-8'))['deliveries']) == 2


def test_a_label_that_is_a_number_names_the_same_partner(file_two, hand_on):
    code, output, arrived = hand_on(**WORKFLOW, month_end_partner=42, billing_month_end={**file_two('42'), 'partner': 42})
    assert (code, arrived) == (0, ['A,B\n1,2\n']), output


@pytest.mark.parametrize('label', ['12.10', '1e5'])
def test_a_label_is_text_with_native_jinja_too(file_two, hand_on, archive, label):
    file_two(str(float(label)))
    file_two(label)
    for _turn in range(2):
        code, output, arrived = hand_on(month_end_partner=label, ANSIBLE_JINJA2_NATIVE='true')
        assert (code, arrived) == (0, ['A,B\n2,2\n']), output
    assert [path.parts[-4] for path in archive.root.rglob('handed_on.json')] == [label]


def test_a_workflow_hands_on_nothing_without_the_summary_of_this_partner_and_month(approved, hand_on):
    code, output, arrived = hand_on(**WORKFLOW)
    assert (code, arrived) == (2, []), output
    assert 'no earlier job of this AWX workflow has published a version of default 2026-10' in output


def test_outside_of_a_workflow_the_last_version_of_the_month_itself_is_handed_on(approved, hand_on, archive):
    (archive.month() / 'aside').mkdir()
    (archive.month() / 'v002').rename(archive.month() / 'aside/v003')
    code, output, arrived = hand_on(hand_on_version='')
    assert (code, arrived) == (0, ['A,B\n1,2\n']), output


def test_a_task_file_without_an_absolute_path_is_refused_first(approved, hand_on, archive):
    code, output, arrived = hand_on(month_end_deliver_tasks='deliver.yml')
    assert (code, arrived) == (2, []) and 'give an absolute path' in output, output
    assert not list(archive.root.rglob('.handing_on.json'))


def test_a_delivery_that_failed_is_repeated(approved, hand_on):
    code, output, arrived = hand_on(refuse=True)
    assert (code, len(arrived)) == (2, 1) and 'The receiver is full.' in output, output
    code, output, arrived = hand_on()
    assert (code, len(arrived)) == (0, 2), output


def test_a_second_run_does_not_deliver_beside_the_first_and_not_after_its_death_without_a_decision(approved, start, hand_on, tmp_path, controller):
    first = start(hold=True)
    assert until(lambda: arrivals(tmp_path), 30)
    code, output, arrived = hand_on(hand_on_again=True)
    assert (code, len(arrived)) == (2, 1) and 'another run began to hand on version 2' in output, output
    controller.kill()
    first.communicate()
    workflow = {**WORKFLOW, 'billing_month_end': approved}
    code, output, arrived = hand_on(**workflow)
    assert (code, len(arrived)) == (2, 1), output


def test_without_a_receiver_the_file_is_checked_and_nothing_is_recorded(approved, hand_on, archive):
    code, output, arrived = hand_on(month_end_deliver_tasks='')
    assert (code, arrived) == (0, []) and 'month_end_deliver_tasks is empty' in output, output
    assert not list(archive.root.rglob('handed_on.json'))
