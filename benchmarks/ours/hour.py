# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An hour's wait as the collection paces it, with its own code and a clock that nobody has to sit through."""

from __future__ import annotations

import json
import random

from ansible_collections.webex_partner.billing.plugins.module_utils._reports.progress import Progress
from ansible_collections.webex_partner.billing.plugins.module_utils._reports.wait import Pace, Wait
from ansible_collections.webex_partner.billing.plugins.module_utils._time import Time

HOUR = 3600
DEFAULTS = Pace(poll_interval=5, max_poll_interval=60)


class Simulated(Time):
    """Time that passes in pauses only."""

    def __init__(self) -> None:
        super().__init__()
        self._seconds = 0.0
        self._dice = random.Random(1)

    def clock(self) -> float:
        return self._seconds

    def random(self) -> float:
        return self._dice.random()

    def sleep(self, seconds: float) -> None:
        self._seconds += seconds


class Report:
    """Ends at its time, and is asked for free."""

    def __init__(self, time: Time, end: float) -> None:
        self._time = time
        self._end = end
        self.ended = False

    def look(self) -> None:
        self.ended = self._time.clock() >= self._end


def wait(end: float) -> tuple[int, float]:
    """Looks until a report that takes `end` seconds has ended, and when that was noticed."""
    time = Simulated()
    progress = Progress(lambda: [], say=str, warn=str, beat_every=0, wait_timeout=2 * HOUR, time=time)
    one = Wait(timeout=2 * HOUR, pace=DEFAULTS, time=time, progress=progress)
    one.until_ended(Report(time, end))
    return one.polls, one.elapsed


if __name__ == '__main__':
    print(json.dumps({'requests': wait(HOUR)[0], 'late': max(wait(end)[1] / end - 1 for end in range(60, HOUR + 1))}))
