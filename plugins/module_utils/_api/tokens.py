# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The bearer token of one run: the one given, or one minted from the refresh inputs. Minted tokens stay in memory."""

from __future__ import annotations

from .._errors import AuthenticationFailed, BillingError, doing
from .._secrets import Secrets
from . import fields
from .answer import SUCCESS
from .options import Connection, is_token
from .retry import PASSING
from .wire import Wire


class Tokens:
    """Gives the token for a request, and another one after a 401 where the refresh inputs allow."""

    def __init__(self, connection: Connection, wire: Wire, secrets: Secrets) -> None:
        self._connection = connection
        self._wire = wire
        self._secrets = secrets
        self._access_token = connection.access_token
        self._refresh_token = connection.refresh_token
        self.can_renew = connection.can_refresh
        for secret in (connection.access_token, connection.client_secret, connection.refresh_token):
            secrets.add(secret)

    def current(self) -> str:
        """The token to send now; the first one is minted here where none was given."""
        return self._access_token or self.renew()

    def renew(self) -> str:
        """Mint a token. Raises AuthenticationFailed where the refresh inputs are refused, or what the wire raises."""
        with doing('Minting an access token'):
            try:
                return self._mint()
            except BillingError as refusal:
                never_asked = refusal.http_status is None
                error = refusal if never_asked or isinstance(refusal, tuple(PASSING)) else _refused(refusal)
                error.nothing_done = True
                raise error from None

    def _mint(self) -> str:
        answer = self._wire.exchange('POST', f'{self._connection.api_url}/access_token', form={
            'grant_type': 'refresh_token',
            'client_id': self._connection.client_id,
            'client_secret': self._connection.client_secret,
            'refresh_token': self._refresh_token,
        })
        if answer.status not in SUCCESS:
            raise answer.error()
        document = answer.document()
        document = document if isinstance(document, dict) else {}
        token = fields.text(document.get('access_token')) or ''
        if not is_token(token):
            raise answer.unreadable('no access_token in it that a header can bear')
        self._access_token = token
        self._refresh_token = fields.text(document.get('refresh_token')) or self._refresh_token
        self._secrets.add(self._access_token)
        self._secrets.add(self._refresh_token)
        return token


def _refused(refusal: BillingError) -> AuthenticationFailed:
    """A refusal of the token call in the words of an operator: whatever its status, it is never one of a report."""
    return AuthenticationFailed(
        refusal.cause,
        http_status=refusal.http_status,
        message=refusal.message,
        details=refusal.details,
        tracking_id=refusal.tracking_id,
        remedy='check client_id and client_secret, and make a new refresh_token if it has expired or was revoked',
    )
