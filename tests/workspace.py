# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where everything is built: a copy of the tree as ansible-test wants it, and a home that is nobody's."""

from __future__ import annotations

import contextlib
import fcntl
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / '.build'
HOME = BUILD / 'home'
EMPTY_CONFIG = BUILD / 'ansible.cfg'
TREE = BUILD / 'ansible_collections/webex_partner/billing'

# ansible-test looks for these before it downloads: the pips pinned by 2.16, by 2.18 and 2.19, by 2.20 and later
GET_PIP = ('get_pip_23_1_2.py', 'get_pip_24_2.py', 'get_pip_25_2.py')


@contextlib.contextmanager
def workspace() -> Iterator[None]:
    """A fresh copy of the tree, for one run at a time."""
    HOME.mkdir(parents=True, exist_ok=True)
    with (BUILD / 'lock').open('w') as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print('waiting for another run in this checkout', flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        EMPTY_CONFIG.write_text('')
        _copy_tree()
        _place_get_pip()
        yield


def _copy_tree() -> None:
    # a container often runs this as another user than the one who owns the checkout
    git = ['git', '-c', f'safe.directory={ROOT}', '-C', str(ROOT)]
    listing = subprocess.run([*git, 'ls-files', '-coz', '--exclude-standard'], check=True, stdout=subprocess.PIPE, text=True).stdout
    shutil.rmtree(TREE, ignore_errors=True)
    for name in listing.split('\0'):
        if (ROOT / name).is_file():
            (TREE / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, TREE / name)
    # else ansible-test and ansible-lint take the repository around it for theirs, which ignores all of it
    subprocess.run(['git', 'init', '--quiet', str(TREE)], check=True)


def _place_get_pip() -> None:
    cache = HOME / '.ansible/test/cache'
    cache.mkdir(parents=True, exist_ok=True)
    for name in GET_PIP:
        shutil.copy(ROOT / 'tests/get_pip.py', cache / name)
