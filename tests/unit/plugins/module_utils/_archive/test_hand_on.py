# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which version a run may hand on, and what happens to a second run of the same month."""

from __future__ import annotations

import json
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from ansible_collections.webex_partner.billing.plugins.module_utils._archive.hand_on import CLAIM, NAME, Handing, Wish
from ansible_collections.webex_partner.billing.plugins.module_utils._archive.month import Month
from ansible_collections.webex_partner.billing.plugins.module_utils._errors import BillingError, Conflict, InvalidInput, NotFound
from ansible_collections.webex_partner.billing.plugins.module_utils._time import Time
from ansible_collections.webex_partner.billing.tests.unit.filing import PERIOD, Filing, awx

PLAIN = Wish(None, {}, awx(), 1800)
IN_WORKFLOW = awx(job='41', workflow='40')


@pytest.fixture
def filing(tmp_path):
    """An archive with two versions of a month."""
    filing = Filing(tmp_path)
    filing.file(b'A\n1\n')
    filing.file(b'A\n2\n')
    return filing


@pytest.fixture
def handing(filing, time):
    return Handing(Month(str(filing.root), 'default', PERIOD), time, 0)


@pytest.fixture
def approved(filing):
    return {'partner': 'default', 'billing_period': PERIOD, 'version': 1, 'sha256': filing.manifest(1)['file']['sha256']}


def test_the_approved_version_is_the_one_that_counts(handing, approved):
    approved |= {'records_added': 2, 'product': 'broadworks', 'type': None}
    claimed = handing.claim(Wish(None, approved, IN_WORKFLOW, 1800))
    assert (claimed['version'], claimed['changed'], claimed['handed_on']) == (1, True, False)
    assert claimed['path'].endswith('v001/billing-report-default-2026-10.csv')
    assert claimed['summary'] | approved == claimed['summary'] and claimed['summary']['status'] == 'COMPLETED'


def test_an_evidence_page_is_named_where_it_is(handing, filing):
    page = filing.root / 'default' / PERIOD / 'v002' / 'evidence.html'
    assert handing.claim(PLAIN, dry=True)['evidence_path'] is None
    page.touch()
    assert handing.claim(PLAIN, dry=True)['evidence_path'] == str(page)


@pytest.mark.parametrize('change', [
    {'partner': 'north'}, {'billing_period': '2026-09'}, {'version': None}, {'sha256': None}, {'partner': 'default, north', 'version': None, 'sha256': None},
    {'product': 'wholesale', 'type': 'USER'}, {'product': 'other'}, {'product': None},
])
def test_a_workflow_needs_the_summary_of_this_partner_month_and_product(handing, approved, filing, change):
    before = filing.tree()
    with pytest.raises(InvalidInput, match='no earlier job of this AWX workflow has published a version of default 2026-10'):
        handing.claim(Wish(None, {**approved, **change}, IN_WORKFLOW, 1800))
    assert filing.tree() == before


def test_labels_and_versions_of_a_summary_may_have_any_type(filing, time):
    filing.file(b'A\n', partner='42')
    handing = Handing(Month(str(filing.root), '42', PERIOD), time, 0)
    sha256 = json.loads((filing.root / '42' / PERIOD / 'v001/manifest.json').read_bytes())['file']['sha256']
    summary = {'partner': 42, 'billing_period': PERIOD, 'version': '1', 'sha256': sha256}
    assert handing.claim(Wish(None, summary, IN_WORKFLOW, 1800))['version'] == 1


@pytest.mark.parametrize('version, published, expected', [(None, {}, 2), (1, {}, 1), (None, {'partner': 'north'}, 2), (None, {'version': 1}, 1)])
def test_outside_of_a_workflow_it_is_the_approved_one_or_the_one_named_or_the_last(handing, approved, version, published, expected):
    assert handing.claim(Wish(version, {**approved, **published} if published else {}, awx(), 1800))['version'] == expected


def test_a_version_that_was_moved_aside_is_not_found(handing, filing):
    (filing.month / 'v002').rename(filing.month / 'old')
    (filing.month / 'old2').mkdir()
    (filing.month / 'v001').rename(filing.month / 'old2' / 'v001')
    with pytest.raises(NotFound, match='no version with a manifest exists'):
        handing.claim(PLAIN)


def moved_away(path):
    """Leave a link to a file in its place."""
    elsewhere = path.rename(path.parent.parent.parent / 'elsewhere.csv')
    path.symlink_to(elsewhere)


