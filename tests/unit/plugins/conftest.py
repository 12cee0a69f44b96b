# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A bare environment, time that does not pass by itself, and a sandbox that lives by it."""

from __future__ import annotations

import pytest
from ansible.module_utils.common import warnings
from ansible_collections.webex_partner.billing.tests.unit.fake_time import FakeTime
from ansible_collections.webex_partner.billing.tests.unit.surroundings import make_bare
from webex_sandbox import Sandbox


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch, tmp_path):
    """No token, proxy, certificate or netrc of the machine reaches a test."""
    make_bare(monkeypatch, str(tmp_path))


@pytest.fixture(autouse=True)
def no_warnings():
    """Core keeps the warnings of modules for as long as a process lives; those of another test are not this one's."""
    warnings._global_warnings.clear()


@pytest.fixture
def time():
    return FakeTime()


@pytest.fixture
def sandbox(time):
    with Sandbox(clock=time.clock, now=time.now) as running:
        yield running
