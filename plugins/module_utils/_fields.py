# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading fields of Webex's JSON: no field is documented as required, so any may be missing, null or of another type."""

from __future__ import annotations

import math
import typing as t


def text(value: t.Any) -> str | None:
    """A string that can be written anywhere, or None for anything else and for the empty string."""
    if not isinstance(value, str) or not value:
        return None
    return value.encode('utf-8', 'replace').decode('utf-8')


def shortened(value: str) -> str:
    """A text from outside at a length that a sentence can bear."""
    return value if len(value) <= 500 else value[:500] + '…'


def code(value: t.Any) -> int | str | None:
    """An error code: documented as a JSON number, so 2024, 2024.0 and "2024" are the same; other text stays as it came."""
    if isinstance(value, str):
        return int(value) if value.isascii() and value.isdigit() and len(value) < 20 else text(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        return None
    return int(value) if value == int(value) else str(value)


def errors(value: t.Any) -> list[dict[str, t.Any]]:
    """Error entries of a report or of a refusal as ``{code, description}``; absent, null and empty are the same.

    Other Webex objects say ``errorCode`` for the code and ``message`` for the description, and may nest a list there.
    """
    found = []
    for entry in value if isinstance(value, list) else [value]:
        if isinstance(entry, str) and entry:
            found.append({'code': None, 'description': text(entry)})
        elif isinstance(entry, dict):
            if isinstance(entry.get('message'), list):
                found.extend(errors(entry['message']))
                continue
            number = code(entry.get('code'))
            found.append({
                'code': code(entry.get('errorCode')) if number is None else number,
                'description': text(entry.get('description')) or text(entry.get('message')),
            })
    return [entry for entry in found if entry['code'] is not None or entry['description']]
