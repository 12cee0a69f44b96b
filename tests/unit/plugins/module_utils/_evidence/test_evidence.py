# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The evidence in an archive: of which version, of what had been filed by then, written once and whole."""

from __future__ import annotations

import fcntl
import os
import stat

import pytest
from ansible_collections.webex_partner.billing.plugins.module_utils import _files
from ansible_collections.webex_partner.billing.plugins.module_utils._archive.archive import Archive
from ansible_collections.webex_partner.billing.plugins.module_utils._archive.month import Month
from ansible_collections.webex_partner.billing.plugins.module_utils._compare.question import Question
from ansible_collections.webex_partner.billing.plugins.module_utils._errors import BillingError, Conflict, NotFound, PermissionRefused
from ansible_collections.webex_partner.billing.plugins.module_utils._evidence import evidence
from ansible_collections.webex_partner.billing.plugins.module_utils._time import Time
from ansible_collections.webex_partner.billing.tests.unit.filing import PERIOD, Filing, entries
from ansible_collections.webex_partner.billing.tests.unit.reading import Page


@pytest.fixture
def filing(tmp_path):
    return Filing(tmp_path)


@pytest.fixture
def filed(filing):
    """File records of a month, by default of the one that it is about."""
    def file(records, day='2026-11-02', period=PERIOD):
        filing.src.write_bytes(b'A\n' + b'1\n' * records)
        described = entries(records=records, columns=['A'], report_billing_period=period, downloaded_at=f'{day}T10:00:00Z')
        return Archive(str(filing.root), described, Time(), 1).file(str(filing.src))
    return file


@pytest.fixture
def write(filing):
    def write(version=None, period=PERIOD, **options):
        return evidence.write(Month(str(filing.root), 'default', period), version, Time(), **{'lock_timeout': 0, **options})
    return write


def read(filing, version=1):
    return Page((filing.month / f'v{version:03}' / 'evidence.html').read_bytes())


def test_it_is_written_beside_the_manifest_and_once(filing, filed, write):
    filed(25)
    path = filing.month / 'v001' / 'evidence.html'
    assert write() == {
        'changed': True, 'msg': 'default 2026-10: evidence of version 1 written', 'version': 1, 'evidence_path': str(path),
        'diff': {'before': {}, 'after': {'evidence_path': str(path)}},
    }
    assert stat.S_IMODE(path.stat().st_mode) == stat.S_IMODE((filing.month / 'v001/manifest.json').stat().st_mode) == 0o640
    before = filing.tree()
    again = write()
    assert again['changed'] is False and again['diff']['before'] == again['diff']['after'] and 'existed already' in again['msg']
    assert filing.tree() == before


def test_check_mode_writes_nothing(filing, filed, write):
    filed(25)
    before = filing.tree()
    told = write(dry=True)
    assert filing.tree() == before
    assert told == write() and write(dry=True)['changed'] is False


def test_the_last_version_is_meant_unless_one_is_named(filing, filed, write):
    for records in (25, 27, 30):
        filed(records)
    (filing.month / 'v004').mkdir()  # without a manifest it does not count
    assert write()['version'] == 3 and write(2)['version'] == 2
    assert 'Version 3 against version 2: +3 records' in read(filing, 3).text
    assert 'Version 3' not in read(filing, 2).text and 'Version 2 against version 1' in read(filing, 2).text


@pytest.mark.parametrize('version', [None, 0, -1, 2, 10**9])
def test_what_is_not_filed_has_no_evidence(filing, filed, write, version):
    if version is not None:
        filed(25)
    before = filing.tree()
    with pytest.raises(NotFound, match='no version'):
        write(version)
    assert filing.tree() == before


def test_twelve_months_to_this_one_and_no_more(filing, filed, write):
    periods = [f'{2025 + month // 12}-{month % 12 + 1:02}' for month in range(8, 22)]
    for number, period in enumerate(periods):
        if period != '2026-03':
            filed(number + 1, period=period)
    write()
    text = read(filing).text
    assert (periods[0], periods[-1]) == ('2025-09', PERIOD)
    assert '2025-10' not in text and '2025-11 1 3 ' in text and '2026-03 no report filed' in text and '2026-10 1 14 ' in text


def test_later_it_says_the_same(filing, filed, write, tmp_path):
    """What was filed after this version is not in its evidence, whenever that is written."""
    filed(20, day='2026-10-02', period='2026-09')
    filed(25, day='2026-11-02')
    write()
    at_once = (filing.month / 'v001/evidence.html').read_bytes()
    filed(21, day='2026-11-03', period='2026-09')
    filed(10, day='2026-11-03', period='2026-08')
    filed(27, day='2026-11-04')
    (filing.month / 'v001/evidence.html').unlink()
    write(1)
    assert (filing.month / 'v001/evidence.html').read_bytes() == at_once
    write(2)
    assert '2026-09 2 21' in read(filing, 2).text and '2026-08 1 10' in read(filing, 2).text


def comparing(folder, warned):
    return evidence.Comparing(Question.from_params({'decimal': '.', 'group_by': ['A'], 'sum': ['A']}), str(folder), warned.append)


