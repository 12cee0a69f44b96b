# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The manifest: its keys, its entries as options give them, and what must never be in it."""

from __future__ import annotations

import json

import pytest
from ansible_collections.webex_partner.billing.plugins.module_utils._archive.drift import Drift
from ansible_collections.webex_partner.billing.plugins.module_utils._archive.manifests import partner, read, sentence, summary, to_bytes
from ansible_collections.webex_partner.billing.plugins.module_utils._errors import Conflict, InvalidInput
from ansible_collections.webex_partner.billing.plugins.module_utils._version import VERSION
from ansible_collections.webex_partner.billing.tests.unit.filing import awx, entries

DIGEST = 'ab' * 32


def test_the_keys_are_those_that_were_promised():
    manifest = entries().manifest(1, 8, DIGEST, None, Drift().to_result())
    assert list(manifest) == [
        'schema', 'collection_version', 'api_url', 'partner', 'billing_period', 'product', 'report', 'file', 'version', 'previous',
        'columns_added', 'columns_removed', 'requested_at', 'completed_at', 'downloaded_at', 'awx',
    ]
    assert list(manifest['report']) == ['id', 'created', 'created_by']
    assert list(manifest['file']) == ['name', 'size', 'sha256', 'records', 'columns']
    assert (manifest['schema'], manifest['collection_version'], manifest['version']) == (1, VERSION, 1)
    assert [manifest[name] for name in ('api_url', 'previous', 'requested_at', 'completed_at', 'downloaded_at', 'awx')] == [None] * 6


def test_the_version_before_is_told_so_that_differences_can_be_computed():
    first = entries(records=3).manifest(1, 8, DIGEST, None)
    second = entries(records=5).manifest(2, 13, 'cd' * 32, first)
    assert second['previous'] == summary(first) == {'version': 1, 'sha256': DIGEST, 'size': 8, 'records': 3}
    assert second['file']['size'] - second['previous']['size'] == 5 and second['file']['records'] - second['previous']['records'] == 2


def test_what_has_changed_is_said():
    first = entries(records=3).manifest(1, 8, DIGEST, None)
    second = entries(records=2).manifest(2, 13, 'cd' * 32, first)
    uncounted = entries().manifest(3, 13, 'ef' * 32, second)
    assert sentence(first, True) == 'default 2026-10: filed as version 1, 3 records, 8 bytes'
    assert sentence(second, True) == 'default 2026-10: filed as version 2, 2 records, 13 bytes, -1 records and +5 bytes against version 1'
    assert sentence(uncounted, True) == 'default 2026-10: filed as version 3, 13 bytes, content differs from version 2, with the same number of bytes'
    restated = entries(records=2).manifest(3, 13, 'ef' * 32, second)
    assert sentence(restated, True).endswith('13 bytes, content differs from version 2, with the same number of records and bytes')
    longer = entries(records=2).manifest(3, 14, 'ef' * 32, second)
    assert sentence(longer, True).endswith('14 bytes, +0 records and +1 bytes against version 2')
    assert sentence(second, False) == 'default 2026-10: nothing new, version 2 holds the same 2 records, 13 bytes'


def test_entries_go_into_it_as_given():
    manifest = entries(
        api_url='https://webexapis.com/v1/', report_created='2026-11-02T10:00:00.000Z', report_created_by='someone', awx=awx(job='7', user='me'),
        records=0, columns=['A', '', 'Größe'],
    ).manifest(1, 8, DIGEST, None)
    assert manifest['api_url'] == 'https://webexapis.com/v1'
    assert manifest['report'] == {'id': 'abc', 'created': '2026-11-02T10:00:00.000Z', 'created_by': 'someone'}
    assert manifest['awx'] == {'job': '7', 'workflow': None, 'schedule': None, 'user': 'me'}
    assert (manifest['file']['records'], manifest['file']['columns']) == (0, ['A', '', 'Größe'])
    assert json.loads(to_bytes(manifest)) == manifest and 'Größe'.encode() in to_bytes(manifest) and to_bytes(manifest).endswith(b'}\n')


def test_empty_means_null():
    empty = entries(api_url='', requested_at='', report_created='', report_created_by='', awx=awx(job='', user='')).manifest(1, 8, DIGEST, None)
    assert empty == entries(awx=None).manifest(1, 8, DIGEST, None)


HOSTILE = 'A\x1b[2J\x9b\u202e\u2028\nTASK [forged] ***\udcff'
LINE = 'A [2J TASK [forged] ***'


