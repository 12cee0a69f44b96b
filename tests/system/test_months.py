# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Real month ends while Webex restates, deletes and fails: the few beside the many that tests/fuzz runs in one process."""

from __future__ import annotations

import os
import random
import signal

import pytest
from evidence import PERIOD
from playbook import until
from webex_sandbox.file_host import made_up_csv

CREATED = '2026-11-0{0}T00:00:00.000Z'


def versions(archive):
    """The versions that count: when their report was created, and the bytes of their files."""
    return [(manifest['report']['created'], archive.file(version).read_bytes()) for version, manifest in archive.manifests().items()]


def has_filed(outcome, before, after):
    """Return whether a run filed a version, which it must say, and no other one has changed."""
    has_filed_one = len(after) > len(before)
    assert outcome.code == 0 and after[:len(before)] == before, outcome.stdout
    assert ('filed as version' in outcome.told()[0]) == has_filed_one, outcome.told()
    return has_filed_one


@pytest.mark.kills
def test_the_archive_goes_forward(sandbox, run, started, controller, archive):
    dice = random.Random(20261126)
    reports = {created: sandbox.add_report(PERIOD, seconds=0, rows=10 + created, created=CREATED.format(created)) for created in (2, 4)}
    assert has_filed(run(), [], versions(archive))
    before = versions(archive)
    assert not has_filed(run(), before, versions(archive))

    sandbox.forget_report(reports[4])  # the older one is now the newest
    assert not has_filed(run(delete_after=True), before, versions(archive))
    assert reports[2] in {report['id'] for report in sandbox.state()['reports']}, 'a stale report is left alone'

    sandbox.add_report(PERIOD, seconds=0, ends='FAILED', created=CREATED.format(7))
    sandbox.add_report(PERIOD, seconds=0, rows=16, created=CREATED.format(6))
    requests = len(sandbox.requests) + dice.randrange(1, 4)
    process = started()
    until(lambda: len(sandbox.requests) >= requests or process.poll() is not None, seconds=30)
    for number in controller.processes():
        os.kill(number, signal.SIGKILL)
    process.communicate()
    assert versions(archive)[:1] == before

    assert has_filed(run(), before, versions(archive)) or len(versions(archive)) == 2, 'or the killed run had filed it'
    assert versions(archive) == [(CREATED.format(created), made_up_csv(PERIOD, rows)[0]) for created, rows in ((4, 14), (6, 16))]
