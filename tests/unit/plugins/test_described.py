# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read, list, wait, create and delete against a server that knows Cisco's description of the calls, and nothing else."""

from __future__ import annotations

import pytest
from ansible_collections.webex_partner.billing.plugins.module_utils._api.products import BROADWORKS, PRODUCTS, WHOLESALE
from ansible_collections.webex_partner.billing.plugins.module_utils._reports.operations import ensuring, reading
from ansible_collections.webex_partner.billing.plugins.module_utils._reports.watch import Watch
from ansible_collections.webex_partner.billing.tests.unit.described import DESCRIBED, IDS, Cisco
from ansible_collections.webex_partner.billing.tests.unit.months import Edge
from ansible_collections.webex_partner.billing.tests.unit.waiting import Told, wait_of

# what is asked for of each product: periods as Cisco's examples have them, and each part of a key
KEYS = [
    (BROADWORKS, {'billing_period': '2021-05'}),
    (BROADWORKS, {'billing_period': '2020-11'}),
    (WHOLESALE, {'start_date': '2021-05-21', 'end_date': '2021-05-30'}),
    (WHOLESALE, {'start_date': '2021-05-21', 'end_date': '2021-05-30', 'internal': True}),
    *((WHOLESALE, {'billing_period': '2020-05', 'type': kind, 'sub_partner_org_id': 'Y2lz'}) for kind in ('PARTNER', 'CUSTOMER', 'USER')),
]


@pytest.fixture
def server(product):
    with Cisco(DESCRIBED[product.name]) as running:
        yield running
    assert running.asked and running.refused == []


@pytest.fixture
def edge(product, server, time):
    return Edge(product, server.api_url, 'token', time)


@pytest.mark.parametrize(('product', 'options'), KEYS, ids=lambda value: getattr(value, 'name', str(value)))
def test_every_call_is_as_described(server, edge, product, options):
    edge.perform(reading(product), **{name: value for name, value in options.items() if name != 'internal'})
    made = edge.perform(ensuring(product), force_new=True, **options)
    assert made['changed'] and (made['report']['id'], made['report']['status']) == (IDS[0], 'COMPLETED')
    assert edge.perform(ensuring(product), state='absent', id=IDS[0])['changed']
    assert {'GET list', 'POST list', f'GET {IDS[0]}', f'DELETE {IDS[0]}'} <= set(server.asked)


@pytest.mark.parametrize('product', PRODUCTS.values(), ids=list(PRODUCTS))
def test_the_examples_are_understood(edge, product):
    example = DESCRIBED[product.name]
    listed = {report['id']: report for report in edge.perform(reading(product))['reports']}
    report = edge.perform(reading(product), id=IDS[0])['report']
    assert [listed[report_id]['status'] for report_id in IDS] == [entry['status'] for entry in example.listed]
    for part in (part for part in product.parts if part.listed):
        assert [listed[report_id][part.name] for report_id in IDS] == [entry[part.sent] for entry in example.listed]
        assert report[part.name] == example.read[part.sent]
    for name, sent in (('created', 'created'), ('created_by', 'createdBy'), ('temp_download_url', 'tempDownloadURL')):
        assert report[name] == example.read[sent]
    assert report['temp_download_url_expires'] == '2021-06-29T14:54:49Z' and report['errors'] == []


@pytest.mark.parametrize('product', PRODUCTS.values(), ids=list(PRODUCTS))
def test_a_wait_asks_as_described(edge, time, product):
    for ids in (IDS[:1], IDS[1:]):  # by itself, and two by the list
        watch = Watch(edge.client(product), ids)
        wait_of(time, Told(time)).until_ended(watch)
        assert [report.id for report in watch.reports] == ids and watch.ended