def test_it_is_compared_with_what_was_filed_before_it(filing, filed, write, tmp_path):
    filed(20, day='2026-10-02', period='2026-09')
    filed(25, day='2026-11-02')
    filed(21, day='2026-11-03', period='2026-09')
    filed(27, day='2026-11-04')
    warned = []
    for version, told in ((1, 'version 1 of 2026-09: 20 records before, 25 after'), (2, 'version 1 of 2026-10: 25 records before, 27 after')):
        write(version, comparing=comparing(tmp_path, warned))
        assert f'Compared with {told}' in read(filing, version).text and f'1 {20 if version == 1 else 25} →' in read(filing, version).text
    assert not warned


def test_the_first_month_has_nothing_to_compare_with(filed, filing, write, tmp_path):
    filed(25)
    write(comparing=comparing(tmp_path, []))
    assert 'What changed' not in read(filing).text and 'Archived and verified.' in read(filing).text


def test_columns_that_came_and_went_are_there_without_a_comparison(filed, filing, write):
    filed(2, period='2026-09')
    filing.src.write_bytes(b'B\n1\n')
    filing.archive(records=1, columns=['B'], downloaded_at='2026-11-02T10:00:00Z').file(str(filing.src))
    write()
    assert 'What changed Columns added: B . Columns gone: A . Compared with version 1 of 2026-09.' in read(filing).text


@pytest.mark.parametrize('harm', [lambda path: path.write_bytes(b'A\n'), os.unlink], ids=['changed', 'missing'])
def test_a_file_that_is_not_what_its_manifest_says(filed, filing, write, harm, tmp_path):
    filed(25)
    filed(26)
    harm(filing.month / 'v002' / filing.name)
    with pytest.raises(Conflict, match='manifest'):
        write(comparing=comparing(tmp_path, []))
    write()
    assert 'Archived, but not verified.' in read(filing, 2).text


def test_a_number_that_cannot_be_read_is_warned_of(filed, filing, write, tmp_path):
    for content in (b'A\n1\n', b'A\nx\n'):
        filing.file(content, records=1, columns=['A'], downloaded_at='2026-11-02T10:00:00Z')
    warned = []
    write(comparing=comparing(tmp_path, warned))
    assert len(warned) == 1 and 'A: 1 fields are not numbers' in warned[0] and warned[0] in read(filing, 2).text


def test_another_run_that_wrote_the_page_meanwhile(filed, filing, write, monkeypatch):
    filed(25)
    make = evidence.page

    def page(*given):
        (filing.month / 'v001/evidence.html').write_bytes(b'theirs')
        return make(*given)

    monkeypatch.setattr(evidence, 'page', page)
    assert write()['changed'] is False and (filing.month / 'v001/evidence.html').read_bytes() == b'theirs'


@pytest.mark.parametrize('month', [PERIOD, '2026-02'])
@pytest.mark.parametrize('content', [b'', b'{', b'[]', b'{"schema": 2}', b'\xff', b'[' * 100000], ids=lambda content: str(content[:9]))
def test_a_manifest_that_does_not_hold_ends_it(filing, filed, write, month, content):
    for period in (PERIOD, '2026-02'):
        filed(25, period=period)
    (filing.root / 'default' / month / 'v001/manifest.json').write_bytes(content)
    with pytest.raises(Conflict, match=f'Writing the evidence of .*{month}/v001/manifest.json'):
        write()
    assert not list(filing.root.rglob('evidence.html'))


def test_a_month_of_the_year_that_is_a_file(filing, filed, write):
    filed(25)
    (filing.root / 'default/2026-09').touch()
    with pytest.raises(BillingError, match='Not a directory'):
        write()


def test_what_a_killed_run_left_is_taken_over(filing, filed, write):
    filed(25)
    (filing.month / 'v001/.evidence.html.part').write_bytes(b'half')
    assert write()['changed'] and read(filing).is_inert()
    assert not (filing.month / 'v001/.evidence.html.part').exists()


def test_a_page_that_cannot_get_its_name_leaves_nothing(filing, filed, write, monkeypatch):
    filed(25)
    before = {name: found[2] for name, found in filing.tree().items()}

    def refuse(*paths):
        raise PermissionError(13, 'Permission denied', paths[1])

    monkeypatch.setattr(_files, 'rename', refuse)
    with pytest.raises(PermissionRefused):
        write()
    assert {name: found[2] for name, found in filing.tree().items()} == before


def test_a_link_in_place_of_the_temporary_file_is_not_followed(filing, filed, write, tmp_path):
    filed(25)
    (tmp_path / 'other').write_bytes(b'precious')
    (filing.month / 'v001/.evidence.html.part').symlink_to(tmp_path / 'other')
    os.link(tmp_path / 'other', tmp_path / 'hard link')
    assert write()['changed'] and (tmp_path / 'other').read_bytes() == b'precious'
    assert not (filing.month / 'v001/evidence.html').is_symlink()


@pytest.mark.parametrize('make', [os.mkfifo, lambda path: path.symlink_to('/etc/hostname'), lambda path: path.symlink_to('/nowhere')])
def test_what_is_no_page_of_ours_is_not_taken_for_one(filing, filed, write, make):
    filed(25)
    make(filing.month / 'v001/evidence.html')
    with pytest.raises(Conflict, match='it is not a file'):
        write()


def test_a_directory_of_its_name(filing, filed, write):
    filed(25)
    (filing.month / 'v001/evidence.html').mkdir()
    with pytest.raises(Conflict, match='it is not a file'):
        write()


def test_one_at_a_time(filing, filed, write):
    filed(25)
    with open(filing.month / '.lock', 'wb') as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(Conflict, match='another run held'):
            write()
    assert write()['changed'] and os.listdir(filing.month / 'v001')
