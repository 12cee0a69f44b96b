# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Real ansible-rulebook processes, each in a world of its own, on the sandbox."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / 'playbooks/files'), str(ROOT / 'tests/system')]

from playbook import Controller, connection
from webex_sandbox import Sandbox

PATIENCE = 180  # seconds; the start of Java alone takes long where much else runs
JAVA = {name: os.environ[name] for name in ('PATH', 'JAVA_HOME') if name in os.environ}


class Rulebooks(Controller):
    """Runs commands whose output goes to a file: ansible-rulebook prints more than a pipe holds."""

    def begin(self, *command, **variables):
        """Start a command of this Python's folder; a variable of None is taken out of its environment."""
        with (self.folder / 'output').open('wb') as output:
            return self.start(command, variables, stdout=output, stderr=output)

    def printed(self, process):
        """Wait for the end of a command, and return what it printed."""
        process.wait(timeout=PATIENCE)
        return (self.folder / 'output').read_text(encoding='utf-8')


@pytest.fixture
def sandbox():
    with Sandbox() as running:
        yield running


@pytest.fixture
def rulebooks(tmp_path, sandbox):
    started = Rulebooks(tmp_path, {**JAVA, **connection(sandbox)})
    yield started
    started.kill()
