# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A sandbox, and a controller that is connected to it by environment variables."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / 'playbooks' / 'files'))

from playbook import Controller, connection
from webex_sandbox import Sandbox


@pytest.fixture
def sandbox():
    with Sandbox() as running:
        yield running


@pytest.fixture
def controller(tmp_path, sandbox):
    controller = Controller(tmp_path, connection(sandbox))
    yield controller
    controller.kill()


@pytest.fixture
def play(controller):
    """Run tasks: ``play(tasks, env=..., extra_vars=..., args=..., **keywords_of_the_play)``."""
    return controller.play
