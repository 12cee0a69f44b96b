# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The page that a month end leaves for people, beside the manifest."""

from __future__ import annotations

import json

import pytest
from ansible_collections.webex_partner.billing.tests.unit.reading import Page
from evidence import PERIOD
from playbook import methods


@pytest.fixture
def page(archive):
    return lambda version=1, partner='default': Page((archive.month(partner) / f'v{version:03}/evidence.html').read_bytes())


def test_once_again_and_a_restatement(sandbox, run, archive, page):
    sandbox.add_report('2026-09', seconds=0, rows=20)
    assert run(evidence=True, period='2026-09').code == 0
    assert run(evidence=True).code == 0
    manifest, text = archive.manifests()[1], page().text
    parts = ('Billing period 2026-10 Partner default, version 1', 'Records 25', manifest['report']['id'], manifest['file']['sha256'], sandbox.api_url)
    assert all(part in text for part in (*parts, '2026-09 1 20')), text
    assert page().is_inert() and sandbox.access_token not in text
    assert all(f'{manifest[name][:10]} {manifest[name][11:19]}' in text for name in ('requested_at', 'completed_at', 'downloaded_at'))

    before = archive.tree()
    second = run(evidence=True)
    assert (second.code, second.counts()['changed']) == (0, 0), second.stdout
    assert archive.tree() == before

    sandbox.add_report(PERIOD, seconds=0, rows=27)
    assert run(evidence=True).code == 0
    assert 'Version 2 against version 1: +2 records' in page(2).text
    after = archive.tree()
    assert before == {name: after[name] for name in before}


def test_not_unless_asked_and_made_up_for(sandbox, run, archive, page):
    assert run().code == 0
    assert not list(archive.root.rglob('evidence.html'))
    again = run(evidence=True)
    assert again.code == 0 and 'nothing new' in again.told()[0] and page().is_inert()
    assert methods(sandbox).count('POST') == 1


def test_check_mode_says_so(sandbox, run, archive):
    report = sandbox.add_report(PERIOD, seconds=0)
    outcome = run('month_end', '--check', evidence=True)
    assert outcome.told() == [f'default {PERIOD}: would file report {report}, COMPLETED, with its evidence, unless nothing is new'], outcome.stdout
    assert outcome.counts()['changed'] == 0 and not archive.root.exists()


def test_it_can_be_delivered(run, tmp_path, page):
    tasks = tmp_path / 'deliver.yml'
    dest = str(tmp_path / 'delivered-{{ month_end_result.partner }}')
    tasks.write_text(json.dumps([
        {'ansible.builtin.copy': {'src': '{{ month_end_result.evidence_path }}', 'dest': dest, 'remote_src': True}},
        {'ansible.builtin.assert': {'that': 'month_end_results[-1] == month_end_result'}},
    ]), encoding='utf-8')
    outcome = run(evidence=True, deliver_tasks=str(tasks), partners=[{'partner': 'north'}, {'partner': 'south'}])
    assert outcome.code == 0, outcome.stdout
    for partner in ('north', 'south'):
        assert f'Partner {partner}, version 1' in page(partner=partner).text
        assert f'Partner {partner}, version 1' in (tmp_path / f'delivered-{partner}').read_text(encoding='utf-8')


def test_evidence_that_contradicts_itself_fails_before_the_report_is_deleted(sandbox, run, archive):
    """What is filed stands, and the next run goes on from there."""
    assert run(period='2026-09').code == 0
    broken = archive.month(period='2026-09') / 'v001/manifest.json'
    whole = broken.read_bytes()
    broken.write_bytes(b'{}')
    failed = run(evidence=True, delete_after=True)
    assert failed.code == 2 and f'the manifest {broken} is of a schema' in failed.told()[0] and 'DELETE' not in methods(sandbox), failed.stdout
    assert list(archive.manifests()) == [1]
    broken.write_bytes(whole)
    assert run(evidence=True, delete_after=True).code == 0 and 'DELETE' in methods(sandbox)
