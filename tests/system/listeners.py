# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Servers on loopback that take what a delivery sends: letters by SMTP, and bodies by HTTP."""

from __future__ import annotations

import contextlib
import socketserver
import threading
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.policy import default
from http.server import BaseHTTPRequestHandler


class Smtp(socketserver.StreamRequestHandler):
    """Takes every letter."""

    def handle(self):
        with contextlib.suppress(ConnectionResetError):  # a client may leave without a word
            self._converse()

    def _converse(self):
        self.wfile.write(b'220 ready\r\n')
        for line in self.rfile:
            command = line[:4].upper()
            if command == b'DATA':
                self.wfile.write(b'354 go on\r\n')
                self.server.taken.append(message_from_bytes(b''.join(iter(self.rfile.readline, b'.\r\n')), policy=default))
            self.wfile.write(b'221 bye\r\n' if command == b'QUIT' else b'250 ok\r\n')
            if command == b'QUIT':
                return


@dataclass
class Taken:
    """A request with its body."""

    method: str
    path: str
    headers: Message
    body: bytes


class Http(BaseHTTPRequestHandler):
    """Takes every body."""

    protocol_version = 'HTTP/1.1'

    def do_POST(self):
        body = self.rfile.read(int(self.headers['Content-Length']))
        self.server.taken.append(Taken(self.command, self.path, self.headers, body))
        self.send_response(200)
        self.send_header('Content-Length', '0')
        self.end_headers()

    do_PUT = do_POST

    def log_message(self, *_arguments):
        """The output is for the tests."""


@contextlib.contextmanager
def listening(handler):
    """A server on a free port: its ``port``, and what it has ``taken``."""
    with socketserver.ThreadingTCPServer(('127.0.0.1', 0), handler) as server:
        server.daemon_threads, server.taken, server.port = True, [], server.server_address[1]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()
