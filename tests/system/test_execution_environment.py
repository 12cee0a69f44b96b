# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an image with this collection is built from; there is no container engine here, so none is built."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from playbook import BIN, PATIENCE

ROOT = Path(__file__).resolve().parents[2]
DEFINITIONS = {name: yaml.safe_load((ROOT / f'{name}.yml').read_text(encoding='utf-8')) for name in ('execution-environment', 'decision-environment')}


def builder(*arguments, cwd):
    return subprocess.run([BIN / 'ansible-builder', *arguments], cwd=cwd, check=True, capture_output=True, text=True, timeout=PATIENCE).stdout


@pytest.fixture
def tarball():
    galaxy = yaml.safe_load((ROOT / 'galaxy.yml').read_text(encoding='utf-8'))
    return f"{galaxy['namespace']}-{galaxy['name']}-{galaxy['version']}.tar.gz"


def test_an_image_needs_requests_a_quick_charset_normalizer_and_time_zones(tmp_path):
    place = tmp_path / 'ansible_collections/webex_partner/billing'
    shutil.copytree(ROOT / 'meta', place / 'meta')
    shutil.copy(ROOT / 'galaxy.yml', place)
    asked = yaml.safe_load(builder('introspect', tmp_path, cwd=tmp_path).partition('---')[2])
    needed = ['requests>=2.28', 'charset-normalizer>=3.4.8', 'tzdata']
    assert asked == {'python': [f'{one}  # from collection webex_partner.billing' for one in needed], 'system': []}


@pytest.mark.parametrize('name', DEFINITIONS)
def test_the_context_holds_the_collection_of_this_version(tmp_path, tarball, name):
    shutil.copy(ROOT / f'{name}.yml', tmp_path)
    (tmp_path / tarball).write_bytes(b'')
    builder('create', '--file', f'{name}.yml', '--output-filename', 'Containerfile', cwd=tmp_path)
    context = tmp_path / 'context'
    assert (context / '_build/collections' / tarball).is_file()
    asked = yaml.safe_load((context / '_build/requirements.yml').read_text(encoding='utf-8'))
    assert asked == {'collections': [{'name': f'collections/{tarball}', 'type': 'file'}]}
    base = DEFINITIONS[name]['images']['base_image']['name']
    assert f'ARG EE_BASE_IMAGE="{base}"' in (context / 'Containerfile').read_text(encoding='utf-8').splitlines()


def test_the_guide_says_which_core_the_image_has():
    core = DEFINITIONS['execution-environment']['dependencies']['ansible_core']['package_pip'].removeprefix('ansible-core~=')
    assert f'ansible-core {core} or a later patch release' in (ROOT / 'docs/awx.md').read_text(encoding='utf-8')


def test_the_image_for_events_has_the_ansible_rulebook_that_the_tests_run():
    tested = re.search(r'ansible-rulebook==(\S+)', (ROOT / 'tests/requirements/events.txt').read_text(encoding='utf-8'))[1]
    assert DEFINITIONS['decision-environment']['dependencies']['python'] == [f'ansible-rulebook~={tested}']
    assert f'ansible-rulebook {tested} and Java 17' in (ROOT / 'docs/events.md').read_text(encoding='utf-8')
