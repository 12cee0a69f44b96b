# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options that all plugins share: one argument spec, and the validation of values before any request."""

from __future__ import annotations

import ipaddress
import os
import re
import ssl
import typing as t
from dataclasses import dataclass, field
from datetime import datetime, timezone
from functools import lru_cache

from ansible.module_utils.common.parameters import AnsibleFallbackNotFound

from .._errors import InvalidInput
from .._files import DIGEST, path
from .periods import is_over, is_period
from .report import is_report_id

# host and path alone: user info would be shown with the URL, and what parsers read differently is no address for a token
_API_URL = re.compile(
    r'(?P<scheme>https?)://(\[(?P<ipv6>[0-9a-f:.]+)\]|(?P<host>[a-z0-9._-]+))(:(?P<port>[0-9]{1,5}))?(/[a-z0-9._~/%-]*)?',
    re.IGNORECASE | re.ASCII,
)
LONGEST = 366 * 24 * 3600  # seconds; what is longer is a slip, and no clock of an operating system takes any number
_TOKEN = re.compile(r'[\x21-\x7e]+')

IDENTITY = ('access_token', 'refresh_token', 'token_file')  # each of these says who is billed


def _environment(variable: str) -> str:
    """Return the variable's value, trimmed. A blank one counts as unset, because AWX injects "" for optional inputs."""
    value = os.environ.get(variable, '').strip()
    if not value:
        raise AnsibleFallbackNotFound
    return value


def connection_spec() -> dict[str, dict[str, t.Any]]:
    """Return the connection options. Precedence: option, then environment variable, then default."""
    return {
        'access_token': {'type': 'str', 'no_log': True, 'fallback': (_environment, ['WEBEX_ACCESS_TOKEN'])},
        'client_id': {'type': 'str', 'no_log': False, 'fallback': (_environment, ['WEBEX_CLIENT_ID'])},
        'client_secret': {'type': 'str', 'no_log': True, 'fallback': (_environment, ['WEBEX_CLIENT_SECRET'])},
        'refresh_token': {'type': 'str', 'no_log': True, 'fallback': (_environment, ['WEBEX_REFRESH_TOKEN'])},
        'token_file': {'type': 'path', 'no_log': False, 'fallback': (_environment, ['WEBEX_TOKEN_FILE'])},
        'api_url': {'type': 'str', 'default': 'https://webexapis.com/v1', 'fallback': (_environment, ['WEBEX_API_URL'])},
        'validate_certs': {'type': 'bool', 'default': True, 'fallback': (_environment, ['WEBEX_VALIDATE_CERTS'])},
        'ca_path': {'type': 'path', 'fallback': (_environment, ['WEBEX_CA_PATH'])},
        'request_timeout': {'type': 'float', 'default': 30},
        'retry_timeout': {'type': 'float', 'default': 60},
    }


def output_spec() -> dict[str, dict[str, t.Any]]:
    """Return the options that decide where the reports in a result also go."""
    return {
        'set_facts': {'type': 'bool', 'default': True},
        'show_download_url': {'type': 'bool', 'default': False},
    }


