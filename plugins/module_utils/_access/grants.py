# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""First tokens for a person, by the device grant (RFC 8628) or by the code flow with PKCE (RFC 7636), as Webex documents both."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import typing as t
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode, urlsplit

from .._api import fields
from .._api.access import Access
from .._api.answer import SUCCESS, Answer
from .._api.options import Connection, is_token
from .._api.retry import PASSING
from .._api.wire import Wire
from .._errors import AuthenticationFailed, BillingError, InvalidInput, WaitTimeout, doing
from .._secrets import Secrets
from .._time import Time

DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code'
PENDING = 428  # in this one call: the person has not answered yet
SLOWER = 5  # seconds more between two questions after slow_down, by RFC 8628, section 3.5
INTERVAL, EXPIRES = 2, 300  # seconds, the examples of Webex, for an answer without them
LONGEST_INTERVAL, LONGEST_WAIT = 60, 3600  # seconds, whatever an answer says

REFUSALS = {  # OAuth errors that end the grant, with what to do
    'access_denied': 'run the playbook again, and allow access',
    'expired_token': 'the code has expired: run the playbook again for another one',
    'invalid_client': 'check client_id and client_secret, and that the integration has the redirect URIs of the guide',
    'invalid_grant': 'the code has expired or was used: run the playbook again for another one',
    'invalid_scope': 'add the scopes to the integration at the developer portal, then run the playbook again',
    'tokenlimit_reached': 'Webex limits the live tokens of an account: revoke some, or wait until they end',
}
WORDS = {*REFUSALS, 'authorization_pending', 'invalid_request', 'slow_down', 'unsupported_grant_type'}
WEB = ('http://', 'https://')


@dataclass(frozen=True)
class Invitation:
    """Where a person allows access for a device, and until when (monotonic seconds)."""

    address: str
    user_code: str
    until: float
    interval: float = field(repr=False)
    device_code: str = field(repr=False)


@dataclass(frozen=True)
class Visit:
    """Where a person allows access by the code flow, and what only this process knows of it."""

    address: str
    redirect_uri: str
    state: str = field(repr=False)
    verifier: str = field(repr=False)


