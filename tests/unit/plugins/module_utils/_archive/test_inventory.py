# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Asking an archive: what it has, what is wrong with it, and that asking leaves no trace."""

from __future__ import annotations

import os
import re
import shutil
import tracemalloc

import pytest
from ansible_collections.webex_partner.billing.plugins.module_utils import _files
from ansible_collections.webex_partner.billing.plugins.module_utils._api.products import WHOLESALE
from ansible_collections.webex_partner.billing.plugins.module_utils._archive.hand_on import CLAIM, Handing, Wish
from ansible_collections.webex_partner.billing.plugins.module_utils._archive.inventory import Inventory
from ansible_collections.webex_partner.billing.plugins.module_utils._archive.month import Month
from ansible_collections.webex_partner.billing.plugins.module_utils._errors import InvalidInput, NotFound
from ansible_collections.webex_partner.billing.plugins.module_utils._evidence import evidence
from ansible_collections.webex_partner.billing.tests.unit.filing import NAME, PERIOD, Filing, awx

NOTHING_ASKED = dict.fromkeys(('partner', 'product', 'type', 'billing_period'))


@pytest.fixture
def filing(tmp_path):
    """An archive with two versions of a month."""
    filing = Filing(tmp_path)
    filing.file(b'A\n1\n')
    filing.file(b'A\n2\n', records=1, downloaded_at='2026-11-02T11:00:00+01:00', report_id='def')
    return filing


@pytest.fixture
def ask(filing):
    """Look at the archive, which must be the same afterwards."""
    def taken(**options):
        before = filing.tree()
        try:
            return Inventory.from_params({'archive': str(filing.root), **NOTHING_ASKED, 'verify': True, **options}).take()
        finally:
            if filing.tree() != before:
                raise AssertionError('the archive was changed')
    return taken


def where(result):
    return [(version['partner'], version['product'], version['type'], version['billing_period'], version['version']) for version in result['versions']]


def test_a_good_archive(filing, ask):
    result = ask()
    assert (result['msg'], result['problems'], result['notes'], result['changed']) == ('2 versions, 2 verified, no problems', [], [], False)
    file = filing.manifest(2)['file']
    assert result['versions'][1] == {
        'partner': 'default', 'product': 'broadworks', 'type': None, 'billing_period': PERIOD, 'version': 2, 'report_id': 'def', 'records': 1, 'size': 4,
        'sha256': file['sha256'], 'downloaded_at': '2026-11-02T10:00:00Z', 'handed_on': None, 'state': 'verified',
        'path': str(filing.month / 'v002' / NAME), 'manifest_path': str(filing.month / 'v002/manifest.json'),
    }
    assert result['table'] == [
        'partner  month    version  records  size  downloaded            handed on  file',
        'default  2026-10  1        -        4     -                     -          verified',
        'default  2026-10  2        1        4     2026-11-02T10:00:00Z  -          verified',
    ]


def test_what_else_this_collection_writes_is_a_part_of_the_archive(filing, ask, time):
    month = Month(str(filing.root), 'default', PERIOD)
    claimed = Handing(month, time, 0).claim(Wish(None, {}, awx(), 1800))
    assert ask()['problems'] == [] and (filing.month / CLAIM).exists()
    Handing(month, time, 0).record(2, claimed['claim'], awx())
    evidence.write(month, 2, time, lock_timeout=0)
    (filing.month / 'v002/changes.csv').touch()
    for path in (filing.month / NAME, filing.month / 'v002/changes.csv'):
        os.close(_files.new_part(str(path))[0])
    for part in (f'.{NAME}.part', '.manifest.json.part', '.evidence.html.part', 'handed_on.json.part'):
        (filing.month / 'v001' / part).touch()
    (filing.month / f'{CLAIM}.part').touch()
    result = ask()
    assert result['problems'] == [] and re.fullmatch('20.*Z', result['versions'][1]['handed_on']) and result['versions'][0]['handed_on'] is None


