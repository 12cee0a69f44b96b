# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a server writes reaches the operator as one line of bounded length, and can do nothing there."""

from __future__ import annotations

import json

import pytest
from ansible_collections.webex_partner.billing.plugins.module_utils._evidence.notation import NARROW
from evidence import PERIOD
from playbook import TOLERANT, download, ensure, evidence, file, info, month_end, wait

FORGED = 'X\x1b[2J\x9b31m\u202e\u2028\r\nTASK [forged] ***\nok: [localhost]'
EVERYWHERE = {
    'status': FORGED, 'created': FORGED, 'createdBy': FORGED, 'tempDownloadURL': f'https://files.example/{FORGED}',
    'errors': [{'code': FORGED, 'description': FORGED}],
}
HOSTILE = 'X\n\x1b[31mred https://files.example/a.csv?Signature=canary-signature ' + 'y' * 100000


def check(outcome, name):
    message = outcome[name]['msg']
    assert message.isprintable() and len(message) < 3000
    assert 'canary-signature' not in message + outcome.stdout + outcome.stderr
    assert '\x1b[31m' not in outcome.stdout + outcome.stderr


def strangers(value):
    """The texts in a value that are not one line of printable characters."""
    if isinstance(value, dict):
        return strangers([*value, *value.values()])
    if isinstance(value, list):
        return [found for item in value for found in strangers(item)]
    return [] if not isinstance(value, str) or value.isprintable() else [value]


def shown(*names):
    """Tasks that print what was registered."""
    return [{'ansible.builtin.debug': {'var': name}} for name in names]


def check_screen(outcome):
    """Nothing was drawn or forged, and no result or fact could do it later."""
    lines = (outcome.stdout + outcome.stderr).split('\n')
    assert not strangers(lines) and not any(line.startswith('TASK [forged]') for line in lines), outcome.stdout
    assert not strangers([outcome.results, outcome.facts])
    assert 'TASK [forged]' in outcome.stdout, 'it was shown after all'


@pytest.mark.parametrize('field', ['status', 'billingPeriod'])
def test_at_the_deadline(sandbox, play, field):
    report = sandbox.add_report('2026-10', seconds=100)
    sandbox.trouble(path=report, replace={field: HOSTILE})
    check(play([wait('late', id=report, wait_timeout=0) | TOLERANT]), 'late')


def test_in_a_failed_report(sandbox, play):
    report = sandbox.add_report('2026-10', seconds=0, ends='FAILED', errors=[{'code': HOSTILE, 'description': HOSTILE}] * 20)
    outcome = play([wait('failed', ids=[report] * 3) | TOLERANT])
    assert outcome['failed']['error']['kind'] == 'report_failed'
    check(outcome, 'failed')


def test_in_a_refusal(sandbox, play):
    for _time in range(2):
        sandbox.trouble(status=403, json={'message': HOSTILE, 'errors': [{'description': HOSTILE}], 'trackingId': HOSTILE}, headers={'TrackingID': None})
    outcome = play([info('read', id='abc') | TOLERANT, wait('waited', id='abc') | TOLERANT])
    check(outcome, 'read')
    check(outcome, 'waited')


def test_in_the_refusal_of_a_create(sandbox, play):
    sandbox.trouble(method='POST', status=409, json={'message': HOSTILE, 'errors': [{'description': HOSTILE}], 'trackingId': HOSTILE})
    sandbox.trouble(skip=1, path='reports$', status=503, json={'message': HOSTILE})
    check(play([ensure('created', billing_period='2022-01', retry_timeout=0) | TOLERANT]), 'created')


def test_in_an_id(sandbox, play):
    outcome = play([info('read', id='a' * 100000) | TOLERANT])
    assert outcome['read']['error']['kind'] == 'invalid_input'
    assert len(outcome['read']['msg']) < 3000 and not sandbox.requests