def test_every_text_that_goes_into_it_is_one_line():
    manifest = entries(columns=[HOSTILE], report_created=HOSTILE, report_created_by=HOSTILE, awx=awx(user=HOSTILE)).manifest(1, 8, DIGEST, None)
    assert (manifest['file']['columns'], manifest['report'], manifest['awx']['user']) == ([LINE], {'id': 'abc', 'created': LINE, 'created_by': LINE}, LINE)
    assert json.loads(to_bytes(manifest)) == manifest


def test_every_text_that_is_read_from_it_is_one_line(tmp_path):
    manifest = entries().manifest(1, 8, DIGEST, None)
    foreign = {**manifest, 'report': {'id': HOSTILE, HOSTILE: [HOSTILE]}, 'api_url': HOSTILE}
    path = tmp_path / 'manifest.json'
    path.write_text(json.dumps(foreign), encoding='utf-8')
    assert read(str(path), entries(), 1) == {**manifest, 'report': {'id': LINE, LINE: [LINE]}, 'api_url': LINE}


@pytest.mark.parametrize('name', ['a\nb', 'a\x1bb', '\n'])
def test_a_file_name_that_is_no_line_is_refused(tmp_path, name):
    manifest = entries().manifest(1, 8, DIGEST, None)
    path = tmp_path / 'manifest.json'
    path.write_text(json.dumps({**manifest, 'file': {**manifest['file'], 'name': name}}), encoding='utf-8')
    with pytest.raises(Conflict, match='does not say name'):
        read(str(path), entries(), 1)


@pytest.mark.parametrize(('given', 'filed'), [
    ('2026-11-02T10:00:00Z', '2026-11-02T10:00:00Z'), ('2026-11-02T10:00:00', '2026-11-02T10:00:00Z'),
    ('2026-11-02T10:00:00.109Z', '2026-11-02T10:00:00.109Z'), ('2026-11-02T10:00:00.000Z', '2026-11-02T10:00:00Z'),
    ('2026-11-02T01:30:00+02:00', '2026-11-01T23:30:00Z'), ('2026-10-31T20:00:00-0500', '2026-11-01T01:00:00Z'),
])
@pytest.mark.parametrize('name', ['requested_at', 'completed_at', 'downloaded_at'])
def test_times_are_utc(name, given, filed):
    assert entries(**{name: given}).manifest(1, 8, DIGEST, None)[name] == filed


@pytest.mark.parametrize('value', ['now', '2026-11-02', '1793880000', '2026-13-02T10:00:00Z', '2026-11-02 10:00:00', '0001-01-01T00:00:00+14:00', 'x' * 9999])
def test_what_is_no_time_is_refused(value):
    with pytest.raises(InvalidInput, match='completed_at must be a time') as caught:
        entries(completed_at=value)
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize('value', ['default', 'a', 'A.b_c-9', '...', '.hidden', '-', 'x' * 100])
def test_labels(value):
    assert partner(value) == value


@pytest.mark.parametrize('value', [
    '', '.', '..', '/', 'a/b', '../a', 'a/..', '/etc', 'a\\b', 'a b', 'a\n', '\n', 'a\0', 'ä', '٣', '~', '$HOME', '*', 'a:b', 'x' * 101,
], ids=repr)
def test_labels_that_lead_elsewhere_are_refused(value):
    with pytest.raises(InvalidInput, match='partner must be'):
        entries(partner=value)


@pytest.mark.parametrize('changes', [
    {'report_billing_period': '2026-13'}, {'report_billing_period': '../..'}, {'report_billing_period': ''}, {'report_billing_period': '2026-10\n'},
    {'report_id': ''}, {'report_id': 'a b'}, {'report_id': '..'}, {'records': -1},
    {'api_url': 'https://user:sesame@webexapis.com/v1'}, {'api_url': 'https://sesame@webexapis.com/v1'}, {'api_url': 'https://webexapis.com/v1?token=sesame'},
    {'api_url': 'http://webexapis.com/v1'}, {'api_url': 'webexapis.com'}, {'api_url': 'file:///etc'},
], ids=str)
def test_entries_that_cannot_be_meant(changes):
    with pytest.raises(InvalidInput) as caught:
        entries(**changes)
    assert 'sesame' not in str(caught.value)


def test_no_signed_url_gets_in():
    signed = 'https://files.example/1.csv?Signature=sesame'
    manifest = entries(report_created=signed, report_created_by=signed, report_temp_download_url=signed, awx=awx(job=signed)).manifest(1, 8, DIGEST, None)
    assert 'sesame' not in to_bytes(manifest).decode()
