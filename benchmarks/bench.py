# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Measure the collection beside its rivals, in turn, and tell by tables. Fails nothing: what cannot be measured says why."""

from __future__ import annotations

import argparse
import datetime
import os
import sys
from dataclasses import replace

import page
from environments import Environment
from figures import START, Turn
from growth import CURVES, Curve
from machine import machine
from measure import Contender, NotMeasured, Usage, measure
from page import Measured
from rows import EMPTY, ROWS, Row
from run import report, run
from servers import Servers
from steps import PACKAGE, Step
from workspace import workspace

GROWTH = [curve.name for curve in CURVES]


def main() -> int:
    arguments = parsed()
    with workspace():
        built, not_run = run([Step('bench', 'newest', 'newest', PACKAGE, requirements='bench')], 'usual')
        if not built or not built[-1].passed:
            report(built, not_run)
            return 0
        environment = built[-1].environment
        with Servers() as servers:
            bench = Bench(environment, servers)
            rows = [row.scaled(arguments.scale) for row in ROWS if row.name in arguments.rows]
            measured = [bench.row(replace(row, turns=arguments.runs or row.turns)) for row in rows]
            growths = [bench.curve(curve.scaled(arguments.scale)) for curve in CURVES if curve.name in arguments.rows]
    tell(measured, growths)
    if arguments == parsed([]) and all(growths):
        page.write(f'{datetime.datetime.now(datetime.timezone.utc):%Y-%m-%d}', machine(environment), measured, growths)
        print(f'\nwritten: {page.PAGE}, {page.CHART} and {page.PLOT}')
    return 0


def parsed(words: list[str] | None = None) -> argparse.Namespace:
    names = [row.name for row in ROWS] + GROWTH
    parser = argparse.ArgumentParser(prog='make bench', description=__doc__)
    parser.add_argument('--rows', nargs='+', choices=names, default=names, metavar='NAME', help=f'only these: {", ".join(names)}')
    parser.add_argument('--runs', type=int, help='turns of each row, instead of its own number')
    parser.add_argument('--scale', type=float, default=1.0, help='of numbers, sizes and times (0.01 for a quick look)')
    return parser.parse_args(words)


class Bench:
    """Measures one thing at a time, on one environment."""

    def __init__(self, environment: Environment, servers: Servers) -> None:
        self._environment = environment
        self._servers = servers

    def row(self, row: Row) -> Measured:
        print(f'{row.name}: ', end='', flush=True)
        turns: list[Turn] = []
        try:
            for _turn in range(row.turns):
                turns.append({name: self._measure(contender) for name, contender in row.contenders.items()})
        except NotMeasured as reason:
            print(f' not measured: {reason}')
            return Measured(row, [], str(reason).partition('\n')[0])
        print()
        return Measured(row, turns)

    def curve(self, curve: Curve) -> tuple[str, list[str]] | None:
        print(f'growth by {curve.name}: ', end='', flush=True)
        try:
            start = self._measure(EMPTY[START])
            if len(curve.contenders) < 3:
                raise NotMeasured('two points are no curve; a larger scale has more')
            turn = {curve.amount(contender.setting): self._measure(contender) for contender in curve.contenders}
        except NotMeasured as reason:
            print(f' not measured: {reason}')
            return None
        print()
        return page.growth(curve, turn, start)

    def _measure(self, contender: Contender) -> Usage:
        usage = measure(contender, self._environment, self._servers)
        print('.', end='', flush=True)
        return usage


def tell(measured: list[Measured], growths: list[tuple[str, list[str]] | None]) -> None:
    busy = os.getloadavg()[1]
    print(f'\nload of this machine over the last 5 minutes: {busy:.2f}; a benchmark alone makes about 1\n')
    if measured:
        print(page.aims(measured))
    for one in measured:
        if one.turns:
            print(f'\n{page.section(one)}')
    for growth in growths:
        if growth:
            print(f'\n{growth[0]}')


if __name__ == '__main__':
    sys.exit(main())
