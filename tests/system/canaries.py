# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Canaries stand for the secrets; a server that gives them all away, and the search for them in everything that a run leaves."""

from __future__ import annotations

import threading
from collections import Counter
from contextlib import contextmanager

from playbook import arguments_of
from webex_sandbox import Sandbox

ACCESS, CLIENT, REFRESH, MINTED, ROTATED, SIGNED = CANARIES = [
    f'canary-{name}-TheBirdSingsNoMore+{number}/=' for number, name in enumerate(('access', 'client', 'refresh', 'minted', 'rotated', 'signed'))
]
URL = f'https://127.0.0.1:9/report.csv?Expires=4102444800&Signature={SIGNED}&Key-Pair-Id=K'
GIVEN_AWAY = f'Bearer {ACCESS}, {CLIENT} or {REFRESH} cannot have {URL}'
RENEWED_GIVEN_AWAY = f'{MINTED}, {ROTATED}'

SEARCHED: Counter[str] = Counter()  # bytes, for docs/reliability.md

OWN = ('private/env/', 'record.json')  # what the test wrote: the credentials, and the registered results
CORE = ('private/artifacts/job/command',)  # ansible-runner notes the environment of its command


def credentials(prefix=''):
    return {
        f'{prefix}access_token': ACCESS, f'{prefix}client_id': 'C0FFEE', f'{prefix}client_secret': CLIENT, f'{prefix}refresh_token': REFRESH,
    }


@contextmanager
def full_of_canaries():
    """A sandbox whose every secret is a canary."""
    with Sandbox(access_token=ACCESS, client_id='C0FFEE', client_secret=CLIENT, refresh_token=REFRESH) as running:
        running.grant(MINTED)
        minted = {'access_token': MINTED, 'refresh_token': ROTATED, 'expires_in': 3600}
        running.trouble(path='/access_token$', status=200, json=minted, times=0)
        yield running


def found(folder, known=()):
    """Where canaries are, as ``file: canary``, but for the paths that hold them as documented."""
    places = []
    for path in sorted(folder.rglob('*')):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and not name.startswith(tuple(known)):
            content = path.read_bytes()
            SEARCHED['bytes'] += len(content)
            places += [f'{name}: {canary}' for canary in CANARIES if canary[:-5].encode() in content]
    return places


def shown(outcome):
    """The canaries in what a run printed."""
    printed = outcome.stdout + outcome.stderr
    SEARCHED['bytes'] += len(printed.encode())
    return [canary for canary in CANARIES if canary[:-5] in printed]


@contextmanager
def watched_arguments(controller):
    """The canaries that stood in the arguments of any process of the runs in this block, for all the machine to see."""
    seen, over = set(), threading.Event()

    def watch():
        while not over.wait(0.02):
            arguments = arguments_of(controller.processes())
            seen.update(canary for canary in CANARIES if canary[:-5].encode() in arguments)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield seen
    finally:
        over.set()
        watcher.join()
