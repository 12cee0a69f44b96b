# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a download meets that is no file: links refused, a host in trouble, parts that do not fit, pages in place of CSV."""

from __future__ import annotations

import hashlib

import pytest
from ansible_collections.webex_partner.billing.plugins.module_utils._errors import DownloadFailed, LinkRefused, ReportFailed, Unavailable
from ansible_collections.webex_partner.billing.plugins.module_utils._file.download import downloadable
from ansible_collections.webex_partner.billing.plugins.module_utils._secrets import Secrets
from ansible_collections.webex_partner.billing.tests.unit.downloading import failure, statuses, whole
from ansible_collections.webex_partner.billing.tests.unit.reporting import a_report


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


def test_a_part_that_nobody_asked_for_is_refused(sandbox, fetch, tmp_path):
    sandbox.trouble(host='files', status=206, body='a,b\n', headers={'Content-Range': 'bytes 0-3/4'})
    assert failure(fetch, tmp_path).http_status == 206


@pytest.mark.parametrize(('body', 'word'), [
    (b'<html>Sign in, please</html>', 'HTML'), (b'', 'empty'), (b'{"a": 1}', 'JSON'),
    (b'\x1f\x8b\x08\x00' + b'z' * 90000, 'gzip'), (bytes(range(256)) * 400, 'binary'), (b'Access Denied', 'line'),
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
    (a_report('a', '2026-10', 'FAILED', errors=({'code': 7, 'description': 'No moon.'},)), ReportFailed, ('7 No moon.', '2026-10')),
    (a_report('a', '2026-10', 'FAILED'), ReportFailed, ('no errors',)),
    (a_report('a', '2026-10', 'IN_PROGRESS', temp_download_url='https://x'), DownloadFailed, ('IN_PROGRESS', 'billing_report_wait')),
    (a_report('a', '2026-10', 'REQUESTED'), DownloadFailed, ('REQUESTED',)),
    (a_report('a', '2026-10', None), DownloadFailed, ('without a status',)),
    (a_report('a', '2026-10', 'COMPLETED'), DownloadFailed, ('no usable download link',)),
], ids=lambda value: getattr(value, 'status', None))
def test_a_report_without_a_file(report, error, words):
    with pytest.raises(error) as caught:
        downloadable(report)
    assert all(word in str(caught.value) for word in words)
