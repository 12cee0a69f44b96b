# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the evidence page says, to whom it is inert, and what it leaves open where a manifest does."""

from __future__ import annotations

import pytest
from ansible_collections.webex_partner.billing.plugins.module_utils._evidence.markup import NAMES_LIMIT
from ansible_collections.webex_partner.billing.plugins.module_utils._evidence.page import page
from ansible_collections.webex_partner.billing.tests.unit.filing import PERIOD, awx, entries
from ansible_collections.webex_partner.billing.tests.unit.reading import Page

TIMES = {
    'report_created': '2026-11-02T10:00:00.000Z', 'requested_at': '2026-11-02T10:00:01Z',
    'completed_at': '2026-11-02T12:14:31Z', 'downloaded_at': '2026-11-02T12:14:33.250Z',
}
HOSTILE = [
    '<script>alert(1)</script>', '</style><img src=x onerror=alert(1)>', '"><a href="https://evil.example/">', "{{ lookup('env', 'HOME') }}",
    '<!--', '&lt;b&gt;', ']]>',
]


def manifest(version=1, size=1451, records=25, before=None, **given):
    return entries(records=records, **{'columns': ['A', 'B'], **TIMES, **given}).manifest(version, size, f'{version:064x}', before)


def read(*versions, months=None, is_verified=True):
    return Page(page(versions, {**(months or {}), PERIOD: versions[-1]}, is_verified))


def test_one_version():
    given = {'api_url': 'https://webexapis.com/v1', 'awx': awx(job='1041', schedule='month end'), 'report_created_by': 'someone'}
    found = read(manifest(size=48210, records=14131, **given))
    for part in (
        'Billing period 2026-10 Partner default, version 1', 'Records 14 131', 'Size 48 210 bytes', 'Report abc', 'Created by someone',
        'API https://webexapis.com/v1', 'AWX job 1041', 'AWX schedule month end', f'SHA-256 {1:064x}', 'Columns 2', 'A , B',
        'Name billing-report-default-2026-10.csv', 'Wait 2 h 14 min from request to completion',
    ):
        assert part in found.text, found.text
    assert 'AWX user' not in found.text and 'against' not in found.text
    assert found.is_inert()


@pytest.mark.parametrize(('is_verified', 'told'), [
    (True, 'Archived and verified. The file is what its manifest says'),
    (False, 'Archived, but not verified. The file is missing, or is not what its manifest says'),
])
def test_the_verdict_comes_first(is_verified, told):
    text = read(manifest(), is_verified=is_verified).text
    assert f'Partner default, version 1 {told}, SHA-256 {1:064x} Records' in text, text


def test_partner_and_month_are_at_the_head_of_each_printed_page():
    found = read(manifest())
    assert found.text.startswith('Partner default · Billing period 2026-10 · Version 1 ') and found.all('div', 'running')


def test_numbers_are_grouped_as_no_locale_misreads_them():
    assert '>14\u202f131<'.encode() in page([manifest(records=14131)], {PERIOD: manifest(records=14131)}, True)


def test_the_timeline():
    text = read(manifest()).text
    for part in (
        'Report created 2026-11-02 10:00:00 UTC as', 'Report asked for 2026-11-02 10:00:01 UTC, 1 s after its creation',
        'Found completed 2026-11-02 12:14:31 UTC, 2 h 14 min after the request', 'File downloaded 2026-11-02 12:14:33.250 UTC, 2 s after that look',
    ):
        assert part in text, text


def test_gaps_of_the_timeline_are_named():
    found = read(manifest(requested_at=None, completed_at=None, report_created='2 Nov 2026'))
    assert 'Report created 2 Nov 2026' in found.text and 'Report asked for unknown' in found.text and 'Found completed unknown' in found.text
    assert 'File downloaded 2026-11-02 12:14:33.250 UTC filed' in found.text and 'Wait unknown' in found.text
    assert [len(found.all('li', kind)) for kind in ('known', 'unknown')] == [1, 3]


def test_a_gap_is_bridged_from_the_last_time_that_is_known():
    assert '2 h 14 min after the request' in read(manifest(completed_at=None)).text


def test_a_report_that_was_there_already_was_not_waited_for():
    at = '2026-11-02T10:00:00Z'
    found = read(manifest(report_created=at, requested_at=None, completed_at=at, downloaded_at=at))
    assert 'Report created · Found completed · File downloaded 2026-11-02 10:00:00 UTC as the API says' in found.text
    assert len(found.all('li', 'known')) == 1 and 'asked for' not in found.text and 'Wait' not in found.text and ' 0 s' not in found.text
    found = read(manifest(report_created=at, requested_at=None))
    assert 'Wait' not in found.text and 'Found completed 2026-11-02 12:14:31 UTC, 2 h 14 min after its creation' in found.text


@pytest.mark.parametrize(('created', 'said'), [('26.043', '1 s after its creation'), ('26.501', 'less than 1 s after'), ('26.500', 'less than 1 s after')])
def test_less_than_a_second_is_not_0(created, said):
    found = read(manifest(report_created=f'2026-11-02T10:00:{created}Z', requested_at='2026-11-02T10:00:27Z', completed_at='2026-11-02T10:00:27Z'))
    assert said in found.text and 'Report asked for · Found completed' in found.text
    assert 'Wait less than 1 s' in found.text


