# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A person: at a terminal, in front of a running playbook, and in a browser that goes nowhere by itself."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import subprocess
import termios
import threading
import time
import urllib.error
import urllib.request

from playbook import BIN, PATIENCE, until

AUTHORIZE = 'webex_partner.billing.authorize'


class Terminal:
    """A person at a terminal, in front of a running playbook."""

    def __init__(self, controller, env, command):
        self._mine, theirs = pty.openpty()
        self.process = subprocess.Popen(
            command, cwd=controller.folder, env=controller.environment(env), stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
        os.close(theirs)
        self.screen = ''
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        self._watcher.start()

    def _watch(self):
        try:
            while data := os.read(self._mine, 4096):
                self.screen += data.decode(errors='replace')
        except OSError:
            pass  # the playbook has ended

    def sees(self, pattern):
        """Wait until the screen shows a text, and return the match."""
        assert until(lambda: re.search(pattern, self.screen), PATIENCE), self.screen
        return re.search(pattern, self.screen)

    def types(self, text):
        """Answer a prompt, once it listens: it sets the terminal to raw mode, and then throws away what was typed before."""
        assert until(lambda: not termios.tcgetattr(self._mine)[3] & termios.ICANON, PATIENCE), self.screen
        time.sleep(0.2)
        os.write(self._mine, text.encode())

    def interrupts(self):
        """Press Ctrl-C, at any moment."""
        os.write(self._mine, b'\x03')

    def end(self):
        """Wait until the playbook has ended, and return its exit code. Then the screen shows all of it."""
        code = self.process.wait(PATIENCE)
        self._watcher.join(PATIENCE)
        return code


def authorize(controller, sandbox, token_file, *arguments, **env):
    """Start the playbook at a terminal, with the integration of the sandbox."""
    integration = {'WEBEX_ACCESS_TOKEN': None, 'WEBEX_CLIENT_ID': sandbox.client_id, 'WEBEX_CLIENT_SECRET': sandbox.client_secret}
    command = [str(BIN / 'ansible-playbook'), AUTHORIZE, '-e', f'authorize_token_file={token_file}', *arguments]
    return Terminal(controller, {**integration, **env}, command)


class StaysHere(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_arguments):
        return None


def browse(address):
    """What the person's browser does; returns where it is sent."""
    try:
        with urllib.request.build_opener(StaysHere).open(address):
            return None
    except urllib.error.HTTPError as answer:
        return answer.headers['Location']
