# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Texts for readers use plain English, and commands in guides need no sideways scrolling."""

from __future__ import annotations

import ast
import re
import typing as t
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[3]
GUIDES = ('*.md', 'docs/*.md', 'docs/docsite/*.md')
PLACES = (*GUIDES, 'roles/*/README.md', 'roles/**/*.yml', 'playbooks/**/*.yml', 'extensions/**/*.yml', 'extensions/**/*.py', 'plugins/**/*.py')
COLUMNS = 72

INSTEAD = {  # words that we no longer use, as patterns, and what to write instead
    'amid': 'during',
    'anew': 'again',
    '(bad|good) weather': 'a fault, the baseline',
    'behaviour|colours?|favour|licence|organisation': 'the American spelling',
    '(bill|bills|billed|billing) (a|the) month': 'run a month end',
    'brings?|brought|bringing': 'download, get, contain',
    '(comes?|came) of': 'the outcome',
    'foretells?|foretold': 'preview, predict',
    'in sum': 'summed',
    '(?<!there )is no(?! longer)': 'is not a',
    '(?<!there )is none': 'does not exist, is not a',
    '(every|one|second|two|longer) looks?': 'poll',
    '(make|makes|made) up for': 'retry, finish',
    'mend(s|ed|ing)?': 'fix, repair',
    'mint(s|ed|ing)?': 'get a token',
    'neither': 'a list, or two sentences',
    'page for people': 'HTML report, evidence page',
    'rivals?': 'alternative',
    'signs? of life|is alive': 'progress message',
    'stands?(?! for|-in)|stood': 'exists, is, is written',
    'tells?|telling|told': 'report, show, say',
    'the like': 'the names of the things',
    'whoever': 'anybody who',
}


def texts(path: Path) -> t.Iterator[str]:
    """Yield what a reader sees of a file: Markdown without names of code, the scalars of YAML, the strings of Python without docstrings."""
    text = path.read_text(encoding='utf-8')
    if path.suffix == '.md':
        yield re.sub(r'`[^`\n]+`', '``', text)
    elif path.suffix == '.yml':
        yield from (token.value for token in yaml.scan(text) if isinstance(token, yaml.ScalarToken))
    else:
        tree = ast.parse(text)
        unseen = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        yield from (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in unseen)


def files(places: t.Iterable[str]) -> list[Path]:
    return sorted({path for place in places for path in ROOT.glob(place) if path.name != 'CHANGELOG.md'})  # that is history


@pytest.mark.parametrize('path', files(PLACES), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_text_uses_no_word_of_the_table(path: Path):
    found = [(match[0], better) for text in texts(path) for words, better in INSTEAD.items() for match in re.finditer(rf'\b({words})\b', text, re.IGNORECASE)]
    assert found == []


@pytest.mark.parametrize('path', files([*GUIDES, 'roles/*/README.md']), ids=lambda path: str(path.relative_to(ROOT)))
def test_commands_and_files_in_a_guide_fit_the_width(path: Path):
    blocks = re.findall(r'^ *```(?:shell|yaml)\n(.*?)^ *```$', path.read_text(encoding='utf-8'), re.DOTALL | re.MULTILINE)
    assert [line for block in blocks for line in block.splitlines() if len(line) > COLUMNS] == []


@pytest.mark.parametrize('path', files(['extensions/**/*.py', 'plugins/**/*.py']), ids=lambda path: str(path.relative_to(ROOT)))
def test_the_docstring_of_a_function_begins_with_a_verb(path: Path):
    functions = [node for node in ast.walk(ast.parse(path.read_text(encoding='utf-8'))) if isinstance(node, ast.FunctionDef)]
    texts_of_functions = [ast.get_docstring(function) or '' for function in functions]
    assert [text for text in texts_of_functions if re.match(r'(An?|How|The|Those|What|When|Where|Whether|Which)\b', text)] == []
