# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Write docs/reliability.md from what the steps of `make test-all` and `make fuzz` have left; a figure that they did not leave is not there."""

from __future__ import annotations

import datetime
import json
import sys
from pathlib import Path
from xml.etree import ElementTree

from environments import CORES
from steps import FIGURES
from workspace import BUILD, ROOT

PAGE = ROOT / 'docs/reliability.md'

BEGINNING = """# Reliability in figures

What was tried, and held, when the tests of this collection ran last, by {date}, all on one machine and its loopback. `make reliability` writes this page
from what the steps of `make test-all` and `make fuzz` have left; what they did not measure is not here.

| what | figure |
|---|---|
"""

TOLD = ('units', 'units-clock', 'system', 'system-clock', 'system-by-core')  # steps that have columns of their own
WEATHER = 'test_weather.test_what_comes_of'  # one test for each case


def main() -> int:
    units, system = read('units'), read('system')
    fuzz = BUILD / 'fuzz.json'
    missing = [core.version for core in CORES if core.version not in units or core.version not in system]
    if missing or not fuzz.exists():
        print(f'run make test-all and make fuzz first: nothing is known of {", ".join(missing) or "the fuzzing"}', file=sys.stderr)
        return 1
    rows = [f'| {what} | {figure} |' for what, figure in figures(units, system, json.loads(fuzz.read_text()))]
    today = datetime.datetime.now(datetime.timezone.utc).date()
    PAGE.write_text(BEGINNING.format(date=today) + '\n'.join(rows) + '\n\n' + versions(units, system))
    print(PAGE.read_text())
    return 0


def read(step: str) -> dict[str, list[ElementTree.Element]]:
    """Return the test cases of a step by ansible-core, with those that judge the clock and ran by themselves."""
    files = {core.version: [FIGURES / f'{name}-{core.version}.xml' for name in (step, f'{step}-clock')] for core in CORES}
    return {
        core: [case for path in paths for case in ElementTree.parse(path).iter('testcase')]
        for core, paths in files.items() if all(map(Path.exists, paths))
    }


def figures(units: dict, system: dict, fuzz: dict) -> list[tuple[str, str]]:
    weather = {core: len([case for case in held(cases) if WEATHER in case.get('classname', '') + '.' + case.get('name', '')]) for core, cases in units.items()}
    killed = {core: len(set(properties(system[core], 'kill_point'))) for core in system}
    searched = sum(int(value) for cases in system.values() for value in properties(cases, 'bytes_searched'))
    return [
        ('cases of [bad weather](weather.md) tried and held, on each ansible-core', spread(weather)),
        ('bytes as answers, chosen at random: examples tried and held', f'{fuzz["examples_in_all"]:,}'),
        ('CPU time that they took', f'{fuzz["cpu_seconds"] / 3600:.3f} hours'),
        ('points at which a run was ended by force, and a later one made up for it or nothing was left, on each ansible-core', spread(killed)),
        ('bytes of output, events, artifacts, caches and temporary files searched for canaries, none found', f'{searched:,}'),
        ('versions of ansible-core covered', str(len(system))),
    ]


def held(cases: list[ElementTree.Element]) -> list[ElementTree.Element]:
    """The test cases that passed."""
    return [case for case in cases if not {'failure', 'error', 'skipped'} & {part.tag for part in case}]


def properties(cases: list[ElementTree.Element], name: str) -> list[str]:
    """What passed tests have recorded under a name."""
    return [entry.get('value', '') for case in held(cases) for entry in case.iter('property') if entry.get('name') == name]


def spread(counts: dict[str, int]) -> str:
    least, most = min(counts.values()), max(counts.values())
    return f'{least:,}' if least == most else f'{least:,} to {most:,}'


def versions(units: dict, system: dict) -> str:
    """A row for each ansible-core, oldest first."""
    table = [line.split() for path in sorted(FIGURES.glob('*.row')) for line in path.read_text().splitlines()]
    lines = ['| ansible-core | Python | unit tests | system tests | other steps |', '|---|---|---|---|---|']
    for core in CORES:
        rows = {row[0]: row for row in table if row[1] == core.version}
        others = ', '.join(f'{name} {row[3]}' for name, row in rows.items() if name not in ('venv', *TOLD))
        python = next(iter(rows.values()), ['', '', '?'])[2]
        lines.append(f'| {core.version} | {python} | {told(units[core.version])} | {told(system[core.version])} | {others} |')
    return '\n'.join(lines) + '\n'


def told(cases: list[ElementTree.Element]) -> str:
    skipped = sum(case.find('skipped') is not None for case in cases)
    bad = len(cases) - len(held(cases)) - skipped
    return f'{len(held(cases)):,} passed' + (f', {bad} failed' if bad else '') + (f', {skipped} skipped' if skipped else '')


if __name__ == '__main__':
    sys.exit(main())
