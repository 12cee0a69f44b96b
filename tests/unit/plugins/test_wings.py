# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The wings of module_utils: which may import which, and how their files are named."""

from __future__ import annotations

import ast
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

UTILS = Path(__file__).resolve().parents[3] / 'plugins/module_utils'

# beside the ground, which everybody may import and which imports no wing
MAY_IMPORT = {
    '_api': set(),
    '_reports': {'_api', '_edge'},
    '_file': {'_api', '_edge'},
    '_edge': {'_api'},
    '_archive': {'_api', '_edge', '_file'},
    '_access': {'_api', '_archive', '_edge'},
    '_month_end': {'_access', '_api', '_archive', '_compare', '_reports'},
    '_compare': {'_api', '_archive', '_edge', '_file'},
    '_evidence': {'_api', '_archive', '_compare'},
}
GROUND = {'_errors', '_files', '_line', '_secrets', '_time', '_version'}
FILES = {'.'.join(path.relative_to(UTILS).with_suffix('').parts): path for path in UTILS.rglob('*.py') if path.name != '__init__.py'}


def imported(name: str) -> set[str]:
    """The files of module_utils that a file imports."""
    home = name.split('.')[:-1]
    found = set()
    for node in ast.walk(ast.parse(FILES[name].read_text(encoding='utf-8'))):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = home[:len(home) + 1 - node.level] + ([node.module] if node.module else [])
            found |= {'.'.join([*base, alias.name]) for alias in node.names} | {'.'.join(base)}
    return found & set(FILES)


def wing(name: str) -> str:
    return name.partition('.')[0]


def test_every_file_stands_in_a_wing_or_on_the_ground():
    assert {wing(name) for name in FILES if '.' in name} == set(MAY_IMPORT)
    assert {name for name in FILES if '.' not in name} == GROUND


@pytest.mark.parametrize('name', FILES)
def test_a_file_imports_its_own_wing_and_those_below(name):
    allowed = GROUND | {wing(name)} | MAY_IMPORT.get(wing(name), set())
    assert {wing(other) for other in imported(name)} <= allowed


def test_no_file_imports_itself_by_way_of_others():
    assert list(TopologicalSorter({name: imported(name) for name in FILES}).static_order())


@pytest.mark.parametrize('name', [name for name in FILES if '.' in name])
def test_a_file_in_a_wing_is_named_by_what_it_holds(name):
    stem = name.rpartition('.')[2]
    assert not stem.startswith('_') and stem not in sys.stdlib_module_names


@pytest.mark.parametrize('name', MAY_IMPORT)
def test_a_wing_is_a_package_that_does_nothing_by_itself(name):
    assert (UTILS / name / '__init__.py').read_bytes() == b''
