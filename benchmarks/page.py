# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What was measured as tables, for the terminal and for docs/performance.md."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

import plot
from figures import START, Turn
from growth import Curve, line
from measure import Usage
from rows import Aim, Row
from workspace import ROOT

PAGE = ROOT / 'docs/performance.md'
CHART = ROOT / 'docs/performance.svg'
PLOT = ROOT / 'docs/growth.svg'

BEGINNING = """# Performance

{leads}

![Each figure of the collection as a share of the figure of the alternative](performance.svg)

<details>
<summary>All figures and goals</summary>

{aims}

</details>

This page compares the collection with the alternatives that an operator could use instead. `make bench` measured the figures on {date}, on one machine over
its loopback, without TLS. In each round, every candidate ran once. The chart and the table of all figures exclude the cost of an empty play from the same
round; the whole-process tables include it. `benchmarks/` contains everything that ran: the plays of the collection in `ours/`, the alternatives in `rivals/`,
and the lower limits in `floors/`. Other machines have other figures.

{machine}

"""


@dataclass(frozen=True)
class Measured:
    """The turns of a row, or why there are none."""

    row: Row
    turns: Sequence[Turn]
    why_not: str = ''

    def medians(self) -> list[float]:
        """One for each aim of the row."""
        return [statistics.median(aim.value(turn) for turn in self.turns) for aim in self.row.aims] if self.turns else []


def aims(measured: Sequence[Measured]) -> str:
    """How far each aim is reached."""
    lines = ['| measured | figure | compared with | median | min to max | goal: at most | reached |', '|---|---|---|---|---|---|---|']
    for one in measured:
        if not one.turns:
            lines.append(f'| {one.row.what} | not measured: {one.why_not} | | | | | |')
            continue
        for aim, median in zip(one.row.aims, one.medians()):
            values = sorted(aim.value(turn) for turn in one.turns)
            lowest, middle, highest, limit = (told(aim, value) for value in (values[0], median, values[-1], aim.limit))
            spread = f'{lowest} to {highest}' if len(values) > 1 else '-'
            cells = [one.row.what, aim.what, aim.rival or '-', middle, spread, limit, 'yes' if median <= aim.limit else 'no']
            lines.append(f'| {" | ".join(cells)} |')
    return '\n'.join(lines)


def leads(measured: Sequence[Measured]) -> str:
    """The sentences at the head of the page."""
    return '\n'.join(
        one.row.lead.format(*(told(aim, median) for aim, median in zip(one.row.aims, one.medians())))
        for one in measured if one.row.lead and one.turns
    )


def shares(measured: Sequence[Measured]) -> list[plot.Group]:
    """What is compared with a rival, for the chart."""
    groups = []
    for one in measured:
        compared = [(aim, median) for aim, median in zip(one.row.aims, one.medians()) if aim.rival]
        bars = [(f'{aim.what}: {told(aim, median)} of {aim.rival}', median) for aim, median in compared]
        if bars:
            groups.append((one.row.what.replace('`', ''), bars))
    return groups


def told(aim: Aim, value: float) -> str:
    """A figure; a small share as one part of so many."""
    if aim.rival and 0 < value < 0.2:
        return f'1/{1 / value:.3g}'
    return f'{value:.3g} {aim.unit}'.strip()


def usages(one: Measured) -> str:
    """What the whole processes of a row took, as medians over its turns."""
    lines = ['| whole process | CPU, s | wall, s | peak memory, MB | requests |', '|---|---|---|---|---|']
    for name, contender in one.row.contenders.items():
        runs = [turn[name] for turn in one.turns]
        cpu, wall, peak, requests = (statistics.median(getattr(usage, key) for usage in runs) for key in ('cpu', 'wall', 'peak', 'requests'))
        lines.append(f'| {name} (`{contender.file}`) | {cpu:.2f} | {wall:.2f} | {peak / 1e6:.1f} | {requests:,.0f} |')
    return '\n'.join(lines)


def growth(curve: Curve, turn: dict[float, Usage], start: Usage) -> tuple[str, list[str]]:
    """A table with the fitted figures below it, and the two panels of the plot."""
    cpu = [(amount, usage.cpu - start.cpu) for amount, usage in turn.items()]
    memory = [(amount, usage.peak / 1e6) for amount, usage in turn.items()]
    lines = [f'| {curve.what} | CPU beyond an {START}, s | peak memory, MB | requests |', '|---|---|---|---|']
    lines += [f'| {amount:,.6g} | {usage.cpu - start.cpu:.2f} | {usage.peak / 1e6:.1f} | {usage.requests:,.0f} |' for amount, usage in turn.items()]
    sentences, panels = [], []
    for name, unit, scale, points in (('CPU', 'ms', 1000, cpu), ('Memory', 'KB', 1000, memory)):
        fitted = line(points)
        sentences.append(
            f'{name}: {fitted.each * scale:.3g} {unit} per {curve.unit}, R² {fitted.r_squared:.4f}; '
            f'the last point is {fitted.excess:+.0%} off the line through the others: {fitted.verdict}.'
        )
        panels.append(plot.plot(f'{name} against {curve.name}', curve.what, 's' if name == 'CPU' else 'MB', points, fitted))
    return '\n'.join(lines) + '\n\n' + '\n'.join(sentences), panels


def write(date: str, machine: str, measured: Sequence[Measured], growths: Sequence[tuple[str, list[str]]]) -> None:
    sections = [section(one) for one in measured if one.turns]
    plots = '## Growth\n\n![CPU and memory against the number of reports, the size of the file and the number of compared records](growth.svg)'
    tables = [table for table, _panels in growths]
    beginning = BEGINNING.format(leads=leads(measured), aims=aims(measured), date=date, machine=machine)
    PAGE.write_text(beginning + '\n\n'.join([*sections, plots, *tables]) + '\n')
    CHART.write_text(plot.bars(shares(measured)))
    PLOT.write_text(plot.page([panel for _table, panels in growths for panel in panels]))


def section(one: Measured) -> str:
    """What is told of a row beside its aims."""
    what = one.row.what
    return '\n\n'.join(filter(None, (f'## {what[0].upper()}{what[1:]}', one.row.note, usages(one))))