def without_unset(params: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Return ``params`` without None. Texts of connection options are trimmed; a blank text counts as unset, so its variable is used."""
    connection = connection_spec()
    trimmed = {name: value.strip() if name in connection and isinstance(value, str) else value for name, value in params.items()}
    return {name: value for name, value in trimmed.items() if value is not None and not (name in connection and value == '')}


def of_one_identity(given: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Return ``given`` (the set options of a task) such that Ansible adds no part of another identity from the environment.

    An option of None is present, so Ansible does not use its variable.
    """
    return {**dict.fromkeys(IDENTITY if any(name in given for name in IDENTITY) else ()), **given}


@dataclass(frozen=True)
class Connection:
    """The address of the API, how to reach it, and the credentials. Times are seconds; a secret that was not given is None."""

    api_url: str
    validate_certs: bool
    ca_path: str | None
    request_timeout: float
    retry_timeout: float
    client_id: str | None
    access_token: str | None = field(repr=False)
    client_secret: str | None = field(repr=False)
    refresh_token: str | None = field(repr=False)
    token_file: str | None = None

    @classmethod
    def from_params(cls, params: t.Mapping[str, t.Any], is_authorized: bool = True) -> Connection:
        """Return the connection in validated parameters. Raises InvalidInput for values that pass the type check but are invalid.

        A partner who ``is_authorized`` already has tokens.
        """
        request_timeout = seconds('request_timeout', params['request_timeout'])
        if request_timeout == 0:
            raise InvalidInput('request_timeout must be more than 0 seconds')
        _refuse_two_identities(params)
        connection = cls(
            api_url=api_url(params['api_url']),
            validate_certs=params['validate_certs'],
            ca_path=_ca_path(params['ca_path']),
            request_timeout=request_timeout,
            retry_timeout=seconds('retry_timeout', params['retry_timeout']),
            **{name: _credential(name, params[name]) for name in ('client_id', 'access_token', 'client_secret', 'refresh_token')},
            token_file=path('token_file', params['token_file']) if params['token_file'] else None,
        )
        if is_authorized and not connection.access_token and not connection.can_refresh:
            raise InvalidInput(
                _what_is_missing(connection),
                remedy='set access_token (or WEBEX_ACCESS_TOKEN), token_file (or WEBEX_TOKEN_FILE), or all of client_id, client_secret and refresh_token'
                       ' (or WEBEX_CLIENT_ID, WEBEX_CLIENT_SECRET and WEBEX_REFRESH_TOKEN)',
            )
        return connection

    @property
    def can_refresh(self) -> bool:
        """Return whether the credentials can get an access token."""
        return bool(self.token_file or (self.client_id and self.client_secret and self.refresh_token))


def _refuse_two_identities(params: t.Mapping[str, t.Any]) -> None:
    """Raise InvalidInput for a token file beside another token. Both come from one source, because a task's identity excludes the environment's."""
    others = [name for name in IDENTITY if name != 'token_file' and params[name]]
    if params['token_file'] and others:
        raise InvalidInput(
            f'token_file and {" and ".join(others)} are set together, and each of them says who is billed',
            remedy='keep one of them; in the environment they are WEBEX_TOKEN_FILE, WEBEX_ACCESS_TOKEN and WEBEX_REFRESH_TOKEN',
        )


def _what_is_missing(connection: Connection) -> str:
    """Return what a connection lacks to get an access token, and which set variable is not used."""
    needed = ('client_id', 'client_secret', 'refresh_token')
    found = [name for name in needed if getattr(connection, name)]
    if not found:
        return 'No credentials are set'
    missing = [name for name in needed if name not in found]
    text = f'The credentials are incomplete: {" and ".join(found)} without {" and ".join(missing)}'
    if 'refresh_token' in found and os.environ.get('WEBEX_ACCESS_TOKEN', '').strip():
        text += '; WEBEX_ACCESS_TOKEN is not used beside a refresh_token that the task or its defaults give'
    return text


def seconds(name: str, value: float) -> float:
    """Return an option's number of seconds. Raises InvalidInput."""
    if not 0 <= value <= LONGEST:
        raise InvalidInput(f'{name} must be a number of seconds from 0 to {LONGEST}, not {value}')
    return value


def days(name: str, value: float) -> float:
    """Return an option's number of days. Raises InvalidInput."""
    if not 0 <= value <= 366:
        raise InvalidInput(f'{name} must be a number of days from 0 to 366, not {value}')
    return value


def billing_period(value: str, name: str = 'billing_period') -> str:
    """Return an option's month. Raises InvalidInput."""
    if not is_period(value):
        raise InvalidInput(f'{name} must be a month as YYYY-MM, for example 2026-10, not {value[:100]!r}')
    return value


def ended_period(value: str, now: float) -> str:
    """Return an option's month, which must have ended in UTC by ``now`` (epoch seconds). Raises InvalidInput."""
    refuse_open(f'billing_period {billing_period(value)}', value, now, 'run the task again when the month is over')
    return value


def refuse_open(what: str, end: str, now: float, remedy: str) -> None:
    """Raise InvalidInput if a period had not ended in UTC by ``now`` (epoch seconds). ``what`` names it in the message; ``end`` is its last month or day."""
    if not is_over(end, datetime.fromtimestamp(now, timezone.utc)):
        raise InvalidInput(f'{what} has not ended yet in UTC, and its report would be incomplete', remedy=remedy)


def report_id(name: str, value: str) -> str:
    """Return an option's report ID. Raises InvalidInput."""
    if not is_report_id(value):
        raise InvalidInput(f'{name} must be the id of a report, not empty and without spaces; it is {value[:100]!r}')
    return value


def sha256(name: str, value: str | None, prefix: str = '') -> str | None:
    """Return the digits of an option's SHA-256 after ``prefix``, or None for None. Raises InvalidInput."""
    if value is None:
        return None
    given = value.lower()
    digits = given.removeprefix(prefix)
    if not given.startswith(prefix) or not DIGEST.fullmatch(digits):
        raise InvalidInput(f'{name} must be {f"{prefix} and " if prefix else ""}64 hexadecimal digits, not {value[:100]!r}')
    return digits


def is_loopback(host: str | None) -> bool:
    """Return whether a host name or address is this machine itself."""
    try:
        return ipaddress.ip_address(host or '').is_loopback
    except ValueError:
        return (host or '').lower() == 'localhost'


def api_url(value: str) -> str:
    """Return a base URL that may receive the token and may be shown. Raises InvalidInput."""
    url = _API_URL.fullmatch(value)
    if not url or not 0 < int(url['port'] or 443) < 65536:
        raise InvalidInput('api_url must be https:// with a host and an optional path, nothing else', remedy='give a URL such as https://webexapis.com/v1')
    host = url['ipv6'] or url['host']
    if url['scheme'].lower() != 'https' and not is_loopback(host):
        raise InvalidInput(f'api_url must begin with https://: http:// is only for loopback hosts, and {host[:100]} is not one')
    return value.rstrip('/')


def _ca_path(value: str | None) -> str | None:
    """Return a bundle that TLS can use. Checked now, because later a bad bundle would look like a network fault."""
    if value and not is_bundle(value):
        raise InvalidInput(f'ca_path must be a file of certificates (PEM), which {value[:100]!r} is not')
    return value


@lru_cache  # a client asks before each request
def is_bundle(path: str) -> bool:
    """Return whether TLS can use a file of certificates."""
    try:
        ssl.create_default_context(cafile=path)
    except (OSError, ValueError):
        return False
    return True


def is_token(value: str) -> bool:
    """Return whether a header can carry a token."""
    return _TOKEN.fullmatch(value) is not None


def _credential(name: str, value: str | None) -> str | None:
    """Return a credential, or None if it is unset. Raises InvalidInput."""
    if value and not is_token(value):
        raise InvalidInput(f'{name} holds characters that no credential of Webex has')
    return value or None
