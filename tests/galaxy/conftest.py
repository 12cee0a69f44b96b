# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A repository that holds this tree, and clones of it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from artifact import git

TREE = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def identity(monkeypatch):
    """Somebody who commits, whatever git and builders are told on this machine."""
    monkeypatch.delenv('SOURCE_DATE_EPOCH', raising=False)
    monkeypatch.setenv('GIT_CONFIG_GLOBAL', '/dev/null')
    for role in ('AUTHOR', 'COMMITTER'):
        monkeypatch.setenv(f'GIT_{role}_NAME', 'A Maintainer')
        monkeypatch.setenv(f'GIT_{role}_EMAIL', 'maintainer@example.com')


@pytest.fixture
def origin(identity, tmp_path):
    repository = tmp_path / 'origin'
    shutil.copytree(TREE, repository, ignore=shutil.ignore_patterns('.git', '.build'))
    git(repository, 'init', '--quiet')
    git(repository, 'add', '--all')
    git(repository, 'commit', '--quiet', '--message', 'The tree')
    return repository


@pytest.fixture
def clone(origin, tmp_path):
    """Makes a clone; one of a name is made once."""
    def made(name='clone', source=origin):
        git(tmp_path, 'clone', '--quiet', str(source), name)
        return tmp_path / name
    return made
