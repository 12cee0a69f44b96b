# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The demo, as somebody plays it who has nothing but the collection."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playbook import Controller, until

DEMO = 'webex_partner.billing.demo'
STORY = {'ANSIBLE_STDOUT_CALLBACK': 'story', 'ANSIBLE_CALLBACK_PLUGINS': str(Path(__file__).parents[1] / 'callback_plugins')}


@pytest.fixture
def controller(tmp_path):
    """One without any connection: the demo brings its own sandbox."""
    controller = Controller(tmp_path, {})
    yield controller
    controller.kill()


def demo(controller, *args, env=None):
    outcome = controller.finish(controller.start(['ansible-playbook', DEMO, *args], env=env))
    assert until(lambda: not controller.processes(), seconds=3)
    for word in ('WARNING', 'DEPRECATION', 'Signature='):
        assert word not in outcome.stdout + outcome.stderr
    return outcome


def test_the_demo_ends_well_and_leaves_the_archive_alone(controller):
    outcome = demo(controller)
    assert outcome.code == 0, outcome.stdout
    assert 'failed=0' in outcome.stdout
    assert re.search(r'IN_PROGRESS.*\n.*IN_PROGRESS', outcome.stdout), 'signs of life'
    told = re.findall(r'Show the outcome for each partner\] \**\nok: .*?"msg": \[\n[^\n]*\n +"(.*?)"\n', outcome.stdout, re.DOTALL)
    restated = 'filed as version 2, 27 records, 1563 bytes, +2 records and +112 bytes against version 1'  # as docs/month_end.md shows it
    parts = ['filed as version 1, 25 records', 'nothing new', restated, 'failed: There are only failed']
    assert len(told) == len(parts) and all(part in line for part, line in zip(parts, told)), told
    assert '2024 Billing Report not found.' in told[-1]
    (archive,) = controller.home.glob('*_billing_archive')
    month = next(archive.glob('default/*-*'))
    files = sorted(str(path.relative_to(month)) for path in month.glob('v*/*'))
    assert [name for name in files if not name.endswith('.csv')] == ['v001/manifest.json', 'v002/evidence.html', 'v002/manifest.json'] and len(files) == 5
    assert all(f'{month.name}/{name}"' in outcome.stdout for name in files)
    assert json.loads((month / 'v002/manifest.json').read_text(encoding='utf-8'))['schema'] == 1
    assert str(month / 'v002/evidence.html') in outcome.stdout


def test_make_demo_tells_a_story(controller):
    outcome = demo(controller, env=STORY)
    assert outcome.code == 0, outcome.stdout
    assert outcome.stdout.count('\n') <= 40, outcome.stdout
    assert re.findall(r'^(\d)\. ', outcome.stdout, re.MULTILINE) == list('123456')
    parts = [
        'filed as version 1', 'nothing new', 'filed as version 2', 'only failed', 'month_end_on_failed: recreate', '1 of 1 partners failed', 'evidence.html',
    ]
    told = ' '.join(outcome.stdout.split())
    places = [told.find(part) for part in parts]
    assert -1 not in places and places == sorted(places), outcome.stdout
    assert told.count('There are only failed') == 1


@pytest.mark.parametrize('env', [None, STORY], ids=['log', 'story'])
def test_a_failure_is_shown_and_nothing_is_left(controller, env):
    outcome = demo(controller, '--extra-vars', 'demo_period=2026-13', env=env)
    assert outcome.code == 2
    assert 'YYYY-MM' in outcome.stdout
