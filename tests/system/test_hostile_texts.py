# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a server writes reaches the operator as one line of bounded length, and can do nothing there."""

from __future__ import annotations

import pytest
from playbook import TOLERANT, ensure, info, wait

HOSTILE = 'X\n\x1b[31mred https://files.example/a.csv?Signature=canary-signature ' + 'y' * 100000


def check(outcome, name):
    message = outcome[name]['msg']
    assert message.isprintable() and len(message) < 3000
    assert 'canary-signature' not in message + outcome.stdout + outcome.stderr
    assert '\x1b[31m' not in outcome.stdout + outcome.stderr


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
