# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Billing periods: months, and their days."""

from __future__ import annotations

import calendar
import re
from datetime import date, datetime, timezone

_MONTH = re.compile(r'[1-9][0-9]{3}-(0[1-9]|1[0-2])')
_DAY = re.compile(r'[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}')


def is_period(value: str) -> bool:
    """Return whether ``value`` is a month, ``YYYY-MM``."""
    return _MONTH.fullmatch(value) is not None


def is_day(value: str) -> bool:
    """Return whether ``value`` is a day of the calendar, ``YYYY-MM-DD``."""
    try:
        return _DAY.fullmatch(value) is not None and bool(date.fromisoformat(value))
    except ValueError:
        return False


def is_over(period: str, when: datetime) -> bool:
    """Return whether a month or a day had ended in UTC at a time."""
    return period < when.astimezone(timezone.utc).isoformat()[:len(period)]


def days_of(month: str) -> tuple[str, str]:
    """Return the first and the last day of a month."""
    year, number = map(int, month.split('-'))
    return f'{month}-01', f'{month}-{calendar.monthrange(year, number)[1]}'


def month_of(first: str | None, last: str | None) -> str | None:
    """Return the month with these first and last days, or None if they are not a whole month."""
    month = (first or '')[:len('YYYY-MM')]
    return month if is_period(month) and days_of(month) == (first, last) else None