class Grants:
    """Asks Webex for the first tokens of a partner. ``connection`` must have the ID and the secret of the integration."""

    def __init__(self, connection: Connection, secrets: Secrets, time: Time) -> None:
        self._connection = connection
        self._secrets = secrets
        self._time = time
        self._wire = Wire(connection, time)
        secrets.add(connection.client_secret)

    def invite(self, scopes: t.Iterable[str]) -> Invitation:
        """Begin a device grant. Raises a BillingError."""
        with doing('Starting the device grant'):
            answer = self._post('device/authorize', client_id=self._connection.client_id, scope=' '.join(scopes))
            if answer.status not in SUCCESS:
                raise _refused(answer)
            document = _document(answer)
            code = fields.text(document.get('device_code'))
            address = fields.text(document.get('verification_uri_complete')) or fields.text(document.get('verification_uri'))
            user_code = fields.shortened(document.get('user_code'))
            if not (code and address and user_code and address.lower().startswith(WEB)):
                raise answer.unreadable('no device_code, user_code and verification_uri')
            self._secrets.add(code)
            wait = _seconds(document.get('expires_in'), EXPIRES, LONGEST_WAIT)
            interval = _seconds(document.get('interval'), INTERVAL, LONGEST_INTERVAL)
            return Invitation(address, user_code, self._time.clock() + wait, interval, code)

    def accepted(self, invitation: Invitation) -> Access:
        """Wait until the person has answered, and return the access. Faults that pass are waited out. Raises a BillingError."""
        interval = invitation.interval
        with doing('Waiting for the device grant'):
            while True:
                interval = min(interval, LONGEST_INTERVAL)
                if self._time.clock() + interval >= invitation.until:
                    raise WaitTimeout('nobody allowed access in time', remedy='run the playbook again for another code')
                self._time.sleep(interval)
                try:
                    answer = self._post(
                        'device/token', client=(self._connection.client_id, self._connection.client_secret),
                        grant_type=DEVICE_GRANT, device_code=invitation.device_code, client_id=self._connection.client_id,
                    )
                except BillingError as error:
                    if not isinstance(error, tuple(PASSING)):
                        raise
                    continue
                if answer.status in SUCCESS:
                    return self._access(answer)
                word = _word(answer)
                if word == 'slow_down':
                    interval += SLOWER
                elif answer.status != PENDING and word != 'authorization_pending':
                    refusal = _refused(answer)
                    if not isinstance(refusal, tuple(PASSING)):
                        raise refusal
                    interval = max(interval, refusal.retry_after or 0)

    def visit(self, scopes: t.Iterable[str], redirect_uri: str, token: t.Callable[[], str]) -> Visit:
        """Begin the code flow; ``token`` gives random texts of 43 to 128 letters, digits, ``-`` and ``_``."""
        state, verifier = token(), token()
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b'=').decode()
        query = urlencode({
            'client_id': self._connection.client_id, 'redirect_uri': redirect_uri, 'response_type': 'code', 'scope': ' '.join(scopes), 'state': state,
            'code_challenge': challenge, 'code_challenge_method': 'S256',
        })
        self._secrets.add(verifier)
        return Visit(f'{self._connection.api_url}/authorize?{query}', redirect_uri, state, verifier)

    def returned(self, visit: Visit, address: str) -> Access:
        """Return the access for the address that the browser came back to. Raises InvalidInput for another address, or a BillingError."""
        try:
            query = dict(parse_qsl(urlsplit(address.strip()).query))
        except ValueError:
            query = {}
        with doing('Exchanging the code'):
            if not hmac.compare_digest(query.get('state', '').encode(errors='surrogatepass'), visit.state.encode()):
                raise InvalidInput('the address is not one that this run asked for', remedy='run the playbook again, and copy the whole address of the browser')
            code = query.get('code', '')
            if not is_token(code):
                error = fields.shortened(query.get('error')) or 'no code'
                raise AuthenticationFailed(f'the browser came back with {error}', message=error, remedy=REFUSALS.get(error, 'run the playbook again'))
            self._secrets.add(code)
            answer = self._post(
                'access_token', grant_type='authorization_code', code=code, redirect_uri=visit.redirect_uri, code_verifier=visit.verifier,
                client_id=self._connection.client_id, client_secret=self._connection.client_secret,
            )
            if answer.status not in SUCCESS:
                raise _refused(answer)
            return self._access(answer)

    def _post(self, path: str, client: tuple[str, str] | None = None, **form: str) -> Answer:
        return self._wire.exchange('POST', f'{self._connection.api_url}/{path}', client=client, form=form)

    def _access(self, answer: Answer) -> Access:
        document = _document(answer)
        tokens = [document.get(name) for name in ('access_token', 'refresh_token')]
        for token in tokens:
            if not isinstance(token, str) or not is_token(token):
                raise answer.unreadable('no usable access_token and refresh_token')
            self._secrets.add(token)
        return Access(self._connection.client_id, self._connection.client_secret).renewed(document, answer.now)


def _document(answer: Answer) -> dict[str, t.Any]:
    document = answer.document()
    return document if isinstance(document, dict) else {}


def _word(answer: Answer) -> str | None:
    """Return the OAuth error that a refusal names, else None. Webex documents the words and no key for them; public clients find them in ``errors``."""
    try:
        document = _document(answer)
    except BillingError:
        return None
    texts = [fields.text(document.get(key)) for key in ('error', 'message')] + [entry['description'] for entry in fields.errors(document.get('errors'))]
    named = (WORDS.intersection(re.findall('[a-z_]+', text or '')) for text in texts)
    return next((words.pop() for words in named if len(words) == 1), None)  # a text with several words lists what it may be


def _refused(answer: Answer) -> BillingError:
    """Return the error for a refusal: one that passes as it is, any other as an authentication that failed."""
    error = answer.error()
    if isinstance(error, tuple(PASSING)):
        return error
    remedy = REFUSALS.get(_word(answer), 'check client_id, client_secret, the redirect URIs and the scopes of the integration, then run the playbook again')
    return AuthenticationFailed(
        error.cause, http_status=error.http_status, message=error.message, details=error.details, tracking_id=error.tracking_id, remedy=remedy,
    )


def _seconds(value: t.Any, default: float, most: float) -> float:
    """Return a number of seconds that an answer gave, at most ``most``, or the default for anything else."""
    return min(value, most) if isinstance(value, (int, float)) and not isinstance(value, bool) and value > 0 else default
