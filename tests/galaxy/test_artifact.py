# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tarball holds what users need, and is the same bytes wherever and whenever it is built from a commit."""

from __future__ import annotations

import json
import os
import subprocess
import tarfile

from artifact import build, git

LISTS = {'MANIFEST.json', 'FILES.json'}
FILES = {'README.md', 'COPYING'}
FOLDERS = {'meta', 'plugins', 'extensions', 'roles', 'playbooks', 'docs', 'changelogs'}


def names(tarball):
    with tarfile.open(tarball) as tar:
        return tar.getnames()


def test_it_holds_what_users_need_and_nothing_else(clone, tmp_path):
    checkout = clone()
    for left in ('.venv/bin/python', '.pytest_cache/README.md', 'tests/output/junit/x.xml', 'plugins/modules/__pycache__/x.pyc', 'roles/month_end/x.retry'):
        (checkout / left).parent.mkdir(parents=True, exist_ok=True)
        (checkout / left).touch()
    held = names(build(checkout, tmp_path))
    assert {name.partition('/')[0] for name in held} == LISTS | FILES | FOLDERS
    assert not [name for name in held if '/.' in name or '__pycache__' in name or name.endswith(('.pyc', '.retry', '.orig', '~'))]


def test_two_clones_give_the_same_bytes(clone, tmp_path):
    one, other = clone('one'), clone('other')
    for path in other.rglob('*'):
        os.utime(path, (86400, 86400))
    tarballs = [build(checkout, folder) for checkout, folder in ((one, tmp_path), (other, other))]
    first, second = (tarball.read_bytes() for tarball in tarballs)
    date = int(git(one, 'log', '-1', '--format=%ct'))
    with tarfile.open(tarballs[0]) as tar:
        assert {member.mtime for member in tar} == {date} == {int.from_bytes(first[4:8], 'little')}
        listed = [entry['name'] for entry in json.load(tar.extractfile('FILES.json'))['files']]
        assert tar.getnames()[2:] == listed[1:] == sorted(listed[1:])
    assert first == second


def test_another_date_can_be_told(clone, tmp_path, monkeypatch):
    monkeypatch.setenv('SOURCE_DATE_EPOCH', '86400')
    with tarfile.open(build(clone(), tmp_path)) as tar:
        assert {member.mtime for member in tar} == {86400}


def test_ansible_galaxy_installs_and_verifies_it(clone, tmp_path, monkeypatch):
    monkeypatch.setenv('ANSIBLE_COLLECTIONS_PATH', str(tmp_path))
    subprocess.run(['ansible-galaxy', 'collection', 'install', '--offline', build(clone(), tmp_path)], check=True)
    subprocess.run(['ansible-galaxy', 'collection', 'verify', '--offline', 'webex_partner.billing'], check=True)
    (tmp_path / 'ansible_collections/webex_partner/billing/README.md').write_text('not what was built')
    assert subprocess.run(['ansible-galaxy', 'collection', 'verify', '--offline', 'webex_partner.billing'], check=False).returncode
