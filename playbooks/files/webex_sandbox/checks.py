# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks of what a test or a playbook hands in, so that a slip of the pen is named and not puzzled over."""

from __future__ import annotations

import base64
import math
import re
from collections.abc import Callable
from datetime import date
from typing import Any

# What a value must be, and the words that say so.
Rule = tuple[Callable[[Any], bool], str]


def matches(pattern: str, value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch(pattern, value) is not None


def is_pattern(value: Any) -> bool:
    try:
        return isinstance(value, str) and bool(re.compile(value))
    except re.error:
        return False


def is_base64(value: Any) -> bool:
    try:
        return isinstance(value, str) and base64.b64decode(value, validate=True) is not None
    except ValueError:
        return False


def is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def is_day(value: Any) -> bool:
    try:
        return matches('[0-9]{4}-[0-9]{2}-[0-9]{2}', value) and bool(date.fromisoformat(value))
    except ValueError:
        return False


def is_headers(value: Any) -> bool:
    return isinstance(value, dict) and all(
        part is None or isinstance(part, str) and part.isascii() and part.isprintable()
        for header in value.items() for part in header)


TEXT: Rule = (lambda value: isinstance(value, str), 'text')
PATTERN: Rule = (is_pattern, 'a regular expression')
BASE64: Rule = (is_base64, 'base64')
FLAG: Rule = (lambda value: isinstance(value, bool), 'true or false')
COUNT: Rule = (lambda value: is_number(value) and isinstance(value, int) and value >= 0, 'a whole number, not negative')
SECONDS: Rule = (lambda value: is_number(value) and value >= 0, 'a number of seconds, not negative')
STATUS: Rule = (lambda value: is_number(value) and value in range(200, 600), 'an HTTP status from 200 to 599')
ANYTHING: Rule = (lambda value: True, 'anything')
DICTIONARY: Rule = (lambda value: isinstance(value, dict), 'a dictionary')
ERRORS: Rule = (lambda value: isinstance(value, list) and all(isinstance(item, dict) for item in value),
                'a list of dictionaries')
HEADERS: Rule = (is_headers, 'a dictionary of header values in ASCII, null for a header to leave out')
PERIOD: Rule = (lambda value: matches(r'[0-9]{4}-(0[1-9]|1[0-2])', value), 'a month written YYYY-MM')
DAY: Rule = (is_day, 'a day of the calendar written YYYY-MM-DD')
TIME: Rule = (lambda value: matches(r'[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z', value),
              'a time such as 2021-06-16T12:40:33.109Z')


def one_of(*words: str) -> Rule:
    return (lambda value: value in words), ' or '.join(words)


def check(values: dict[str, Any], rules: dict[str, Rule]) -> None:
    """ValueError, naming the key, for a value that breaks its rule or has none."""
    for key, value in values.items():
        if key not in rules:
            raise ValueError(f"{key} is not known here; the keys are {', '.join(rules)}")
        is_right, wanted = rules[key]
        if not is_right(value):
            raise ValueError(f'{key} must be {wanted}')
