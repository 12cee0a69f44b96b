# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Retry-After: every form that was seen or is allowed, and the clock it is judged by."""

from __future__ import annotations

import pytest
from ansible_collections.webex_partner.billing.plugins.module_utils._api import retry_after
from ansible_collections.webex_partner.billing.plugins.module_utils._errors import RateLimited
from ansible_collections.webex_partner.billing.tests.unit.connecting import client_of
from ansible_collections.webex_partner.billing.tests.unit.fake_time import EPOCH


@pytest.mark.parametrize(('value', 'expected'), [
    pytest.param('194', 194, id='seconds of a real 429'),
    pytest.param('1.5', 1.5, id='a fraction'),
    pytest.param(' 30 ', 30, id='blanks around'),
    pytest.param('0', 0, id='zero'),
    pytest.param('-1', 0, id='negative'),
    pytest.param('-0.5', 0, id='negative fraction'),
    pytest.param('Thu, 05 Nov 2026 12:01:30 GMT', 90, id='a date to come'),
    pytest.param('Thursday, 05-Nov-26 12:01:30 GMT', 90, id='a date as of RFC 850'),
    pytest.param('Thu Nov  5 12:01:30 2026', 90, id='a date as of asctime'),
    pytest.param('Thu, 05 Nov 2026 11:59:59 GMT', 0, id='a date gone by'),
    pytest.param('Thu, 01 Jan 1970 00:00:00 GMT', 0, id='the epoch'),
])
def test_readable(value, expected):
    assert retry_after.seconds(value, EPOCH) == expected


@pytest.mark.parametrize('value', [
    pytest.param(None, id='absent'),
    pytest.param('', id='empty'),
    pytest.param('   ', id='blank'),
    pytest.param('rand(30),add(30)', id='the gateway bug'),
    pytest.param('soon', id='a word'),
    pytest.param('30 seconds', id='with a unit'),
    pytest.param('1,5', id='a comma'),
    pytest.param('5, 10', id='two values'),
    pytest.param('0x10', id='hexadecimal'),
    pytest.param('1_000', id='underscore'),
    pytest.param('\u0663', id='foreign digit'),
    pytest.param('9' * 400, id='400 digits'),
    *(pytest.param(word, id=word) for word in ('nan', 'NaN', 'inf', 'Infinity', '-inf', '1e400')),
    pytest.param('Thu, 45 Nov 2026 12:01:30 GMT', id='no such day'),
    pytest.param('Thu, 05 Nov 99999 12:01:30 GMT', id='no such year'),
    pytest.param('Thu, 05 Nov 2026 12:01:30 +9999999999', id='no such zone'),
    pytest.param(',', id='comma alone'),
    pytest.param('\x00\xff', id='bytes'),
])
def test_unreadable_counts_as_absent(value):
    assert retry_after.seconds(value, EPOCH) is None


@pytest.mark.parametrize(('headers', 'seconds'), [
    pytest.param({'Retry-After': '194'}, 194, id='seconds'),
    pytest.param({'retry-after': '7'}, 7, id='name in lower case'),
    pytest.param({'Retry-After': 'Thu, 05 Nov 2026 12:01:30 GMT', 'Date': 'Thu, 05 Nov 2026 12:00:00 GMT'}, 90, id='clocks agree'),
    pytest.param({'Retry-After': 'Sun, 05 Nov 2023 12:00:07 GMT', 'Date': 'Sun, 05 Nov 2023 12:00:00 GMT'}, 7, id='server years behind'),
    pytest.param({'Retry-After': 'Thu, 05 Nov 2026 12:01:30 GMT', 'Date': None}, 90, id='server tells no time'),
    pytest.param({'Retry-After': 'Thu, 05 Nov 2026 12:01:30 GMT', 'Date': 'today'}, 90, id='server tells junk'),
    pytest.param({'Retry-After': 'rand(30),add(30)'}, None, id='the gateway bug'),
    pytest.param({}, None, id='absent'),
])
def test_of_a_real_answer(sandbox, time, headers, seconds):
    sandbox.trouble(status=429, headers=headers)
    with pytest.raises(RateLimited) as caught:
        client_of(sandbox, time).list_reports()
    assert caught.value.retry_after == seconds
