# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What somebody else has put into the archive: nothing is written through it, followed out of it or waited for."""

from __future__ import annotations

import os

import pytest
from ansible_collections.webex_partner.billing.plugins.module_utils._archive.month import Month
from ansible_collections.webex_partner.billing.plugins.module_utils._errors import Conflict, InvalidInput
from ansible_collections.webex_partner.billing.plugins.module_utils._evidence import evidence
from ansible_collections.webex_partner.billing.plugins.module_utils._time import Time
from ansible_collections.webex_partner.billing.tests.unit.filing import NAME, PERIOD, Filing

FIRST = b'A,B\n1,2\n'
SECOND = b'A,B\n1,2\n3,4\n'


@pytest.fixture
def filing(tmp_path):
    return Filing(tmp_path)


@pytest.fixture
def precious(tmp_path):
    path = tmp_path / 'precious'
    path.write_bytes(b'of somebody else')
    path.chmod(0o600)
    return path


def write_evidence(filing):
    return evidence.write(Month(str(filing.root), 'default', PERIOD), None, Time(), lock_timeout=0)


@pytest.mark.parametrize('name', ['manifest.json', NAME])
def test_a_pipe_in_a_version_does_not_block(filing, name):
    filing.file(FIRST)
    (filing.month / 'v001' / name).unlink()
    os.mkfifo(filing.month / 'v001' / name)
    for dry in (True, False):
        with pytest.raises(Conflict, match=f'{name} (cannot be read|is missing)'):
            filing.file(FIRST, dry=dry)
    assert filing.archive(lock_timeout=0)


@pytest.mark.parametrize('name', ['manifest.json', NAME])
def test_a_link_in_a_version_is_not_read(filing, tmp_path, name):
    filing.file(FIRST)
    (filing.month / 'v001' / name).rename(tmp_path / 'moved')
    (filing.month / 'v001' / name).symlink_to(tmp_path / 'moved')
    with pytest.raises(Conflict, match=f'{name} (cannot be read|is missing)'):
        filing.file(FIRST)


@pytest.mark.parametrize('name', [f'.{NAME}.part', '.manifest.json.part', NAME])
@pytest.mark.parametrize('make', [os.link, os.symlink])
def test_nothing_is_written_through_a_leftover(filing, precious, make, name):
    filing.file(FIRST)
    (filing.month / 'v002').mkdir()
    make(precious, filing.month / 'v002' / name)
    assert filing.file(SECOND).changed
    assert precious.read_bytes() == b'of somebody else' and precious.stat().st_mode & 0o777 == 0o600
    assert (filing.month / 'v002' / NAME).read_bytes() == SECOND and {path.name for path in (filing.month / 'v002').iterdir()} == {NAME, 'manifest.json'}


@pytest.mark.parametrize('place', ['default', f'default/{PERIOD}', f'default/{PERIOD}/v001'])
@pytest.mark.parametrize('dangling', [False, True])
def test_a_link_in_place_of_a_directory_is_not_followed(filing, tmp_path, place, dangling):
    filing.file(FIRST)
    (filing.root / place).rename(tmp_path / 'elsewhere')
    (filing.root / place).symlink_to(tmp_path / ('nowhere' if dangling else 'elsewhere'))
    before = sorted(tmp_path.rglob('*'))
    for dry in (True, False):
        with pytest.raises(Conflict, match=f'/{place} is a link'):
            filing.file(SECOND, dry=dry)
    with pytest.raises(Conflict, match=f'/{place} is a link'):
        filing.archive().part().__enter__()
        filing.archive().stale()
    with pytest.raises(Conflict, match=f'/{place} is a link'):
        write_evidence(filing)
    assert sorted(tmp_path.rglob('*')) == sorted([*before, *([filing.src] if filing.src not in before else [])])


def test_the_archive_itself_may_be_a_link(filing, tmp_path):
    (tmp_path / 'volume').mkdir()
    filing.root.symlink_to(tmp_path / 'volume')
    assert filing.file(FIRST).changed and not filing.file(FIRST).changed and write_evidence(filing)['changed']
    assert (tmp_path / 'volume' / 'default' / PERIOD / 'v001' / 'evidence.html').is_file()


@pytest.mark.parametrize('make', [os.mkfifo, os.mkdir, lambda path: os.symlink('/etc/hostname', path), lambda path: os.symlink('/nowhere', path)])
def test_a_lock_that_is_no_file_is_refused(filing, make):
    filing.file(FIRST)
    (filing.month / '.lock').unlink()
    make(filing.month / '.lock')
    with pytest.raises(InvalidInput, match='.lock'):
        filing.file(SECOND)
    assert filing.complete() == ['v001'] and not os.path.exists('/nowhere')


def test_a_lock_that_is_a_hard_link_is_left_as_it_is(filing, precious):
    filing.file(FIRST)
    (filing.month / '.lock').unlink()
    os.link(precious, filing.month / '.lock')
    assert filing.file(SECOND).changed
    assert precious.read_bytes() == b'of somebody else' and precious.stat().st_mode & 0o777 == 0o600
