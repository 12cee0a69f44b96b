# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Month ends at random while Webex restates, fails, deletes and reorders: the archive goes forward, and holds nothing that Webex did not have."""

from __future__ import annotations

import hashlib
import json
import random
import tempfile
import typing as t
from datetime import datetime, timezone
from pathlib import Path

import pytest
from ansible_collections.webex_partner.billing.plugins.module_utils._api.products import BROADWORKS, WHOLESALE
from ansible_collections.webex_partner.billing.plugins.module_utils._errors import BillingError
from ansible_collections.webex_partner.billing.tests.fuzz.conftest import SECONDS
from ansible_collections.webex_partner.billing.tests.unit.fake_time import EPOCH, FakeTime
from ansible_collections.webex_partner.billing.tests.unit.months import Webex, killed_after, month_end
from ansible_collections.webex_partner.billing.tests.unit.reporting import of
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

RUNS = 100  # month ends of one example
MONTHS = {'2026-09': '2026-10-01T00:00:00.000Z', '2026-10': '2026-11-01T00:00:00.000Z'}  # each with its end
PARTNERS = {'north': BROADWORKS, 'south': WHOLESALE}
SHELVES = {partner: of('2026-10', product).shelf for partner, product in PARTNERS.items()}
START = datetime(2026, 9, 29, tzinfo=timezone.utc).timestamp()
DAY = 24 * 3600

TROUBLES = (
    {'method': 'POST', 'path': 'reports$', 'cut': 'before', 'processed': True},
    {'method': 'POST', 'path': 'reports$', 'cut': 'body'},
    {'method': 'POST', 'path': 'reports$', 'status': 503},
    {'method': 'GET', 'path': 'reports', 'status': 502, 'times': 2},
    {'method': 'DELETE', 'cut': 'before', 'processed': True},
    {'host': 'files', 'cut': 'body'},
    {'host': 'files', 'status': 403},
    {'host': 'files', 'status': 200, 'body': '<html>'},
)


class Clock(FakeTime):
    """Time that jumps."""

    def __init__(self) -> None:
        super().__init__()
        self.jump(START - EPOCH)

    def jump(self, seconds: float) -> None:
        self._seconds += seconds

    def stamp(self, days_ago: float = 0) -> str:
        return datetime.fromtimestamp(self.now() - days_ago * DAY, timezone.utc).isoformat(timespec='milliseconds').replace('+00:00', 'Z')


