# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read Read ``Retry-After`` in every form seen in the field."""

from __future__ import annotations

import math
import re
import typing as t
from email.utils import parsedate_to_datetime
from datetime import timezone

_NUMBER = re.compile(r'[+-]?[0-9]+(\.[0-9]*)?')


def asked(headers: t.Mapping[str, str], now: float) -> float | None:
    """Return how many seconds an answer asks to wait. If the answer has a Date, that clock applies to a date in it, because ours may be wrong."""
    date = epoch(headers.get('Date'))
    return seconds(headers.get('Retry-After'), now if date is None else date)


def epoch(http_date: str | None) -> float | None:
    """Return the epoch seconds of an HTTP date, or None for anything else."""
    try:
        date = parsedate_to_datetime(http_date or '')
        return (date if date.tzinfo else date.replace(tzinfo=timezone.utc)).timestamp()
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def seconds(value: str | None, now: float) -> float | None:
    """Return how many seconds the server asks to wait: zero for a negative or past value, None for an unreadable one, which counts as absent.

    Webex documents seconds; ``rand(30),add(30)`` is a bug of its gateway seen in practice
    (WebexCommunity/WebexPythonSDK#181), and HTTP allows a date, which is compared with ``now``.
    """
    text = (value or '').strip()
    if _NUMBER.fullmatch(text):
        asked = float(text)
        return max(0.0, asked) if math.isfinite(asked) else None
    date = epoch(text)
    return None if date is None else max(0.0, date - now)
