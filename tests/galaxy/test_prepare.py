# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A release is prepared whole or not at all, and never published."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
import yaml
from artifact import build, git
from prepare import write
from semantic_version import Version


def version_of(tree):
    return yaml.safe_load((tree / 'galaxy.yml').read_text())['version']


def release(tree, version, **variables):
    command = [sys.executable, tree / 'tests/galaxy/prepare.py', version]
    return subprocess.run(command, env=os.environ | variables, capture_output=True, text=True, check=False)


def commit(tree, path, text):
    (tree / path).parent.mkdir(exist_ok=True)
    (tree / path).write_text(text)
    git(tree, 'add', '--all')
    git(tree, 'commit', '--quiet', '--message', path)


@pytest.fixture
def changed(clone):
    """A clone whose version is tagged, with a change since then."""
    tree = clone()
    git(tree, 'tag', f'v{version_of(tree)}')
    commit(tree, 'changelogs/fragments/1-calm.yml', '---\nbugfixes:\n  - billing_report_wait - the wait is calmer.\n')
    return tree


def test_a_release(changed, origin, clone, tmp_path):
    before, version = version_of(changed), str(Version(version_of(changed)).next_patch())
    outcome = release(changed, version)
    assert outcome.returncode == 0, outcome.stderr
    assert version_of(changed) == version
    assert f"VERSION = '{version}'" in (changed / 'plugins/module_utils/_version.py').read_text()
    for name in ('README.md', 'execution-environment.yml', 'decision-environment.yml'):
        text = (changed / name).read_text()
        assert f'-{version}.tar.gz' in text and f'-{before}.tar.gz' not in text, name
    changes = (changed / 'docs/CHANGELOG.md').read_text().replace('\\', '')
    assert f'## v{version}\n' in changes and 'the wait is calmer' in changes
    assert not list((changed / 'changelogs').glob('fragments/*'))
    assert git(changed, 'status', '--porcelain') == '' and git(changed, 'rev-parse', 'HEAD') == git(changed, 'rev-parse', f'v{version}^{{commit}}')
    assert git(changed, 'worktree', 'list').count('\n') == 0

    tarball = changed / f'.build/release/webex_partner-billing-{version}.tar.gz'
    assert build(clone('another', changed), tmp_path).read_bytes() == tarball.read_bytes()

    assert f'git push --atomic origin HEAD v{version}\n' in outcome.stdout
    assert f'ansible-galaxy collection publish .build/release/{tarball.name}\n' in outcome.stdout
    assert git(origin, 'tag') == '' and git(origin, 'log', '--format=%s') == 'The tree'


@pytest.mark.parametrize(('version', 'reason'), [
    ('1.2', 'no semantic version'),
    ('v9.0.0', 'no semantic version'),
    ('{current}', 'is not newer than'),
    ('0.0.1', 'is not newer than'),
])
def test_versions_that_are_refused(changed, version, reason):
    outcome = release(changed, version.format(current=version_of(changed)))
    assert outcome.returncode == 1 and reason in outcome.stderr


def test_a_version_older_than_the_one_in_preparation_is_refused(clone):
    assert 'is older than' in release(clone(), '0.0.1').stderr


def test_what_is_not_committed_is_refused(changed):
    (changed / 'roles/month_end/README.md').write_text('half a thought')
    assert 'roles/month_end/README.md' in release(changed, '9.0.0').stderr


def test_a_release_that_tells_of_no_change_is_refused(clone):
    tree = clone()
    for fragment in (tree / 'changelogs/fragments').glob('*.yml'):
        fragment.unlink()
    git(tree, 'commit', '--quiet', '--all', '--allow-empty', '--message', 'Nothing to tell')
    assert 'changelogs/fragments' in release(tree, '9.0.0').stderr


@pytest.mark.parametrize(('path', 'text', 'judge'), [
    ('plugins/filter/odd.py', 'import os\n', 'galaxy-importer'),
    ('changelogs/fragments/2-odd.yml', '---\nno_section: []\n', 'antsibull-changelog'),
])
def test_what_a_judge_finds_leaves_the_tree_as_it_was(changed, path, text, judge):
    commit(changed, path, text)
    before = git(changed, 'rev-parse', 'HEAD'), git(changed, 'tag')
    outcome = release(changed, '9.0.0', GALAXY_IMPORTER_RUN_ANSIBLE_LINT='false')
    assert outcome.returncode == 1 and f'{judge} says' in outcome.stderr
    assert (git(changed, 'rev-parse', 'HEAD'), git(changed, 'tag')) == before
    assert git(changed, 'status', '--porcelain') == '' and git(changed, 'worktree', 'list').count('\n') == 0


def test_the_entry_of_a_version_that_is_not_tagged_is_written_anew(clone):
    tree = clone()
    module = (tree / 'plugins/modules/billing_month_end_plan.py').read_text()
    commit(tree, 'plugins/modules/another.py', module.replace('billing_month_end_plan', 'another'))
    write(tree, version_of(tree), version_of(tree))
    assert 'webex_partner.billing.another - ' in (tree / 'docs/CHANGELOG.md').read_text().replace('\\', '')
