# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Write numbers, times and durations for the page."""

from __future__ import annotations

import typing as t
from datetime import timedelta

from .._api import fields
from .._archive.manifests import in_utc
from .claims import Manifest, count
from .markup import UNKNOWN, shown

NARROW = '\N{NARROW NO-BREAK SPACE}'


def number(value: int | None, sign: str = '') -> str:
    """Write an integer in groups of three, which no locale reads as a fraction."""
    return UNKNOWN if value is None else format(value, f'{sign},').replace(',', NARROW).replace('-', '−')


def amount(digits: str, mark: str, sign: bool = False) -> str:
    """Write an exact decimal number, given as ``-1234.50``, with all its digits and the user's own decimal ``mark``."""
    whole, point, rest = digits.lstrip('-').partition('.')
    first = len(whole) % 3
    groups = [whole[:first], *(whole[place:place + 3] for place in range(first, len(whole), 3))]
    minus, plus = digits.startswith('-'), sign and digits.strip('0.')
    return ('−' if minus else '+' if plus else '') + NARROW.join(filter(None, groups)) + (mark if point else '') + rest


def difference(before: Manifest, after: Manifest, key: str) -> str:
    old, new = count(before, key), count(after, key)
    return UNKNOWN if old is None or new is None else number(new - old, '+')


def clock(said: t.Any) -> str:
    """Write a time for people, or an unreadable time unchanged."""
    utc = in_utc(fields.text(said))
    return f'{utc[:10]} {utc[11:-1]} UTC' if utc else shown(said)


def span(length: timedelta) -> str:
    """Write a length of time in its two largest units."""
    minutes, seconds = divmod(round(abs(length).total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    parts = [f'{amount}{NARROW}{unit}' for amount, unit in ((days, 'd'), (hours, 'h'), (minutes, 'min'), (seconds, 's')) if amount]
    return ' '.join(parts[:2]) or f'less than 1{NARROW}s'
