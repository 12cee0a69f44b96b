# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The API host: the billing calls of each product, the token calls and the token's expiry."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import replace

from .calls import Calls, called
from .consent import Consent
from .exchange import Answer, Refused, Request, json_answer
from .reports import UnknownReport
from .tokens import Tokens

BASE = '/v1'
TOKEN_PATH = f'{BASE}/access_token'
REPORTS_PATH = f'{BASE}/broadworks/billing/reports'
WHOLESALE_PATH = f'{BASE}/wholesale/billing/reports'

# What the sandbox says of a status when it has nothing more precise to say. The 401 is Webex's own.
MESSAGES = {
    400: 'The request is not valid.',
    401: 'The request requires a valid access token set in the Authorization request header.',
    403: 'The caller is not allowed to do this.',
    404: 'There is no such resource.',
    405: 'The resource does not take this method.',
    409: 'The request is in conflict with the present state of the resource.',
    410: 'The resource is gone.',
    415: 'The media type of the request is not supported.',
    423: 'The resource is locked for a while.',
    428: 'The file cannot be scanned for malware and needs a forced download.',
    429: 'Too many requests have been sent in a short time.',
    500: 'Something went wrong in the service.',
    502: 'An upstream service gave no valid answer.',
    503: 'The service has too much to do.',
    504: 'An upstream service did not answer in time.',
}


class Api:
    """Answers the calls documented by Webex. Not thread-safe by itself."""

    url = ''  # of this host, known once it listens

    def __init__(self, products: Iterable[Calls], tokens: Tokens, consent: Consent) -> None:
        self._products = tuple(products)
        self._tokens = tokens
        self._consent = consent

    def answer(self, request: Request) -> Answer:
        try:
            return self._traced(request, self._route(request))
        except Refused as refused:
            return self._refusal(request, refused)
        except UnknownReport:
            return self.error(request, 404)

    def error(self, request: Request, status: int) -> Answer:
        return self._refusal(request, Refused(status))

    def _route(self, request: Request) -> Answer:
        path = request.path.rstrip('/')
        grants = {
            TOKEN_PATH: {'POST': self._token},
            f'{BASE}/authorize': {'GET': self._consent.authorize},
            f'{BASE}/device/authorize': {'POST': lambda _request: self._consent.authorize_device(request, self.url + BASE)},
            f'{BASE}/device/consent': {'GET': self._consent.answer_device},
            f'{BASE}/device/token': {'POST': lambda _request: self._consent.token_for_device(request, client_of(request))},
        }
        if path in grants:
            return called(request, **grants[path])
        granted = self._tokens.find(request.headers.get('Authorization'))
        if granted is None:
            raise Refused(401)
        scopes, expires = granted
        if path == f'{BASE}/authorizations/tokenExpiry':
            return called(request, GET=lambda _request: json_answer({'exp': int(expires * 1000)}))
        for calls in self._products:
            if calls.serves(path):
                return calls.answer(request, path, scopes)
        raise Refused(404)

    def _token(self, request: Request) -> Answer:
        form, client = request.form, client_of(request)
        if form.get('grant_type') == 'authorization_code':
            return self._consent.token_for_code(form, client)
        if form.get('grant_type') != 'refresh_token':
            raise Refused(400, 'This sandbox knows the grant types refresh_token and authorization_code.', error='unsupported_grant_type')
        return json_answer(self._tokens.refresh(*client, form.get('refresh_token')))

    @staticmethod
    def _traced(request: Request, answer: Answer) -> Answer:
        return replace(answer, headers={**answer.headers, 'TrackingID': request.tracking_id})

    def _refusal(self, request: Request, refused: Refused) -> Answer:
        message = MESSAGES.get(refused.status, 'The request was not served.')
        body = {
            **refused.more,
            'message': message,
            'errors': [{'description': refused.description or message}],
            'trackingId': request.tracking_id,
        }
        return self._traced(request, json_answer(body, refused.status))


def client_of(request: Request) -> tuple[str | None, str | None]:
    """Client id and secret of a token call, from an HTTP Basic header or from the form."""
    form = request.form
    return tuple(basic_credentials(request.headers.get('Authorization')) or (form.get('client_id'), form.get('client_secret')))


def basic_credentials(authorization: str | None) -> list[str] | None:
    """Client id and secret from an HTTP Basic header, None when there is none that can be read."""
    scheme, _blank, encoded = (authorization or '').partition(' ')
    if scheme.lower() != 'basic':
        return None
    try:
        client_id, colon, client_secret = base64.b64decode(encoded, validate=True).decode().partition(':')
    except ValueError:
        return None
    return [client_id, client_secret] if colon else None
