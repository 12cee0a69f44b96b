# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbook archive: its three verbs on what month ends have filed, and not a trace of them afterwards."""

from __future__ import annotations

import json
import re

import pytest
from evidence import PERIOD


@pytest.fixture
def ask(run, archive):
    """Run the playbook; return its outcome and the lines that it showed. The archive must be the same afterwards."""
    def asked(partner=None, **variables):
        before = traces(archive)
        given = [word for name, value in variables.items() for word in ('-e', f'archive_{name}={value}')]
        outcome = run('archive', *given, period='previous', partner=partner)
        assert traces(archive) == before and outcome.counts()['changed'] == 0, outcome.stdout
        shown = re.findall(r'Show the versions.*?\] \**\nok: .*?"msg": (\[.*?\n    \])', outcome.stdout, re.DOTALL)
        return outcome, json.loads(shown[0]) if shown else []
    return asked


def traces(archive):
    """Each path with its size, its mode and when it was last written to."""
    found = ((path, path.lstat()) for path in archive.root.rglob('*'))
    return {str(path): (status.st_size, status.st_mode, status.st_mtime_ns) for path, status in found}


@pytest.fixture
def filled(sandbox, run):
    """Two versions of a month, of which a partner has the second one alone, a Wholesale report too."""
    sandbox.add_report(PERIOD, seconds=0, rows=10, created='2026-11-02T00:00:00.000Z')
    assert run().code == 0
    sandbox.add_report(PERIOD, seconds=0, rows=12, created='2026-11-03T00:00:00.000Z')
    sandbox.add_report(PERIOD, product='wholesale', seconds=0)
    outcome = run(partners=[{'partner': 'default'}, {'partner': 'north'}, {'partner': 'north', 'product': 'wholesale'}], evidence=True, compare=True)
    assert outcome.code == 0, outcome.stdout


def test_list_compare_and_verify(filled, sandbox, run, ask, archive):
    asked_before = len(sandbox.requests)
    columns = ['partner', 'month', 'version', 'records', 'size', 'downloaded', 'handed on', 'file']
    outcome, (header, *rows) = ask()
    assert outcome.code == 0 and re.split(' {2,}', header) == columns, outcome.stdout
    cells = [re.split(' {2,}', row) for row in rows]
    assert [[*row[:4], *row[6:]] for row in cells] == [
        ['default', PERIOD, '1', '10', '-', 'unverified'], ['default', PERIOD, '2', '12', '-', 'unverified'],
        ['north', PERIOD, '1', '12', '-', 'unverified'], ['north wholesale-partner', PERIOD, '1', '25', '-', 'unverified'],
    ]
    outcome, _nothing = ask(action='compare', period=PERIOD)
    assert outcome.code == 0 and f'default {PERIOD}: version 2 against version 1: 2 added, 0 removed, 0 changed, 10 unchanged' in outcome.stdout, outcome.stdout

    archive.file(2).write_bytes(archive.file(2).read_bytes().replace(b'1', b'2'))
    archive.file(1, 'north').unlink()
    (archive.month() / 'v001/copy.csv').touch()
    outcome, rows = ask(action='verify')
    assert (outcome.code, [row.split()[-1] for row in rows[1:5]]) == (2, ['verified', 'changed', 'missing', 'verified']), outcome.stdout
    assert '4 versions, 2 verified, 3 problems' in outcome.stdout
    for line, problem in zip(rows[5:], ('v001/copy.csv is not a part of the archive.', 'its sha256 is ', f'north-{PERIOD}.csv is missing.'), strict=True):
        assert problem in line
    assert len(sandbox.requests) == asked_before, 'no request was sent'


def test_what_cannot_be_answered(ask, run, archive):
    archive.root.mkdir()
    for variables, code, words in (
        ({'action': 'verify'}, 2, 'There is no version to verify'), ({'action': 'list'}, 0, 'handed on'),
        ({'action': 'check'}, 2, 'value of archive_action must be one of: list, compare, verify'),
        ({'action': 'compare'}, 2, 'missing required arguments: archive_period'), ({'action': ''}, 0, 'handed on'),
    ):
        outcome, _rows = ask(**variables)
        assert outcome.code == code and words in outcome.stdout, outcome.stdout
    archive.root.rmdir()
    outcome = run('archive')
    assert outcome.code == 2 and 'it does not exist on this host' in outcome.stdout, outcome.stdout
