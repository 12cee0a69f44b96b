# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The timeline of a report, from its creation to the archive."""

from __future__ import annotations

import typing as t
from datetime import datetime
from xml.etree.ElementTree import Element

from .claims import Manifest, moment_said, time
from .markup import UNKNOWN, element
from .notation import clock, span

# the moments of a report, in their order: key, what happened, how the next one calls it, what the time says
MOMENTS = (
    ('created', 'Report created', 'its creation', 'as the API says'),
    ('requested_at', 'Report asked for', 'the request', 'by the month end'),
    ('completed_at', 'Found completed', 'that look', 'the first look that saw it completed, which may have been so a little earlier'),
    ('downloaded_at', 'File downloaded', 'the download', 'filed right after'),
)

Point = tuple[t.Optional[datetime], list[tuple[str, str, str, str]]]


def timeline(filed: Manifest) -> Element:
    items: list[Element] = []
    last: tuple[datetime, str] | None = None
    for at, moments in _points(filed):
        keys, names, called, meanings = zip(*moments)
        since = f', {span(at - last[0])} {"after" if _follows(at, last[0]) else "before"} {last[1]}' if at and last else ''
        last = (at, called[-1]) if at else last
        items.append(element(
            'li', element('strong', ' · '.join(names)), element('span', f'{clock(moment_said(filed, keys[0]))}{since}'),
            element('span', '; '.join(meanings), class_='soft'), class_='known' if at else 'unknown',
        ))
    return element('ol', *items)


def was_asked_for(filed: Manifest) -> bool:
    """Return whether there may have been a request; for a report that existed already, its creation stands in the manifest instead."""
    asked = time(filed, 'requested_at')
    return asked is None or asked != time(filed, 'created')


def wait(filed: Manifest) -> str:
    """Return how long it took from the request until the report was found completed."""
    asked, completed = time(filed, 'requested_at'), time(filed, 'completed_at')
    return span(completed - asked) if asked and completed and _follows(completed, asked) else UNKNOWN


def _follows(at: datetime, before: datetime) -> bool:
    """Return whether a time is not before another one; times of this host are in whole seconds, that of a creation has a fraction."""
    return at >= before.replace(microsecond=0)


def _points(filed: Manifest) -> list[Point]:
    """Return the points of the timeline, each a time with its events. Events at the same time are one point."""
    points: list[Point] = []
    for each in MOMENTS:
        at = time(filed, each[0])
        if each[0] == 'requested_at' and not was_asked_for(filed):
            continue
        if points and at and at == points[-1][0]:
            points[-1][1].append(each)
        else:
            points.append((at, [each]))
    return points
