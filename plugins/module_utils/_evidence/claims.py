# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read the unchecked keys of a manifest, as far as their values are usable."""

from __future__ import annotations

import typing as t
from datetime import datetime

from .._api import fields
from .._api.report import moment
from .._archive.manifests import in_utc

Manifest = t.Mapping[str, t.Any]

BELIEVABLE = 10**15  # numbers from here on, and negative ones, are not a number of records or bytes


def as_dict(value: t.Any) -> dict[str, t.Any]:
    return value if isinstance(value, dict) else {}


def columns(manifest: Manifest) -> list | None:
    found = manifest['file'].get('columns')
    return found if isinstance(found, list) else None


def count(manifest: Manifest, key: str) -> int | None:
    """Return the number of records or bytes of the file."""
    number = manifest['file'][key]
    return number if number is not None and 0 <= number < BELIEVABLE else None


def moment_said(manifest: Manifest, key: str) -> t.Any:
    """Return a moment of the report or of its file as the manifest says it."""
    return as_dict(manifest.get('report')).get('created') if key == 'created' else manifest.get(key)


def time(manifest: Manifest, key: str) -> datetime | None:
    return moment(in_utc(fields.text(moment_said(manifest, key))))