def test_a_whole_second_is_not_before_its_fraction():
    at = '2026-11-02T10:00:27Z'
    found = read(manifest(report_created='2026-11-02T10:00:27.179Z', requested_at=at, completed_at=at, downloaded_at=at))
    assert 'less than 1 s after its creation' in found.text and 'before' not in found.text and 'Wait less than 1 s' in found.text
    found = read(manifest(report_created='2026-11-02T10:00:27.179Z', requested_at=None, completed_at=at, downloaded_at=at))
    assert 'Wait' not in found.text and 'before' not in found.text


def test_a_file_whose_length_was_not_told():
    told, untold = manifest(), entries(records=25, columns=['A'], **TIMES).found(25, ['A'], '2026-11-02T12:14:33Z', False).manifest(1, 8, '0' * 64, None)
    assert 'length' not in read(told).text and 'verified' not in read(untold).text
    assert 'Archived. The file is what its manifest says; its length was not checked' in read(untold).text
    assert 'Length The file host did not send the length of this file' in read(untold).text


def test_a_clock_that_is_behind():
    found = read(manifest(requested_at='2026-11-02T09:59:58Z', completed_at='2026-11-02T09:00:00Z'))
    assert '2 s before its creation' in found.text and '59 min 58 s before the request' in found.text and 'Wait unknown' in found.text


def test_versions_and_what_they_changed():
    first = manifest(columns=['A', 'B'])
    second = manifest(2, 1563, 27, before=first, columns=['A', 'C', 'D'], report_id='def')
    third = manifest(3, 1563, 26, before=second, columns=['A', 'C', 'D'], report_id='def')
    found = read(first, second, third)
    assert 'Version 2 against version 1: +2 records, +112 bytes, other columns; added: C , D ; gone: B ; from another report.' in found.text
    assert 'Version 3 against version 2: −1 records, +0 bytes, the same columns; from the same report.' in found.text
    fourth = manifest(4, 1563, 26, before=third, columns=['A', 'C', 'D'], report_id='def')
    assert '+0 records, +0 bytes, other content, the same columns;' in read(third, fourth).text
    assert '−1 against version 2' in found.text and 'version 3' in found.text
    assert all(f'{version:064x}' in found.text for version in (1, 2, 3))


def test_what_is_not_known_of_a_version():
    found = read(manifest(records=None, columns=None), manifest(2, columns=None))
    assert 'Version 2 against version 1: unknown records, +0 bytes, other content, columns unknown' in found.text and 'Columns unknown' in found.text


def test_months():
    unknown, none = manifest(report_billing_period='2026-07', records=None), manifest(report_billing_period='2026-09', records=0)
    months = {'2026-07': unknown, '2026-08': None, '2026-09': none}
    found = read(manifest(records=12345), months=months)
    for part in ('2026-07 1 unknown 1 451', '2026-08 no report filed – –', '2026-09 1 0 1 451', '2026-10 1 12 345 1 451'):
        assert part in found.text, found.text
    assert [len(found.all('rect', kind)) for kind in ('bar', 'bar this')] == [2, 2]


@pytest.mark.parametrize('text', HOSTILE)
def test_hostile_texts_are_shown_and_do_nothing(text):
    hostile = manifest(columns=[text], report_id='abc', report_created=text, report_created_by=text, awx=awx(user=text, job=text))
    second = manifest(2, columns=[text * 2], awx=awx(user=text))
    foreign = {**second, 'api_url': text, 'collection_version': text, 'requested_at': text, 'report': {'id': text}}
    found = read(hostile, foreign)
    assert found.is_inert()
    assert ' '.join(text.split()) in found.text


@pytest.mark.parametrize(('text', 'seen'), [
    ('a\u202egpj.exe', 'a gpj.exe'), ('a\0b\x1b[31m', 'a b [31m'), ('\ud800', 'unknown'), ('x' * 1000, 'x' * 500 + '…'),
    ('https://user:pass@files.example/a.csv?Signature=sesame', 'https://files.example/a.csv?…'),
], ids=['turned round', 'control', 'surrogate', 'long', 'signed'])
def test_texts_that_would_mislead(text, seen):
    found = read({**manifest(), 'api_url': text, 'file': {**manifest()['file'], 'columns': [text]}})
    assert f'API {seen} ' in found.text and f'Columns {seen} ' in found.text
    assert 'sesame' not in found.text and 'pass@' not in found.text


@pytest.mark.parametrize('wrong', [
    {'report': None}, {'report': []}, {'report': {'id': 7, 'created': {}}}, {'awx': 'x'}, {'awx': {'job': []}},
    {'requested_at': 5, 'completed_at': '9999-99-99T00:00:00Z'},
    {'downloaded_at': '0001-01-01T00:00:00+14:00'}, {'api_url': None, 'collection_version': {}}, {'report': {'created': '9999-12-31T23:59:59-14:00'}},
], ids=str)
def test_a_foreign_manifest_is_told_as_far_as_it_goes(wrong):
    found = read(manifest(), {**manifest(2), **wrong})
    assert found.is_inert() and 'Partner default, version 2' in found.text


@pytest.mark.parametrize('wrong', [{'size': -1}, {'records': 10**400}, {'columns': 'AB'}, {'columns': [[], None, 5]}], ids=lambda wrong: str(wrong)[:30])
def test_numbers_and_columns_that_cannot_be(wrong):
    broken = manifest()
    broken['file'].update(wrong)
    assert 'unknown' in read(broken, months={'2026-09': broken}).text


def test_a_thousand_columns():
    assert f'C{NAMES_LIMIT - 1} and 500 more' in read(manifest(columns=[f'C{number}' for number in range(NAMES_LIMIT + 500)])).text


def test_the_same_manifests_make_the_same_page():
    assert page([manifest()], {PERIOD: manifest()}, True) == page([manifest()], {PERIOD: manifest()}, True)
