# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One HTTP exchange, for the API and partly for the file host: requests, time limits, and faults as our errors."""

from __future__ import annotations

import http.client
import math
import os
import socket
import threading
import typing as t
from contextlib import contextmanager
from functools import partial
from itertools import zip_longest
from urllib.parse import urlsplit

from ansible.module_utils.basic import missing_required_lib

from .._errors import BillingError, ConnectionRefused, ExchangeTimeout, InvalidInput, InvalidResponse, NetworkFault
from .._time import Time
from .._version import VERSION
from . import fields
from .answer import Answer
from .options import Connection, is_bundle, is_loopback

try:
    import requests
    import urllib3
except ImportError:
    requests = None

SIZE_LIMIT = 16 * 1024 * 1024  # bytes of one answer; a list of 10,000 reports takes 2 MiB
REFUSAL_LIMIT = 1024 * 1024  # bytes of one that is no success: its status says enough
_CHUNK = 16 * 1024
_CA_VARIABLES = ('REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE')  # in the order in which requests looks at them

_BROKEN = {  # what http.client says of these is for programmers; the first that fits counts
    http.client.RemoteDisconnected: 'the connection was closed before an answer came',
    http.client.BadStatusLine: 'what answered does not speak HTTP',
    http.client.IncompleteRead: 'the answer was cut off',
}