def test_in_every_field_of_a_report(sandbox, play):
    report = sandbox.add_report(PERIOD, seconds=0)
    sandbox.trouble(path=f'{report}$', times=0, replace=EVERYWHERE)
    outcome = play([
        info('read', id=report, show_download_url=True), wait('waited', id=report, wait_timeout=0, show_download_url=True) | TOLERANT,
        ensure('adopted', billing_period=PERIOD), download('fetched', id=report, dest='{{ playbook_dir }}') | TOLERANT,
        *shown('read', 'waited', 'adopted', 'fetched', 'broadworks_billing_report'), month_end('submit', period=PERIOD),
        month_end('collect', period=PERIOD, archive='{{ playbook_dir }}/archive', wait_timeout=0) | TOLERANT,
    ], args=['-v'])
    assert outcome['adopted']['report']['id'] == report
    check_screen(outcome)


def test_in_the_month_and_in_a_list(sandbox, play):
    report = sandbox.add_report(PERIOD, seconds=0)
    sandbox.trouble(path=f'{report}$', times=0, replace={'billingPeriod': FORGED})
    sandbox.trouble(path='reports$', times=0, replace={'items': [{'id': report, 'billingPeriod': FORGED, 'status': FORGED}]})
    outcome = play([
        info('read', id=report), info('listed'), file('filed', id=report, archive='{{ playbook_dir }}/archive') | TOLERANT,
        wait('many', ids=[report, 'def'], wait_timeout=0) | TOLERANT, *shown('read', 'listed', 'filed', 'many', 'broadworks_billing_reports'),
    ], args=['-v'])
    assert outcome['filed']['failed']
    check_screen(outcome)


def test_in_a_file_and_its_manifest(sandbox, play, archive):
    """Column names, and a manifest that somebody has written to."""
    report = sandbox.add_report(PERIOD, seconds=0)
    sandbox.trouble(host='files', times=0, status=200, body=f'"{FORGED}",b\r\n1,2\r\n')
    outcome = play([
        download('fetched', id=report, dest='{{ playbook_dir }}/bill.csv'), file('filed', id=report, archive=str(archive.root)),
        file('copied', src='{{ fetched.dest }}', report='{{ fetched.report }}', columns='{{ fetched.columns }}', archive=str(archive.root), partner='copy'),
        *shown('fetched', 'filed', 'copied'),
    ], args=['-v'])
    check_screen(outcome)
    assert not strangers(archive.manifests()[1]) and archive.manifests('copy')[1]['file']['columns'] == outcome['fetched']['columns']

    path = archive.month() / 'v001/manifest.json'
    path.write_text(json.dumps({**archive.manifests()[1], 'api_url': FORGED, 'awx': {FORGED: FORGED}}), encoding='utf-8')
    outcome = play([
        file('again', id=report, archive=str(archive.root)), evidence('page', archive=str(archive.root), billing_period=PERIOD),
        *shown('again', 'page'), month_end('collect', period=PERIOD, archive=str(archive.root)),
    ], args=['-v'])
    check_screen(outcome)
    assert not outcome['again']['changed']
    page = (archive.month() / 'v001/evidence.html').read_text(encoding='utf-8')
    assert not strangers(page.replace(NARROW, ' ').split('\n')) and 'TASK [forged]' in page


def test_in_the_refusal_of_a_token(sandbox, play):
    for _time in range(2):
        told = {'error': FORGED, 'error_description': FORGED, 'trackingId': FORGED}
        sandbox.trouble(path='access_token$', status=400, json=told, headers={'TrackingID': None})
    env = {'WEBEX_ACCESS_TOKEN': None, 'WEBEX_CLIENT_ID': 'an-id', 'WEBEX_CLIENT_SECRET': 'a-secret', 'WEBEX_REFRESH_TOKEN': 'a-refresh-token'}
    outcome = play([info('read') | TOLERANT, wait('waited', id='abc') | TOLERANT, *shown('read', 'waited')], env=env, args=['-v'])
    assert outcome['read']['error']['kind'] == outcome['waited']['error']['kind'] == 'authentication'
    check_screen(outcome)
