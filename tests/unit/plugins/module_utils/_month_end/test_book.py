# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The book of a month end: each step adds to a record, and the operator reads a sentence."""

from __future__ import annotations

import pytest
from ansible_collections.webex_partner.billing.plugins.module_utils._api.products import DEFAULT, PRODUCTS
from ansible_collections.webex_partner.billing.plugins.module_utils._month_end.book import STEPS, SUMMARY, Scene, blank, overview

LONG = 'Y2lzY29zcGFyazovL3VzL1JFUE9SVC8xMjM0NTY3Njc4OTAw'
REPORT = {'id': LONG, 'status': 'IN_PROGRESS', 'billing_period': '2026-10'}
NOW = '2026-11-05T12:00:00Z'


def taken(step, result, check_mode=False, is_in_awx=False, is_hidden=False, evidence=False, **known):
    """What a step adds to a record."""
    return STEPS[step]({**blank('default', '2026-10'), **known}, result, Scene(NOW, check_mode, is_in_awx, is_hidden, evidence))


@pytest.mark.parametrize(('result', 'check_mode', 'said', 'requested_at'), [
    ({'report': REPORT, 'changed': True}, False, 'created a report …Njc4OTAw, IN_PROGRESS', NOW),
    ({'report': REPORT, 'changed': False}, False, 'found a report …Njc4OTAw, IN_PROGRESS', None),
    ({'report': {**REPORT, 'id': None, 'status': None}, 'changed': True}, True, 'would create a report', NOW),
])
def test_a_request(result, check_mode, said, requested_at):
    added = taken('request', result, check_mode)
    assert (added['said'], added['requested_at'], added['completed_at']) == (f'default 2026-10: {said}', requested_at, NOW)
    assert (added['report_id'], added['changed']) == (result['report']['id'], result['changed'])


def test_a_wait():
    report = {**REPORT, 'status': 'COMPLETED'}
    assert taken('wait', {'report': report})['said'] == f'default 2026-10: would file report {LONG}, COMPLETED, unless nothing is new'
    assert 'with its evidence' in taken('wait', {'report': report}, evidence=True)['said']
    assert taken('wait', {'report': {**report, 'billing_period': '2026-05'}})['said'].endswith('which is of 2026-05')


@pytest.mark.parametrize('stale', [True, False, None])
def test_a_version(stale):
    """The version that is filed last is delivered, also if the report is older than it; such a report is kept at Webex."""
    manifest = {'report': {'id': 'newer'}, 'file': {'records': 25, 'size': 1451, 'sha256': 'abc', 'name': 'report.csv'}}
    result = {'manifest': manifest, 'version': 2, 'changed': False, 'path': '/a/report.csv', 'manifest_path': '/a/manifest.json', 'msg': 'said'}
    added = taken('file', {**result, **({} if stale is None else {'stale': stale})})
    assert (added['version'], added['records'], added['archive_path'], added['said']) == (2, 25, '/a/report.csv', 'said')
    assert added['stale'] is bool(stale) and added.get('report_id') == ('newer' if stale else None)
    assert list(added['result']) == ['partner', 'billing_period', 'changed', 'version', 'path', 'manifest_path', 'manifest']


@pytest.mark.parametrize(('result', 'how', 'status', 'said'), [
    ({'msg': 'No report.'}, {}, 'IN_PROGRESS', 'No report.'),
    ({'msg': 'All failed; set on_failed: recreate.', 'error': {'kind': 'report_failed'}}, {}, 'FAILED', 'All failed; set month_end_on_failed: recreate.'),
    ({'msg': 'It asks for 90 s, but wait_timeout has 5 s left.'}, {}, 'IN_PROGRESS', 'It asks for 90 s, but month_end_wait_timeout has 5 s left.'),
    ({'msg': 'Late.', 'error': {'kind': 'wait_timeout'}, 'report': REPORT}, {'is_in_awx': True}, 'IN_PROGRESS',
     'Late. In AWX, approve "try again" in the workflow to keep waiting, or launch collect with this month.'),
    ({'msg': 'canary'}, {'is_hidden': True}, 'IN_PROGRESS', 'a task under no_log, whose output is hidden'),
    ({}, {}, 'IN_PROGRESS', 'its output says why'), ({'error': None, 'report': None}, {}, 'IN_PROGRESS', 'its output says why'),
])
def test_a_failure(result, how, status, said):
    added = taken('failure', result, status='IN_PROGRESS', **how)
    assert (added['failed'], added['status'], added['said']) == (True, status, f'default 2026-10 failed: {said}')


def test_the_summary_of_one_partner():
    found = overview([blank('pop', '2026-10', 'R1')], '/archive')
    assert list(found['summary']) == list(SUMMARY) and found['summary']['report_id'] == 'R1' and found['remaining'] == [0]


def test_a_summary_names_products_and_types():
    keys = [DEFAULT.usual_key(), *(PRODUCTS['wholesale'].usual_key(type=kind) for kind in ('PARTNER', 'USER'))]
    records = [blank('pop', '2026-10', key=key) for key in keys]
    named = [{name: overview(some, None)['summary'][name] for name in ('product', 'type')} for some in (records[:1], records[2:], records)]
    assert named == [
        {'product': 'broadworks', 'type': None}, {'product': 'wholesale', 'type': 'USER'}, {'product': 'broadworks, wholesale', 'type': 'PARTNER, USER'},
    ]


def test_the_summary_of_several():
    done = {'status': 'COMPLETED', 'records': 25, 'size': 10, 'changed': True, 'report_id': 'R1', 'said': 'done'}
    records = [{**blank('pop', '2026-10'), **done}, {**blank('copy', '2026-10'), 'failed': True, 'status': 'FAILED', 'said': 'failed'}]
    found = overview(records, '/archive')
    assert found['summary'] == {
        'partner': 'pop, copy', 'billing_period': '2026-10', 'status': 'COMPLETED, FAILED', 'report_id': 'R1, ', 'version': None, 'records': 25,
        'size': 10, 'sha256': None, 'changed': True, 'archive_path': '/archive', 'product': 'broadworks', 'type': None,
    }
    assert (found['remaining'], found['lines'], found['failures']) == ([0], ['done', 'failed'], ['failed'])


def test_the_table():
    """In columns, with a dash where nothing is known, and without what the first column says already."""
    done = {'status': 'COMPLETED', 'version': 12, 'records': 25, 'said': 'north 2026-10: filed as version 12'}
    records = [
        {**blank('north', '2026-10'), **done}, {**blank('17', '2026-10'), 'failed': True, 'said': '17 2026-10 failed: north 2026-10: no'},
        blank('a-longer-label', '2026-10'),
    ]
    assert overview(records, None)['table'] == [
        'partner         status     version  records  what happened', 'north           COMPLETED  12       25       filed as version 12',
        '17              -          -        -        failed: north 2026-10: no', 'a-longer-label  -          -        -        -',
    ]
