# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Any value in any place of what the API says: a field, or nothing."""

from __future__ import annotations

import json
import math

from ansible_collections.webex_partner.billing.plugins.module_utils._api import fields, retry_after
from ansible_collections.webex_partner.billing.plugins.module_utils._api.products import BROADWORKS
from ansible_collections.webex_partner.billing.plugins.module_utils._api.report import Report, failures, newest_first
from ansible_collections.webex_partner.billing.plugins.module_utils._secrets import CUT_OFF
from ansible_collections.webex_partner.billing.tests.fuzz import documents
from ansible_collections.webex_partner.billing.tests.fuzz.answers import demands
from ansible_collections.webex_partner.billing.tests.fuzz.judging import judge_texts
from hypothesis import example, given
from hypothesis import strategies as st

KEYS = {'id', 'billing_period', 'status', 'created', 'created_by', 'temp_download_url', 'temp_download_url_expires', 'errors'}
LONGEST = fields.TEXT_LIMIT + len(CUT_OFF)
found_reports = (documents.reports | documents.values).map(lambda document: Report.from_api(document, BROADWORKS))


@given(demands.map(bytes.decode) | documents.texts | st.none() | st.datetimes().map('{0:%a, %d %b %Y %H:%M:%S GMT}'.format), st.floats(0, 1e10))
@example('9' * 400, 0.0)
def test_retry_after(value, now):
    seconds = retry_after.seconds(value, now)
    assert seconds is None or (math.isfinite(seconds) and seconds >= 0)


@given(documents.errors | documents.values)
def test_errors(value):
    errors = fields.errors(value)
    assert len(errors) <= fields.ERRORS_LIMIT
    for error in errors:
        assert set(error) == {'code', 'description'} and (error['code'] is not None or error['description'])
        assert isinstance(error['code'], (int, str, type(None))) and not isinstance(error['code'], bool)
        assert len(error['description'] or '') <= LONGEST
    judge_texts(errors)
    json.dumps(errors, ensure_ascii=False).encode()


@given(found_reports)
def test_a_report(report):
    if report is None:
        return
    result = report.to_result()
    assert set(result) == KEYS and isinstance(result['errors'], list)
    assert all(value is None or isinstance(value, str) for name, value in result.items() if name != 'errors')
    judge_texts([result, report.name, report.reasons])
    assert len(report.name) <= LONGEST and len(report.reasons) <= LONGEST
    json.dumps(result, allow_nan=False, ensure_ascii=False).encode()


@given(st.lists(found_reports, max_size=4, unique_by=lambda report: report and report.id))
def test_reports_have_an_order(found):
    reports = [report for report in found if report]
    assert newest_first(reports) == newest_first(reversed(newest_first(reports)))
    assert isinstance(failures(reports), str)
