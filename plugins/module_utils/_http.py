# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One HTTP exchange with the API, and what the file host needs of it too: requests, time limits, faults in our words."""

from __future__ import annotations

import http.client
import math
import threading
import typing as t
from contextlib import contextmanager
from functools import partial

from ansible.module_utils.basic import missing_required_lib

from . import _fields
from ._answer import Answer
from ._errors import ExchangeTimeout, InvalidInput, InvalidResponse, NetworkFault
from ._options import Connection
from ._time import Time
from ._version import VERSION

try:
    import requests
    import urllib3
except ImportError:
    requests = None

SIZE_LIMIT = 16 * 1024 * 1024  # bytes of one answer; a list of 10,000 reports takes 2 MiB
REFUSAL_LIMIT = 1024 * 1024  # bytes of one that is no success: its status says enough
_CHUNK = 16 * 1024

_BROKEN = {  # what http.client says of these is for programmers; the first that fits counts
    http.client.RemoteDisconnected: 'the connection was closed before an answer came',
    http.client.BadStatusLine: 'what answered does not speak HTTP',
    http.client.IncompleteRead: 'the answer was cut off',
}


class Wire:
    """Sends requests and brings complete answers; keeps its connection open between them.

    ``end_by`` (monotonic seconds) bounds every exchange, however late it begins. Raises ExchangeTimeout, NetworkFault,
    and InvalidResponse for an answer beyond the size limit; what a status means is for others to say.
    """

    def __init__(self, connection: Connection, time: Time, end_by: float = math.inf) -> None:
        if requests is None:
            raise InvalidInput(missing_required_lib('requests'), remedy='install it for the Python that runs this task')
        self._connection = connection
        self._time = time
        self._end_by = end_by
        self._session = new_session()
        if not connection.validate_certs:
            urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)

    def exchange(self, method: str, url: str, *, token: str | None = None, json: t.Any = None, form: dict | None = None) -> Answer:
        """Send one request, once; no redirect is followed, since it would carry the token.

        The time limit holds for the exchange as a whole, from name resolution to the last byte. No setting of a socket
        gives that, so the exchange runs in a thread, which is left behind with its session when the time is over.
        """
        seconds = min(self._connection.request_timeout, self._end_by - self._time.clock())
        if seconds <= 0:
            raise ExchangeTimeout('no time was left for a request')
        try:
            return in_time(partial(self._send, self._session, seconds, method, url, _auth(token), json, form), seconds, self._time)
        except ExchangeTimeout:
            self._session = new_session()
            raise

    def _send(self, session, seconds, method, url, auth, json, form) -> Answer:
        with faults(seconds), session.request(
            method, url, auth=auth, json=json, data=form, stream=True, allow_redirects=False, timeout=seconds, verify=verification(self._connection),
            headers={
                'Accept': 'application/json',
                'Accept-Encoding': 'identity',
                'User-Agent': f'webex_partner.billing/{VERSION}',
            },
        ) as response:
            return Answer(
                status=response.status_code,
                headers=response.headers,
                body=_read(response),
                now=self._time.now(),
                next_url=response.links.get('next', {}).get('url'),
            )


def in_time(call: t.Callable[[], t.Any], seconds: float, time: Time) -> t.Any:
    """What a call returns or raises within that time; later it is left to itself. Raises ExchangeTimeout."""
    background = _Background(call)
    if time.wait(background.done, seconds):
        return background.result()
    raise ExchangeTimeout(f'no complete answer came within {seconds:.3g} s')


@contextmanager
def faults(seconds: float) -> t.Iterator[None]:
    """Say in our errors what went wrong below, which waited ``seconds`` for each sign of life."""
    try:
        yield
    except (requests.Timeout, urllib3.exceptions.ReadTimeoutError):
        raise ExchangeTimeout(f'no answer came within {seconds:.3g} s') from None
    except requests.exceptions.ContentDecodingError:
        raise InvalidResponse('the answer was not encoded as its headers say') from None
    except (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema, urllib3.exceptions.LocationParseError):
        # in other words than theirs, which quote the proxy and so its password
        raise InvalidInput('the proxy that the environment names cannot be used', remedy='check HTTPS_PROXY and HTTP_PROXY') from None
    except requests.exceptions.ProxyError as fault:
        raise NetworkFault(f'the proxy failed: {_reason(fault)}') from None
    except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError, OverflowError) as fault:
        raise NetworkFault(_reason(fault)) from None


def verification(connection: Connection) -> bool | str:
    """What requests wants to know of certificates."""
    return connection.validate_certs and (connection.ca_path or True)


def new_session():
    """A session that follows no redirect."""
    session = requests.Session()
    session.get_redirect_target = lambda response: None  # or requests reads the body of a redirect, of any size, to go on
    return session


def _read(response) -> bytes:
    """The whole body, at most SIZE_LIMIT, and as long as its headers say; that of a refusal only if it is short."""
    body = bytearray()
    if ',' in response.headers.get('Content-Encoding', ''):  # what is packed twice grows a million times in one step
        raise InvalidResponse('the answer was encoded more than once', http_status=response.status_code)
    response.raw.chunked = False  # then http.client takes the chunks apart, which bounds their lines as urllib3 does not
    for chunk in response.iter_content(_CHUNK):
        body += chunk
        if not response.ok and len(body) > REFUSAL_LIMIT:
            return b''
        if len(body) > SIZE_LIMIT:
            raise InvalidResponse(f'the answer is larger than {SIZE_LIMIT} bytes', http_status=response.status_code)
    length = response.headers.get('Content-Length', '')
    if length.isdigit() and response.raw.tell() < int(length):  # urllib3 1 takes a short body for a whole one
        raise NetworkFault(f'the connection ended after {response.raw.tell()} of {length} bytes')
    if response.status_code == 200 and not body and not length:  # http.client takes headers that were cut off for all of them
        raise NetworkFault('the connection ended before the answer did')
    return bytes(body)


def _auth(token: str | None) -> t.Callable:
    """The bearer token as an auth object: as a plain header an entry in ~/.netrc would replace it."""
    def authorize(request):
        if token:
            request.headers['Authorization'] = f'Bearer {token}'
        return request
    return authorize


def _reason(fault: BaseException) -> str:
    """The innermost cause, which says "Connection refused" where the outermost names a connection pool."""
    words = next((words for broken, words in _BROKEN.items() if isinstance(fault, broken)), None)
    if words:
        return words
    inner = getattr(fault, 'reason', None) or next((arg for arg in fault.args if isinstance(arg, BaseException)), None)
    inner = inner or fault.__cause__ or fault.__context__
    return _reason(inner) if isinstance(inner, BaseException) else _fields.shortened(str(fault)) or type(fault).__name__


class _Background(threading.Thread):
    """A call in a thread that nobody has to wait for."""

    def __init__(self, call: t.Callable[[], t.Any]) -> None:
        super().__init__(daemon=True)
        self.done = threading.Event()
        self._call = call
        self._answer: t.Any = None
        self._error: BaseException | None = None
        self.start()

    def run(self) -> None:
        try:
            self._answer = self._call()
        except BaseException as error:  # handed to the thread that asked, whatever it is
            self._error = error
        self.done.set()

    def result(self) -> t.Any:
        if self._error is not None:
            raise self._error
        return self._answer
