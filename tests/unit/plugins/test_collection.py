# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What has to be said twice is said the same both times."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import yaml
from ansible_collections.webex_partner.billing.plugins.module_utils._month_end.variables import PREFIX, VARIABLES
from ansible_collections.webex_partner.billing.plugins.module_utils._version import VERSION

ROOT = Path(__file__).resolve().parents[3]
COLLECTION = 'webex_partner.billing'


def names(folder: str) -> set[str]:
    return {path.stem for path in (ROOT / 'plugins' / folder).glob('*.py') if not path.stem.startswith('_')}


def read(path: str) -> dict:
    return yaml.safe_load((ROOT / path).read_text(encoding='utf-8'))


def documentation(module: str) -> dict:
    tree = ast.parse((ROOT / f'plugins/modules/{module}.py').read_text(encoding='utf-8'))
    return yaml.safe_load(next(node.value.value for node in tree.body if isinstance(node, ast.Assign) and node.targets[0].id == 'DOCUMENTATION'))


def test_the_version_of_the_user_agent_is_that_of_the_collection():
    assert VERSION == read('galaxy.yml')['version']


def test_the_action_group_holds_every_module_with_connection_options_and_nothing_else():
    group = read('meta/runtime.yml')['action_groups']['webex']
    connected = {name for name in names('modules') if f'{COLLECTION}.connection' in documentation(name)['extends_documentation_fragment']}
    assert len(group) == len(set(group)) and set(group) == connected


def test_every_action_has_a_module_of_its_name():
    assert names('action') and names('action') <= names('modules')


def test_the_floor_of_ansible_core_is_the_one_that_hides_results():
    assert read('meta/runtime.yml')['requires_ansible'] == '>=2.16.13'


def test_shared_files_are_private_but_for_documentation():
    assert names('module_utils') == names('plugin_utils') == set()


def test_no_module_imports_what_only_the_controller_has():
    for path in [*(ROOT / 'plugins/modules').glob('*.py'), *(ROOT / 'plugins/module_utils').rglob('*.py')]:
        text = path.read_text(encoding='utf-8')
        assert not re.search(r'^\s*(from|import) .*plugin_utils', text, re.MULTILINE), path.name
        assert set(re.findall(r'^\s*(?:from|import) (ansible\.\w+)', text, re.MULTILINE)) <= {'ansible.module_utils'}, path.name


def test_pages_for_contributors_name_what_is_there():
    targets = set(re.findall('^([a-z-]+):', (ROOT / 'Makefile').read_text(encoding='utf-8'), re.MULTILINE))
    for page in ('CONTRIBUTING.md', 'docs/architecture.md'):
        text = (ROOT / page).read_text(encoding='utf-8')
        paths = re.findall(r'(?:[` ]|^)((?:plugins|extensions|roles|playbooks|docs|tests|benchmarks|changelogs|meta|\.github)/[\w./-]*)', text)
        assert paths and not [path for path in paths if not (ROOT / path).exists()]
        assert set(re.findall('`make ([a-z-]+)', text)) <= targets


def test_the_role_documents_every_variable_with_its_default():
    entries = read('roles/month_end/meta/argument_specs.yml')['argument_specs']
    documented = {name: option.get('default') for entry in entries.values() for name, option in entry['options'].items()}
    assert documented == {PREFIX + name: variable.default for name, variable in VARIABLES.items()}
    assert read('roles/month_end/defaults/main.yml') == {name: default for name, default in documented.items() if default is not None}


def test_summaries_differ_where_a_narrow_terminal_cuts_them():
    room = 80 - 5 - max(len(f'{COLLECTION}.{name}') for name in names('modules'))  # as ansible-doc --list reckons
    summaries = {name: documentation(name)['short_description'][:room] for name in names('modules')}
    assert len(set(summaries.values())) == len(summaries), summaries


def test_every_entry_point_of_the_role_has_an_example_with_variables_of_its_own():
    for entry, spec in read('roles/month_end/meta/argument_specs.yml')['argument_specs'].items():
        roles = [task for play in yaml.safe_load(spec['examples']) for task in play['tasks'] if 'ansible.builtin.import_role' in task]
        assert roles and all(set(task['vars']) <= set(spec['options']) for task in roles), entry
        assert {task['ansible.builtin.import_role'].get('tasks_from', 'main') for task in roles} == {entry}


def test_the_pictures_of_the_guides_are_those_that_the_code_draws(tmp_path):
    subprocess.run([sys.executable, ROOT / 'docs/docsite/pictures.py', tmp_path], cwd=ROOT, check=True)
    drawn = {path.name: path.read_bytes() for path in tmp_path.glob('*.svg')}
    assert drawn and drawn == {name: (ROOT / 'docs' / name).read_bytes() for name in drawn}, 'python docs/docsite/pictures.py docs'
