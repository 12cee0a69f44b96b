# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A sandbox, a controller that is connected to it by environment variables, and an archive for its month ends."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / 'playbooks' / 'files'))

from awx_guide import content, guide, job
from canaries import SEARCHED
from evidence import PERIOD, Archive
from playbook import Controller, connection
from webex_sandbox import Sandbox

__all__ = ['content', 'guide', 'job']  # fixtures, for every test here

# What differs between releases of ansible-core, and the tests that see it: the shorter runs try these on the oldest release too.
BY_CORE = {
    'test_authorize.py': 'prompts, and Ctrl-C at a terminal',
    'test_authorize_secrets.py': 'what prompts show and leave, at every verbosity',
    'test_hand_on.py': 'defaults of a block are templated before its condition is read',
    'test_hostile_texts.py': 'texts that look like templates, and how warnings are printed',
    'test_invalid_input.py': 'arguments are validated by core, in words of its own',
    'test_month_end_awx.py': 'set_stats, and the events that ansible-runner writes',
    'test_month_end_partners.py': 'variables of a role that is included in a loop',
    'test_options.py': 'templates in options, groups of defaults, values that are unset',
    'test_return.py': 'keys that core adds to results or takes from them',
    'test_secrets.py': 'results are hidden, at every verbosity',
    'test_secrets_month_end.py': 'results are hidden, in a role too',
    'test_where.py': 'loops, retries, async and interpreters',
}


def pytest_configure(config):
    for marker in (
        'kills: ends a run by force at a point of its own',
        'clock: judges how long something really takes, and so runs when nothing else does',
        'by_core: sees a difference between releases of ansible-core (given to the files in BY_CORE)',
    ):
        config.addinivalue_line('markers', marker)


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist reads the groups
def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.name in BY_CORE:
            item.add_marker('by_core')
        if 'guide' in item.fixturenames:
            item.add_marker(pytest.mark.xdist_group('guide'))  # one worker follows the guide, once for all of them
        if item.get_closest_marker('kills'):
            item.user_properties.append(('kill_point', item.nodeid))


def pytest_collection_finish(session):
    """Fail at once if pytest-xdist has lost the groups: each worker would follow the guide, which takes minutes."""
    grouped = [item.nodeid for item in session.items if item.get_closest_marker('xdist_group')]
    if getattr(session.config.option, 'loadgroup', False) and not all('@' in name for name in grouped):
        raise pytest.UsageError('pytest-xdist does not group tests with this release of pytest')


@pytest.fixture(autouse=True)
def bytes_searched(record_property):
    """How many bytes a test has searched for canaries, for docs/reliability.md."""
    SEARCHED.clear()
    yield
    if SEARCHED:
        record_property('bytes_searched', SEARCHED['bytes'])


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


@pytest.fixture
def archive(tmp_path):
    return Archive(tmp_path)


@pytest.fixture
def started(controller, archive):
    """Start a playbook of the collection, driven by extra variables alone; a variable of None is left out."""
    def start(playbook='month_end', *args, env=None, **variables):
        usual = {'period': PERIOD, 'archive': str(archive.root), 'poll_interval': 0.3}
        named = {f'month_end_{name}': value for name, value in {**usual, **variables}.items() if value is not None}
        file = controller.folder / 'extra_vars.json'  # on the command line core would show them at -vvvv
        file.write_text(json.dumps(named), encoding='utf-8')
        return controller.start(['ansible-playbook', f'webex_partner.billing.{playbook}', '-e', f'@{file}', *args], env)
    return start


@pytest.fixture
def run(controller, started):
    """The same, to its end."""
    return lambda *args, **variables: controller.finish(started(*args, **variables))