def test_partners_products_and_months_in_their_order(tmp_path, filing, ask):
    wholesale = Filing(tmp_path, product=WHOLESALE)
    for kind, partner in (('USER', 'default'), ('PARTNER', 'default'), ('CUSTOMER', 'abc')):
        days = {'report_billing_start_date': '2026-10-01', 'report_billing_end_date': '2026-10-31', 'report_type': kind, 'report_category': None}
        wholesale.file(b'A\n3\n', partner=partner, product='wholesale', **days)
    filing.file(b'A\n4\n', report_billing_period='2026-09')
    every = [
        ('abc', 'wholesale', 'CUSTOMER', PERIOD, 1), ('default', 'broadworks', None, '2026-09', 1), ('default', 'broadworks', None, PERIOD, 1),
        ('default', 'broadworks', None, PERIOD, 2), ('default', 'wholesale', 'PARTNER', PERIOD, 1), ('default', 'wholesale', 'USER', PERIOD, 1),
    ]
    assert where(ask()) == every and ask()['problems'] == []
    for options, found in (
        ({'partner': 'abc'}, every[:1]), ({'product': 'broadworks'}, every[1:4]), ({'product': 'wholesale', 'type': 'USER'}, every[5:]),
        ({'billing_period': '2026-09'}, every[1:2]), ({'partner': 'north'}, []), ({'billing_period': '2020-01'}, []),
    ):
        result = ask(**options)
        assert (where(result), result['problems']) == (found, []), options
    assert ask(partner='abc')['table'][1].startswith('abc wholesale-customer  2026-10  1 ')


def in_v002(filing):
    return filing.month / 'v002' / NAME


def replaced(path, other):
    path.unlink(missing_ok=True)
    path.symlink_to(other)


BROKEN = {  # what is done to the archive, the problem, and the state of version 2 if it is not good (blank: it is not listed)
    'missing': (lambda it: in_v002(it).unlink(), 'v002/{name} is missing', 'missing'),
    'other size': (lambda it: in_v002(it).write_bytes(b'A\n'), 'v002/{name} is not what its manifest says: it has 2 bytes, not 4', 'changed'),
    'a directory': (lambda it: (in_v002(it).unlink(), in_v002(it).mkdir()), 'v002/{name} is not a file', 'unreadable'),
    'a pipe': (lambda it: (in_v002(it).unlink(), os.mkfifo(in_v002(it))), 'v002/{name} is not a file', 'unreadable'),
    'a link': (lambda it: replaced(in_v002(it), it.src), 'v002/{name} is a link', 'unreadable'),
    'extra': (lambda it: (it.month / 'v002/notes.txt').touch(), 'v002/notes.txt is not a part of the archive', None),
    'extra in the month': (lambda it: (it.month / 'old').mkdir(), f'{PERIOD}/old is not a part of the archive', None),
    'another number': (lambda it: (it.month / 'v0002').mkdir(), 'v0002 is not a part of the archive', None),
    'extra of the partner': (lambda it: (it.root / 'default/2026').touch(), 'default/2026 is not a part of the archive', None),
    'a file for a version': (lambda it: (it.month / 'v003').touch(), 'v003 is not a part of the archive', None),
    'a file for a month': (lambda it: (it.root / 'default/2026-11').touch(), '2026-11 cannot be read (Not a directory)', None),
    'no JSON': (lambda it: (it.month / 'v002/manifest.json').write_text('{'), 'v002/manifest.json is not JSON', ''),
    'another manifest': (lambda it: (it.month / 'v002/manifest.json').write_text('{"schema": 1}'), 'is not that of version 2', ''),
    'a linked version': (lambda it: replaced(it.month / 'v003', it.month / 'v001'), 'v003 is a link', ''),
    'a linked month': (lambda it: replaced(it.root / 'default/2026-11', it.month), '2026-11 is a link', None),
    'a linked partner': (lambda it: replaced(it.root / 'north', it.root / 'default'), 'north is a link', None),
    'a linked shelf': (lambda it: replaced(it.root / 'default/wholesale-user', it.root / 'default'), 'wholesale-user is a link', None),
    'a linked page': (lambda it: replaced(it.month / 'v002/evidence.html', it.src), 'evidence.html is a link', None),
    'a linked record': (lambda it: replaced(it.month / 'v002/handed_on.json', it.src), 'handed_on.json is a link', None),
    'another record': (lambda it: (it.month / 'v002/handed_on.json').write_text('{"schema": 1}'), 'is not the record of this version', None),
    'no manifest after a page': (
        lambda it: ((it.month / 'v002/evidence.html').touch(), (it.month / 'v002/manifest.json').unlink()), 'v002/manifest.json is missing', '',
    ),
    'a gap': (lambda it: shutil.rmtree(it.month / 'v001'), 'version 1 is missing, and version 2 exists', None),
}


