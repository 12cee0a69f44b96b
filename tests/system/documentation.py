# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The documentation of the modules, as data."""

from __future__ import annotations

import ast
from pathlib import Path

import yaml

MODULES = Path(__file__).resolve().parents[2] / 'plugins/modules'
NAMES = sorted(path.stem for path in MODULES.glob('*.py'))


def documented(module, block):
    """A documentation block (EXAMPLES, RETURN) of a module."""
    tree = ast.parse((MODULES / f'{module}.py').read_text(encoding='utf-8'))
    for node in tree.body:
        if isinstance(node, ast.Assign) and node.targets[0].id == block:
            return yaml.safe_load(node.value.value)
    raise LookupError(f'{module} has no {block}')
