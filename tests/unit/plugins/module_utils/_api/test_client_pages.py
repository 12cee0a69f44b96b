# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lists that come page by page, of each product: which links are followed, and that none leads the token elsewhere."""

from __future__ import annotations

import pytest
from ansible_collections.webex_partner.billing.plugins.module_utils._api.client import PAGE_LIMIT, _origin
from ansible_collections.webex_partner.billing.plugins.module_utils._api.products import PRODUCTS
from ansible_collections.webex_partner.billing.plugins.module_utils._errors import InvalidResponse, Unavailable
from ansible_collections.webex_partner.billing.tests.unit.connecting import asked, client_of
from ansible_collections.webex_partner.billing.tests.unit.playing import Playing
from ansible_collections.webex_partner.billing.tests.unit.raw_server import RawServer, http


@pytest.fixture(params=PRODUCTS.values(), ids=list(PRODUCTS))
def sandbox(sandbox, request):
    return Playing(sandbox, request.param)


@pytest.fixture
def client(sandbox, time):
    return client_of(sandbox, time)


@pytest.fixture
def reports(sandbox):
    """The path of the list."""
    return f'/v1{sandbox.product.path}'


def page(sandbox, *ids, link=None, times=1, path='reports'):
    items = [sandbox.entry(report_id, '2021-05', 'COMPLETED') for report_id in ids]
    sandbox.trouble(path=path, status=200, json={'items': items}, headers={'Link': link}, times=times)


@pytest.mark.parametrize('link', [
    pytest.param('<{origin}{path}?page=2>; rel="next"', id='absolute'),
    pytest.param('<{path}?page=2>; rel="next"', id='relative to the host'),
    pytest.param('<?page=2>; rel="next"', id='relative to the page'),
    pytest.param('<{origin}{path}?page=1>; rel="first", <{origin}{path}?page=2>; rel="next"', id='among others'),
    pytest.param('<{origin}{path}?page=2>; rel=next', id='without quotes'),
])
def test_the_next_page_is_followed(sandbox, client, reports, link):
    page(sandbox, 'a', link=link.format(origin=sandbox.api_url[:-len('/v1')], path=reports))
    page(sandbox, 'b', path='page=2')
    assert {report.id for report in client.list_reports()} == {'a', 'b'}
    assert [request['target'] for request in sandbox.requests] == [reports, f'{reports}?page=2']
    assert {request['authorization'] for request in sandbox.requests} == {'valid'}


@pytest.mark.parametrize(('api_url', 'link', 'same'), [
    ('https://host/v1', 'https://host:443/v1/x', True), ('https://host:443/v1', 'https://HOST/v1/x', True),
    ('http://127.0.0.1:80/v1', 'http://127.0.0.1/v1', True),
    ('https://host/v1', 'https://host:80/v1', False), ('http://127.0.0.1/v1', 'http://127.0.0.1:443/v1', False),
    ('https://host/v1', 'https://host:0/v1', False),
    ('https://host:8443/v1', 'https://host/v1', False), ('https://host/v1', 'https://someone@host/v1', False), ('https://host/v1', 'https://@host/v1', False),
])
def test_the_default_port_makes_no_other_origin(api_url, link, same):
    assert (_origin(api_url) == _origin(link)) is same


def test_other_links_are_not_followed(sandbox, client, reports):
    page(sandbox, 'a', link=f'<{reports}?page=0>; rel="prev"')
    assert len(client.list_reports()) == 1
    assert asked(sandbox) == ['GET list']


def test_a_report_on_two_pages_is_one_report(sandbox, client):
    page(sandbox, 'a', 'b', link='<?page=2>; rel="next"')
    page(sandbox, 'b', 'c', path='page=2')
    assert [report.id for report in client.list_reports()] == ['a', 'b', 'c']


@pytest.mark.parametrize('link', [
    'http://{elsewhere}{path}?page=2',
    '//{elsewhere}{path}?page=2',
    'http://{here}@{elsewhere}{path}',
    'http://someone@{here}{path}?page=2',
    'https://{here}{path}?page=2',
    'http://localhost:{port}{path}?page=2',
    '//{here}\\@{elsewhere}{path}',
    'file:///etc/passwd',
    'http://[',
])
def test_a_page_elsewhere_is_refused_without_a_request_there(sandbox, client, reports, link):
    with RawServer(http(b'{"items": []}')) as elsewhere:
        here = sandbox.api_url.split('/')[2]
        target = link.format(here=here, port=here.split(':')[1], elsewhere=elsewhere.address, path=reports)
        page(sandbox, 'a', link=f'<{target}>; rel="next"')
        with pytest.raises(InvalidResponse):
            client.list_reports()
        assert elsewhere.requests == []
    assert asked(sandbox) == ['GET list']


def test_pages_that_go_round_in_a_circle_are_refused(sandbox, client):
    page(sandbox, 'a', link='<?page=2>; rel="next"')
    page(sandbox, 'b', link='<?page=3>; rel="next"')
    page(sandbox, 'c', link='<?page=2>; rel="next"')
    with pytest.raises(InvalidResponse):
        client.list_reports()
    assert len(sandbox.requests) == 3


def test_a_page_that_names_itself_is_refused(sandbox, client, reports):
    page(sandbox, 'a', link=f'<{reports}>; rel="next"', times=0)
    with pytest.raises(InvalidResponse):
        client.list_reports()
    assert len(sandbox.requests) == 1


def test_a_missing_second_page_fails_the_list(sandbox, client):
    page(sandbox, 'a', link='<?page=2>; rel="next"')
    sandbox.trouble(status=503)
    with pytest.raises(Unavailable):
        client.list_reports()


def test_pages_without_end_are_not_followed_without_end(sandbox, client):
    for page in range(PAGE_LIMIT + 1):
        sandbox.trouble(path='/reports', headers={'Link': f'<?page={page}>; rel="next"'})
    with pytest.raises(InvalidResponse, match='next page'):
        client.list_reports()
    assert len(sandbox.requests) == PAGE_LIMIT
