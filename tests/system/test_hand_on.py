# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is handed on: the version that was approved, or else the newest, and only if its bytes are those that were filed."""

from __future__ import annotations

import hashlib
import json

import pytest
from evidence import PERIOD


@pytest.fixture
def approved(archive):
    """An archive with two versions of a month; the first was approved."""
    for version in (1, 2):
        (place := archive.month() / f'v{version:03}').mkdir(parents=True)
        (place / 'report.csv').write_text(f'A,B\n{version},2\n', encoding='utf-8')
        sha256 = hashlib.sha256((place / 'report.csv').read_bytes()).hexdigest()
        (place / 'manifest.json').write_text(json.dumps({'version': version, 'file': {'name': 'report.csv', 'sha256': sha256}}), encoding='utf-8')
    return {'partner': 'default', 'billing_period': PERIOD, 'version': 1, 'sha256': archive.manifests()[1]['file']['sha256']}


@pytest.fixture
def hand_on(controller, archive, tmp_path):
    """Run the playbook, and tell its exit code, its output and what arrived."""
    def run(published, period=PERIOD):
        (tmp_path / 'deliver.yml').write_text(DELIVERY, encoding='utf-8')
        variables = {
            'month_end_period': period, 'month_end_archive': str(archive.root), 'month_end_deliver_tasks': str(tmp_path / 'deliver.yml'),
            'billing_month_end': published,
        }
        outcome = controller.finish(controller.start(['ansible-playbook', 'webex_partner.billing.hand_on', '-e', json.dumps(variables)]))
        arrived = tmp_path / 'arrived.csv'
        return outcome.code, outcome.stdout, arrived.read_text(encoding='utf-8') if arrived.exists() else ''
    return run


DELIVERY = """
- name: Hand it on
  ansible.builtin.copy:
    src: "{{ month_end_result.path }}"
    dest: "{{ month_end_archive }}/../arrived.csv"
    mode: "0600"
    remote_src: true
"""


def test_the_approved_version_is_handed_on_though_there_is_a_newer_one(approved, hand_on):
    code, output, arrived = hand_on(approved, period='previous')
    assert (code, arrived) == (0, 'A,B\n1,2\n'), output
    assert 'v001/report.csv: handed on' in output


@pytest.mark.parametrize('published', [None, {'partner': 'north', 'billing_period': PERIOD, 'version': 1}])
def test_the_newest_is_handed_on_if_none_of_this_partner_was_approved(approved, hand_on, published):
    code, output, arrived = hand_on(published)
    assert (code, arrived) == (0, 'A,B\n2,2\n'), output


@pytest.mark.parametrize('spoil', ['file', 'approval', 'archive'])
def test_nothing_else_is_handed_on(approved, hand_on, archive, spoil):
    if spoil == 'file':
        archive.file(1).write_text('A,B\n9,9\n', encoding='utf-8')
    if spoil == 'archive':
        (archive.month() / 'v001/manifest.json').unlink()
    code, output, arrived = hand_on({**approved, 'sha256': 'another'} if spoil == 'approval' else approved)
    assert (code, arrived) == (2, ''), output
