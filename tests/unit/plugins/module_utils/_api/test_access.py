# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a token answer tells about the access, and what an operator hears of it."""

from __future__ import annotations

import pytest
from ansible_collections.webex_partner.billing.plugins.module_utils._api.access import DAY, Access, ends_soon
from ansible_collections.webex_partner.billing.plugins.module_utils._api.products import BROADWORKS
from ansible_collections.webex_partner.billing.plugins.module_utils._errors import PermissionRefused
from ansible_collections.webex_partner.billing.tests.unit.connecting import asked, client_of, minting
from ansible_collections.webex_partner.billing.tests.unit.reporting import of
from webex_sandbox import Sandbox

NOW = 1793880000.0  # 2026-11-05T12:00:00Z
READ, WRITE = BROADWORKS.scopes
OLD = Access('C1', 'the-secret', 'old', NOW + 5, None, None, ('a',))


@pytest.mark.parametrize(('answer', 'refresh_token', 'ends', 'scopes'), [
    ({}, 'old', NOW + 5, ('a',)),
    ({'refresh_token': 'old', 'refresh_token_expires_in': 100}, 'old', NOW + 100, ('a',)),
    ({'refresh_token': 'new', 'refresh_token_expires_in': 100, 'scope': 'b  c'}, 'new', NOW + 100, ('b', 'c')),
    ({'refresh_token': 'new'}, 'new', None, ('a',)),
    ({'refresh_token': 'not a token', 'scope': ''}, 'old', NOW + 5, ('a',)),
    ({'refresh_token': 7, 'refresh_token_expires_in': 'soon', 'scope': ['b']}, 'old', NOW + 5, ('a',)),
])
def test_a_token_answer(answer, refresh_token, ends, scopes):
    access = OLD.renewed({'access_token': 'token', 'expires_in': 60, **answer}, NOW)
    assert (access.access_token, access.access_token_expires) == ('token', NOW + 60)
    assert (access.refresh_token, access.refresh_token_expires, access.scopes) == (refresh_token, ends, scopes)


@pytest.mark.parametrize('seconds', [None, True, -1, float('nan'), float('inf'), 1e30, 10 ** 400, '60', [60]])
def test_a_lifetime_that_is_none_is_not_known(seconds):
    assert OLD.renewed({'access_token': 'token', 'expires_in': seconds}, NOW).access_token_expires is None


@pytest.mark.parametrize(('left', 'warned'), [(35 * DAY + 1, False), (35 * DAY, True), (-1, True), (None, False)])
def test_a_refresh_token_that_ends_soon(left, warned):
    told = ends_soon(Access(refresh_token_expires=None if left is None else NOW + left), NOW)
    assert bool(told) is warned
    if warned:
        assert ('ended' if left < 0 else 'ends') in told and 'webex_partner.billing.authorize' in told and 'awx_setup_update_secrets' in told


@pytest.mark.parametrize(('scopes', 'reads', 'writes'), [
    (None, None, None), ((READ, WRITE), None, None), ((READ,), None, WRITE), ((WRITE,), 'warned', None), ((), READ, WRITE), (('other',), READ, WRITE),
])
def test_scopes_are_judged_before_a_call(scopes, reads, writes):
    access = Access(scopes=scopes)
    for method, expected in (('GET', reads), ('POST', writes), ('DELETE', writes)):
        if expected in (None, 'warned'):
            assert bool(access.judge(BROADWORKS.scopes, method)) is (expected == 'warned')
        else:
            with pytest.raises(PermissionRefused, match=f'the token lacks the scope {expected}'):
                access.judge(BROADWORKS.scopes, method)


def test_a_create_without_the_scope_is_refused_before_the_call(sandbox, time):
    sandbox.trouble(path='access_token', replace={'scope': READ}, times=0)
    client = client_of(sandbox, time, **minting(sandbox))
    client.list_reports()
    for call in (lambda: client.create_report(of('2021-06')), lambda: client.delete_report('abc')):
        with pytest.raises(PermissionRefused, match=f'lacks the scope {WRITE}') as caught:
            call()
        assert 'Wholesale' not in str(caught.value)
    assert asked(sandbox) == ['POST token', 'GET list']


def test_warnings_come_once(sandbox, time):
    sandbox.trouble(path='access_token', replace={'scope': WRITE, 'refresh_token_expires_in': 5 * DAY}, times=0)
    warned = []
    client = client_of(sandbox, time, warn=warned.append, **minting(sandbox))
    for _call in range(2):
        client.list_reports()
        sandbox.expire_tokens()
    assert len(warned) == 2 and 'The refresh token ends at 2026-11-10' in warned[0] and f'lacks {READ}' in warned[1]


def test_an_exchanged_refresh_token_is_told_where_nothing_keeps_it(time):
    with Sandbox(rotate_refresh_token=True, clock=time.clock, now=time.now) as sandbox:
        warned = []
        client = client_of(sandbox, time, warn=warned.append, **minting(sandbox))
        client.list_reports()
        assert 'Webex replaced the refresh token' in warned[0] and sandbox.refresh_token not in warned[0] and len(warned) == 1
        assert client.tokens.exchanged is True
