# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A server on loopback that sends exactly the bytes it is told to, HTTP or not."""

from __future__ import annotations

import re
import socket
import ssl
import threading
from collections.abc import Callable

LENGTH = re.compile(rb'content-length: *([0-9]+)', re.IGNORECASE)


class RawServer:
    """Sends ``answer``, or what it returns for the request, on every connection once a request has come, and closes it.

    One that ``lingers`` leaves the closing to the other side. Keeps the ``requests`` as they came, and how many were ``answered`` in full.
    """

    def __init__(self, answer: bytes | Callable[[bytes], bytes], tls: ssl.SSLContext | None = None, lingers: bool = False) -> None:
        self.requests: list[bytes] = []
        self.answered = 0
        self._answer = answer
        self._tls = tls
        self._lingers = lingers
        self._listener = socket.create_server(('127.0.0.1', 0))
        self.address = '127.0.0.1:{0}'.format(self._listener.getsockname()[1])

    def __enter__(self) -> RawServer:
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_exception: object) -> None:
        try:
            self._listener.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self._listener.close()

    def _serve(self) -> None:
        while True:
            try:
                connection = self._listener.accept()[0]
            except OSError:
                return
            threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        try:
            with self._tls.wrap_socket(connection, server_side=True) if self._tls else connection as stream:
                self.requests.append(self._request(stream))
                stream.sendall(self._answer(self.requests[-1]) if callable(self._answer) else self._answer)
                self.answered += 1
                while self._lingers and stream.recv(65536):
                    pass
        except OSError:
            pass

    @staticmethod
    def _request(stream: socket.socket) -> bytes:
        received = b''
        while True:
            head, end, body = received.partition(b'\r\n\r\n')
            length = LENGTH.search(head)
            if end and len(body) >= int(length[1] if length else 0):
                return received
            chunk = stream.recv(65536)
            if not chunk:
                return received
            received += chunk


def http(body: bytes, *headers: str, status: str = '200 OK') -> bytes:
    """A complete answer; Content-Length is there unless ``headers`` bring one."""
    lines = [f'HTTP/1.1 {status}', 'Connection: close', *headers]
    if not any(header.lower().startswith(('content-length', 'transfer-encoding')) for header in headers):
        lines.append(f'Content-Length: {len(body)}')
    return '\r\n'.join([*lines, '', '']).encode('latin-1') + body
