# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read fields of Webex's JSON. No field is documented as required, so any field may be missing, null or of another type."""

from __future__ import annotations

import math
import typing as t

from .._line import one_line
from .._secrets import CUT_OFF, bare_urls


TEXT_LIMIT = 500  # characters of a text that is shown
ERRORS_LIMIT = 50  # error entries that are read; a server may send a million


def text(value: t.Any) -> str | None:
    """Return a string that must stay as it came, such as an ID or a URL, or None if it is empty, not a string or not one line."""
    return value if isinstance(value, str) and value.isprintable() and value else None


def shortened(value: t.Any) -> str | None:
    """Return a text as one line that fits into a sentence, without what makes a signed URL work, or None for anything else."""
    found = one_line(bare_urls(value)) if isinstance(value, str) else ''
    return (found if len(found) <= TEXT_LIMIT else found[:TEXT_LIMIT] + CUT_OFF) or None


def lines(value: t.Any) -> t.Any:
    """Return a JSON value with each text in it as one line."""
    if isinstance(value, dict):
        return {one_line(name): lines(item) for name, item in value.items()}
    if isinstance(value, list):
        return [lines(item) for item in value]
    return one_line(value) if isinstance(value, str) else value


def code(value: t.Any) -> int | str | None:
    """Return an error code. It is documented as a JSON number, so 2024, 2024.0 and "2024" are the same; other text stays unchanged."""
    if isinstance(value, str):
        return int(value) if value.isascii() and value.isdigit() and len(value) < 20 else shortened(value)
    if isinstance(value, float):
        return int(value) if value.is_integer() else str(value) if math.isfinite(value) else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def errors(value: t.Any) -> list[dict[str, t.Any]]:
    """Return the error entries of a report or of a refusal as ``{code, description}``; absent, null and empty are the same.

    Other Webex objects say ``errorCode`` for the code and ``message`` for the description, and nest a list there.
    """
    entries = [nested for entry in _listed(value)[:ERRORS_LIMIT] for nested in _nested(entry)]
    found = [_error(entry) for entry in entries[:ERRORS_LIMIT]]
    return [error for error in found if error['code'] is not None or error['description']]


def _listed(value: t.Any) -> list:
    return value if isinstance(value, list) else [value]


def _nested(entry: t.Any) -> list:
    """Return the entries in an entry, one level deep, or the entry itself."""
    inner = entry.get('message') if isinstance(entry, dict) else None
    return inner[:ERRORS_LIMIT] if isinstance(inner, list) else [entry]


def _error(entry: t.Any) -> dict[str, t.Any]:
    if not isinstance(entry, dict):
        return {'code': None, 'description': shortened(entry)}
    number = code(entry.get('code'))
    return {
        'code': code(entry.get('errorCode')) if number is None else number,
        'description': shortened(entry.get('description')) or shortened(entry.get('message')),
    }
