# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The address of the repository is that of galaxy.yml everywhere, and its links lead to files that are there."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
import yaml
from artifact import git

ADDRESS = re.compile(r'https?://[^\s\'"<>()`|]+')
ELSEWHERE = 'https://github.example.com/somebody/billing'


def metadata(tree):
    return yaml.safe_load((tree / 'galaxy.yml').read_text())


def addresses(tree):
    """Every address in the files of the tree, without the end of a sentence."""
    files = [tree / name for name in git(tree, 'ls-files').splitlines()]
    texts = [file.read_text(encoding='utf-8') for file in files if file.is_file() and file.name != 'COPYING']
    return {address.rstrip('.,;:') for text in texts for address in ADDRESS.findall(text)}


def authors(tree):
    """Every line that names the authors of a plugin or a role."""
    return git(tree, 'grep', '-h', '-e', '- Contributors to', '--', 'plugins', 'roles', 'extensions').splitlines()


def test_no_other_address_of_the_repository_is_there(clone):
    tree = clone()
    repository = metadata(tree)['repository']
    owner = repository.rpartition('/')[0]
    ours = [address for address in addresses(tree) if address.startswith(owner) or address.endswith('/webex_partner.billing')]
    assert ours and not [address for address in ours if not address.startswith(repository)]
    assert {author.rpartition('(@')[2] for author in authors(tree)} == {owner.rpartition('/')[2] + ')'}


def test_links_lead_to_files(clone):
    tree = clone()
    repository = metadata(tree)['repository']
    paths = [re.sub(r'^/(blob|tree)/(main|HEAD)/', '', address[len(repository):]) for address in addresses(tree) if address.startswith(repository + '/')]
    pages = ('/issues', '/security/advisories/new', '/discussions', '/compare')
    assert len(paths) > 20 and not [path for path in paths if not path.startswith(pages) and not (tree / path.partition('#')[0]).exists()]


def test_it_moves_by_one_command(clone):
    tree = clone()
    before = metadata(tree)['repository']
    subprocess.run([sys.executable, tree / 'tests/galaxy/repository.py', ELSEWHERE], check=True, stdout=subprocess.PIPE)
    after = metadata(tree)
    assert after['repository'] == ELSEWHERE and after['issues'] == f'{ELSEWHERE}/issues'
    assert not [address for address in addresses(tree) if address.startswith(before)]
    assert {author.rpartition(' ')[2] for author in authors(tree)} == {'(@somebody)'}


@pytest.mark.parametrize('arguments', [[], ['git.example.com'], ['https://github.example.com/billing']])
def test_without_an_address_nothing_moves(clone, arguments):
    tree = clone()
    outcome = subprocess.run([sys.executable, tree / 'tests/galaxy/repository.py', *arguments], check=False, capture_output=True, text=True)
    assert outcome.returncode == 2 and 'make repository URL=' in outcome.stderr and git(tree, 'status', '--porcelain') == ''
