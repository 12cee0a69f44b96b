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
    assert re.search(r'"\d{4}-\d{2}: COMPLETED after \d+\.\d s and \d+ looks at the API"', outcome.stdout)
    assert re.search(r'its file: \d{3,} bytes', outcome.stdout)
    assert '2021-03: FAILED, error 2024: Billing Report not found.' in outcome.stdout
    for word in ('WARNING', 'DEPRECATION', 'Signature='):
        assert word not in outcome.stdout + outcome.stderr
    assert until(lambda: not controller.processes(), seconds=3)


def test_the_demo_leaves_nothing_when_it_fails_either(controller):
    outcome = controller.finish(controller.start(['ansible-playbook', DEMO, '--extra-vars', 'demo_last_month=2026-13']))
    assert outcome.code == 2
    assert 'YYYY-MM' in outcome.stdout
    assert until(lambda: not controller.processes(), seconds=3)
