# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Write docs/reliability.md from the results of `make test-all` and `make fuzz`. Figures that these did not measure are left out."""

from __future__ import annotations

import datetime
import json
import sys
from pathlib import Path
from xml.etree import ElementTree

from environments import CORES
from steps import FIGURES
from workspace import BUILD, ROOT, tree

PAGE = ROOT / 'docs/reliability.md'

BEGINNING = """# Reliability in figures

This page shows what the tests of this collection tried in their last run, up to {date}, all on one machine and its loopback.
They ran on {tree}. `make reliability` creates the page from the results of `make test-all` and `make fuzz`.
Figures that these did not measure are left out.

| measured | figure |
|---|---|
"""

BETWEEN = 'Between the oldest and the newest stable release, the system tests are those whose result depends on the release.'

TOLD = ('units', 'units-clock', 'system', 'system-clock', 'system-by-core')  # steps that have columns of their own
WEATHER = 'test_weather.test_what_comes_of'  # one test for each case


def main() -> int:
    units, whole = read('units', 'units-clock'), read('system', 'system-clock')
    system = read('system-by-core', 'system-clock') | whole
    fuzz = BUILD / 'fuzz.json'
    missing = [core.version for core in CORES if core.version not in units or core.version not in system]
    if missing or not fuzz.exists():
        print(f'run make test-all and make fuzz first: there are no results of {", ".join(missing) or "the fuzzing"}', file=sys.stderr)
        return 1
    rows = [f'| {what} | {figure} |' for what, figure in figures(units, whole, system, json.loads(fuzz.read_text()))]
    today = datetime.datetime.now(datetime.timezone.utc).date()
    PAGE.write_text(BEGINNING.format(date=today, tree=tree()) + '\n'.join(rows) + '\n\n' + versions(units, system))
    print(PAGE.read_text())
    return 0


def read(*steps: str) -> dict[str, list[ElementTree.Element]]:
    """Return the test cases of steps together, for each ansible-core on which all of them ran."""
    files = {core.version: [FIGURES / f'{step}-{core.version}.xml' for step in steps] for core in CORES}
    return {
        core: [case for path in paths for case in ElementTree.parse(path).iter('testcase')]
        for core, paths in files.items() if all(map(Path.exists, paths))
    }


def figures(units: dict, whole: dict, system: dict, fuzz: dict) -> list[tuple[str, str]]:
    weather = {core: len([case for case in held(cases) if WEATHER in case.get('classname', '') + '.' + case.get('name', '')]) for core, cases in units.items()}
    killed = {core: len(set(properties(cases, 'kill_point'))) for core, cases in whole.items()}
    searched = sum(int(value) for cases in system.values() for value in properties(cases, 'bytes_searched'))
    points = 'points at which a run was killed, after which the next run finished the job or nothing was left behind'
    return [
        ('cases of [behavior under failures](weather.md) that passed, on each ansible-core', spread(weather)),
        ('responses of random bytes that the plugins handled', f'{fuzz["examples_in_all"]:,}'),
        ('CPU time for these responses', f'{fuzz["cpu_seconds"] / 60:.1f} minutes'),
        (f'{points}, on the oldest and the newest ansible-core', spread(killed)),
        ('bytes of output, events, artifacts, caches and temporary files that contained none of the secrets of the tests', f'{searched:,}'),
        ('tested versions of ansible-core', str(len(system))),
    ]


def held(cases: list[ElementTree.Element]) -> list[ElementTree.Element]:
    """Return the test cases that passed."""
    return [case for case in cases if not {'failure', 'error', 'skipped'} & {part.tag for part in case}]


def properties(cases: list[ElementTree.Element], name: str) -> list[str]:
    """Return the values that passed tests recorded under a name."""
    return [entry.get('value', '') for case in held(cases) for entry in case.iter('property') if entry.get('name') == name]


def spread(counts: dict[str, int]) -> str:
    least, most = min(counts.values()), max(counts.values())
    return f'{least:,}' if least == most else f'{least:,} to {most:,}'


def versions(units: dict, system: dict) -> str:
    """Return the table of results, with a row for each ansible-core, oldest first."""
    table = [line.split() for path in sorted(FIGURES.glob('*.row')) for line in path.read_text().splitlines()]
    lines = ['| ansible-core | Python | unit tests | system tests | other steps |', '|---|---|---|---|---|']
    for core in CORES:
        rows = {row[0]: row for row in table if row[1] == core.version}
        others = ', '.join(f'{name} {row[3]}' for name, row in rows.items() if name not in ('venv', *TOLD))
        python = next(iter(rows.values()), ['', '', '?'])[2]
        lines.append(f'| {core.version} | {python} | {told(units[core.version])} | {told(system[core.version])} | {others} |')
    return '\n'.join(lines) + f'\n\n{BETWEEN}\n'


def told(cases: list[ElementTree.Element]) -> str:
    skipped = sum(case.find('skipped') is not None for case in cases)
    bad = len(cases) - len(held(cases)) - skipped
    return f'{len(held(cases)):,} passed' + (f', {bad} failed' if bad else '') + (f', {skipped} skipped' if skipped else '')


if __name__ == '__main__':
    sys.exit(main())
