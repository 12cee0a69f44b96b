# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A file of the sandbox on its way: whole, resumed, or refused with nothing left behind."""

from __future__ import annotations

import base64
import hashlib
import os
import urllib.request

import pytest
from ansible_collections.webex_partner.billing.plugins.module_utils._download import Download, downloadable
from ansible_collections.webex_partner.billing.plugins.module_utils._errors import (
    BillingError, DownloadFailed, ExchangeTimeout, LinkRefused, NetworkFault, ReportFailed, Unavailable,
)
from ansible_collections.webex_partner.billing.plugins.module_utils._part import Part
from ansible_collections.webex_partner.billing.plugins.module_utils._report import Report
from ansible_collections.webex_partner.billing.plugins.module_utils._secrets import Secrets
from ansible_collections.webex_partner.billing.tests.unit.connecting import client_of

MAY = 'Y2lzY29zcGFyazovL3VzL0JJTExJTkdfUkVQT1JULzViOGQ1MThhLThmMDAtNDUxYi1hNDA2LWVhZjQ5YjRhN2ZhOA'
RECORDS = 3000


@pytest.fixture
def report(sandbox):
    return sandbox.add_report('2026-10', seconds=0, rows=RECORDS)


@pytest.fixture
def content(sandbox, report):
    """The file as it should come; the request for it is forgotten."""
    with urllib.request.urlopen(client_of(sandbox).get_report(report).temp_download_url) as answer:
        body = answer.read()
    sandbox.clear_requests()
    return body


@pytest.fixture
def fetch(sandbox, report, content, time, tmp_path):
    """Downloads the report to a part, and returns what came of it, with the bytes."""
    def run(checksum=None, secrets=None, **options):
        client = client_of(sandbox, time, secrets, **{'retry_timeout': 60, **options})
        with Part(str(tmp_path / 'bill.csv')) as part:
            download = Download(client, downloadable(client.get_report(report)), part)
            found = download.run(checksum)
            with open(part.path, 'rb') as file:
                return download, found, file.read()
    return run


def statuses(sandbox, host='files'):
    return [request['status'] for request in sandbox.requests if request['host'] == host]


def whole(content):
    return {'status': 200, 'body_base64': base64.b64encode(content).decode()}


def failure(fetch, tmp_path, **options):
    with pytest.raises(BillingError) as caught:
        fetch(**options)
    assert os.listdir(tmp_path) == [], 'nothing is left behind'
    assert 'Signature' not in str(caught.value)
    return caught.value


def test_a_file(sandbox, fetch, content, tmp_path):
    download, found, body = fetch(checksum=hashlib.sha256(content).hexdigest())
    assert body == content and found.size == len(content) and found.sha256 == hashlib.sha256(content).hexdigest()
    assert found.records == RECORDS and len(found.columns) == 4 and download.measured
    assert statuses(sandbox) == [200] and statuses(sandbox, 'api') == [200]
    assert [request['authorization'] for request in sandbox.requests] == ['valid', 'none']
    assert os.listdir(tmp_path) == []


def test_what_is_cut_goes_on_where_it_ended_with_a_fresh_link(sandbox, fetch, content, time):
    sandbox.trouble(host='files', cut='body')
    _download, found, body = fetch()
    assert body == content and found.records == RECORDS and found.sha256 == hashlib.sha256(content).hexdigest()
    assert statuses(sandbox) == [None, 206] and len(statuses(sandbox, 'api')) == 2


def test_many_cuts_that_each_bring_something_are_not_counted(sandbox, fetch, content, time):
    sandbox.trouble(host='files', cut='body', times=8)
    assert fetch()[2] == content
    assert statuses(sandbox) == [None] * 8 + [206]


@pytest.mark.parametrize('cut', ['before', 'headers'])
def test_a_cut_before_the_first_byte(sandbox, fetch, content, cut):
    sandbox.trouble(host='files', cut=cut)
    assert fetch()[2] == content
    assert statuses(sandbox) == [None, 200]


def test_a_host_without_ranges_sends_all_of_it_again(sandbox, fetch, content):
    sandbox.trouble(host='files', cut='body')
    sandbox.trouble(host='files', **whole(content))
    _download, found, body = fetch()
    assert body == content and found.records == RECORDS


def test_another_file_under_the_same_link_starts_again(sandbox, fetch, content):
    sandbox.trouble(host='files', cut='body', headers={'ETag': '"another"'})
    assert fetch()[2] == content
    assert statuses(sandbox) == [None, 200]


def test_without_an_etag_the_same_path_goes_on(sandbox, fetch, content):
    sandbox.trouble(host='files', cut='body', headers={'ETag': None})
    assert fetch()[2] == content
    assert statuses(sandbox) == [None, 206]


