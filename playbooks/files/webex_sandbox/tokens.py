# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who may call the API: access tokens with their scopes, and the refresh tokens that get new ones."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Iterable
from dataclasses import asdict, dataclass
from typing import Any

from .checks import FLAG, SECONDS, Rule, check
from .exchange import Refused

READ_SCOPE = 'spark-admin:broadworks_billing_reports_read'
WRITE_SCOPE = 'spark-admin:broadworks_billing_reports_write'
WHOLESALE_SCOPES = ('spark-admin:wholesale_billing_reports_read', 'spark-admin:wholesale_billing_reports_write')
ALL_SCOPES = frozenset((READ_SCOPE, WRITE_SCOPE, *WHOLESALE_SCOPES))


def are_scopes(value: Any) -> bool:
    return isinstance(value, (list, tuple, set, frozenset)) and all(isinstance(scope, str) and scope in ALL_SCOPES for scope in value)


SCOPES: Rule = (are_scopes, f'among {", ".join(sorted(ALL_SCOPES))}')
TERMS: dict[str, Rule] = {
    'rotate_refresh_token': FLAG,
    'access_token_seconds': SECONDS,
    'refresh_token_seconds': SECONDS,
    'scopes': (lambda value: value is None or are_scopes(value), SCOPES[1]),
}


@dataclass(frozen=True)
class Terms:
    """How the sandbox grants tokens: their lives, whether a refresh token is good once, and what the sandbox's own one allows.

    `scopes` of None are all of them, and token answers then do not name them, as Webex does not always.
    """

    rotate_refresh_token: bool = False
    access_token_seconds: float = 1209600
    refresh_token_seconds: float = 7776000
    scopes: Collection[str] | None = None

    def __post_init__(self) -> None:
        check(asdict(self), TERMS)


@dataclass(frozen=True)
class Grant:
    """What a refresh token allows, and until when (epoch seconds). `scopes` of None are those of the terms."""

    scopes: frozenset[str] | None
    until: float


class Tokens:
    """The access tokens that are good now, and the credentials that mint more; not thread-safe by itself."""

    def __init__(self, now: Callable[[], float], terms: Terms, *, access_token: str | None, client_id: str | None,
                 client_secret: str | None, refresh_token: str | None) -> None:
        self._now = now
        self.terms = terms
        self._granted: dict[str, tuple[frozenset[str], float]] = {}
        self._refreshable: dict[str, Grant] = {}
        self.minted: list[str] = []
        self.access_token = self.grant(access_token)
        self.client_id = client_id or f'C{secrets.token_hex(16)}'
        self.client_secret = client_secret or secrets.token_hex(32)
        self.refresh_token = self._refresh_token(None, refresh_token)

    def grant(self, access_token: str | None = None, scopes: Iterable[str] = ALL_SCOPES) -> str:
        """Make a token good, a random one when none is given; ValueError for a scope that is not a billing scope."""
        held = frozenset((scopes,) if isinstance(scopes, str) else scopes)
        check({'scopes': held}, {'scopes': SCOPES})
        token = access_token or secrets.token_urlsafe(48)
        self._granted[token] = (held, self._now() + self.terms.access_token_seconds)
        return token

    def check_client(self, client_id: str | None, client_secret: str | None) -> None:
        if (client_id, client_secret) != (self.client_id, self.client_secret):
            raise Refused(401, 'The client id or the client secret is wrong.', error='invalid_client')

    def first(self, scopes: frozenset[str]) -> dict[str, str | float]:
        """The token answer for a person who has just allowed these scopes."""
        return self._answer(self._refresh_token(scopes), scopes)

    def refresh(self, client_id: str | None, client_secret: str | None, refresh_token: str | None) -> dict[str, str | float]:
        """The token answer for a refresh token, whose life begins anew; with rotation another one replaces it."""
        self.check_client(client_id, client_secret)
        grant = self._refreshable.get(refresh_token or '')
        if grant is None or grant.until <= self._now():
            raise Refused(400, 'The refresh token is wrong, was revoked or has expired.', error='invalid_grant')
        del self._refreshable[refresh_token]
        renewed = self._refresh_token(grant.scopes, None if self.terms.rotate_refresh_token else refresh_token)
        if refresh_token == self.refresh_token:
            self.refresh_token = renewed
        return self._answer(renewed, self.terms.scopes if grant.scopes is None else grant.scopes)

    def _refresh_token(self, scopes: frozenset[str] | None, refresh_token: str | None = None) -> str:
        """Make a refresh token good, a random one when none is given."""
        token = refresh_token or secrets.token_urlsafe(48)
        self._refreshable[token] = Grant(scopes, self._now() + self.terms.refresh_token_seconds)
        return token

    def _answer(self, refresh_token: str, scopes: Collection[str] | None) -> dict[str, str | float]:
        self.minted.append(self.grant(scopes=ALL_SCOPES if scopes is None else scopes))
        return {
            'access_token': self.minted[-1],
            'expires_in': self.terms.access_token_seconds,
            'refresh_token': refresh_token,
            'refresh_token_expires_in': self.terms.refresh_token_seconds,
            'token_type': 'Bearer',
            **({} if scopes is None else {'scope': ' '.join(sorted(scopes))}),
        }

    def revoke(self) -> None:
        """Make every token so far invalid, as when a person takes back what they have allowed."""
        self._refreshable.clear()
        self.expire()

    def expire(self) -> None:
        """Make every access token given or minted so far invalid."""
        self._granted.clear()

    def find(self, authorization: str | None) -> tuple[frozenset[str], float] | None:
        """Scopes and end (epoch seconds) of the token in an Authorization header, None when it is good for nothing."""
        scheme, _blank, token = (authorization or '').partition(' ')
        granted = self._granted.get(token.strip()) if scheme.lower() == 'bearer' else None
        return granted if granted and granted[1] > self._now() else None

    def verdict(self, authorization: str | None) -> str:
        """What the request log says of an Authorization header: none, valid, refused, or other than a bearer token."""
        if authorization is None:
            return 'none'
        if not authorization.lower().startswith('bearer '):
            return 'other'
        return 'valid' if self.find(authorization) else 'refused'
