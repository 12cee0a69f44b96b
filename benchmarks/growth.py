# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How CPU and memory of the collection grow: curves as data, and the straight line through what was measured."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from measure import Contender
from servers import Setting

MB = 10**6
TOLERANCE = 0.1  # of the value that a straight line predicts


@dataclass(frozen=True)
class Curve:
    """The same play for more and more, which `amount` tells."""

    name: str
    what: str
    unit: str
    amount: Callable[[Setting], float]
    contenders: tuple[Contender, ...]

    def scaled(self, scale: float) -> Curve:
        smaller = {one.setting.scaled(scale): one for one in self.contenders}
        return replace(self, contenders=tuple(replace(one, setting=setting) for setting, one in smaller.items()))


@dataclass(frozen=True)
class Line:
    """``start`` and what each further unit adds; ``excess`` is how far the last point lies above the line of those before, as a part of it."""

    start: float
    each: float
    r_squared: float
    excess: float

    @property
    def verdict(self) -> str:
        return 'a straight line or better' if self.excess <= TOLERANCE else 'steeper than a straight line'


CURVES = (
    Curve(
        'reports', 'reports that one task waits for', 'report', lambda setting: setting.reports,
        tuple(Contender('ours/wait_for_many.yml', Setting(reports=number)) for number in (1, 10, 100, 1000, 2500, 5000, 10000)),
    ),
    Curve(
        'size', 'size of the downloaded file, in MB', 'MB', lambda setting: setting.size / MB,
        tuple(Contender('ours/download.yml', Setting(size=size * MB), weighed=True) for size in (1, 10, 100, 250, 500, 1000)),
    ),
    Curve(
        'records', 'records in each of two files that are compared', 'record', lambda setting: setting.records,
        tuple(
            Contender('ours/compare.yml', Setting(records=number), weighed=True) for number in (1000, 10_000, 100_000, 250_000, 500_000, 1_000_000)
        ),
    ),
)


def line(points: Sequence[tuple[float, float]]) -> Line:
    """The line of least squares through three points or more, by growing amount."""
    amounts, values = zip(*points)
    each, start = statistics.linear_regression(amounts, values)
    each_before, start_before = statistics.linear_regression(amounts[:-1], values[:-1])
    is_flat = len(set(values)) == 1
    return Line(
        start=start,
        each=each,
        r_squared=1.0 if is_flat else statistics.correlation(amounts, values) ** 2,
        excess=values[-1] / (start_before + each_before * amounts[-1]) - 1,
    )
