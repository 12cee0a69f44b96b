# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The documentation, as data: blocks of the modules, and guides as what a reader does with them."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
MODULES = ROOT / 'plugins/modules'
NAMES = sorted(path.stem for path in MODULES.glob('*.py'))


def documented(module, block):
    """A documentation block (EXAMPLES, RETURN) of a module."""
    tree = ast.parse((MODULES / f'{module}.py').read_text(encoding='utf-8'))
    for node in tree.body:
        if isinstance(node, ast.Assign) and node.targets[0].id == block:
            return yaml.safe_load(node.value.value)
    raise LookupError(f'{module} has no {block}')


def page(path):
    """The text of a page."""
    return (ROOT / path).read_text(encoding='utf-8')


def blocks(language, text):
    """The blocks of a page that are in a language; those in none show what its commands print."""
    return [block for kind, block in _fenced(text) if kind == language]


def script(text):
    """A page as a shell script: its commands in their order, and where it shows a file with its name, that file."""
    return '\n'.join(_step(kind, block) for kind, block in _fenced(text))


def shown(text):
    """The lines that a page shows as printed, as patterns: an ellipsis stands for anything."""
    return ['.*'.join(map(re.escape, line.strip().split('…'))) for block in blocks('', text) for line in block.splitlines()]


def _fenced(text):
    return re.findall(r'^```(\w*)\n(.*?)^```$', text, re.DOTALL | re.MULTILINE)


def _step(kind, block):
    name = re.match(r'# ([\w-]+\.(?:yml|service|timer))\n', block)
    if name:
        return f"cat > {name[1]} <<'END'\n{block}END"
    return block if kind == 'shell' and 'read -rs' not in block else ''
