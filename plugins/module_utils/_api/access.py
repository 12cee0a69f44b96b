# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The access of one partner: its tokens, when they end and what they allow."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field, replace

from .._errors import PermissionRefused
from .._time import iso
from . import fields
from .options import LONGEST, is_token
from .product import Scopes

SOON = 35  # days: a refresh token that ends earlier may not live until the next month end
DAY = 24 * 3600  # seconds
READS = ('GET',)  # every other method changes something

ANEW = (
    'get new tokens with the playbook webex_partner.billing.authorize (in AWX, then update the Webex credential with'
    ' webex_partner.billing.awx_setup and awx_setup_update_secrets=true)'
)
EXCHANGED = (
    'Webex replaced the refresh token, and no token_file is set to keep the new one. The old one may stop working: '
    f'set token_file (or WEBEX_TOKEN_FILE), or {ANEW}.'
)


@dataclass(frozen=True)
class Access:
    """Credentials of one partner. Times are epoch seconds; unknown values are None."""

    client_id: str | None = None
    client_secret: str | None = field(default=None, repr=False)
    refresh_token: str | None = field(default=None, repr=False)
    refresh_token_expires: float | None = None
    access_token: str | None = field(default=None, repr=False)
    access_token_expires: float | None = None
    scopes: tuple[str, ...] | None = None

    def renewed(self, answer: t.Mapping[str, t.Any], now: float) -> Access:
        """Return this access updated from Webex's token answer, received at ``now``. Its ``access_token`` must be usable."""
        token = fields.text(answer.get('refresh_token')) or ''
        refresh_token = token if is_token(token) else self.refresh_token
        expires = _end(answer.get('refresh_token_expires_in'), now)
        if expires is None and refresh_token == self.refresh_token:
            expires = self.refresh_token_expires
        scope = fields.text(answer.get('scope'))
        return replace(
            self,
            refresh_token=refresh_token,
            refresh_token_expires=expires,
            access_token=answer['access_token'],
            access_token_expires=_end(answer.get('expires_in'), now),
            scopes=tuple(scope.split()) if scope else self.scopes,
        )

    def lacks(self, scopes: Scopes) -> list[str]:
        """Return which of these scopes the token does not have; none if its scopes are not known."""
        return [] if self.scopes is None else [scope for scope in scopes if scope not in self.scopes]

    def judge(self, scopes: Scopes, method: str) -> str | None:
        """Return a warning, or None, about the scopes for a call. Raises PermissionRefused for a call that Webex would refuse."""
        lacking = self.lacks(scopes)
        if scopes.write in lacking and (method not in READS or scopes.read in lacking):
            needed = scopes.read if method in READS else scopes.write
            raise PermissionRefused(f'the token lacks the scope {needed}, so nothing was asked', remedy=f'{ANEW} and include that scope: renewing adds none')
        if scopes.read in lacking and method in READS:
            return f'The token has the scope {scopes.write} but lacks {scopes.read}. Whether Webex lets it read is not documented. If not, {ANEW} with both.'
        return None


def ends_soon(access: Access, now: float, days: float = SOON) -> str | None:
    """Return a sentence if the refresh token ends within so many days, else None."""
    end = access.refresh_token_expires
    if end is None or end - now > days * DAY:
        return None
    return f'The refresh token {"ended" if end <= now else "ends"} at {iso(end)}: {ANEW}.'


def _end(seconds: t.Any, now: float) -> float | None:
    """Return when a lifetime ends, or None if it is not a sensible number."""
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)) or not 0 <= seconds <= 100 * LONGEST:
        return None
    return now + seconds
