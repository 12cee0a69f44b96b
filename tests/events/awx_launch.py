# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""As much of AWX as the action run_job_template asks: one job template, each job of which succeeds at once."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TEMPLATE = {
    'id': 1, 'type': 'job_template', 'name': 'Webex billing collect', 'related': {'launch': '/api/v2/job_templates/1/launch/'},
    'summary_fields': {'organization': {'name': 'Default'}},
    **{f'ask_{name}_on_launch': False for name in ('limit', 'labels', 'inventory', 'variables')},
}
JOB = {'id': 2, 'url': '/api/v2/jobs/2/', 'status': 'successful', 'created': '2026-11-05T12:00:00Z', 'artifacts': {}}


def page(*results):
    """A list, as AWX answers it."""
    return {'count': len(results), 'next': None, 'results': results}


ANSWERS = {'config': {'version': '24.6.1'}, 'unified_job_templates': page(TEMPLATE), 'jobs': page(JOB)}  # by the word after /api/v2/


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self._answer(ANSWERS[self.path.split('/')[3]])

    def do_POST(self):
        self.server.launched.append(json.loads(self.rfile.read(int(self.headers['Content-Length']))))
        self._answer(JOB, 201)

    def _answer(self, document, status=200):
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header('Content-Type', 'application/json')
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format, *args):
        """Say nothing."""


class Awx(ThreadingHTTPServer):
    """Serves inside a ``with`` block. ``launched`` has what each launch sent."""

    def __init__(self):
        super().__init__(('127.0.0.1', 0), Handler)
        self.launched = []
        self.url = f'http://127.0.0.1:{self.server_port}'

    def __enter__(self):
        threading.Thread(target=self.serve_forever, args=(0.1,), daemon=True).start()
        return self

    def __exit__(self, *exception):
        self.shutdown()
        super().__exit__(*exception)
