# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A report with a file, and a way to download it."""

from __future__ import annotations

import urllib.request

import pytest
from ansible_collections.webex_partner.billing.plugins.module_utils._file.download import Download, downloadable
from ansible_collections.webex_partner.billing.plugins.module_utils._file.part import Part
from ansible_collections.webex_partner.billing.tests.unit.connecting import client_of
from ansible_collections.webex_partner.billing.tests.unit.downloading import RECORDS


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
