# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guide "When it fails" has an entry for every kind, and quotes what the plugins really say."""

from __future__ import annotations

import re

import pytest
from ansible_collections.webex_partner.billing.plugins.module_utils import _errors
from documentation import page
from playbook import TOLERANT, ensure, file, info, wait

KINDS = {error.kind for error in vars(_errors).values() if hasattr(error, 'kind')}
ENTRIES = {kind: entry for kind, entry in re.findall(r'^## (\w+)\n(.*?)(?=^## )', page('docs/failures.md'), re.DOTALL | re.MULTILINE) if kind in KINDS}


def sentences(text):
    """What an entry quotes, each as one line."""
    return [re.sub(r'\n?> ', ' ', quote).strip() for quote in re.findall(r'(?:^> .*\n)+', text, re.MULTILINE)]


def on_the_page_of_weather():
    """Kinds and sentences that were seen in bad weather."""
    rows = [re.sub(r'\\(.)', r'\1', line).split(' | ') for line in page('docs/weather.md').splitlines()]
    return {(row[2], row[-1].removesuffix(' |')) for row in rows if len(row) == 6}


@pytest.fixture
def on_the_sandbox(sandbox, play, tmp_path):
    """Kinds and sentences of what goes wrong in good weather."""
    (tmp_path / 'report.csv').write_text('A,B\n1,2\n', encoding='utf-8')
    report = {'id': 'ID', 'billing_period': '2026-10', 'status': 'COMPLETED'}
    filed = {'src': str(tmp_path / 'report.csv'), 'archive': str(tmp_path / 'archive'), 'report': report}
    outcome = play([
        info('malformed', billing_period='2026-13') | TOLERANT,
        info('penniless') | TOLERANT | {'environment': {'WEBEX_ACCESS_TOKEN': ''}},
        wait('missing', billing_period='2026-10') | TOLERANT,
        ensure('failed', billing_period='2021-03') | TOLERANT,
        file('filed', **filed),
        {'ansible.builtin.file': {'path': '{{ filed.path }}', 'state': 'absent'}},
        file('lost', **filed) | TOLERANT,
    ])
    sandbox.add_report('2026-10', seconds=0, created='2026-10-05T00:00:00.000Z')
    sandbox.trouble(method='POST', path='reports$', status=409)
    early = play([wait('open', billing_period='2026-10') | TOLERANT, ensure('in_the_way', billing_period='2026-10') | TOLERANT])
    failures = [result for result in [*outcome.results.values(), *early.results.values()] if result.get('failed')]
    return {(result['error']['kind'], _as_on_the_page(result['msg'], tmp_path)) for result in failures}


def _as_on_the_page(text, folder):
    """A message with the page's words in place of IDs and folders."""
    return re.sub(r'\bY2lz\w+', 'ID', re.sub(r'ROUTER_[\w-]+', 'ROUTER_…', text.replace(f'{folder}/', '')))


def test_every_kind_has_an_entry_with_real_sentences(on_the_sandbox):
    assert set(ENTRIES) == KINDS
    seen = on_the_sandbox | on_the_page_of_weather()
    quoted = [(kind, sentence) for kind, entry in ENTRIES.items() for sentence in sentences(entry)]
    assert [quote for quote in quoted if quote not in seen] == []
    assert {kind for kind, _sentence in quoted} == KINDS
