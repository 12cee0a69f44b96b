# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a month end is about: the month, judged and never guessed, and the partners, each with an empty summary to fill."""

from __future__ import annotations

import os
import typing as t
from datetime import datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from ._errors import InvalidInput
from ._manifest import partner
from ._options import ended_period
from ._report import is_period

PREVIOUS = 'previous'

# files that show that this is a container, each with who puts it there
CONTAINER = (
    '/run/.containerenv',  # Podman
    '/.dockerenv',  # Docker
    '/dev/termination-log',  # Kubernetes, with any engine, for the last words of the container
    '/var/run/secrets/kubernetes.io',  # Kubernetes, for a pod with a service account token, also where the log has another path
)

SUMMARY = ('status', 'report_id', 'version', 'records', 'size', 'sha256', 'changed', 'archive_path')


def month(period: str, time_zone: str, now: float) -> str:
    """The month that ``period`` means at ``now`` (epoch seconds), ``YYYY-MM``, and that is over. Raises InvalidInput."""
    if period == PREVIOUS:
        today = datetime.fromtimestamp(now, _zone(time_zone))
        return ended_period((today.replace(day=1) - timedelta(days=1)).strftime('%Y-%m'), now)
    if not is_period(period):
        raise InvalidInput(f'period must be a month as YYYY-MM, for example 2026-10, or {PREVIOUS}, not {period[:100]!r}')
    return ended_period(period, now)


def summaries(partners: t.Sequence[str], billing_period: str) -> dict[str, dict[str, t.Any]]:
    """By partner what a month end tells of it, with nothing known yet. Raises InvalidInput."""
    twice = [label for label in partners if partners.count(label) > 1]
    if twice or not partners:
        raise InvalidInput(f'partners must name each partner once, not {twice[0][:100]!r} twice' if twice else 'partners is empty')
    blank = {**dict.fromkeys(SUMMARY), 'changed': False}
    return {partner(label): {'partner': label, 'billing_period': billing_period, **blank} for label in partners}


def goes_with_its_container(path: str, marks: t.Iterable[str] = CONTAINER) -> bool:
    """Whether ``path`` lies in the layer of a container itself, on no volume: it goes when the container goes."""
    while not os.path.exists(path):
        path = os.path.dirname(path)
    return any(map(os.path.exists, marks)) and os.stat(path).st_dev == os.stat('/').st_dev


def _zone(name: str) -> tzinfo:
    """A time zone; UTC is known without the database of zones, which a lean image may lack."""
    if name == 'UTC':
        return timezone.utc
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise InvalidInput(
            f'time_zone {name[:100]!r} is not known here', remedy='give a name such as Europe/Berlin, and install tzdata if it is right',
        ) from None