def test_without_an_etag_another_path_starts_again(sandbox, fetch, content, report):
    sandbox.trouble(host='files', cut='body', headers={'ETag': None})
    sandbox.trouble(path=report, skip=1, replace={'tempDownloadURL': f'{sandbox.files_url}/elsewhere.csv?x'})
    sandbox.trouble(path='elsewhere', **whole(content))
    assert fetch()[2] == content


def test_a_cut_without_patience_is_one_try(sandbox, fetch, tmp_path):
    sandbox.trouble(host='files', cut='body', times=0)
    error = failure(fetch, tmp_path, retry_timeout=0)
    assert isinstance(error, NetworkFault) and len(statuses(sandbox)) == 1
    assert 'Downloading the file of billing report' in str(error) and '127.0.0.1' in error.remedy


def test_no_progress_ends_after_the_time_for_it(sandbox, fetch, tmp_path, time):
    sandbox.trouble(host='files', cut='before', times=0)
    start = time.clock()
    error = failure(fetch, tmp_path, retry_timeout=60)
    assert isinstance(error, NetworkFault) and 'tries' in str(error)
    assert 59 < time.clock() - start < 62 and len(statuses(sandbox)) == len(statuses(sandbox, 'api'))


def test_a_host_without_ranges_that_always_cuts_does_not_go_on_for_ever(sandbox, fetch, content, tmp_path):
    sandbox.trouble(host='files', cut='body', times=0, **whole(content))
    assert isinstance(failure(fetch, tmp_path), NetworkFault)


def test_silence(sandbox, fetch, content, tmp_path, time):
    time.patience = 0.3
    sandbox.trouble(host='files', delay=60, times=0)
    assert isinstance(failure(fetch, tmp_path, request_timeout=0.3, retry_timeout=0), ExchangeTimeout)


def test_silence_amid_the_body(sandbox, fetch, content, tmp_path):
    sandbox.trouble(host='files', drip=60, drip_from='body')
    assert isinstance(failure(fetch, tmp_path, request_timeout=0.3, retry_timeout=0), ExchangeTimeout)


def test_what_drips_without_silence_may_take_longer_than_the_time_for_silence(sandbox, fetch, content, report):
    sandbox.trouble(host='files', drip=0.01, drip_from='body', status=200, body='a,b\n' + '1,2\n' * 20)
    assert fetch(request_timeout=0.3, retry_timeout=0)[1].records == 20


@pytest.mark.parametrize('status', [401, 403, 404, 410])
def test_a_link_that_is_refused_is_tried_once_more_with_a_fresh_one(sandbox, fetch, content, status):
    sandbox.trouble(host='files', status=status)
    assert fetch(retry_timeout=0)[2] == content
    assert statuses(sandbox) == [status, 200] and statuses(sandbox, 'api') == [200, 200]


def test_a_link_that_is_refused_twice(sandbox, fetch, tmp_path):
    sandbox.trouble(host='files', status=403, times=0)
    error = failure(fetch, tmp_path)
    assert isinstance(error, LinkRefused) and (error.kind, error.http_status) == ('download', 403) and '403 Forbidden' in str(error)
    assert statuses(sandbox) == [403, 403]


@pytest.mark.parametrize('status', [408, 429, 500, 503])
def test_trouble_of_the_file_host_that_passes(sandbox, fetch, content, status):
    sandbox.trouble(host='files', status=status, times=2)
    assert fetch()[2] == content
    assert statuses(sandbox) == [status, status, 200]


def test_trouble_of_the_file_host_that_stays(sandbox, fetch, tmp_path):
    sandbox.trouble(host='files', status=503, times=0, headers={'Retry-After': '900'})
    error = failure(fetch, tmp_path)
    assert (error.kind, error.http_status, error.retry_after) == ('download', 503, 900) and len(statuses(sandbox)) == 1


def test_trouble_of_the_api_between_two_attempts(sandbox, fetch, content, report):
    sandbox.trouble(host='files', cut='body')
    sandbox.trouble(path=report, skip=1, status=503)
    assert fetch()[2] == content
    sandbox.trouble(host='files', cut='body')
    sandbox.trouble(path=report, skip=1, status=503, times=0)
    with pytest.raises(Unavailable, match='Reading billing report'):
        fetch()


def test_a_file_that_has_become_shorter_starts_again(sandbox, fetch, content):
    sandbox.trouble(host='files', cut='body')
    sandbox.trouble(host='files', status=416)
    assert fetch()[2] == content
    assert statuses(sandbox) == [None, 416, 200]


@pytest.mark.parametrize('content_range', ['bytes 0-9/10', 'bytes 5-9/10', 'bytes */10', 'items 1-2/3', '', None])
def test_a_part_that_does_not_fit_is_refused(sandbox, fetch, tmp_path, content_range):
    sandbox.trouble(host='files', cut='body')
    sandbox.trouble(host='files', status=206, body='x,y\n', headers={'Content-Range': content_range})
    error = failure(fetch, tmp_path)
    assert (error.kind, error.http_status) == ('download', 206) and 'part' in str(error)