class Wire:
    """Sends requests and returns complete answers. Keeps its connection open between them.

    ``end_by`` (monotonic seconds) limits every exchange. Raises ExchangeTimeout, NetworkFault,
    and InvalidResponse for an answer beyond the size limit. The caller interprets the status.
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

    def exchange(
        self, method: str, url: str, *, token: str | None = None, client: tuple[str, str] | None = None, json: t.Any = None, form: dict | None = None,
    ) -> Answer:
        """Send one request, once; no redirect is followed, since it would carry the token. ``client`` is an ID with its secret, for HTTP Basic.

        The time limit holds for the exchange as a whole, from name resolution to the last byte. No setting of a socket
        gives that, so the exchange runs in a thread, which is left behind with its session when the time is over.
        """
        seconds = min(self._connection.request_timeout, self._end_by - self._time.clock())
        if seconds <= 0:
            raise ExchangeTimeout('no time was left for a request')
        try:
            return in_time(partial(self._send, self._session, seconds, method, url, _auth(token, client), json, form), seconds, self._time)
        except ExchangeTimeout:
            self._session = new_session()
            raise
        except NetworkFault as fault:
            fault.remedy = sandbox_advice(fault, url) or fault.remedy
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
    """Return or raise the outcome of a call within that time. Afterwards, leave the call to itself and raise ExchangeTimeout."""
    background = _Background(call)
    if time.wait(background.done, seconds):
        return background.result()
    raise ExchangeTimeout(f'no complete answer came within {seconds:.3g} s')


@contextmanager
def faults(seconds: float) -> t.Iterator[None]:
    """Turn errors of the libraries below, which waited ``seconds`` for each read, into ours."""
    try:
        yield
    except (requests.Timeout, urllib3.exceptions.ReadTimeoutError):
        raise ExchangeTimeout(f'no answer came within {seconds:.3g} s') from None
    except requests.exceptions.ContentDecodingError:
        raise InvalidResponse('the answer was not encoded as its headers say') from None
    except (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema, urllib3.exceptions.LocationParseError):
        # in other words than theirs, which quote the proxy and so its password
        raise InvalidInput('the proxy that the environment names cannot be used', remedy='check HTTPS_PROXY and ALL_PROXY') from None
    except requests.exceptions.ProxyError as fault:
        raise NetworkFault(f'the proxy failed: {_reason(fault)}') from None
    except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError, OverflowError) as fault:
        refused = isinstance(_innermost(fault), ConnectionRefusedError)
        raise (ConnectionRefused if refused else NetworkFault)(_reason(fault)) from None


def verification(connection: Connection) -> bool | str:
    """Return the argument ``verify`` of requests."""
    return connection.validate_certs and (connection.ca_path or True)


def sandbox_advice(fault: BillingError, url: str) -> str | None:
    """Return the advice for a sandbox that refuses connections, or None for any other host. Only a sandbox has a URL without TLS."""
    refused = isinstance(fault, ConnectionRefused) and url[:5].lower() == 'http:'
    return 'is the sandbox still running? Start it again, and check api_url' if refused else None


def new_session(*mixins: type) -> t.Any:
    """Return a session that follows no redirect and uses no proxy for loopback hosts; ``mixins`` are mixed into its connections."""
    session = requests.Session()
    session.get_redirect_target = lambda response: None  # or requests reads the body of a redirect, of any size, to go on
    session.merge_environment_settings = partial(_surroundings, session.merge_environment_settings)
    adapter = _adapter(mixins)
    session.mount('https://', adapter)
    session.mount('http://', adapter)
    return session


def _surroundings(of_environment: t.Callable, url: str, proxies: t.Any, stream: t.Any, verify: t.Any, cert: t.Any) -> dict[str, t.Any]:
    """Return the proxies and certificates that the environment names for a URL. Raises InvalidInput for a certificate bundle that would fail."""
    settings = of_environment(url, proxies, stream, verify, cert)
    if is_loopback(urlsplit(url).hostname):
        settings['proxies'] = {}  # a proxy would read the token, which http does not hide
    bundle = settings['verify']
    if bundle is not verify and url[:6].lower() == 'https:' and not os.path.isdir(bundle) and not is_bundle(bundle):
        variable = next(name for name in _CA_VARIABLES if os.environ.get(name))
        raise InvalidInput(f'{variable} must be a file of certificates (PEM), which {bundle!r} is not', remedy='correct or unset the variable')
    return settings


def _adapter(mixins: tuple[type, ...]) -> t.Any:
    """Return an adapter for sessions, whose connections share their time among the addresses of a host and have ``mixins``."""
    def fitted(pool: t.Any) -> t.Any:
        base = type(pool).ConnectionCls
        if pool.ConnectionCls is base:  # a pool of a kept session comes here again
            resolves = base._new_conn is urllib3.connection.HTTPConnection._new_conn  # a SOCKS proxy may resolve names itself
            pool.ConnectionCls = type(base.__name__, (*mixins, *([_SharesTime] if resolves else []), base), {})
        return pool

    class Adapter(requests.adapters.HTTPAdapter):
        def get_connection_with_tls_context(self, *args: t.Any, **kwargs: t.Any) -> t.Any:
            return fitted(super().get_connection_with_tls_context(*args, **kwargs))

        def get_connection(self, *args: t.Any, **kwargs: t.Any) -> t.Any:  # before requests 2.32.2
            return fitted(super().get_connection(*args, **kwargs))

    return Adapter()


class _SharesTime:
    """Mixed into a connection of urllib3: an address that drops packets leaves time for the next ones.

    Each address gets half of the time that the previous ones left, and the last one all of it.
    """

    def _new_conn(self) -> socket.socket:
        host, seconds = self._dns_host, self.timeout
        addresses = self._addresses()
        try:
            for number, address in enumerate(addresses, 1):
                self._dns_host, self.timeout = address, seconds / 2 ** min(number, len(addresses) - 1)
                try:
                    connected = super()._new_conn()
                    connected.settimeout(seconds)  # what follows, such as the TLS handshake, is no attempt any more
                    return connected
                except urllib3.exceptions.HTTPError:
                    if number == len(addresses):
                        raise
        finally:
            self._dns_host, self.timeout = host, seconds

    def _addresses(self) -> list[str]:
        """Return the addresses of the host. IPv6 and IPv4 alternate, because it is mostly one of them as a whole that does not work."""
        try:
            found = socket.getaddrinfo(self._dns_host.strip('[]'), self.port, urllib3.util.connection.allowed_gai_family(), socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise urllib3.exceptions.NewConnectionError(self, str(error)) from error
        preferred, other = ([address[0] for family, *_rest, address in found if (family == found[0][0]) is same] for same in (True, False))
        return [address for pair in zip_longest(preferred, other) for address in pair if address]


def is_framed(headers: t.Mapping[str, str]) -> bool:
    """Return whether http.client can find the body: it would take the frames of any other Transfer-Encoding for a part of the body."""
    return headers.get('Transfer-Encoding', '').lower() in ('', 'identity', 'chunked')


def _read(response) -> bytes:
    """Return the whole body, at most SIZE_LIMIT and exactly as long as its headers say. For a refusal, return the body only if it is short."""
    body = bytearray()
    if not is_framed(response.headers):
        raise InvalidResponse('the answer came with a Transfer-Encoding that is not supported', http_status=response.status_code)
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


def _auth(token: str | None, client: tuple[str, str] | None) -> t.Callable:
    """Return the credentials as an auth object: as a plain header an entry in ~/.netrc would replace them."""
    if client:
        return requests.auth.HTTPBasicAuth(*client)

    def authorize(request):
        if token:
            request.headers['Authorization'] = f'Bearer {token}'
        return request
    return authorize


def _innermost(fault: BaseException) -> BaseException:
    """Return the innermost cause, which says "Connection refused" where the outermost names a connection pool."""
    inner = getattr(fault, 'reason', None) or next((arg for arg in fault.args if isinstance(arg, BaseException)), None)
    inner = inner or fault.__cause__ or fault.__context__
    return fault if isinstance(fault, tuple(_BROKEN)) or not isinstance(inner, BaseException) else _innermost(inner)


def _reason(fault: BaseException) -> str:
    cause = _innermost(fault)
    words = next((words for broken, words in _BROKEN.items() if isinstance(cause, broken)), None)
    return words or fields.shortened(str(cause)) or type(cause).__name__


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
