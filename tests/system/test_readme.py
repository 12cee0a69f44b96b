# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the README shows works, and what it lists is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from ansible_collections.webex_partner.billing.plugins.module_utils._api.options import connection_spec
from documentation import NAMES
from playbook import connection

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / 'README.md').read_text(encoding='utf-8')
PLAYBOOKS = re.findall(r'```yaml\n(.*?)```', README, re.DOTALL)


@pytest.mark.parametrize('text', PLAYBOOKS, ids=lambda text: re.search('name: (.*)', text)[1])
def test_playbooks(sandbox, controller, text):
    sandbox.add_report('2026-10', seconds=0)
    sandbox.add_report('2026-09', seconds=1)
    path = controller.folder / 'report.yml'
    path.write_text(text, encoding='utf-8')
    variables = ['-e', 'month=2026-10', '-e', f'partner_token={sandbox.access_token}']
    outcome = controller.finish(controller.start(['ansible-playbook', path, *variables], connection(sandbox)))
    assert outcome.code == 0, outcome.stdout
    assert 'WARNING' not in outcome.stdout + outcome.stderr


def test_every_plugin_and_playbook_is_listed():
    playbooks = [path.stem for path in (ROOT / 'playbooks').glob('*.yml')]
    roles = [path.name for path in (ROOT / 'roles').iterdir()]
    events = [path.stem for folder in ('plugins/event_source', 'rulebooks') for path in (ROOT / 'extensions/eda' / folder).glob('*.*')]
    rows = re.findall(r'^\| ([\w ]+) `webex_partner\.billing\.(\w+)`', README, re.MULTILINE)
    assert sorted(name for _kind, name in rows) == sorted([*NAMES, *playbooks, *roles, *events])
    assert {name for kind, name in rows if kind == 'playbook'} == set(playbooks) and {name for kind, name in rows if kind == 'role'} == set(roles)


def test_every_connection_option_is_listed_with_its_variable_and_default():
    rows = [line.strip('|').split('|') for line in README.splitlines() if line.startswith('| `')]
    for name, spec in connection_spec().items():
        options, variables, default = next(row for row in rows if f'`{name}`' in row[0])
        assert all(variable in variables for variable in spec.get('fallback', (None, []))[1]), options
        assert str(spec.get('default', '')).lower() in default.lower(), options


def test_links_are_full_urls():
    assert not re.findall(r'\]\((?!https://)', README)