def test_a_part_of_a_file_of_another_length_is_refused(sandbox, fetch, content, tmp_path):
    half = len(content) // 2
    sandbox.trouble(host='files', cut='body')
    sandbox.trouble(host='files', status=206, body='x' * 10, headers={'Content-Range': f'bytes {half}-{half + 9}/{half + 10}'})
    assert failure(fetch, tmp_path).kind == 'download'


def test_a_part_that_nobody_asked_for_is_refused(sandbox, fetch, tmp_path):
    sandbox.trouble(host='files', status=206, body='a,b\n', headers={'Content-Range': 'bytes 0-3/4'})
    assert failure(fetch, tmp_path).http_status == 206


@pytest.mark.parametrize(('body', 'word'), [
    (b'<html>Sign in, please</html>', 'HTML'), (b'', 'empty'), (b'{"a": 1}', 'JSON'), (b'\x1f\x8b\x08\x00' + b'z' * 90000, 'binary'), (b'Access Denied', 'line'),
])
def test_what_is_no_csv(sandbox, fetch, tmp_path, body, word):
    sandbox.trouble(host='files', times=0, **whole(body))
    error = failure(fetch, tmp_path)
    assert error.kind == 'download' and word in str(error) and len(statuses(sandbox)) == 1


def test_a_length_that_is_more_than_what_comes(sandbox, fetch, tmp_path):
    sandbox.trouble(host='files', times=0, status=200, body='a,b\n1,2\n', headers={'Content-Length': '5000'})
    assert 'after 8 bytes of 5000' in str(failure(fetch, tmp_path))


def test_a_short_body_that_the_library_takes_for_a_whole_one(monkeypatch, sandbox, fetch, tmp_path):
    monkeypatch.setattr('urllib3.response.HTTPResponse._init_length', lambda *_args: None)  # as urllib3 1 does
    sandbox.trouble(host='files', times=0, status=200, body='a,b\n1,2\n', headers={'Content-Length': '5000'})
    assert 'after 8 bytes of 5000' in str(failure(fetch, tmp_path))


def test_a_file_without_a_length(sandbox, fetch):
    sandbox.trouble(host='files', status=200, body='a,b\n1,2\n', headers={'Content-Length': None})
    download, found, _body = fetch()
    assert (found.records, download.measured) == (1, False)


def test_a_file_without_a_length_that_ends_amid_quotes(sandbox, fetch, tmp_path):
    sandbox.trouble(host='files', status=200, body='a,b\n1,"2\n', headers={'Content-Length': None}, times=0)
    assert 'quoted' in str(failure(fetch, tmp_path))


def test_an_encoding_that_nobody_asked_for(sandbox, fetch, tmp_path):
    sandbox.trouble(host='files', headers={'Content-Encoding': 'gzip'})
    assert 'encoding' in str(failure(fetch, tmp_path))


def test_a_checksum_that_is_another(sandbox, fetch, content, tmp_path):
    error = failure(fetch, tmp_path, checksum='0' * 64)
    assert error.kind == 'download' and hashlib.sha256(content).hexdigest() in str(error) and 'checksum' in error.remedy


def test_a_report_that_is_gone_or_failed_meanwhile(sandbox, fetch, report, tmp_path):
    sandbox.trouble(host='files', cut='body')
    sandbox.trouble(path=report, skip=1, replace={'status': 'FAILED'})
    assert failure(fetch, tmp_path).kind == 'report_failed'


def test_the_link_becomes_a_secret_in_all_its_parts(sandbox, fetch):
    secrets = Secrets()
    link = fetch(secrets=secrets)[0].report.temp_download_url
    signature = link.partition('Signature=')[2].partition('&')[0]
    for text in (link, link.partition('?')[2], signature, link[len(sandbox.files_url):]):
        assert signature not in secrets.mask(f'url: {text}') and signature not in secrets.mask(text)


@pytest.mark.parametrize(('report', 'error', 'words'), [
    (Report('a', '2026-10', 'FAILED', errors=({'code': 7, 'description': 'No moon.'},)), ReportFailed, ('7 No moon.', '2026-10')),
    (Report('a', '2026-10', 'FAILED'), ReportFailed, ('no errors',)),
    (Report('a', '2026-10', 'IN_PROGRESS', temp_download_url='https://x'), DownloadFailed, ('IN_PROGRESS', 'billing_report_wait')),
    (Report('a', '2026-10', 'REQUESTED'), DownloadFailed, ('REQUESTED',)),
    (Report('a', '2026-10', None), DownloadFailed, ('without a status',)),
    (Report('a', '2026-10', 'COMPLETED'), DownloadFailed, ('no download link',)),
], ids=lambda value: getattr(value, 'status', None))
def test_a_report_without_a_file(report, error, words):
    with pytest.raises(error) as caught:
        downloadable(report)
    assert all(word in str(caught.value) for word in words)
