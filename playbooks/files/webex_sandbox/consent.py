# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""First tokens for a person: the device grant and the code flow, with addresses that stand in for Webex's pages of consent."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from .exchange import Answer, Refused, Request, json_answer
from .tokens import ALL_SCOPES, Tokens

DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code'
DEVICE_SECONDS = 300
INTERVAL = 2  # seconds between two questions of a device; sooner ones are told to slow down
CODE_SECONDS = 60


@dataclass
class Device:
    """A device that waits for a person: `consent` is None until they have answered."""

    user_code: str
    scopes: frozenset[str]
    until: float
    asked: float = float('-inf')
    consent: bool | None = None


@dataclass(frozen=True)
class Code:
    """What a code stands for. It is good once."""

    redirect_uri: str
    scopes: frozenset[str]
    challenge: str | None
    until: float


class Consent:
    """Grants that need a person. Not thread-safe by itself; `clock` is monotonic seconds."""

    def __init__(self, tokens: Tokens, clock: Callable[[], float]) -> None:
        self._tokens = tokens
        self._clock = clock
        self._devices: dict[str, Device] = {}
        self._codes: dict[str, Code] = {}

    def authorize_device(self, request: Request, base_url: str) -> Answer:
        """Begin a device grant."""
        form = request.form
        self._known_client(form.get('client_id'))
        code, user_code = secrets.token_urlsafe(32), f'{secrets.randbelow(10**6):06}'
        self._devices[code] = Device(user_code, _scopes(form.get('scope')), self._clock() + DEVICE_SECONDS)
        page = f'{base_url}/device/consent'
        return json_answer({
            'device_code': code, 'user_code': user_code, 'expires_in': DEVICE_SECONDS, 'interval': INTERVAL,
            'verification_uri': page, 'verification_uri_complete': f'{page}?{urlencode({"user_code": user_code})}',
        })

    def answer_device(self, request: Request) -> Answer:
        """The page of consent: it allows, or with `answer=deny` denies."""
        device = next((device for device in self._devices.values() if device.user_code == request.query.get('user_code')), None)
        if device is None:
            raise Refused(404, 'There is no such code.')
        device.consent = request.query.get('answer') != 'deny'
        said = 'You have allowed access.' if device.consent else 'You have denied access.'
        return Answer(200, f'{said} You can close this page.\n'.encode(), {'Content-Type': 'text/plain'})

    def token_for_device(self, request: Request, client: tuple[str | None, str | None]) -> Answer:
        """The token answer, once the person has allowed it. 428 means "not yet"; Webex says so in this call alone."""
        form = request.form
        self._tokens.check_client(*client)
        if form.get('grant_type') != DEVICE_GRANT:
            raise Refused(400, 'This call knows the device grant only.', error='unsupported_grant_type')
        device = self._devices.get(form.get('device_code', ''))
        now = self._clock()
        if device is None or device.until <= now:
            raise Refused(400, 'The device code is wrong or has expired.', error='invalid_grant')
        too_soon, device.asked = now - device.asked < INTERVAL, now
        if too_soon:
            raise Refused(400, 'The device asks too often.', error='slow_down')
        if device.consent is None:
            raise Refused(428, 'The person has not answered yet.', error='authorization_pending')
        del self._devices[form['device_code']]
        if not device.consent:
            raise Refused(400, 'The person has denied access.', error='access_denied')
        return json_answer(self._tokens.first(device.scopes))

    def authorize(self, request: Request) -> Answer:
        """The page of consent of the code flow: it sends the browser to the redirect URI, with a code, or with `answer=deny` with an error."""
        query = request.query
        self._known_client(query.get('client_id'))
        if query.get('response_type') != 'code' or not query.get('redirect_uri'):
            raise Refused(400, 'response_type must be code, and redirect_uri must be there.')
        if query.get('code_challenge_method', 'S256') != 'S256':
            raise Refused(400, 'code_challenge_method must be S256.')
        state = {'state': query['state']} if 'state' in query else {}
        if query.get('answer') == 'deny':
            return _redirect(query['redirect_uri'], {'error': 'access_denied', **state})
        code = secrets.token_urlsafe(32)
        self._codes[code] = Code(query['redirect_uri'], _scopes(query.get('scope')), query.get('code_challenge'), self._clock() + CODE_SECONDS)
        return _redirect(query['redirect_uri'], {'code': code, **state})

    def token_for_code(self, form: dict[str, str], client: tuple[str | None, str | None]) -> Answer:
        """The token answer for a code of `authorize`."""
        self._tokens.check_client(*client)
        code = self._codes.pop(form.get('code', ''), None)
        if code is None or code.until <= self._clock() or code.redirect_uri != form.get('redirect_uri'):
            raise Refused(400, 'The code is wrong, was used, has expired, or belongs to another redirect URI.', error='invalid_grant')
        if code.challenge is not None and code.challenge != _challenge(form.get('code_verifier', '')):
            raise Refused(400, 'The code_verifier is wrong.', error='invalid_grant')
        return json_answer(self._tokens.first(code.scopes))

    def _known_client(self, client_id: str | None) -> None:
        if client_id != self._tokens.client_id:
            raise Refused(401, 'The client id is wrong.', error='invalid_client')


def _scopes(text: str | None) -> frozenset[str]:
    scopes = frozenset((text or '').split())
    if not scopes or scopes - ALL_SCOPES:
        raise Refused(400, 'scope must name billing scopes, with blanks between them.', error='invalid_scope')
    return scopes


def _challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b'=').decode()


def _redirect(uri: str, query: dict[str, str]) -> Answer:
    return Answer(302, b'', {'Location': f'{uri}{"&" if "?" in uri else "?"}{urlencode(query)}'})
