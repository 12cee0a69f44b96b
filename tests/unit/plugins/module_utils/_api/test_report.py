# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A report: from any JSON to the keys of the contract, and reports in order."""

from __future__ import annotations

import json
import random

import pytest
from ansible_collections.webex_partner.billing.plugins.module_utils._api.periods import is_period
from ansible_collections.webex_partner.billing.plugins.module_utils._api.products import BROADWORKS
from ansible_collections.webex_partner.billing.plugins.module_utils._api.report import NAMED, Report, failures, newest_first
from ansible_collections.webex_partner.billing.tests.unit.reporting import a_report

DOCUMENTED = {
    'id': 'Y2lzY29zcGFyazovL3VzL0JJTExJTkdfUkVQT1JULzViOGQ1MThhLThmMDAtNDUxYi1hNDA2LWVhZjQ5YjRhN2ZhOA',
    'billingPeriod': '2021-05',
    'status': 'COMPLETED',
    'created': '2021-06-16T12:40:33.109Z',
    'createdBy': 'Y2lzY29zcGFyazovL3VzL1BFT1BMRS8wYWNkMzg3NS00ZTEyLTRkNzctYjk4MS1lMzg5ZmQ4ODQ2YzA',
    'tempDownloadURL': 'https://files.example/2021/06/16/1.csv?Expires=1624978489&Signature=Syp3~z__&Key-Pair-Id=APKA',
}
KEYS = {'id', 'billing_period', 'status', 'created', 'created_by', 'temp_download_url', 'temp_download_url_expires', 'errors'}
WRONG = [None, '', 7, True, [], ['x'], {'x': 'y'}]


def read(document):
    return Report.from_api(document, BROADWORKS)


def expires(url):
    return a_report('1', temp_download_url=url).temp_download_url_expires


def test_the_documented_report():
    assert read(DOCUMENTED).to_result() == {
        'id': DOCUMENTED['id'],
        'billing_period': '2021-05',
        'status': 'COMPLETED',
        'created': '2021-06-16T12:40:33.109Z',
        'created_by': DOCUMENTED['createdBy'],
        'temp_download_url': DOCUMENTED['tempDownloadURL'],
        'temp_download_url_expires': '2021-06-29T14:54:49Z',
        'errors': [],
    }


HOSTILE = '\x1b[2J\x9b\u202e\u2028\nTASK [forged] ***\nok: [localhost]\ud800'


def test_every_text_of_it_is_one_line():
    document = {name: f'{value}{HOSTILE}' for name, value in DOCUMENTED.items()}
    report = read({**document, 'id': 'abc', 'errors': [{'code': HOSTILE, 'description': HOSTILE}]})
    result = report.to_result()
    assert result['temp_download_url'] is None, 'no URL holds such characters'
    texts = [*result.pop('errors')[0].values(), *filter(None, result.values()), report.name, report.reasons]
    assert len(texts) == 9 and all(text.isprintable() for text in texts)
    assert not read({**document, 'errors': []}), 'an ID is never changed'


@pytest.mark.parametrize('url', ['https://h/%1b?a=~b%2f&Signature=x y', 'https://h/é?"\'<'])
def test_a_url_stays_as_it_came(url):
    assert read({**DOCUMENTED, 'tempDownloadURL': url}).temp_download_url == url


def test_what_the_api_leaves_out_is_null_and_there():
    result = read({'id': '1'}).to_result()
    assert set(result) == KEYS
    assert result.pop('id') == '1' and result.pop('errors') == []
    assert set(result.values()) == {None}


@pytest.mark.parametrize('field', sorted(set(DOCUMENTED) - {'id'}))
@pytest.mark.parametrize('value', WRONG, ids=repr)
def test_a_field_that_is_empty_or_of_a_wrong_type_is_null(field, value):
    result = read({**DOCUMENTED, field: value}).to_result()
    assert set(result) == KEYS
    name = {'billingPeriod': 'billing_period', 'createdBy': 'created_by', 'tempDownloadURL': 'temp_download_url'}.get(field, field)
    assert result[name] is None


@pytest.mark.parametrize('value', ['.', '..', 'a b', 'a\n', '\u202e', 'x' * 1001], ids=lambda value: ascii(value)[:20])
def test_an_id_that_no_task_could_name_is_none(value):
    assert read({**DOCUMENTED, 'id': value}) is None


@pytest.mark.parametrize('value', WRONG, ids=repr)
def test_without_a_usable_id_it_is_no_report(value):
    assert read({**DOCUMENTED, 'id': value}) is None


@pytest.mark.parametrize('document', [None, [], [DOCUMENTED], 'x', 7, {}], ids=['null', 'empty list', 'list', 'text', 'number', 'empty'])
def test_what_is_no_object_is_no_report(document):
    assert read(document) is None