@pytest.mark.parametrize(('harm', 'problem', 'state'), BROKEN.values(), ids=BROKEN)
def test_a_problem_is_named_and_the_rest_is_shown(filing, ask, harm, problem, state):
    filing.file(b'A\n5\n', report_billing_period='2026-12')
    harm(filing)
    for verify, good in ((False, 'unverified'), (True, 'verified')):
        result = ask(verify=verify)
        states = {(version['billing_period'], version['version']): version['state'] for version in result['versions']}
        assert states.get((PERIOD, 2), '') == (good if state is None else state) and states['2026-12', 1] == good
        assert len(result['problems']) == 1 and problem.format(name=NAME) in result['problems'][0], result['problems']


def test_a_linked_partner_is_not_entered_for_another_product_too(filing, ask):
    (filing.root / 'north').symlink_to(filing.root / 'default')
    problems = ask(product='wholesale')['problems']
    assert problems == [f'north: {filing.root}/north is a link, and links in the archive are not followed.']


def test_other_bytes_of_the_same_size_need_a_look_into_the_file(filing, ask):
    in_v002(filing).write_bytes(b'A\n3\n')
    assert ask(verify=False)['problems'] == []
    result = ask()
    assert f'{in_v002(filing)} is not what its manifest says: its sha256 is ' in result['problems'][0] and result['versions'][1]['state'] == 'changed'
    assert (result['msg'], result['table'][2].split()[-1]) == ('2 versions, 1 verified, 1 problem', 'changed')


def test_a_version_in_the_making_is_a_note(filing, ask):
    (filing.month / 'v003').mkdir()
    (filing.month / 'v003' / f'.{NAME}.part').write_bytes(b'A\n')
    result = ask()
    assert (len(result['versions']), result['problems']) == (2, [])
    assert result['notes'] == ['default 2026-10: version 3 has no manifest yet, so it does not count. The next run takes it over.']
    assert filing.file(b'A\n6\n').manifest['version'] == 3 and ask()['notes'] == []


def test_a_manifest_that_is_missing_below_another_version_is_a_problem(filing, ask):
    (filing.month / 'v001/manifest.json').unlink()
    result = ask()
    assert [version['version'] for version in result['versions']] == [2] and result['notes'] == []
    assert result['problems'] == [f'default 2026-10: the manifest {filing.month}/v001/manifest.json is missing.']


def test_a_name_from_outside_is_one_line(filing, ask):
    (filing.month / 'v002/a\n\x1b[2Jb\u202e').touch()
    (filing.month / 'v002' / os.fsdecode(b'\xff')).touch()
    problems = ask()['problems']
    assert len(problems) == 2 and all(problem.isprintable() for problem in problems) and '/v002/a [2Jb  is not a part' in problems[0]


def test_what_the_user_keeps_beside_the_partners_is_ignored(filing, ask):
    (filing.root / 'lost+found').mkdir()
    (filing.root / 'outbox/2026').mkdir(parents=True)
    (filing.root / 'README.md').touch()
    assert ask()['problems'] == []


def test_an_empty_archive(tmp_path, filing, ask):
    (tmp_path / 'empty').mkdir()
    result = ask(archive=str(tmp_path / 'empty'))
    assert (result['versions'], result['problems'], result['msg'], len(result['table'])) == ([], [], 'no versions, 0 verified, no problems', 1)


@pytest.mark.parametrize(('wrong', 'error'), [
    ({'archive': '/nowhere/archive'}, NotFound), ({'archive': 'archive'}, InvalidInput), ({'partner': '..'}, InvalidInput), ({'partner': ''}, InvalidInput),
    ({'billing_period': '2026-13'}, InvalidInput), ({'product': 'broadworks', 'type': 'USER'}, InvalidInput),
], ids=str)
def test_refusals(ask, wrong, error):
    with pytest.raises(error):
        ask(**wrong)


def test_an_archive_that_is_a_file(filing, ask):
    with pytest.raises(InvalidInput, match='Not a directory'):
        ask(archive=str(filing.src))


def test_a_large_file_is_read_in_chunks(filing):
    filing.src.write_bytes(b'A\n')
    os.truncate(filing.src, 64 * _files.CHUNK)
    filing.file()
    tracemalloc.start()
    try:
        result = Inventory.from_params({'archive': str(filing.root), **NOTHING_ASKED, 'verify': True}).take()
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert result['versions'][2]['state'] == 'verified' and peak < 4 * _files.CHUNK
