# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The bars of a chart, and what stands where there is none."""

from __future__ import annotations

from xml.etree.ElementTree import tostring

import pytest
from ansible_collections.webex_partner.billing.plugins.module_utils._evidence.chart import BOTTOM, TOP, Bar, ceiling, chart, compact
from ansible_collections.webex_partner.billing.tests.unit.reading import Page


def drawn(*bars):
    return Page(b'<body>' + tostring(chart('Records', bars), method='html'))


def test_bars_are_as_high_as_their_numbers():
    found = drawn(Bar('2026-08', 1, 5), Bar('2026-09', 1, 10), Bar('2026-10', 1, 20))
    heights = [float(rect['height']) for rect in found.all('rect')]
    assert heights == [(BOTTOM - TOP) * share for share in (0.25, 0.5, 1)]
    assert [rect['class'] for rect in found.all('rect')] == ['bar', 'bar', 'bar this']
    assert all(float(rect['y']) + float(rect['height']) == BOTTOM for rect in found.all('rect'))


def test_a_month_without_a_bar_says_why():
    found = drawn(Bar('2026-07'), Bar('2026-08', 1, None), Bar('2026-09', 1, 0), Bar('2026-10', 1, 7))
    assert len(found.all('rect')) == 1
    assert all(f'{mark} {month}' in found.text for mark, month in (('–', '07'), ('?', '08'), ('0', '09')))


def test_a_restated_month_is_marked_with_its_version():
    found = drawn(Bar('2026-08', 3, 5), Bar('2026-09', 2, None), Bar('2026-10', 1, 7))
    assert 'v3 08' in found.text and '? v2 09' in found.text and 'v1' not in found.text and 'Restated: 2026-08, 2026-09.' in found.text


def test_it_is_told_to_who_does_not_see_it():
    found = drawn(Bar('2026-09'), Bar('2026-10', 1, 7))
    assert 'Records of 1 of the 2 months from 2026-09 to 2026-10. The highest bar is 7 in 2026-10.' in found.text
    svg = found.all('svg')[0]
    assert svg['role'] == 'img' and set(svg['aria-labelledby'].split()) == {element['id'] for _tag, element in found.elements if 'id' in element}


def test_nothing_is_known():
    assert 'Records of 0 of the 1 months' in drawn(Bar('2026-10', 1, None)).text


def test_the_year_stands_where_it_begins():
    assert '12 2025 01 2026 02' in drawn(Bar('2025-12', 1, 1), Bar('2026-01', 1, 1), Bar('2026-02', 1, 1)).text


@pytest.mark.parametrize(('number', 'top'), [
    (0, 2), (1, 2), (2, 2), (3, 3), (7, 8), (9, 10), (10, 10), (11, 20), (999, 1000), (14131, 20000), (10**15 - 1, 10**15),
])
def test_the_scale(number, top):
    assert ceiling(number) == top


@pytest.mark.parametrize(('number', 'text'), [(0, '0'), (500, '500'), (1000, '1 k'), (1_500_000, '1.5 M'), (10**9, '1 G'), (10**15, '1000 T')])
def test_round_numbers_in_short(number, text):
    assert compact(number) == text