@pytest.mark.parametrize(('status', 'ended', 'failed'), [
    ('COMPLETED', True, False),
    ('FAILED', True, True),
    ('IN_PROGRESS', False, False),
    ('REQUESTED', False, False),
    ('completed', False, False),
    (None, False, False),
])
def test_only_the_documented_ends_are_ends(status, ended, failed):
    report = read({'id': '1', 'status': status})
    assert (report.ended, report.failed, report.status) == (ended, failed, status)


@pytest.mark.parametrize(('url', 'expected'), [
    pytest.param('https://h/p.csv?Expires=1624978489', '2021-06-29T14:54:49Z', id='epoch seconds'),
    pytest.param('https://h/p.csv?Signature=a~b__&Expires=0&Key-Pair-Id=x', '1970-01-01T00:00:00Z', id='among others'),
    pytest.param(None, None, id='no URL'),
    pytest.param('https://h/p.csv', None, id='no query'),
    pytest.param('https://h/p.csv?Expires=', None, id='empty'),
    pytest.param('https://h/p.csv?Expires=soon', None, id='a word'),
    pytest.param('https://h/p.csv?Expires=1e9', None, id='a float'),
    pytest.param('https://h/p.csv?Expires=99999999999999999999', None, id='beyond all years'),
    pytest.param('https://h/p.csv?Expires=' + '9' * 5000, None, id='5000 digits'),
    pytest.param('https://[h/p.csv?Expires=1624978489', None, id='no URL at all'),
])
def test_expiry_of_the_url(url, expected):
    assert expires(url) == expected


def test_a_report_without_its_url_keeps_the_rest():
    result = read(DOCUMENTED).without_url().to_result()
    assert result['temp_download_url'] is None and result['temp_download_url_expires'] is None
    assert result['created_by'] == DOCUMENTED['createdBy']
    assert 'Signature' not in json.dumps(result)


@pytest.mark.parametrize(('period', 'valid'), [
    *((period, True) for period in ('2021-05', '2020-11', '2026-01', '2026-12')),
    *((period, False) for period in (
        '', '2021-00', '2021-13', '2021-5', '21-05', '2021/05', '202105', '2021-05-01', '2021-05\n', ' 2021-05', '2021-05 ', '２０２１-05', 'previous',
    )),
], ids=ascii)
def test_period(period, valid):
    assert is_period(period) is valid


ORDERED = [
    a_report('june', '2021-06', created='2021-07-01T00:00:00Z'),
    a_report('may, newest', '2021-05', created='2021-06-16T12:40:33.2Z'),
    a_report('may, milliseconds', '2021-05', created='2021-06-16T12:40:33.109Z'),
    a_report('may, microseconds', '2021-05', created='2021-06-16T12:40:33.108999Z'),
    a_report('may, nanoseconds', '2021-05', created='2021-06-16T12:40:33.108998999Z'),
    a_report('may, no fraction', '2021-05', created='2021-06-16T12:40:33Z'),
    a_report('may, another zone', '2021-05', created='2021-06-16T14:40:32.999+02:00'),
    a_report('may, a: no date', '2021-05'),
    a_report('may, b: junk for a date', '2021-05', created='yesterday'),
    a_report('april', '2021-04', created='2026-01-01T00:00:00Z'),
    a_report('no month'),
]


@pytest.mark.parametrize('seed', range(5))
def test_newest_first_whatever_the_order_they_came_in(seed):
    shuffled = random.Random(seed).sample(ORDERED, len(ORDERED))
    assert [report.id for report in newest_first(shuffled)] == [report.id for report in ORDERED]


@pytest.mark.parametrize('created', [
    '0001-01-01T00:00:00+23:59', '9999-12-31T23:59:59-23:59', '2021-06-16', '2021-06-16T12:40:33', '2021-02-30T00:00:00Z', 'Z', '.', '1.Z', '²',
])
def test_any_date_can_be_ordered(created):
    reports = [a_report('a', '2021-05', created=created), *ORDERED, a_report('b', '2021-05', created=created)]
    assert len(newest_first(reports)) == len(reports)


@pytest.mark.parametrize(('errors', 'words'), [
    ((), 'Webex gave no errors'),
    (({'code': 2024, 'description': 'Billing Report not found.'},), '2024 Billing Report not found.'),
    (({'code': 7, 'description': None}, {'code': None, 'description': 'No moon.'}), '7, No moon.'),
])
def test_a_failure_in_words(errors, words):
    assert a_report('abc', '2026-10', 'FAILED', errors=errors).reasons == words


def test_failures_are_named_up_to_a_point():
    reports = [a_report(f'<{number}>') for number in range(NAMED + 5)]
    assert [f'<{number}>' in failures(reports) for number in (0, NAMED - 1, NAMED)] == [True, True, False]
