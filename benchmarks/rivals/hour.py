# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An hour's wait by `until` with `delay: 10`, by arithmetic and in its favour: as if an answer took no time."""

from __future__ import annotations

import json

HOUR = 3600
DELAY = 10

if __name__ == '__main__':
    print(json.dumps({'requests': HOUR // DELAY + 1, 'late': max((-end % DELAY) / end for end in range(60, HOUR + 1))}))
