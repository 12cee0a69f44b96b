# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A wait that gets any answers: it ends by its deadline, with a result or a failure, and every line it prints can be shown."""

from __future__ import annotations

import itertools

import pytest
from ansible_collections.webex_partner.billing.plugins.action import billing_report_wait
from ansible_collections.webex_partner.billing.plugins.plugin_utils import _action
from ansible_collections.webex_partner.billing.tests.fuzz import documents
from ansible_collections.webex_partner.billing.tests.fuzz.answers import answers
from ansible_collections.webex_partner.billing.tests.fuzz.documents import CANARY, PERIOD, REPORT_ID
from ansible_collections.webex_partner.billing.tests.fuzz.judging import judge_failure, judge_line, judge_result, soon
from ansible_collections.webex_partner.billing.tests.unit.acting import act
from ansible_collections.webex_partner.billing.tests.unit.fake_time import FakeTime
from ansible_collections.webex_partner.billing.tests.unit.raw_server import RawServer
from hypothesis import given, settings
from hypothesis import strategies as st

LIMITS = {'wait_timeout': 20.0, 'request_timeout': 5.0}


@settings(max_examples=60)
@given(
    st.lists(answers(documents.reports), min_size=1, max_size=3),
    st.lists(answers(documents.lists), min_size=1, max_size=3),
    st.sampled_from(({'id': REPORT_ID}, {'ids': [REPORT_ID, 'def']}, {'billing_period': PERIOD})),
)
def test_a_wait(reports, listings, asked):
    lists, singles = itertools.cycle(listings), itertools.cycle(reports)
    lines, time = [], FakeTime()
    start = time.clock()
    with pytest.MonkeyPatch.context() as patch, soon(), RawServer(lambda request: next(lists if b'/reports HTTP' in request else singles)) as server:
        patch.setattr(billing_report_wait, 'Time', lambda: time)
        patch.setattr(_action.display, 'display', lambda line, *_args, **_kwargs: lines.append(line))
        result = act(billing_report_wait.ActionModule, api_url=f'http://{server.address}/v1', access_token=CANARY, **LIMITS, **asked)
    assert time.clock() - start <= sum(LIMITS.values())
    judge_result(result)
    for line in [*lines, *result.get('warnings', ())]:
        judge_line(line)
    if result.get('failed'):
        judge_failure({'msg': result['msg'], 'error': result['error']})
