# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Errors: a kind for every status, a sentence for the operator, and data for playbooks."""

from __future__ import annotations

import pytest
from ansible_collections.webex_partner.billing.plugins.module_utils import _errors
from ansible_collections.webex_partner.billing.plugins.module_utils._api.products import BROADWORKS
from ansible_collections.webex_partner.billing.plugins.module_utils._errors import BillingError, NotFound, RateLimited, doing, error_class

KINDS = {
    'invalid_input', 'authentication', 'permission', 'not_found', 'conflict', 'gone', 'rate_limited', 'unavailable', 'network', 'timeout',
    'invalid_response', 'report_failed', 'wait_timeout', 'download',
}


def classes():
    return [value for value in vars(_errors).values() if isinstance(value, type) and issubclass(value, BillingError) and value is not BillingError]


@pytest.mark.parametrize(('status', 'kind'), [
    (400, 'invalid_input'), (401, 'authentication'), (403, 'permission'), (404, 'not_found'), (405, 'invalid_input'), (409, 'conflict'),
    (410, 'gone'), (415, 'invalid_input'), (423, 'unavailable'), (428, 'invalid_input'), (429, 'rate_limited'),
    (500, 'unavailable'), (502, 'unavailable'), (503, 'unavailable'), (504, 'unavailable'),
    (599, 'unavailable'), (507, 'unavailable'), (302, 'invalid_response'), (203, 'invalid_response'),
])
def test_kind_of_a_status(status, kind):
    assert error_class(status).kind == kind


@pytest.mark.parametrize('status', [100, 206, 304, 402, 406, 407, 418, 451, 499, 600, 999])
def test_an_unknown_status_has_a_kind_too(status):
    assert error_class(status).kind in KINDS


@pytest.mark.parametrize('error', classes(), ids=lambda error: error.__name__)
def test_every_class_has_a_kind_of_the_contract_and_a_remedy(error):
    assert error.kind in KINDS
    assert error.remedy and not error.remedy.endswith('.')


def test_the_sentence_says_act_cause_tracking_id_and_remedy_in_this_order():
    with pytest.raises(NotFound) as caught:
        with doing('Reading billing report abc'):
            raise NotFound('Webex answered 404 Not Found, "no such report"', http_status=404, tracking_id='ROUTER_1', remedy='look it up')
    parts = ['Reading billing report abc', '404', '"no such report"', 'ROUTER_1', 'look it up']
    places = [str(caught.value).index(part) for part in parts]
    assert places == sorted(places)
    assert '\n' not in str(caught.value) and str(caught.value).endswith('.')


def test_a_bare_error_is_a_sentence_too():
    sentence = str(RateLimited('Webex answered 429'))
    assert sentence.startswith('Webex answered 429') and 'None' not in sentence


def test_a_note_is_part_of_what_happened():
    error = RateLimited('Webex answered 429', tracking_id='ROUTER_1')
    error.note = 'gave up after 3 tries'
    assert 'gave up after 3 tries' in error.what_happened() and 'ROUTER_1' in error.what_happened()
    assert RateLimited.remedy not in error.what_happened() and RateLimited.remedy in str(error)


def test_the_innermost_act_stands():
    with pytest.raises(NotFound) as caught:
        with doing('Waiting'):
            with doing('Reading'):
                raise NotFound('gone')
    assert 'Reading' in str(caught.value) and 'Waiting' not in str(caught.value)


def test_other_exceptions_pass_through_an_act():
    with pytest.raises(KeyboardInterrupt):
        with doing('Reading'):
            raise KeyboardInterrupt


def test_a_result_has_the_keys_of_the_contract_and_nothing_else():
    details = [{'code': 2024, 'description': 'Billing Report not found.'}]
    error = RateLimited('Webex answered 429', http_status=429, message='Slow down.', details=details, tracking_id='ROUTER_1', retry_after=1.5)
    assert error.to_result(str) == {
        'msg': str(error),
        'error': {
            'kind': 'rate_limited', 'http_status': 429, 'message': 'Slow down.', 'details': details, 'tracking_id': 'ROUTER_1', 'retry_after': 1.5,
        },
    }


def test_what_does_not_apply_is_null_and_there():
    assert NotFound('no report').to_result(str)['error'] == {
        'kind': 'not_found', 'http_status': None, 'message': None, 'details': None, 'tracking_id': None, 'retry_after': None,
    }


def test_permission_names_scope_role_and_licence():
    for word in ('scope', 'partner administrator', 'licensed', 'spark-admin:broadworks_billing_reports_read'):
        assert word in BROADWORKS.permission