@pytest.mark.parametrize('spoil, error', [
    (lambda filing, wish: (filing.month / 'v001/billing-report-default-2026-10.csv').write_bytes(b'A\n9\n'), 'is not what its manifest says'),
    (lambda filing, wish: wish.approved.update(sha256='another'), 'and another was approved'),
    (lambda filing, wish: wish.approved.update(sha256='another\n'), 'was approved'),
    (lambda filing, wish: wish.approved.update(sha256=7), 'and 7 was approved'),
    (lambda filing, wish: wish.approved.update(version='first'), 'names no version'),
    (lambda filing, wish: (filing.month / 'v001/manifest.json').unlink(), 'no version 1 with a manifest'),
    (lambda filing, wish: (filing.month / 'v001/billing-report-default-2026-10.csv').unlink(), 'No such file'),
    (lambda filing, wish: (filing.month / 'v001' / NAME).write_bytes(b'[]'), 'is not a record of this collection'),
    (lambda filing, wish: (filing.month / 'v001' / NAME).write_bytes(b'{"schema": 1, "sha256": "another"}'), 'is not the record of this version'),
    (lambda filing, wish: (filing.month / CLAIM).write_bytes(b'{'), 'is not a record of this collection'),
    (lambda filing, wish: os.mkfifo(filing.month / 'v001' / NAME), 'is not a file'),
    (lambda filing, wish: (filing.month / CLAIM).symlink_to(filing.month / 'v001/manifest.json'), 'symbolic links'),
    (lambda filing, wish: moved_away(filing.month / 'v001/billing-report-default-2026-10.csv'), 'symbolic links'),
])
def test_what_contradicts_itself_is_not_handed_on(handing, filing, approved, spoil, error):
    wish = Wish(None, approved, IN_WORKFLOW, 1800)
    spoil(filing, wish)
    before = filing.tree()
    with pytest.raises(BillingError, match=error):
        handing.claim(wish)
    assert {name: found for name, found in filing.tree().items() if not name.endswith('.lock')}.items() <= before.items()


def test_another_version_than_the_approved_one_is_refused(handing, approved):
    with pytest.raises(InvalidInput, match='version 1 was approved, not 2'):
        handing.claim(Wish(2, approved, awx(), 1800))


def test_a_version_is_handed_on_once_unless_again_is_asked_for(handing, filing, approved):
    wish = Wish(None, approved, IN_WORKFLOW, 1800)
    claim = handing.claim(wish)['claim']
    assert handing.record(1, claim, IN_WORKFLOW)['changed'] is True
    record = json.loads((filing.month / 'v001' / NAME).read_bytes())
    assert record == {
        'schema': 1, 'partner': 'default', 'billing_period': PERIOD, 'version': 1, 'sha256': approved['sha256'],
        'deliveries': [{'at': '2026-11-05T12:00:00Z', 'awx': IN_WORKFLOW, 'claim': claim}],
    }
    for later in (wish, replace(wish, retry=True)):
        second = handing.claim(later)
        assert (second['changed'], second['handed_on'], second['claim'], second['summary']['changed']) == (False, True, None, False)
    again = handing.claim(replace(wish, again=True))
    assert again['changed'] is True and handing.record(1, again['claim'], IN_WORKFLOW)
    assert len(json.loads((filing.month / 'v001' / NAME).read_bytes())['deliveries']) == 2
    assert handing.claim(PLAIN)['version'] == 2, 'the next version is another matter'


@pytest.mark.parametrize('decision', [{}, {'retry': True}, {'again': True}])
def test_no_run_takes_over_a_claim_before_its_lease_has_ended(handing, decision):
    handing.claim(PLAIN)
    with pytest.raises(Conflict, match='another run began to hand on version 2 at 2026-11-05T12:00:00Z and may take until 2026-11-05T12:30:00Z'):
        handing.claim(replace(PLAIN, **decision))


@pytest.mark.parametrize('decision', [{'retry': True}, {'again': True}])
def test_an_interrupted_delivery_is_repeated_only_after_a_decision(handing, time, decision):
    first = handing.claim(PLAIN)
    time.advance(1801)
    with pytest.raises(Conflict, match='was interrupted, so the file may have arrived; ask the receiver'):
        handing.claim(PLAIN)
    second = handing.claim(replace(PLAIN, **decision))
    assert second['claim'] and handing.release(2, 'stranger')['changed'] is False
    assert handing.release(2, second['claim'])['changed'] is True and handing.claim(PLAIN)['claim'], first


def test_a_claim_whose_delivery_is_recorded_is_over(handing, filing, approved):
    claim = handing.claim(Wish(None, approved, awx(), 1800))['claim']
    left = (filing.month / CLAIM).read_bytes()
    handing.record(1, claim, awx())
    (filing.month / CLAIM).write_bytes(left)  # as if the run was killed before it removed the claim
    assert handing.claim(PLAIN)['claim'] and json.loads((filing.month / CLAIM).read_bytes())['version'] == 2


def test_a_claim_without_a_name_is_not_that_of_a_record_without_one(handing, filing):
    handing.record(1, None, awx())
    (filing.month / CLAIM).write_text('{"schema": 1, "version": 1}', encoding='utf-8')
    with pytest.raises(Conflict, match='was interrupted, so the file may have arrived'):
        handing.claim(PLAIN)


def test_a_later_job_of_the_same_workflow_need_not_wait_for_the_lease(handing, approved):
    wish = Wish(None, approved, IN_WORKFLOW, 1800)
    handing.claim(wish)
    with pytest.raises(Conflict, match='job 41 of AWX began to hand on version 1 at .* and was interrupted'):
        handing.claim(replace(wish, awx={**IN_WORKFLOW, 'job': '43'}))
    assert handing.claim(replace(wish, awx={**IN_WORKFLOW, 'job': '43'}, retry=True))['claim']


def test_a_check_writes_nothing(handing, filing):
    before = filing.tree()
    checked = handing.claim(PLAIN, dry=True)
    assert (checked['changed'], checked['claim']) == (True, None) and filing.tree() == before


def test_of_runs_that_start_together_one_claims_the_month(filing):
    month = Month(str(filing.root), 'default', PERIOD)

    def claim(_number):
        try:
            return Handing(month, Time(), 30).claim(PLAIN)['claim']
        except Conflict:
            return None

    with ThreadPoolExecutor(8) as pool:
        assert len(list(filter(None, pool.map(claim, range(8))))) == 1
