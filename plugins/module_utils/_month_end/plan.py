# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Validate the month and the partners of a month end, and read what an earlier job of the same AWX workflow decided."""

from __future__ import annotations

import os
import typing as t
from datetime import datetime, timedelta, timezone, tzinfo
from itertools import zip_longest
from zoneinfo import ZoneInfo

from .._api.options import ended_period
from .._api.periods import is_period
from .._api.product import Key
from .._api.products import DEFAULT
from .._archive.manifests import partner
from .._errors import InvalidInput
from .book import of_reports

PREVIOUS = 'previous'

# files that show that this is a container, each with who puts it there
CONTAINER = (
    '/run/.containerenv',  # Podman
    '/.dockerenv',  # Docker
    '/dev/termination-log',  # Kubernetes, with any engine, for the last words of the container
    '/var/run/secrets/kubernetes.io',  # Kubernetes, for a pod with a service account token, also where the log has another path
)


def month(period: str | None, time_zone: str, now: float, name: str = 'period') -> str:
    """Return the month of ``period`` at ``now`` (epoch seconds), ``YYYY-MM``; it must have ended. Raises InvalidInput, which calls the variable ``name``."""
    if period == PREVIOUS:
        today = datetime.fromtimestamp(now, _zone(time_zone))
        return ended_period((today.replace(day=1) - timedelta(days=1)).strftime('%Y-%m'), now)
    if not is_period(period or ''):
        found = 'is missing' if period is None else f'is {period[:100]!r}'
        raise InvalidInput(f'{name} {found}', remedy=f'give a month as YYYY-MM, for example 2026-10, or {PREVIOUS}')
    return ended_period(period, now)


def partners(labels: t.Sequence[str], name: str, keys: t.Sequence[Key] = ()) -> list[str]:
    """Return the validated labels, each given once, or once for each of ``keys``. Raises InvalidInput, which calls the variable ``name``."""
    pairs = list(zip_longest(labels, keys))
    twice = [label for label, key in pairs if pairs.count((label, key)) > 1]
    if twice or not labels:
        raise InvalidInput(f'{name} must name each partner once, not {twice[0][:100]!r} twice' if twice else f'{name} is empty')
    return [partner(label) for label in labels]


class Published(t.NamedTuple):
    """The month that an earlier job of a workflow used, and the report of each partner, in order, None if it is unknown."""

    billing_period: str | None
    report_ids: list[str | None]


def published(summary: t.Any, labels: t.Sequence[str], keys: t.Sequence[Key]) -> Published:
    """Return what the summary ``billing_month_end`` says of these partners' reports, or nothing if it is about others. An older summary has no product."""
    told = {'product': DEFAULT.name, 'type': None, **(summary if isinstance(summary, dict) else {})}
    period, ids = str(told.get('billing_period') or ''), str(told.get('report_id') or '').split(', ')
    wanted = of_reports([(key.product.name, key.values.get('type')) for key in keys])
    if str(told.get('partner')) != ', '.join(labels) or {name: told[name] for name in wanted} != wanted or not is_period(period):
        return Published(None, [])
    return Published(period, [report_id or None for report_id in ids])


def goes_with_its_container(path: str, marks: t.Iterable[str] = CONTAINER) -> bool:
    """Return whether ``path`` is in a container and not on a volume, so that it is lost with the container."""
    while not os.path.exists(path):
        path = os.path.dirname(path)
    return any(map(os.path.exists, marks)) and os.stat(path).st_dev == os.stat('/').st_dev


def _zone(name: str) -> tzinfo:
    """Return a time zone. UTC needs no database of zones, which a small image may lack."""
    if name == 'UTC':
        return timezone.utc
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise InvalidInput(
            f'time_zone {name[:100]!r} is not known here', remedy='give a name such as Europe/Berlin, and install tzdata if it is right',
        ) from None
