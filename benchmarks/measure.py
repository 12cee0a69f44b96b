# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a process and its children used, all of them, and what the servers saw of them meanwhile."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from environments import Environment
from pairs import pair
from servers import Servers, Setting
from workspace import BUILD, Place

HERE = Path(__file__).resolve().parent
COLLECTIONS = BUILD / 'bench'
PAIRS = COLLECTIONS / 'pairs'
WEIGHT = 'weight'  # file with the peak memory of each module
PATIENCE = 1800  # seconds
TAIL = 2000  # characters of output that tell why something could not be measured


class NotMeasured(Exception):
    """Why a figure is missing."""


@dataclass(frozen=True)
class Contender:
    """A play, shell script or Python script with what it meets.

    One that is `filed` runs once before, unmeasured. Of one that is `weighed` the memory counts that its modules took, not that of Ansible.
    One that is `simulated` prints what servers would have seen of it. Its figures count `times` over. A `program` it needs may be missing.
    """

    file: str
    setting: Setting = field(default_factory=Setting)
    options: tuple[str, ...] = ()
    filed: bool = False
    weighed: bool = False
    simulated: bool = False
    times: int = 1
    program: str = ''


@dataclass(frozen=True)
class Usage:
    """Seconds of wall time and of CPU, bytes of memory of the largest process, and what the servers saw."""

    wall: float
    cpu: float
    peak: int
    requests: float = 0
    lists: float = 0
    late: float = 0
    reports: int = 1
    times: int = 1


def measure(contender: Contender, environment: Environment, servers: Servers) -> Usage:
    """One run in a folder of its own, with servers of its own. Raises NotMeasured."""
    if contender.program and not shutil.which(contender.program):
        raise NotMeasured(f'{contender.program} is not here')
    scene = servers.Scene(contender.setting)
    try:
        with tempfile.TemporaryDirectory(dir=COLLECTIONS) as folder:
            told = {**scene.variables(), 'folder': folder, 'pair': str(pair(PAIRS, contender.setting.records))}
            partners = scene.partners() if '--forks' in contender.options else []
            inventory(Path(folder), partners, str(HERE / 'weigh.py') if contender.weighed else '{{ ansible_playbook_python }}')
            own = partners[0] if partners else {}  # an extra variable would be the same for all
            Path(folder, 'variables.json').write_text(json.dumps({name: value for name, value in told.items() if name not in own}))
            command, variables = command_of(contender, environment), variables_of(environment, told)
            if contender.filed:
                run(command, variables, folder)
            before = scene.seen()['requests']
            wall, cpu, peak, said = run(command, variables, folder)
            if contender.weighed:
                peak = max(map(int, Path(folder, WEIGHT).read_text().split()))
        seen = json.loads(said) if contender.simulated else scene.seen()
        seen['requests'] -= before
        return Usage(wall, cpu, peak, **seen, reports=contender.setting.reports, times=contender.times)
    finally:
        scene.stop()


def inventory(folder: Path, partners: list[dict[str, str]], interpreter: str) -> None:
    """A host for each partner, all of them this machine."""
    local = {'ansible_connection': 'local', 'ansible_python_interpreter': interpreter}
    hosts = {f'partner{number}': partner for number, partner in enumerate(partners)}
    (folder / 'inventory.json').write_text(json.dumps({'all': {'hosts': hosts or {'localhost': {}}, 'vars': local}}))


def command_of(contender: Contender, environment: Environment) -> list[str]:
    path, programs = str(HERE / contender.file), environment.root / 'bin'
    if path.endswith('.yml'):
        return [str(programs / 'ansible-playbook'), '-i', 'inventory.json', '-e', '@variables.json', *contender.options, path]
    return [str(programs / 'python'), path, *contender.options] if path.endswith('.py') else ['sh', path]


def variables_of(environment: Environment, told: Mapping[str, Any]) -> dict[str, str]:
    """The environment of a run; the connection options of the collection come from there."""
    return environment.variables(Place(f'{environment.root.name}-{COLLECTIONS.name}')) | {
        'ANSIBLE_COLLECTIONS_PATH': str(COLLECTIONS),
        'NO_PROXY': '127.0.0.1',
        'PYTHONPATH': str(COLLECTIONS),
        'WEBEX_ACCESS_TOKEN': told['access_token'],
        'WEBEX_API_URL': told['api_url'],
        'FILE_URL': told['file_url'],
        'PAIR': told['pair'],
        'WEIGHT': os.path.join(told['folder'], WEIGHT),
    }


def run(command: list[str], variables: Mapping[str, str], folder: str) -> tuple[float, float, int, str]:
    """Wall time, CPU time, peak memory and output of a process group; a child counts when its parent has waited for it, as Ansible does."""
    with tempfile.TemporaryFile(mode='w+') as output:
        start = time.monotonic()
        process = subprocess.Popen(
            command, cwd=folder, env=variables, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
        )
        guard = threading.Timer(PATIENCE, os.killpg, (process.pid, signal.SIGKILL))
        guard.start()
        try:
            status, used = os.wait4(process.pid, 0)[1:]
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            raise
        finally:
            guard.cancel()
        wall = time.monotonic() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        said = output.read()
    if process.returncode:
        raise NotMeasured(f'{Path(command[-1]).name} ended with {process.returncode}: {said[-TAIL:].strip()}')
    return wall, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024, said
