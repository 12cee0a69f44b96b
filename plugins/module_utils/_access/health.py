# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether the access of a partner, the clock and the archive are ready for the next month end."""

from __future__ import annotations

import os
import tempfile
import typing as t
from dataclasses import replace
from email.utils import parsedate_to_datetime

from .. import _files
from .._api.access import ANEW, DAY, EXCHANGED, Access, ends_soon
from .._api.client import BillingClient
from .._errors import BillingError, PermissionRefused
from .._time import iso

SKEW = 300  # seconds: as much as an access token is given up before it ends
FREE = 100 * 1000**2  # bytes: the size of reports is not known, but less leaves hardly room for one of a large partner
NEEDS = ('read', 'write')


def look(client: BillingClient, needs: t.Iterable[str], valid_days: float, archive: str | None) -> dict[str, t.Any]:
    """Return what is known of the access, with a sentence for each problem. Bad news is never raised."""
    reports, refusal = None, None
    try:
        reports = len(client.list_reports())
    except BillingError as error:
        refusal = error
    access, connection, scopes = _known(client), client.connection, client.product.scopes
    missing = [scope for name, scope in zip(NEEDS, scopes) if name in needs and scope in access.lacks(scopes)]
    problems = [problem for problem in (
        f'The token lacks the scope {" and ".join(missing)}: {ANEW}.' if missing else None,
        client.secrets.mask(str(refusal)) if refusal and not (missing and _is_ours(refusal)) else None,
        ends_soon(access, client.time.now(), valid_days),
        None if client.tokens.can_renew else _ends_alone(access, client.time.now(), valid_days),
        EXCHANGED if client.tokens.exchanged and not connection.token_file else None,
        _skew(client),
    ) if problem]
    place = _look_at(archive, problems) if archive else None
    return {
        'ok': not problems,
        'problems': problems,
        'api_url': connection.api_url,
        'credential': 'token_file' if connection.token_file else 'access_token' if connection.access_token else 'refresh_token',
        'scopes': None if access.scopes is None else list(access.scopes),
        'missing_scopes': None if access.scopes is None else missing,
        'access_token_expires': _time(access.access_token_expires),
        'refresh_token_expires': _time(access.refresh_token_expires),
        'refresh_token_exchanged': client.tokens.exchanged,
        'reports': reports,
        'tracking_id': refusal.tracking_id if refusal else None,
        'archive': place,
    }


def _known(client: BillingClient) -> Access:
    """Return what is known of the access. Webex is asked for the end of an access token that no token answer of this task has told."""
    access = client.tokens.access or Access()
    if access.access_token is None or access.access_token_expires is not None:
        return access
    try:
        return replace(access, access_token_expires=client.token_expires())
    except BillingError:
        return access


def _ends_alone(access: Access, now: float, valid_days: float) -> str | None:
    """Return a sentence if an access token that nothing renews ends within so many days."""
    end = access.access_token_expires
    if end is None or end - now > valid_days * DAY:
        return None
    return f'The access token ends at {iso(end)}, and nothing renews it: set token_file or a refresh_token, or {ANEW}.'


def sentence(access: dict[str, t.Any]) -> str:
    """Return the line for the operator about what ``look`` found."""
    end = access['refresh_token_expires']
    return ' '.join(access['problems']) or f'ready, {access["reports"]} reports are listed{f", the refresh token ends at {end}" if end else ""}'


def _is_ours(refusal: BillingError) -> bool:
    """Return whether a call was refused here, for its scope, and Webex not asked."""
    return isinstance(refusal, PermissionRefused) and refusal.http_status is None


def _time(seconds: float | None) -> str | None:
    return None if seconds is None else iso(seconds)


def _skew(client: BillingClient) -> str | None:
    """Return a sentence if the clock of this host and that of Webex, in the last answer, tell different times."""
    answer = client.heard
    try:
        ahead = answer.now - parsedate_to_datetime(answer.headers['Date']).timestamp()
    except (AttributeError, KeyError, TypeError, ValueError, OverflowError):
        return None
    if abs(ahead) < SKEW:
        return None
    return f'The clock of this host is {abs(ahead):.0f} s {"ahead of" if ahead > 0 else "behind"} that of {client.connection.api_url}: synchronize it.'


def _look_at(archive: str, problems: list[str]) -> dict[str, t.Any]:
    """Return whether reports can be filed in a directory; it may be one that is still to be made. Nothing stays there."""
    found: dict[str, t.Any] = {'path': archive, 'writable': False, 'locks': None, 'free_bytes': None}
    place = archive
    while not os.path.exists(place):
        place = os.path.dirname(place)
    try:
        storage = os.statvfs(place)
        found['free_bytes'] = storage.f_bavail * storage.f_frsize
        with tempfile.TemporaryFile(dir=place) as probe:
            found['writable'] = True
            found['locks'] = _files.try_lock(probe.fileno()) is not None
    except OSError as error:
        problems.append(f'The archive {archive} cannot be written ({error.strerror}): let the user of this task write there.')
        return found
    if not found['locks']:
        problems.append(f'The file system of {archive} does not know locks: {_files.LOCKS_REMEDY}.')
    if found['free_bytes'] < FREE:
        problems.append(f'Only {found["free_bytes"] // 1000**2} MB are free in {archive}: make room for the next reports.')
    return found
