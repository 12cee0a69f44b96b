# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Any bytes of the API and of the file host: the file they make, or an error of ours, and nothing left behind."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile

from ansible_collections.webex_partner.billing.plugins.module_utils._api.client import BillingClient
from ansible_collections.webex_partner.billing.plugins.module_utils._errors import BillingError
from ansible_collections.webex_partner.billing.plugins.module_utils._file.download import Download, downloadable
from ansible_collections.webex_partner.billing.plugins.module_utils._file.part import Part
from ansible_collections.webex_partner.billing.plugins.module_utils._secrets import Secrets
from ansible_collections.webex_partner.billing.tests.fuzz import documents
from ansible_collections.webex_partner.billing.tests.fuzz.answers import answers, known_statuses, spoilt, statuses, whole_answers
from ansible_collections.webex_partner.billing.tests.fuzz.documents import CANARY, REPORT_ID, mostly
from ansible_collections.webex_partner.billing.tests.fuzz.judging import judge_result, outcome, soon
from ansible_collections.webex_partner.billing.tests.fuzz.test_csv import tables
from ansible_collections.webex_partner.billing.tests.unit.connecting import connection_to
from ansible_collections.webex_partner.billing.tests.unit.fake_time import FakeTime
from ansible_collections.webex_partner.billing.tests.unit.raw_server import RawServer, http
from hypothesis import given, settings
from hypothesis import strategies as st

SIGNED = '?Expires=1624978489&Signature=Syp3~vrVeMx4P6MeMtm8e1bQ'
contents = tables.map(lambda table: table[0].encode()) | st.binary(max_size=100) | st.sampled_from((b'<html>', b'{}', b'a,b\n' + b'1,2\n' * 50_000))
files = whole_answers(contents, mostly(known_statuses.map(b'%d'.__mod__), statuses) | st.just(b'200'))
hosts = st.lists(files | spoilt(files) | st.binary(max_size=100), min_size=1, max_size=3)


def fetched(api, folder, time, **options):
    """What comes of a download, with the bytes."""
    options = {'access_token': CANARY, 'request_timeout': 5, 'retry_timeout': 10, **options}
    client = BillingClient(connection_to(f'http://{api.address}/v1', **options), Secrets(), time)

    def fetch():
        report = downloadable(client.get_report(REPORT_ID))
        with Part(os.path.join(folder, 'bill.csv')) as part:
            found = Download(client, report, part).run()
            with open(part.path, 'rb') as file:
                return found, file.read()

    return outcome(fetch, client.secrets), client.secrets


def judge_fetched(result, secrets, folder):
    assert os.listdir(folder) == []
    if isinstance(result, BillingError):
        assert 'Syp3' not in str(result.to_result(secrets.mask))
        return
    found, content = result
    assert (found.size, found.sha256) == (len(content), hashlib.sha256(content).hexdigest()) and content
    judge_result(secrets.scrub({'records': found.records, 'columns': found.columns}))


@settings(max_examples=60)
@given(hosts)
def test_what_a_file_host_sends(script):
    turns, time = iter(script), FakeTime()
    with RawServer(lambda request: next(turns, script[-1])) as host, tempfile.TemporaryDirectory() as folder:
        link = f'http://{host.address}/a.csv{SIGNED}'
        with RawServer(http(json.dumps({'id': REPORT_ID, 'status': 'COMPLETED', 'tempDownloadURL': link}).encode())) as api, soon():
            judge_fetched(*fetched(api, folder, time), folder)


@settings(max_examples=40)
@given(answers(documents.reports))
def test_what_the_api_sends_of_a_file(answer):
    with RawServer(answer) as api, tempfile.TemporaryDirectory() as folder, soon():
        judge_fetched(*fetched(api, folder, FakeTime(), retry_timeout=0), folder)
