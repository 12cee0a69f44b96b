# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every case of bad weather comes out as it is written down, in its table and on the page."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from ansible_collections.webex_partner.billing.tests.unit.weather.case import Case
from ansible_collections.webex_partner.billing.tests.unit.weather.observe import seen
from ansible_collections.webex_partner.billing.tests.unit.weather.page import CASES, SUCCESSES, line, page

PAGE = Path(__file__).resolve().parents[3] / 'docs/weather.md'
MADE_BY = 'make weather'


@pytest.fixture(scope='module')
def written() -> str:
    return PAGE.read_text(encoding='utf-8')


@pytest.mark.parametrize('case', CASES, ids=str)
def test_what_comes_of_it(case: Case, written: str):
    found = seen(case)
    assert (found.comes, found.requests) == (case.comes, case.requests), found.told
    assert case.seconds in (None, found.seconds) and found.seconds <= case.bound
    assert found.leaked == []
    assert found.comes in SUCCESSES or found.told.endswith('.')
    assert line(case) in written, f'{MADE_BY} writes it down'


def test_no_case_is_held_twice():
    assert [name for name, times in Counter(map(str, CASES)).items() if times > 1] == []


def test_the_page_is_what_was_seen(written: str):
    assert page() == written, f'{MADE_BY} writes it anew'
