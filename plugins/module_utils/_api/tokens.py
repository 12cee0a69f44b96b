# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The bearer token of one run: the one given, the one in a token file, or a new one that Webex grants for a refresh token."""

from __future__ import annotations

import typing as t

from .._errors import AuthenticationFailed, BillingError, InvalidInput, doing
from .._secrets import Secrets
from .._time import Time
from .access import ANEW, EXCHANGED, Access, Scopes, ends_soon
from .answer import SUCCESS
from .options import Connection, is_token
from .retry import PASSING
from .token_file import TokenFile
from .wire import Wire


class InMemory:
    """The access that options give. New tokens are forgotten with the process."""

    def __init__(self, access: Access) -> None:
        self._access = access

    def read(self) -> Access:
        return self._access

    def renew(self, refused: str | None, mint: t.Callable[[Access], Access]) -> Access:
        self._access = mint(self._access)
        return self._access


class Tokens:
    """Gives the token for a request, and another one after a 401 if a refresh token is there.

    ``warn`` gets a sentence, once, if the refresh token ends soon, if it is lost with this process, or if a scope is missing.
    ``access`` is what was last read or granted, None at first; ``exchanged`` tells whether Webex replaced the refresh token, None if it was not asked.
    """

    def __init__(self, connection: Connection, wire: Wire, secrets: Secrets, time: Time, warn: t.Callable[[str], t.Any]) -> None:
        self._connection = connection
        self._wire = wire
        self._secrets = secrets
        self._time = time
        self._warn = warn
        self._warned: set[str] = set()
        given = Access(connection.client_id, connection.client_secret, connection.refresh_token, access_token=connection.access_token)
        self._keep_secret(given)
        path = connection.token_file
        self._store = TokenFile(path, time, connection.request_timeout) if path else InMemory(given)
        self.can_renew = connection.can_refresh
        self.access: Access | None = None
        self.exchanged: bool | None = None

    def current(self) -> str:
        """Return the token to send now; if there is none, get one."""
        if self.access is None:
            self.access = self._store.read()
            self._keep_secret(self.access)
        return self.access.access_token or self.renew()

    def renew(self) -> str:
        """Get another token. Raises AuthenticationFailed if Webex refuses the refresh token, or what the wire or the file system raises."""
        refused = self.access.access_token if self.access else None
        try:
            self.access = self._store.renew(refused, self._mint)
        except BillingError as error:
            error.nothing_done = True
            raise
        self._keep_secret(self.access)
        return self.access.access_token

    def allow(self, scopes: Scopes, method: str) -> None:
        """Warn of a scope that the token lacks. Raises PermissionRefused for a call that Webex would refuse."""
        self._say(self.access.judge(scopes, method))

    def _mint(self, access: Access) -> Access:
        """Return the access with a new access token from Webex."""
        with doing('Getting an access token'):
            try:
                renewed = self._granted(access)
            except BillingError as refusal:
                never_asked = refusal.http_status is None
                raise (refusal if never_asked or isinstance(refusal, tuple(PASSING)) else _refused(refusal)) from None
        self.exchanged = renewed.refresh_token != access.refresh_token
        self._say(EXCHANGED if self.exchanged and not self._connection.token_file else None)
        self._say(ends_soon(renewed, self._time.now()))
        return renewed

    def _granted(self, access: Access) -> Access:
        """Return what Webex grants for the refresh token. A token file may leave id and secret of the integration to the options."""
        client_id, client_secret = access.client_id or self._connection.client_id, access.client_secret or self._connection.client_secret
        self._keep_secret(access)
        if not (client_id and client_secret):
            raise InvalidInput(
                'token_file holds no usable access_token, and client_id and client_secret, which are needed for another one, are not set',
                remedy='add both to the file, or set them as options (or WEBEX_CLIENT_ID and WEBEX_CLIENT_SECRET)',
            )
        answer = self._wire.exchange('POST', f'{self._connection.api_url}/access_token', form={
            'grant_type': 'refresh_token',
            'client_id': client_id,
            'client_secret': client_secret,
            'refresh_token': access.refresh_token,
        })
        if answer.status not in SUCCESS:
            raise answer.error()
        document = answer.document()
        token = document.get('access_token') if isinstance(document, dict) else None
        if not isinstance(token, str) or not is_token(token):
            raise answer.unreadable('no usable access_token')
        renewed = access.renewed(document, answer.now)
        self._keep_secret(renewed)
        return renewed

    def _keep_secret(self, access: Access) -> None:
        for secret in (access.access_token, access.client_secret, access.refresh_token):
            self._secrets.add(secret)

    def _say(self, warning: str | None) -> None:
        if warning and warning not in self._warned:
            self._warned.add(warning)
            self._warn(warning)


def _refused(refusal: BillingError) -> AuthenticationFailed:
    """Return a refused token call as an error about the credentials: whatever its status, it is not about a report."""
    return AuthenticationFailed(
        refusal.cause,
        http_status=refusal.http_status,
        message=refusal.message,
        details=refusal.details,
        tracking_id=refusal.tracking_id,
        remedy=f'check client_id and client_secret; if the refresh_token has expired or was revoked, {ANEW}',
    )
