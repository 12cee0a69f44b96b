# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the measured processes talk to, in a process of its own: the sandbox, and a lean host for files that would not fit in memory."""

from __future__ import annotations

import hashlib
import itertools
import math
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.managers import BaseManager
from typing import Any

from webex_sandbox import Sandbox
from webex_sandbox.api import REPORTS_PATH

PERIOD = '2026-10'
BLOCK_ROWS = 16 * 1024


@dataclass(frozen=True)
class Setting:
    """What the servers hold: reports of which `together` at a time end, after `first` seconds and then `every` so often, with files of `size` bytes.

    Beside them, there may be two files to compare, of so many `records` each.
    """

    reports: int = 1
    first: float = 0
    every: float = 0
    together: int = 1
    size: int = 0
    records: int = 0

    def scaled(self, scale: float) -> Setting:
        """The same, smaller or larger; the pace stays."""
        return replace(
            self, reports=max(1, round(self.reports * scale)), first=self.first * scale, size=round(self.size * scale),
            records=round(self.records * scale),
        )


class Scene:
    """The servers of one measurement. Times are seconds since it began."""

    def __init__(self, setting: Setting) -> None:
        start = time.monotonic()
        self._sandbox = Sandbox(clock=lambda: time.monotonic() - start)
        self._sandbox.start()
        self._files = FileHost()
        self._setting = setting
        ends = (setting.first + setting.every * (number // setting.together) for number in range(setting.reports))
        self._ends = {self._sandbox.add_report(PERIOD, seconds=end): time.monotonic() - start + end for end in ends}
        if setting.size:
            self._sandbox.trouble(path=f'{REPORTS_PATH}/', replace={'tempDownloadURL': self._file_url}, times=0)

    def stop(self) -> None:
        self._files.shutdown()
        self._files.server_close()
        self._sandbox.stop()

    def variables(self) -> dict[str, Any]:
        """What a play is told of it."""
        return {
            'api_url': self._sandbox.api_url,
            'access_token': self._sandbox.access_token,
            'billing_period': PERIOD,
            'report_id': next(iter(self._ends)),
            'report_ids': list(self._ends),
            'seconds': self._setting.first,
            'file_url': self._file_url,
            'file_sha256': digest(self._setting.size) if self._setting.size else '',
        }

    def partners(self) -> list[dict[str, str]]:
        """A partner for each report, with a token of its own."""
        return [{'report_id': report_id, 'access_token': self._sandbox.grant()} for report_id in self._ends]

    def seen(self) -> dict[str, float]:
        """Requests in all, calls of the list among them, and by which part of the time waited the latest answer came late."""
        requests = self._sandbox.requests
        return {
            'requests': len(requests) + self._files.requests,
            'lists': sum(request['target'] == REPORTS_PATH for request in requests),
            'late': max(late(requests, report_id, end) for report_id, end in self._ends.items()) if requests and self._setting.first else 0.0,
        }

    @property
    def _file_url(self) -> str:
        return f'http://127.0.0.1:{self._files.server_port}/{self._setting.size}.csv'


def late(requests: list[dict[str, Any]], report_id: str, end: float) -> float:
    """By which part of the time waited it was noticed late that a report had ended; 0 for one that had ended before anybody asked."""
    looks = [request for request in requests if request['target'] in (REPORTS_PATH, f'{REPORTS_PATH}/{report_id}')]
    noticed = next((look['seconds'] for look in looks if look['seconds'] >= end and look['target'] != REPORTS_PATH), math.inf)
    waited = end - looks[0]['seconds'] if looks else math.inf
    return (noticed - end) / waited if waited > 0 else 0.0


class Servers(BaseManager):
    """Makes scenes in another process, so that their work is not counted as anybody's."""


Servers.register('Scene', Scene)


class FileHost(ThreadingHTTPServer):
    """Serves made-up CSV of the size that the path names; `requests` counts."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(('127.0.0.1', 0), Exchange)
        self.requests = 0
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Exchange(BaseHTTPRequestHandler):
    """One answer: a length, and blocks of whole records."""

    protocol_version = 'HTTP/1.1'
    server: FileHost

    def do_GET(self) -> None:
        self.server.requests += 1
        size = int(self.path.strip('/').partition('.')[0])
        header, block, count = parts(size)
        self.send_response(200)
        self.send_header('Content-Type', 'text/csv')
        self.send_header('Content-Length', str(len(header) + len(block) * count))
        self.end_headers()
        for data in content(size):
            self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@lru_cache
def parts(size: int) -> tuple[bytes, bytes, int]:
    """A file of about that size: its header, a block of records, and how often that comes."""
    header = ','.join(f'made_up_column_{number}' for number in range(1, 11)) + '\r\n'
    block = ''.join(map(record, range(BLOCK_ROWS))).encode()
    return header.encode(), block, max(1, round(size / len(block)))


def record(number: int) -> str:
    """As records of businesses go: about a hundred bytes, each tenth with a comma in quotes, each thousandth with a line end."""
    name = f'"Made up {number},\r\nwith a line end"' if number % 1000 == 0 else f'"Made up {number}, Inc."' if number % 10 == 0 else f'Made up {number}'
    return f'{PERIOD},{number:08},{name},made-up-product,made-up-region,{number % 97},{number % 13}.50,0.00,{number}.25,EUR\r\n'


def content(size: int) -> Iterator[bytes]:
    header, block, count = parts(size)
    return itertools.chain([header], itertools.repeat(block, count))


@lru_cache
def digest(size: int) -> str:
    whole = hashlib.sha256()
    for data in content(size):
        whole.update(data)
    return whole.hexdigest()
