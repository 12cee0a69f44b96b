# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How CPU and memory of the collection grow: curves as data, and the straight line through what was measured."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from measure import Contender
from servers import Setting

MB = 10**6


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
    """``start`` and what each further unit adds; ``bend`` is the cost of a unit in the last step, as a multiple of that in all steps before."""

    start: float
    each: float
    r_squared: float
    bend: float


CURVES = (
    Curve(
        'reports', 'reports waited for in one task', 'report', lambda setting: setting.reports,
        tuple(Contender('ours/wait_for_many.yml', Setting(reports=number)) for number in (1, 10, 100, 1000, 2500, 5000, 10000)),
    ),
    Curve(
        'size', 'size of the file downloaded, in MB', 'MB', lambda setting: setting.size / MB,
        tuple(Contender('ours/download.yml', Setting(size=size * MB), weighed=True) for size in (1, 10, 100, 250, 500, 1000)),
    ),
)


def line(points: Iterable[tuple[float, float]]) -> Line:
    """The line of least squares through three points or more, by growing amount."""
    amounts, values = zip(*points)
    fitted = statistics.linear_regression(amounts, values)
    spread = len(set(values)) > 1
    before = (values[-2] - values[0]) / (amounts[-2] - amounts[0])
    last = (values[-1] - values[-2]) / (amounts[-1] - amounts[-2])
    return Line(
        start=fitted.intercept,
        each=fitted.slope,
        r_squared=statistics.correlation(amounts, values) ** 2 if spread else 1.0,
        bend=last / before if before else 1.0,
    )
