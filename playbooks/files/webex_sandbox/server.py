# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The HTTP server under both hosts: reads requests, and sends answers as slowly or incompletely as they ask for."""

from __future__ import annotations

import re
import socket
import struct
import sys
import threading
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from socketserver import TCPServer, ThreadingMixIn
from typing import Any

from .exchange import Answer, Request, merge_headers, tracking_id

LOOPBACK = '127.0.0.1'


def hang_up(connection: socket.socket) -> None:
    """End whatever a thread waits for at a socket."""
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass  # the other side was quicker, or this system does not do that to a listening socket


def is_length(header: tuple[str, str | None]) -> bool:
    return header[0].lower() == 'content-length'


class Listener(ThreadingMixIn, TCPServer):
    """One listening port of the sandbox, on loopback only; bound when made, served from `start` to `stop`."""

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, host: str, port: int, respond: Callable[[Request], Answer]) -> None:
        self.host = host
        self.respond = respond
        self.stopping = threading.Event()
        self._serving = False
        self._connections: dict[threading.Thread, socket.socket] = {}
        super().__init__((LOOPBACK, port), Connection)

    @property
    def url(self) -> str:
        return f'http://{LOOPBACK}:{self.server_address[1]}'

    def start(self) -> None:
        self._serving = True
        threading.Thread(target=self.serve_forever, args=(0.1,), name=f'sandbox {self.host}', daemon=True).start()

    def stop(self) -> None:
        """Stop listening and end every open connection, whatever it is waiting for."""
        self.stopping.set()
        if self._serving:
            hang_up(self.socket)  # wakes the serving thread, which would finish its pause first
            self.shutdown()
        self.server_close()
        for thread, connection in list(self._connections.items()):
            hang_up(connection)
            thread.join(0.2)

    def finish_request(self, request: Any, client_address: Any) -> None:
        self._connections[threading.current_thread()] = request
        try:
            super().finish_request(request, client_address)
        finally:
            del self._connections[threading.current_thread()]

    def shutdown_request(self, request: Any) -> None:
        # The base class would say goodbye first, and a connection to be reset would end in good order.
        self.close_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exc_info()[1], OSError):  # a client that goes away is no news
            super().handle_error(request, client_address)


class Connection(BaseHTTPRequestHandler):
    """One client connection, kept alive from one exchange to the next."""

    protocol_version = 'HTTP/1.1'
    disable_nagle_algorithm = True  # or the second small packet of an answer waits 40 ms for an acknowledgement
    server: Listener

    def exchange(self) -> None:
        length = self.headers.get('Content-Length', '0')
        if not re.fullmatch('[0-9]{1,7}', length) or 'Transfer-Encoding' in self.headers:
            self.send_error(HTTPStatus.LENGTH_REQUIRED)
            return
        body = self.rfile.read(int(length))
        if len(body) < int(length):
            self.close_connection = True  # half a request is none
            return
        self.send_answer(self.server.respond(Request(self.server.host, self.command, self.path, self.headers, body)))

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = exchange

    def send_answer(self, answer: Answer) -> None:
        if self.server.stopping.wait(answer.delay):
            self.close_connection = True
        elif answer.cut == 'before':
            self._reset()
        else:
            self._send(answer)

    def _send(self, answer: Answer) -> None:
        head, body = self._head(answer), self._body(answer)
        if answer.cut is None and answer.before:
            answer.before()
        if answer.cut:
            self.close_connection = True
            head, body = (head[:len(head) // 2], b'') if answer.cut == 'headers' else (head, body[:len(body) // 2])
        self._write(head, answer.drip if answer.drip_from == 'headers' else 0)
        self._write(body, answer.drip)
        if answer.after:
            answer.after()

    def _head(self, answer: Answer) -> bytes:
        length = None if answer.status == HTTPStatus.NO_CONTENT else str(len(answer.body))
        own = {'Date': self.date_time_string(), 'Content-Length': length}
        # The length goes last: a cut amid the headers then loses it, which is the case clients get wrong.
        headers = sorted(merge_headers(own, answer.headers).items(), key=is_length)
        if headers[-1][1] != length:
            self.close_connection = True  # without its true length, an answer ends where the connection does
        if self.close_connection:
            headers.insert(0, ('Connection', 'close'))
        phrase = self.responses.get(answer.status, ('',))[0]
        lines = [f'{name}: {value}' for name, value in headers if value is not None]
        return '\r\n'.join([f'HTTP/1.1 {answer.status} {phrase}', *lines, '', '']).encode('latin-1')

    def _body(self, answer: Answer) -> bytes:
        return b'' if self.command == 'HEAD' or answer.status == HTTPStatus.NO_CONTENT else answer.body

    def _write(self, data: bytes, drip: float) -> None:
        if not drip:
            self.wfile.write(data)
            return
        for byte in data:
            if self.server.stopping.wait(drip):
                self.close_connection = True
                return
            self.wfile.write(bytes([byte]))

    def _reset(self) -> None:
        """Have the connection end with a reset, not in good order: lingering for zero seconds does that."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
        self.close_connection = True

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Refuse a request that is not even HTTP."""
        self.close_connection = True
        self.send_answer(Answer(code, headers={'TrackingID': tracking_id()}))

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: the sandbox keeps its own log."""
