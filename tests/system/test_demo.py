# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The demo, as somebody plays it who has nothing but the collection."""

from __future__ import annotations

import re

import pytest
from playbook import Controller, until

DEMO = 'webex_partner.billing.demo'


@pytest.fixture
def controller(tmp_path):
    """One without any connection: the demo brings its own sandbox."""
    controller = Controller(tmp_path, {})
    yield controller
    controller.kill()


def test_the_demo_ends_well_and_leaves_nothing(controller):
    outcome = controller.finish(controller.start(['ansible-playbook', DEMO]))
    assert outcome.code == 0, outcome.stdout
    assert 'failed=0' in outcome.stdout
    assert re.search(r'IN_PROGRESS.*\n.*IN_PROGRESS', outcome.stdout), 'signs of life'
    told = re.findall(r'Show what came of it\] \**\nok: .*?"msg": \[\n +"(.*?)"', outcome.stdout, re.DOTALL)
    restated = 'filed as version 2, 27 records, 1563 bytes, +2 records and +112 bytes against version 1'  # as docs/month_end.md shows it
    parts = ['filed as version 1, 25 records', 'nothing new', restated, '2021-03 failed: There are only failed']
    assert len(told) == len(parts) and all(part in line for part, line in zip(parts, told)), told
    assert '2024 Billing Report not found.' in told[-1]
    names = ('v001/manifest.json', 'v002/manifest.json', 'v002/evidence.html', r'v002/\S+\.csv')
    assert all(re.search(rf'"default/\d{{4}}-\d\d/{name}"', outcome.stdout) for name in names)
    assert '"schema": 1' in outcome.stdout
    for word in ('WARNING', 'DEPRECATION', 'Signature='):
        assert word not in outcome.stdout + outcome.stderr
    assert until(lambda: not controller.processes(), seconds=3)
    assert not list(controller.home.glob('*_billing_archive'))


def test_the_demo_leaves_nothing_when_it_fails_either(controller):
    outcome = controller.finish(controller.start(['ansible-playbook', DEMO, '--extra-vars', 'demo_period=2026-13']))
    assert outcome.code == 2
    assert 'YYYY-MM' in outcome.stdout
    assert until(lambda: not controller.processes(), seconds=3)
