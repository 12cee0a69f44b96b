# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who may call the API: access tokens with their scopes, and the refresh tokens that get new ones."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable

from .exchange import Refused

READ_SCOPE = 'spark-admin:broadworks_billing_reports_read'
WRITE_SCOPE = 'spark-admin:broadworks_billing_reports_write'
WHOLESALE_SCOPES = ('spark-admin:wholesale_billing_reports_read', 'spark-admin:wholesale_billing_reports_write')
ALL_SCOPES = frozenset((READ_SCOPE, WRITE_SCOPE, *WHOLESALE_SCOPES))

ACCESS_TOKEN_SECONDS = 1209600
REFRESH_TOKEN_SECONDS = 7776000


class Tokens:
    """The access tokens that are good now, and the credentials that mint more; not thread-safe by itself."""

    def __init__(self, now: Callable[[], float], *, access_token: str | None, client_id: str | None,
                 client_secret: str | None, refresh_token: str | None, rotate: bool) -> None:
        self._now = now
        self._rotate = rotate
        self._granted: dict[str, tuple[frozenset[str], float]] = {}
        self.minted: list[str] = []
        self.access_token = self.grant(access_token)
        self.client_id = client_id or f'C{secrets.token_hex(16)}'
        self.client_secret = client_secret or secrets.token_hex(32)
        self.refresh_token = refresh_token or secrets.token_urlsafe(48)
        self._authorized: dict[str, frozenset[str]] = {}  # refresh tokens that persons got, with their scopes

    def grant(self, access_token: str | None = None, scopes: Iterable[str] = ALL_SCOPES) -> str:
        """Make a token good, a random one when none is given; ValueError for a scope that is not a billing scope."""
        held = frozenset((scopes,) if isinstance(scopes, str) else scopes)
        if held - ALL_SCOPES:
            raise ValueError(f'scopes must be among {", ".join(sorted(ALL_SCOPES))}')
        token = access_token or secrets.token_urlsafe(48)
        self._granted[token] = (held, self._now() + ACCESS_TOKEN_SECONDS)
        return token

    def check_client(self, client_id: str | None, client_secret: str | None) -> None:
        if (client_id, client_secret) != (self.client_id, self.client_secret):
            raise Refused(401, 'The client id or the client secret is wrong.', error='invalid_client')

    def first(self, scopes: frozenset[str]) -> dict[str, str | int]:
        """The token answer for a person who has just allowed these scopes."""
        refresh_token = secrets.token_urlsafe(48)
        self._authorized[refresh_token] = scopes
        return self._answer(refresh_token, scopes)

    def refresh(self, client_id: str | None, client_secret: str | None, refresh_token: str | None) -> dict[str, str | int]:
        """The token answer for a refresh token, with rotation with another refresh token that replaces it."""
        self.check_client(client_id, client_secret)
        renewed = secrets.token_urlsafe(48) if self._rotate else refresh_token
        if refresh_token in self._authorized:
            scopes = self._authorized.pop(refresh_token)
            self._authorized[renewed] = scopes
            return self._answer(renewed, scopes)
        if refresh_token != self.refresh_token:
            raise Refused(400, 'The refresh token is wrong or has expired.', error='invalid_grant')
        self.refresh_token = renewed
        return self._answer(renewed, None)

    def _answer(self, refresh_token: str, scopes: frozenset[str] | None) -> dict[str, str | int]:
        """A token answer; Webex names the scopes sometimes, this sandbox where a person chose them."""
        self.minted.append(self.grant(scopes=ALL_SCOPES if scopes is None else scopes))
        return {
            'access_token': self.minted[-1],
            'expires_in': ACCESS_TOKEN_SECONDS,
            'refresh_token': refresh_token,
            'refresh_token_expires_in': REFRESH_TOKEN_SECONDS,
            'token_type': 'Bearer',
            **({} if scopes is None else {'scope': ' '.join(sorted(scopes))}),
        }

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
