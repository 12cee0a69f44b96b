# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which report of a month counts: the newest one that has not failed."""

from __future__ import annotations

from ._client import BillingClient
from ._report import Report


def standing(client: BillingClient, listed: list[Report]) -> list[Report]:
    """Of the listed reports of a month those that count, in full, newest first; the first is the one to adopt.

    They are the ones that have not failed, whatever else their status is, or all the failed ones if there is no other.
    """
    found = _usable(client.in_full(report for report in listed if not report.failed)) or client.in_full(listed)
    return _usable(found) or found


def _usable(reports: list[Report]) -> list[Report]:
    return [report for report in reports if not report.failed]
