# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A file of the sandbox on its way: whole, or resumed where it was cut."""

from __future__ import annotations

import hashlib
import os

import pytest
from ansible_collections.webex_partner.billing.plugins.module_utils._errors import ExchangeTimeout, NetworkFault
from ansible_collections.webex_partner.billing.tests.unit.downloading import RECORDS, failure, statuses, whole


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


@pytest.mark.clock
def test_what_drips_without_silence_may_take_longer_than_the_time_for_silence(sandbox, fetch, content, report):
    sandbox.trouble(host='files', drip=0.01, drip_from='body', status=200, body='a,b\n' + '1,2\n' * 20)
    assert fetch(request_timeout=0.3, retry_timeout=0)[1].records == 20
