# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How long the properties are tried, in bare surroundings, and the figures that come of it."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest
from ansible_collections.webex_partner.billing.tests.fuzz.figures import Figures
from ansible_collections.webex_partner.billing.tests.unit.surroundings import make_bare
from hypothesis import HealthCheck, Phase, settings

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / 'playbooks' / 'files'))  # the sandbox

SECONDS = 60 * float(os.environ.get('FUZZ_MINUTES') or 0)  # for all properties together; without any each is tried once, always the same way
FIGURES = pytest.StashKey[Figures]()

settings.register_profile(
    'fuzz',
    deadline=None,  # a machine may be slow; where "never hangs" is the claim the test itself looks at the clock
    database=None,
    derandomize=not SECONDS,
    max_examples=200 if SECONDS else 80,
    phases=set(Phase) - {Phase.explain},
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)
settings.load_profile('fuzz')


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch, tmp_path):
    """No token, proxy, certificate or netrc of the machine reaches a test."""
    make_bare(monkeypatch, str(tmp_path))


def pytest_configure(config):
    config.stash[FIGURES] = Figures()


def pytest_collection_modifyitems(config, items):
    for item in items:
        config.stash[FIGURES].count(item.obj)


def pytest_pyfunc_call(pyfuncitem):
    """Try a property again, with other examples, until its share of the time is over."""
    arguments = {name: pyfuncitem.funcargs[name] for name in pyfuncitem._fixtureinfo.argnames}
    until = time.monotonic() + SECONDS / len(pyfuncitem.session.items)
    while True:
        pyfuncitem.obj(**arguments)
        if time.monotonic() >= until:
            return True


def pytest_terminal_summary(terminalreporter, config):
    figures = config.stash[FIGURES]
    terminalreporter.section('examples tried')
    terminalreporter.write_line(str(figures))
    if os.environ.get('FUZZ_FIGURES'):
        figures.write(os.environ['FUZZ_FIGURES'])
