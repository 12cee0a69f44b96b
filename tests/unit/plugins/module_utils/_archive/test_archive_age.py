# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The archive never goes back in time: which report is too old for it, and which one is not."""

from __future__ import annotations

import json

import pytest
from ansible_collections.webex_partner.billing.tests.unit.filing import Filing

OLDER, NEWER = '2026-11-02T10:00:00.000Z', '2026-11-03T10:00:00.000Z'
FIRST, SECOND = b'A,B\n1,2\n', b'A,B\n1,2\n3,4\n'


@pytest.fixture
def filing(tmp_path):
    return Filing(tmp_path)


def test_an_older_report_is_not_filed_and_the_last_version_is_returned(filing):
    filing.file(SECOND, report_id='N', report_created=NEWER)
    last = filing.file(FIRST, report_id='M', report_created='2026-11-04T10:00:00Z').to_result()
    before = filing.tree()
    for dry in (True, False):
        outcome = filing.file(b'A,B\n5,6\n', dry=dry, report_id='O', report_created=OLDER)
        said = f'default 2026-10: not filed, report O was created {OLDER}, before report M of version 2, created 2026-11-04T10:00:00Z'
        assert outcome.to_result() == {
            **last, 'changed': False, 'stale': True, 'msg': said, 'diff': {'before': last['diff']['after'], 'after': last['diff']['after']},
        }
        assert outcome.warnings == (f'{said}; to file it all the same, set allow_older: true.',)
        assert filing.tree() == before


def test_it_is_stale_also_if_its_bytes_are_those_of_the_last_version(filing):
    filing.file(FIRST, report_created=NEWER)
    assert filing.file(FIRST, report_created=OLDER).to_result()['stale'] is True


@pytest.mark.parametrize(('created', 'stale'), [
    (NEWER, False), ('2026-11-03T12:00:00+02:00', False), ('2026-11-03T09:59:59.999Z', True), ('2026-11-03T11:59:59+02:00', True),
    ('2026-11-03T10:00:00', False),
])
def test_times_are_compared_and_not_texts(filing, created, stale):
    filing.file(FIRST, report_created=NEWER)
    outcome = filing.file(SECOND, report_created=created)
    assert (outcome.to_result()['stale'], outcome.changed) == (stale, not stale) and bool(outcome.warnings) is stale


def test_equal_times_compare_bytes(filing):
    filing.file(FIRST, report_created=NEWER)
    assert not filing.file(FIRST, report_created=NEWER).changed and filing.file(SECOND, report_created=NEWER).changed


@pytest.mark.parametrize(('first', 'second'), [(None, NEWER), (NEWER, None), (None, None), ('yesterday', OLDER), (NEWER, 'today')])
def test_a_report_of_unknown_age_is_filed_with_a_warning(filing, first, second):
    assert filing.file(FIRST, report_created=first).warnings == ()
    assert filing.file(FIRST, report_created=second).warnings == (), 'nothing is filed'
    outcome = filing.file(SECOND, report_created=second)
    assert outcome.changed and not outcome.to_result()['stale'] and filing.complete() == ['v001', 'v002']
    warning, = outcome.warnings
    assert 'does not say when it was created' in warning


@pytest.mark.parametrize('report', [None, [], 'abc', {}, {'created': 7}, {'created': {}}])
def test_a_manifest_of_somebody_else_is_of_unknown_age(filing, report):
    filing.file(FIRST, report_created=NEWER)
    path = filing.month / 'v001' / 'manifest.json'
    path.write_text(json.dumps({**filing.manifest(1), 'report': report}))
    outcome = filing.file(SECOND, report_created=OLDER)
    assert outcome.changed and len(outcome.warnings) == 1


def test_an_older_report_is_filed_if_the_task_says_so(filing):
    filing.file(FIRST, report_created=NEWER)
    outcome = filing.file(SECOND, report_created=OLDER, allow_older=True)
    assert outcome.changed and outcome.warnings == () and not outcome.to_result()['stale']
    assert filing.file(FIRST, report_created=NEWER).changed, 'the last version is the older report now'


def test_the_last_version_must_be_what_its_manifest_says(filing):
    outcome = filing.file(FIRST, report_created=NEWER)
    open(outcome.path, 'wb').close()
    with pytest.raises(Exception, match='no longer what its manifest says'):
        filing.file(SECOND, report_created=OLDER)
