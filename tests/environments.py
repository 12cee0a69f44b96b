# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The releases of ansible-core this collection is tested on, and the virtual environments they run in."""

from __future__ import annotations

import functools
import hashlib
import os
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from workspace import BUILD, EMPTY_CONFIG, NEIGHBOURS, ROOT, Place


@dataclass(frozen=True)
class Core:
    """A release of ansible-core; the first of its Pythons that is at hand runs it."""

    version: str
    pythons: tuple[str, ...]
    reason: str
    tolerated: bool = False


CORES = (
    Core('2.16.13', ('3.10', '3.11', '3.12'), 'the floor: older ones show results that an action hides'),
    Core('2.18.19', ('3.11', '3.12', '3.13'), 'certification runs it'),
    Core('2.19.14', ('3.11', '3.12', '3.13'), 'the first with the rewritten templating'),
    Core('2.20.10', ('3.12', '3.13', '3.14'), 'certification runs it'),
    Core('2.21.5', ('3.13', '3.12', '3.14'), 'the newest stable one'),
    Core('2.22.0rc1', ('3.13', '3.14'), 'what comes next: told, not enforced', tolerated=True),
)

# no answer where ensurepip is missing, as on a Debian without python3-venv; a virtual environment answers with what it was made from
PROBE = "import ensurepip, ssl, sys, venv; print('%d.%d' % sys.version_info[:2], sys._base_executable)"


@dataclass(frozen=True)
class Environment:
    """A virtual environment: a core, and what a file of requirements names."""

    core: Core
    python: str
    interpreter: Path
    requirements: str = 'test'

    @property
    def root(self) -> Path:
        return BUILD / 'venvs' / (self.core.version if self.requirements == 'test' else self.requirements)

    @property
    def _requirements_file(self) -> Path:
        return ROOT / 'tests/requirements' / f'{self.requirements}.txt'

    @property
    def _marker(self) -> Path:
        return self.root / 'fingerprint'

    def _fingerprint(self) -> str:
        parts = (self.root, self.interpreter, self.python, self.core.version, self._requirements_file.read_text())
        return hashlib.sha256('\n'.join(map(str, parts)).encode()).hexdigest()

    def is_built(self) -> bool:
        return self._marker.is_file() and self._marker.read_text() == self._fingerprint()

    def mark_built(self) -> None:
        self._marker.write_text(self._fingerprint())

    def build_commands(self) -> list[str]:
        root, interpreter, requirements = (shlex.quote(str(path)) for path in (self.root, self.interpreter, self._requirements_file))
        return [
            f'{interpreter} -m venv --clear {root}',
            f'{root}/bin/python -m pip install --quiet ansible-core=={self.core.version} --requirement {requirements}',
        ]

    def variables(self, place: Place) -> dict[str, str]:
        """What its programs see in a place: nothing of the user's Ansible, Python or Webex."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(('ANSIBLE_', 'PYTHON', 'VIRTUAL_ENV', 'WEBEX_'))}
        return kept | {
            'ANSIBLE_COLLECTIONS_PATH': f'{place.root}{os.pathsep}{NEIGHBOURS}',
            'ANSIBLE_CONFIG': str(EMPTY_CONFIG),
            'ANSIBLE_HOME': str(place.home / '.ansible'),
            'ANSIBLE_REMOTE_TMP': str(place.home / '.ansible/tmp'),
            'HOME': str(place.home),
            'LC_ALL': 'C.UTF-8',
            'PATH': os.pathsep.join([str(self.root / 'bin'), str(self.interpreter.parent), search_path()]),
        }


@functools.cache
def environments() -> dict[Core, Environment]:
    """An environment for every core that one of the Pythons here can run, oldest core first."""
    pythons = interpreters()
    choices = {core: next((python for python in core.pythons if python in pythons), None) for core in CORES}
    return {core: Environment(core, python, pythons[python]) for core, python in choices.items() if python}


def interpreters() -> dict[str, Path]:
    """The Pythons that really run here, by minor version."""
    wanted = sorted({python for core in CORES for python in core.pythons})
    candidates = [shutil.which(f'python{version}', path=search_path()) for version in [*wanted, '3']] + [sys.executable]
    if pyenv := os.environ.get('PYENV_ROOT') or _output('pyenv', 'root'):
        candidates += sorted(map(str, Path(pyenv).glob('versions/*/bin/python3')), reverse=True)
    found: dict[str, Path] = {}
    for candidate in filter(None, candidates):
        if answer := _output(candidate, '-I', '-c', PROBE):
            version, path = answer.split(maxsplit=1)
            found.setdefault(version, Path(path))
    return found


def search_path() -> str:
    """PATH without pyenv's shims: one whose version is not selected exits 127, which breaks every discovery."""
    return os.pathsep.join(folder for folder in os.get_exec_path() if Path(folder).name != 'shims')


def _output(*command: str) -> str:
    try:
        return subprocess.run(command, check=True, capture_output=True, text=True, timeout=30).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return ''
