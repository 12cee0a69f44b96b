# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which month is billed: told, judged, and guessed by nobody."""

from __future__ import annotations

import os
from datetime import datetime

import pytest
from ansible_collections.webex_partner.billing.plugins.module_utils._api.products import DEFAULT, PRODUCTS
from ansible_collections.webex_partner.billing.plugins.module_utils._errors import InvalidInput
from ansible_collections.webex_partner.billing.plugins.module_utils._month_end.plan import CONTAINER, goes_with_its_container, month, partners, published


def at(time):
    return datetime.fromisoformat(f'{time}+00:00').timestamp()


@pytest.mark.parametrize(('period', 'time_zone', 'now', 'expected'), [
    ('previous', 'UTC', '2026-11-01T00:00:00', '2026-10'),
    ('previous', 'UTC', '2026-11-30T23:59:59', '2026-10'),
    ('previous', 'UTC', '2027-01-15T12:00:00', '2026-12'),
    ('previous', 'UTC', '2028-03-31T12:00:00', '2028-02'),
    ('previous', 'America/Los_Angeles', '2026-11-01T06:59:59', '2026-09'),
    ('previous', 'America/Los_Angeles', '2026-11-01T07:00:00', '2026-10'),
    ('previous', 'Pacific/Kiritimati', '2026-10-31T09:59:59', '2026-09'),
    ('2026-10', 'UTC', '2026-11-01T00:00:00', '2026-10'),
    ('2020-02', 'no matter', '2026-11-01T00:00:00', '2020-02'),
])
def test_the_month(period, time_zone, now, expected):
    assert month(period, time_zone, at(now)) == expected


@pytest.mark.parametrize(('period', 'time_zone', 'now', 'part'), [
    ('2026-11', 'UTC', '2026-11-30T23:59:59', '2026-11 has not ended'),
    ('2027-01', 'UTC', '2026-11-30T23:59:59', '2027-01 has not ended'),
    ('previous', 'Pacific/Kiritimati', '2026-10-31T10:00:00', '2026-10 has not ended yet in UTC'),
    ('2026-13', 'UTC', '2026-11-30T23:59:59', "'2026-13'"),
    (None, 'UTC', '2026-11-30T23:59:59', 'period is missing'),
    ('', 'UTC', '2026-11-30T23:59:59', 'YYYY-MM'),
    ('Previous', 'UTC', '2026-11-30T23:59:59', 'or previous'),
    ('previous', 'Europe/Atlantis', '2026-11-30T23:59:59', 'Europe/Atlantis'),
    ('previous', 'Europe', '2026-11-30T23:59:59', "'Europe'"),
    ('previous', '', '2026-11-30T23:59:59', 'time_zone'),
    ('previous', '../etc/passwd', '2026-11-30T23:59:59', 'time_zone'),
    ('previous', '/etc/localtime', '2026-11-30T23:59:59', 'time_zone'),
])
def test_a_month_that_cannot_be_meant(period, time_zone, now, part):
    with pytest.raises(InvalidInput) as refused:
        month(period, time_zone, at(now))
    assert part in str(refused.value)


@pytest.mark.parametrize(('labels', 'part'), [
    ([], 'empty'), (['a', 'b', 'a'], "'a' twice"), (['..'], '..'), (['a/b'], 'a/b'), ([''], 'partner'), (['a\n'], 'partner'),
])
def test_partners_that_cannot_be_meant(labels, part):
    with pytest.raises(InvalidInput) as refused:
        partners(labels, 'month_end_partners')
    assert part in str(refused.value)


@pytest.mark.parametrize('mark', CONTAINER)
def test_every_engine_is_known_by_its_own_mark(monkeypatch, mark):
    exists = os.path.exists
    monkeypatch.setattr(os.path, 'exists', lambda path: path == mark or path not in CONTAINER and exists(path))
    assert goes_with_its_container('/nowhere/archive')


def test_a_pod_without_a_service_account_token_is_a_container():
    assert '/dev/termination-log' in CONTAINER


@pytest.mark.parametrize(('summary', 'labels', 'period', 'reports'), [
    ({'partner': 'north', 'billing_period': '2026-08', 'report_id': 'R1'}, ['north'], '2026-08', ['R1']),
    ({'partner': 42, 'billing_period': '2026-08', 'report_id': None}, ['42'], '2026-08', [None]),
    ({'partner': 'pop, copy', 'billing_period': '2026-08', 'report_id': 'R1, '}, ['pop', 'copy'], '2026-08', ['R1', None]),
    ({'partner': 'south', 'billing_period': '2026-08', 'report_id': 'R1'}, ['north'], None, []),
    ({'partner': 'north', 'billing_period': 'August'}, ['north'], None, []),
    (None, ['north'], None, []), ('', ['north'], None, []), ({}, ['None'], None, []),
])
def test_the_summary_of_an_earlier_job(summary, labels, period, reports):
    assert published(summary, labels, [DEFAULT.usual_key()] * len(labels)) == (period, reports)


@pytest.mark.parametrize(('which', 'is_meant'), [
    ({'product': 'wholesale', 'type': 'USER'}, True), ({'product': 'wholesale', 'type': 'PARTNER'}, False), ({'product': 'broadworks', 'type': None}, False),
    ({}, False),
])
def test_a_summary_of_another_product_or_type_is_that_of_another_report(which, is_meant):
    summary = {'partner': 'north', 'billing_period': '2026-08', 'report_id': 'R1', **which}
    key = PRODUCTS['wholesale'].usual_key(type='USER')
    assert published(summary, ['north'], [key]) == (('2026-08', ['R1']) if is_meant else (None, []))


def test_an_archive_that_goes_with_its_container(tmp_path):
    mark = tmp_path / 'mark'
    on_root = '/nowhere/archive'
    assert not goes_with_its_container(on_root, [str(mark)])
    mark.touch()
    assert goes_with_its_container(on_root, [str(tmp_path / 'other'), str(mark)])
    (tmp_path / 'dangling').symlink_to('/nowhere')
    assert goes_with_its_container(str(tmp_path / 'dangling'), [str(mark)]) is goes_with_its_container(str(tmp_path), [str(mark)])
    assert not goes_with_its_container('/proc/archive', [str(mark)]), 'that is another file system'
