# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writing evidence, as the module does it: arguments in as core hands them over, the printed result out."""

from __future__ import annotations

import json

import pytest
from ansible.module_utils import basic
from ansible_collections.webex_partner.billing.plugins.modules import billing_report_evidence
from ansible_collections.webex_partner.billing.tests.unit import printed
from ansible_collections.webex_partner.billing.tests.unit.filing import PERIOD, Filing


@pytest.fixture
def filing(tmp_path):
    filing = Filing(tmp_path)
    filing.file(b'A,B\n1,2\n')
    return filing


@pytest.fixture
def written(monkeypatch, capsys, filing):
    """Runs the module with the options given."""
    def run(**options):
        options = {'archive': str(filing.root), 'billing_period': PERIOD, **options}
        monkeypatch.setattr(basic, '_ANSIBLE_ARGS', json.dumps({'ANSIBLE_MODULE_ARGS': options}).encode())
        monkeypatch.setattr(basic, '_ANSIBLE_PROFILE', 'legacy', raising=False)
        with pytest.raises(SystemExit):
            billing_report_evidence.main()
        return printed.result(capsys)
    return run


def test_a_page(filing, written):
    result = written()
    assert set(result) - {'invocation'} == {'changed', 'msg', 'version', 'evidence_path', 'diff'}
    assert result['changed'] and (filing.month / 'v001/evidence.html').stat().st_size


def test_groups_are_on_the_page_alone(filing, written):
    filing.file(b'A,B\n1,2\ncanary,7\n')
    question = {'compare': True, 'key': ['A'], 'group_by': ['A'], 'sum': ['B']}
    assert written(**{**question, 'sum': ['no such column']})['error']['kind'] == 'invalid_input'
    result = written(**question)
    assert result['changed'] and 'canary' not in str(result)
    assert 'canary' in (filing.month / 'v002/evidence.html').read_text(encoding='utf-8')
    assert written(**question, _ansible_check_mode=True)['changed'] is False


def test_check_mode(filing, written):
    before = filing.tree()
    assert written(_ansible_check_mode=True)['changed'] and filing.tree() == before


@pytest.mark.parametrize(('wrong', 'kind'), [
    ({'partner': '..'}, 'invalid_input'), ({'partner': 'a/b'}, 'invalid_input'), ({'archive': ''}, 'invalid_input'),
    ({'billing_period': '2026-13'}, 'invalid_input'), ({'billing_period': '../../x'}, 'invalid_input'), ({'lock_timeout': -1}, 'invalid_input'),
    ({'version': 7}, 'not_found'), ({'partner': 'north'}, 'not_found'), ({'archive': '/nowhere'}, 'not_found'),
], ids=str)
def test_refusals(filing, written, wrong, kind):
    before = filing.tree()
    result = written(**wrong)
    assert result['failed'] and result['error']['kind'] == kind and 'Traceback' not in result['msg']
    assert filing.tree() == before


@pytest.mark.parametrize('content', ['{}', '{"schema": 1, "partner": "<b>"}', 'null'])
def test_a_foreign_manifest_is_a_conflict(filing, written, content):
    (filing.month / 'v001/manifest.json').write_text(content, encoding='utf-8')
    assert written()['error']['kind'] == 'conflict'