class Story:
    """A partner's Webex and the archive, through one example; ``told`` is what happened, for whoever looks into a failure."""

    def __init__(self, seed: int, archive: Path, filing: dict[str, t.Any]) -> None:
        self.dice = random.Random(seed)
        self.archive = archive
        self.filing = filing
        self.time = Clock()
        self.webex = {partner: Webex(self.time, product) for partner, product in PARTNERS.items()}
        self.rows = 0
        self.told: list[t.Any] = [seed]
        self.kept: dict[Path, bytes] = {}
        self.filed = self.unchanged = self.killed = 0

    def happens(self) -> None:
        """Something at Webex, or time."""
        webex, period = self.webex[self.dice.choice(list(PARTNERS))], self.dice.choice(list(MONTHS))
        reports = webex.reports(period)
        event = self.dice.choice(('create', 'create', 'create', 'create early', 'fail', 'delete', 'end', 'time', 'time', 'time'))
        self.told.append((event, period))
        if event.startswith('create'):
            self.rows += self.dice.choice((0, 1, 1))  # or the same bytes by another report
            early = self.dice.uniform(0, 20) if event == 'create early' else 0
            webex.sandbox.add_report(period, seconds=self.dice.choice((0, 0, 5, 600)), rows=self.rows, created=self.time.stamp(early),
                                     ends=self.dice.choice(('COMPLETED', 'COMPLETED', 'COMPLETED', 'FAILED')))
        elif event == 'time':
            self.time.jump(self.dice.choice((1, 600, DAY, 4 * DAY)))
        elif reports:
            report = self.dice.choice(reports)['id']
            if event == 'delete':
                webex.sandbox.forget_report(report)
            else:
                webex.sandbox.set_status(report, 'FAILED' if event == 'fail' else 'COMPLETED')

    def runs(self) -> None:
        """A month end, with trouble or a kill now and then."""
        partner, period = self.dice.choice(list(PARTNERS)), self.dice.choice(list(MONTHS))
        webex = self.webex[partner]
        wanted = {
            'on_failed': self.dice.choice(('fail', 'recreate')), 'force_new': self.dice.random() < 0.1, 'delete_after': self.dice.random() < 0.3,
        }
        trouble = [self.dice.choice(TROUBLES)] if self.dice.random() < 0.2 else []
        self.told.append((partner, period, wanted, list(trouble)))
        before = webex.reports()
        if self.dice.random() < 0.5:  # the API promises no order
            listed = [webex.sandbox.entry(report['id'], report['billing_period'], report['status']) for report in before]
            trouble.append({'method': 'GET', 'path': 'reports$', 'replace': {'items': self.dice.sample(listed, len(listed))}})
        for entry in trouble:
            webex.sandbox.trouble(**entry)
        token = webex.sandbox.grant()  # one lives for days alone

        def run() -> tuple[dict, dict]:
            return month_end(webex.product, webex.sandbox.api_url, token, self.time, str(self.archive), partner, period, filing=self.filing, **wanted)

        outcome: t.Any = None
        if self.dice.random() < 0.2:
            self.killed += killed_after(self.dice.randrange(40), run)
        else:
            try:
                outcome = run()
            except BillingError as error:
                outcome = error
        webex.sandbox.clear_trouble()
        self.told.append(outcome and (str(outcome) if isinstance(outcome, BillingError) else (outcome[0]['report']['created'], outcome[1]['msg'])))
        new = self.judge_archive(partner, period)
        self.judge_webex(webex, period, before, wanted)
        if isinstance(outcome, BillingError):
            assert not new, 'a run that fails files nothing'
        elif outcome:
            self.judge_result(webex, partner, period, *outcome, new)
            is_settled = not trouble or 'IN_PROGRESS' not in [report['status'] for report in before]  # else it may end while the run tries again
            if is_settled:
                self.judge_choice(webex, period, before, wanted, *outcome)

    def judge_archive(self, partner: str, period: str) -> list[int]:
        """The versions that are new, after a look at all: nothing that stood has changed, and each holds what Webex had."""
        manifests = {path: json.loads(path.read_bytes()) for path in sorted(self.archive.rglob('v*/manifest.json'))}
        found = {path: path.read_bytes() for manifest in manifests for path in manifest.parent.iterdir()}
        assert self.kept.items() <= found.items(), 'a version that counts is never touched'
        new = [path for path in manifests if path not in self.kept]
        assert len(new) <= 1 and all(path.parents[1] == self.month(partner, period) for path in new), new
        for path in new:
            self.judge_version(path, manifests[path], manifests.get(path.parents[1] / f'v{manifests[path]["version"] - 1:03}' / path.name))
        self.kept = found
        return [manifests[path]['version'] for path in new]

    def month(self, partner: str, period: str) -> Path:
        return self.archive / partner / SHELVES[partner] / period

    def judge_version(self, path: Path, manifest: dict[str, t.Any], before: dict[str, t.Any] | None) -> None:
        partner, period = manifest['partner'], manifest['billing_period']
        assert path.parents[1] == self.month(partner, period) and manifest['product'] == PARTNERS[partner].name
        of_period, created, content = self.webex[partner].had[manifest['report']['id']]
        assert (of_period, manifest['report']['created']) == (period, created)
        assert (path.parent / manifest['file']['name']).read_bytes() == content, 'byte for byte'
        assert created >= MONTHS[period], 'a part of the month is no bill'
        assert path.parent.name == f'v{manifest["version"]:03}' and (before is None) == (manifest['version'] == 1)
        if before:
            assert created >= before['report']['created'], 'never back in time'
            assert manifest['file']['sha256'] != before['file']['sha256'] == manifest['previous']['sha256']

    def judge_webex(self, webex: Webex, period: str, before: list[dict], wanted: dict[str, t.Any]) -> None:
        """Of what was there, nothing is deleted but failed reports, if wanted, and what is in the archive, if wanted."""
        archived = {json.loads(content)['file']['sha256'] for path, content in self.kept.items() if path.name == 'manifest.json'}
        after = {report['id'] for report in webex.reports()}
        for report in before:
            if report['id'] not in after:
                assert report['billing_period'] == period
                failed, filed = report['status'] == 'FAILED', sha256(webex.had[report['id']][2]) in archived
                assert wanted['on_failed'] == 'recreate' if failed else wanted['delete_after'] and filed, report

    def judge_result(self, webex: Webex, partner: str, period: str, ensured: dict, filed: dict, new: list[int]) -> None:
        """What a run says is what it did."""
        month = self.month(partner, period)
        assert (filed['changed'], new) == (bool(new), [filed['version']] if new else [])
        assert filed['version'] == len(list(month.glob('v*/manifest.json'))) and not list(month.glob('.webex-*')), 'the last one, and no leftovers'
        content = webex.had[ensured['report']['id']][2]
        if not filed.get('stale'):
            assert Path(filed['path']).read_bytes() == content
        self.filed += filed['changed']
        self.unchanged += not filed['changed']

    def judge_choice(self, webex: Webex, period: str, before: list[dict], wanted: dict[str, t.Any], ensured: dict, filed: dict) -> None:
        """The newest report that was made after the month and has not failed is taken; where there is one, none is created."""
        usable = {
            report['id']: report['created'] for report in before
            if report['billing_period'] == period and report['status'] != 'FAILED' and report['created'] >= MONTHS[period]
        }
        doubtful = webex.sandbox.hides and len(usable) > 1
        if usable and not doubtful and not wanted['force_new']:
            assert not ensured['changed'] and usable[ensured['report']['id']] == max(usable.values())
        else:
            assert ensured['changed'] and ensured['report']['id'] not in {report['id'] for report in before}
        if filed.get('stale'):
            assert not filed['changed'] and ensured['report']['id'] in {report['id'] for report in webex.reports()}, 'a stale report is left alone'


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def lived(seed: int, **filing: t.Any) -> Story:
    """The story of a seed; ``filing`` has options for each filing."""
    with tempfile.TemporaryDirectory() as folder:
        story = Story(seed, Path(folder) / 'archive', filing)
        with story.webex['north'].sandbox.running(), story.webex['south'].sandbox.running():
            try:
                for _run in range(RUNS):
                    for _event in range(story.dice.randrange(3)):
                        story.happens()
                    story.runs()
            except AssertionError as error:
                raise AssertionError(f'{type(error)}: {error}\n' + '\n'.join(map(str, story.told[-12:]))) from error
        return story


@settings(max_examples=max(10, int(SECONDS / 7)), phases=[Phase.generate])  # hundreds in 25 minutes
@given(st.integers(0, 2**32 - 1))
def test_a_hundred_month_ends(seed):
    story = lived(seed)
    assert story.filed + story.unchanged > RUNS / 10, 'it is worth its time'


@settings(max_examples=1)
@given(st.just(range(20)))
def test_an_archive_that_may_go_back_is_seen(seeds):
    with pytest.raises(AssertionError, match='never back in time'):
        for seed in seeds:
            lived(seed, allow_older=True)
