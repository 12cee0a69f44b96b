# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run the steps of the test suite, each on the cores that it is worth running on."""

from __future__ import annotations

import argparse
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import BinaryIO, NoReturn

from environments import CORES, Core, Environment, environments, search_path
from steps import CORES as PROCESSORS
from steps import FIGURES, STEPS, Step, write_plays
from workspace import BUILD, ROOT, workspace

LOGS = BUILD / 'logs'
COMMAND_TIMEOUT = 1800
RUNNING: set[subprocess.Popen] = set()


@dataclass(frozen=True)
class Row:
    """A line of the closing table."""

    step: str
    environment: Environment
    passed: bool
    seconds: float
    skips: tuple[str, ...] = ()

    @property
    def result(self) -> str:
        if self.passed:
            return 'passed'
        return 'tolerated' if self.environment.core.tolerated else 'FAILED'

    def __str__(self) -> str:
        return f'{self.step:26}{self.environment.core.version:12}{self.environment.python:8}{self.result:11}{self.seconds:7.1f}'


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('steps', nargs='*', metavar='STEP', help='all of them, if none is named: ' + ', '.join(step.name for step in STEPS))
    parser.add_argument('--core', default='usual', help='usual (those that make test runs), all, or a version')
    parser.add_argument('--select', default='', metavar='ARGS', help='arguments for pytest: the only tests to run, of the steps that run tests by it')
    arguments = parser.parse_args()
    if strangers := set(arguments.steps) - {step.name for step in STEPS}:
        parser.error(f"no such step: {', '.join(strangers)}")
    if arguments.core not in {'usual', 'all', *(core.version for core in CORES)}:
        parser.error(f'no such core: {arguments.core}')
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    with workspace():
        write_plays()
        steps = [step for step in STEPS if step.name in arguments.steps or not arguments.steps]
        rows, not_run = run(steps, arguments.core, arguments.select)
    return report(rows, not_run, [reason for step in steps for reason in left_out(step, arguments.core)])


def run(steps: list[Step], wanted: str, select: str = '') -> tuple[list[Row], list[str]]:
    """The rows of the table, and why the rest is not in it."""
    available = environments()
    not_run = [explain(core) for core in CORES if core not in available and wanted in ('usual', 'all', core.version)]
    jobs = [(step, environment) for step in steps for environment in step.environments(wanted, list(available.values()))]
    lacking = [job for job in jobs if job[0].program and not is_here(job[0].probe)]
    not_run += [f'{step.name} on {environment.core.version}: no {step.program}' for step, environment in lacking]
    jobs = [job for job in jobs if job not in lacking]
    with ThreadPoolExecutor(PROCESSORS) as pool:
        rows = list(pool.map(build, (environment for environment in dict.fromkeys(environment for _step, environment in jobs) if not environment.is_built())))
    broken = {row.environment for row in rows if not row.passed}
    not_run += [f'{step.name} on {environment.core.version}: its virtual environment could not be built' for step, environment in jobs if environment in broken]
    runnable = [(step, environment) for step, environment in jobs if environment not in broken]
    with ThreadPoolExecutor(PROCESSORS) as pool:
        rows += pool.map(lambda job: perform(*job, select), [job for job in runnable if not job[0].wide])
    rows += [perform(step, environment, select) for step, environment in runnable if step.wide]
    return rows, not_run


def is_here(probe: str) -> bool:
    """Whether a command finds a program."""
    variables = {**os.environ, 'PATH': search_path()}
    return subprocess.run(probe, shell=True, env=variables, check=False, capture_output=True).returncode == 0


def left_out(step: Step, wanted: str) -> Iterator[str]:
    """What of a step is left to another target of make, and to which."""
    available = list(environments().values())
    here = step.environments(wanted, available)
    if others := [environment.core.version for environment in step.environments('all', available) if wanted == 'usual' and environment not in here]:
        yield f"{step.name} on {', '.join(others)}: left to make test-all"
    elif not here and step.all == 'between':
        yield f'{step.name}: its tests are among those of another step here'


def perform(step: Step, environment: Environment, select: str) -> Row:
    place = step.place(environment)
    place.prepare()
    return execute(step.name, environment, step.expanded(environment, select), environment.variables(place), place.tree, step.refused)


def explain(core: Core) -> str:
    return f"ansible-core {core.version} ({core.reason}): none of Python {', '.join(sorted(core.pythons))} runs here"


def build(environment: Environment) -> Row:
    row = execute('venv', environment, environment.build_commands(), os.environ, ROOT)
    if row.passed:
        environment.mark_built()
    return row


def execute(name: str, environment: Environment, commands: list[str], variables: Mapping[str, str], folder: Path, refused: str = '') -> Row:
    """Run all the commands, the later ones after a failure too; tell everything if one failed, else a word."""
    log = LOGS / f'{name}-{environment.root.name}.log'
    log.parent.mkdir(exist_ok=True)
    start = time.monotonic()
    with log.open('wb') as output:
        codes = [call(command, variables, folder, output) for command in commands]
    seconds = time.monotonic() - start
    text = log.read_text(errors='replace')
    passed = bool(codes) and not any(codes) and not (refused and re.search(refused, text))
    counts = re.findall(r'\d+ passed.*\d', text) or ['passed']
    told = counts[-1] if passed else f"FAILED\n{text or 'There is nothing to run.'}"
    print(f'{name} on ansible-core {environment.core.version}, Python {environment.python}: {told}', flush=True)
    skips = re.findall(r'^SKIPPED \[\d+\] (.*)', text, re.MULTILINE)
    return Row(name, environment, passed, seconds, tuple(dict.fromkeys(skips)))


def call(command: str, variables: Mapping[str, str], folder: Path, output: BinaryIO) -> int:
    output.write(f'$ {command}\n'.encode())
    output.flush()
    with subprocess.Popen(
        command, shell=True, cwd=folder, env=variables, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
    ) as process:
        RUNNING.add(process)
        try:
            return process.wait(COMMAND_TIMEOUT)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            output.write(f'Stopped after {COMMAND_TIMEOUT} seconds.\n'.encode())
            return 1
        finally:
            RUNNING.discard(process)


def stop(number: int, frame: FrameType | None) -> NoReturn:
    """Leave nothing behind: a command is the leader of a process group of its own."""
    for process in list(RUNNING):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    os._exit(128 + number)


def report(rows: list[Row], not_run: list[str], left_out: list[str] | None = None) -> int:
    """Print the table, what could not run and what was left to another run, and the counts as the very last line."""
    FIGURES.mkdir(exist_ok=True)
    for row in rows:
        (FIGURES / f'{row.step}-{row.environment.core.version}.row').write_text(f'{row}\n')
    print(f"\n{'step':26}{'core':12}{'Python':8}{'result':11}seconds", *rows, sep='\n')
    for reason in not_run + (left_out or []):
        print(f'not run: {reason}')
    for row in rows:
        for skip in row.skips:
            print(f'skipped in {row.step} on {row.environment.core.version}: {skip}')
    results = [row.result for row in rows]
    passed, failed = results.count('passed'), results.count('FAILED')
    skipped = len(not_run) + results.count('tolerated')
    print(f'{passed} passed, {failed} failed' + (f', {skipped} skipped' if skipped else ''))
    return 1 if failed or not passed else 0


if __name__ == '__main__':
    sys.exit(main())
