# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Prepare a release on this machine: version, changelog, commit, tarball, the judgement of Galaxy, tag. To publish is left to a person."""

from __future__ import annotations

import argparse
import datetime
import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import yaml
from artifact import build, git
from semantic_version import Version, validate

ROOT = Path(__file__).resolve().parents[2]
IMPORTER = Path(__file__).with_name('importer.cfg')
TARBALL = 'webex_partner-billing-{}.tar.gz'
TOLD = {  # where the version is told, and how
    'galaxy.yml': '\nversion: {}\n',
    'plugins/module_utils/_version.py': "VERSION = '{}'",
    'README.md': TARBALL,
    'docs/**/*.md': TARBALL,
    '*-environment.yml': TARBALL,
}


class Refused(Exception):
    """Why there is no release."""


def main() -> int:
    parser = argparse.ArgumentParser('release', description=__doc__)
    parser.add_argument('version')
    version = parser.parse_args().version
    try:
        tarball = prepare(version)
    except (Refused, subprocess.CalledProcessError) as reason:
        print(f'not released, and nothing changed: {reason}', file=sys.stderr)
        return 1
    print(f'{hashlib.sha256(tarball.read_bytes()).hexdigest()}  {tarball.relative_to(ROOT)}')
    print(f'Committed and tagged here as v{version}. Look at it, then publish it:')
    print(f'  git push --atomic origin HEAD v{version}')
    print(f'  ansible-galaxy collection publish {tarball.relative_to(ROOT)}')
    return 0


def prepare(version: str) -> Path:
    """Work in a tree beside the checkout, which gets the commit once everything stands."""
    before = yaml.safe_load((ROOT / 'galaxy.yml').read_text(encoding='utf-8'))['version']
    judge(version, before)
    folder = ROOT / '.build/release'
    tree = folder / 'tree'
    shutil.rmtree(folder, ignore_errors=True)
    git(ROOT, 'worktree', 'prune')
    git(ROOT, 'worktree', 'add', '--quiet', '--detach', str(tree))
    try:
        write(tree, before, version)
        git(tree, 'add', '--all')
        git(tree, 'commit', '--quiet', '--no-verify', '--allow-empty', '--message', f'Release {version}')
        git(tree, 'clean', '--quiet', '-fdx')  # no clone has an empty folder
        tarball = build(tree, folder)
        judge_as_galaxy(tarball)
        commit = git(tree, 'rev-parse', 'HEAD')
    finally:
        git(ROOT, 'worktree', 'remove', '--force', str(tree))
    git(ROOT, 'merge', '--quiet', '--ff-only', commit)
    git(ROOT, 'tag', '--message', f'Release {version}', f'v{version}')
    return tarball


def judge(version: str, before: str) -> None:
    """Refuse what cannot be released."""
    if not validate(version):
        raise Refused(f'{version} is no semantic version, such as 1.2.3')
    tags = [tag.removeprefix('v') for tag in git(ROOT, 'tag', '--list', 'v*').splitlines()]
    released = max((Version(tag) for tag in tags if validate(tag)), default=None)
    if released and Version(version) <= released:
        raise Refused(f'{version} is not newer than {released}, which is tagged')
    if Version(version) < Version(before):
        raise Refused(f'{version} is older than {before} in galaxy.yml')
    if changes := git(ROOT, 'status', '--porcelain'):
        raise Refused(f'there is what is not committed:\n{changes}')
    changelog = yaml.safe_load((ROOT / 'changelogs/changelog.yaml').read_text(encoding='utf-8'))
    if version not in changelog['releases'] and not list((ROOT / 'changelogs/fragments').glob('*.y*ml')):
        raise Refused('changelogs/fragments tells of no change')


def write(tree: Path, before: str, version: str) -> None:
    for pattern, words in TOLD.items():
        for path in tree.glob(pattern):
            text = path.read_text(encoding='utf-8')
            path.write_text(text.replace(words.format(before), words.format(version)), encoding='utf-8')
    today = datetime.datetime.now(datetime.timezone.utc).date()
    # an entry of this version that no tag stands for is written anew
    done = run(['antsibull-changelog', 'release', '--update-existing', '--date', str(today)], tree)
    if done.returncode:
        raise Refused(f'antsibull-changelog says\n{done.stdout}')


def judge_as_galaxy(tarball: Path) -> None:
    """Its importer ends well in spite of what it finds, so its log is read."""
    done = run([sys.executable, '-m', 'galaxy_importer.main', tarball.name], tarball.parent, GALAXY_IMPORTER_CONFIG=str(IMPORTER))
    if done.returncode or re.search('^(WARNING|ERROR|CRITICAL)', done.stdout, re.MULTILINE) or 'completed successfully' not in done.stdout:
        raise Refused(f'galaxy-importer says\n{done.stdout}')


def run(command: list[str], folder: Path, **variables: str) -> subprocess.CompletedProcess:
    return subprocess.run(command, check=False, cwd=folder, env=os.environ | variables, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


if __name__ == '__main__':
    sys.exit(main())
