# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The sandbox takes what Cisco describes, refuses what Cisco does not, and answers as described, for each product."""

from __future__ import annotations

import pytest
from ansible_collections.webex_partner.billing.tests.unit.described import DESCRIBED, strange

BODIES = [
    ('broadworks', {'billingPeriod': '2020-11'}),
    ('broadworks', {'billingPeriod': '2025-11'}),  # a month whose reports fail in this sandbox
    *(('wholesale', {'billingStartDate': '2025-10-01', 'billingEndDate': '2025-10-31', **more}) for more in (
        {}, {'type': 'USER'}, {'type': 'CUSTOMER', 'internal': True}, {'subPartnerOrgId': 'Y2lz'},
    )),
]


@pytest.mark.parametrize(('product', 'body'), BODIES, ids=str)
def test_the_life_of_a_report_is_as_described(call, clock, product, body):
    described = DESCRIBED[product]
    made = call('POST', described.path, body)
    report_id, looks = made.json['id'], []
    for seconds in (0, 3):
        clock.advance(seconds)
        looks += [call('GET', f'{described.path}/{report_id}')]
    listed = call('GET', described.path)
    gone = call('DELETE', f'{described.path}/{report_id}')
    assert [reply.status for reply in (made, *looks, listed, gone)] == [200, 200, 200, 200, 204] and gone.body == b''
    assert strange(made.json, described.made) == {} and set(listed.json) == {'items'}
    assert all(strange(reply.json, described.report) == {} for reply in looks) and all(strange(item, described.entry) == {} for item in listed.json['items'])
    assert {*looks[1].json, 'errors', 'tempDownloadURL'} == set(described.report), 'nothing that is described is missing'
    assert all(strange(error, {'code': int, 'description': str}) == {} for reply in looks for error in reply.json.get('errors', []))


@pytest.mark.parametrize('product', DESCRIBED)
def test_the_documented_examples_are_in_it(call, product):
    described = DESCRIBED[product]
    report = call('GET', f'{described.path}/{described.created["id"]}').json
    assert {**described.read, 'tempDownloadURL': report['tempDownloadURL']}.items() <= report.items()
    assert {item['id'] for item in call('GET', described.path).json['items']} == {entry['id'] for entry in described.listed}


@pytest.mark.parametrize('product', DESCRIBED)
def test_a_list_takes_what_is_described(call, product):
    described = DESCRIBED[product]
    values = {str: ['2021-05-21'], 'max': ['10', '100']}
    for name, value in described.query.items():
        for word in value if isinstance(value, tuple) else values.get(name, values[str]):
            assert call('GET', f'{described.path}?{name}={word}').status == 200, (name, word)


@pytest.mark.parametrize('product', DESCRIBED)
def test_a_create_needs_what_is_required(call, product):
    described = DESCRIBED[product]
    example = {name: described.created.get(name, '2020-11') for name in described.required}
    for name in described.required:
        assert call('POST', described.path, {other: value for other, value in example.items() if other != name}).status == 400, name
