# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The build folder, and the places in it where jobs work without sharing anything."""

from __future__ import annotations

import contextlib
import fcntl
import functools
import hashlib
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / '.build'
EMPTY_CONFIG = BUILD / 'ansible.cfg'
NEIGHBOURS = BUILD / 'neighbours'  # collections of others, for all jobs

# ansible-test looks for these before it downloads: the pips pinned by 2.16, by 2.18 and 2.19, by 2.20 and later
GET_PIP = ('get_pip_23_1_2.py', 'get_pip_24_2.py', 'get_pip_25_2.py')


@dataclass(frozen=True)
class Place:
    """A folder of one job's own: a copy of the tree where ansible-test wants it, and a home directory that outlives the run."""

    name: str

    @property
    def root(self) -> Path:
        return BUILD / 'places' / self.name

    @property
    def tree(self) -> Path:
        return self.root / 'ansible_collections/webex_partner/billing'

    @property
    def home(self) -> Path:
        return self.root / 'home'

    @property
    def scratch(self) -> Path:
        """Where its tests keep their files: a short path, since sockets below it must fit into 107 bytes."""
        return Path(tempfile.gettempdir(), hashlib.sha256(str(self.root).encode()).hexdigest()[:8])

    def prepare(self) -> None:
        """Replace the copy of the tree."""
        shutil.rmtree(self.tree, ignore_errors=True)
        for name in _files():
            (self.tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, self.tree / name)
        # Without a repository here, ansible-test and ansible-lint would use the one around it, which ignores all of .build.
        subprocess.run(['git', 'init', '--quiet', str(self.tree)], check=True)
        cache = self.home / '.ansible/test/cache'
        cache.mkdir(parents=True, exist_ok=True)
        for name in GET_PIP:
            shutil.copy(ROOT / 'tests/get_pip.py', cache / name)


@contextlib.contextmanager
def workspace() -> Iterator[None]:
    """Hold the build folder, for one run at a time."""
    BUILD.mkdir(exist_ok=True)
    with (BUILD / 'lock').open('w') as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print('waiting for another run in this checkout', flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        EMPTY_CONFIG.write_text('')
        yield


def tree() -> str:
    """Return what figures belong to: the commit that is checked out, its date, and whether files differ from it."""
    last = _git('log', '-1', '--format=commit %h of %cs').strip()
    return f'{last}, with uncommitted changes' if _git('status', '--porcelain') else last


@functools.cache
def _files() -> list[str]:
    return [name for name in _git('ls-files', '-coz', '--exclude-standard').split('\0') if (ROOT / name).is_file()]


def _git(*arguments: str) -> str:
    # A container often runs this as a user who does not own the checkout.
    command = ['git', '-c', f'safe.directory={ROOT}', '-C', str(ROOT), *arguments]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
