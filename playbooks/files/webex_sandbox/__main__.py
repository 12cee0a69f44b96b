# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run the sandbox: `serve` in the foreground, `start` in the background."""

from __future__ import annotations

import argparse
import json
import os
import shlex
import signal
import sys
from functools import partial
from typing import NoReturn

from .checks import COUNT, SECONDS, check
from .sandbox import Sandbox

SECRETS = ('access_token', 'client_id', 'client_secret', 'refresh_token')


def seconds(text: str) -> float:
    value = float(text)
    check({'seconds': value}, {'seconds': SECONDS})
    return value


def rows(text: str) -> int:
    value = int(text)
    check({'rows': value}, {'rows': COUNT})
    return value


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog='python3 -m webex_sandbox',
        description='A sandbox of the Webex for BroadWorks billing API on loopback. Prints one line of JSON: where it '
                    'is, and its credentials, which are random unless the environment sets '
                    'WEBEX_SANDBOX_ACCESS_TOKEN, _CLIENT_ID, _CLIENT_SECRET or _REFRESH_TOKEN.')
    commands = parser.add_subparsers(dest='command', required=True)
    serve = commands.add_parser('serve', help='serve in the foreground until stopped')
    start = commands.add_parser('start', help='serve in the background and return at once')
    for command, lifetime in ((serve, None), (start, 900)):
        option = partial(command.add_argument, metavar='SECONDS', type=seconds)
        option('--generation-seconds', default=3, help='how long a created report is in progress (default: 3)')
        option('--lag-seconds', default=0, help='how long a created report cannot be seen (default: 0)')
        option('--url-seconds', default=3600, help='how long a download URL lives (default: 3600)')
        option('--access-token-seconds', default=1209600, help='how long an access token lives (default: 14 days)')
        option('--refresh-token-seconds', default=7776000, help='how long a refresh token lives (default: 90 days)')
        option('--lifetime', default=lifetime, help=f"when it stops by itself (default: {lifetime or 'never'})")
        command.add_argument('--fail-period', action='append', default=[], metavar='YYYY-MM',
                             help='a month whose created reports fail; may be repeated')
        command.add_argument('--rotate-refresh-token', action='store_true', help='exchange the refresh token at each use')
        command.add_argument('--rows', type=rows, default=25, help='records in the file of a report (default: 25)')
        command.add_argument('--exports', nargs='?', const='token', choices=['token', 'integration'],
                             help='print shell commands that lead the collection to it, with an access token, or with an integration to authorize')
        command.add_argument('--port', type=int, default=0, help='port of the API (default: any free one)')
    return parser.parse_args()


def main() -> int:
    options = arguments()
    secrets = {name: os.environ.get(f'WEBEX_SANDBOX_{name.upper()}') for name in SECRETS}
    try:
        sandbox = Sandbox(generation_seconds=options.generation_seconds, lag_seconds=options.lag_seconds,
                          url_seconds=options.url_seconds, lifetime=options.lifetime,
                          fail_periods=options.fail_period, rows=options.rows, port=options.port,
                          rotate_refresh_token=options.rotate_refresh_token, access_token_seconds=options.access_token_seconds,
                          refresh_token_seconds=options.refresh_token_seconds, **secrets)
    except ValueError as error:
        return complain(f'--fail-period: {error}')
    except (OSError, OverflowError) as error:
        return complain(f'port {options.port} cannot be had: {error}')
    if options.command == 'start':
        # The ports listen already: a call that comes before the child serves it is queued, not refused. No thread runs
        # yet, so a fork is safe; stopping the parent's copy, never started, closes no port of the child's.
        child = os.fork()
        if child:
            introduce(sandbox, child, options.exports)
            sandbox.stop()
            return 0
        detach()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, leave)
    with sandbox:
        if options.command == 'serve':
            introduce(sandbox, os.getpid(), options.exports)
        sandbox.wait()
    return 0


def introduce(sandbox: Sandbox, pid: int, exports: str | None) -> None:
    names = ('api_url', 'files_url', 'control_url', *SECRETS)
    about = json.dumps({name: getattr(sandbox, name) for name in names} | {'pid': pid})
    exported = {'token': ('api_url', 'access_token'), 'integration': ('api_url', 'client_id', 'client_secret')}.get(exports, ())
    variables = ' '.join(f'WEBEX_{name.upper()}={shlex.quote(getattr(sandbox, name))}' for name in exported)
    print(f'export {variables}' if exports else about, flush=True)


def detach() -> None:
    """Leave the terminal, the session and the pipes of whoever started this process."""
    os.setsid()
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(nothing, stream)
    os.close(nothing)


def leave(*_signal: object) -> NoReturn:
    raise SystemExit(0)


def complain(sentence: str) -> int:
    print(f'webex_sandbox: {sentence}', file=sys.stderr)
    return 1


if __name__ == '__main__':
    sys.exit(main())
