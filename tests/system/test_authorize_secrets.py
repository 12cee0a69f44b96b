# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Canaries for all secrets of both flows, given away by the server in every answer: none is on the screen, in a file or in the arguments of a process."""

from __future__ import annotations

import json
import re
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from canaries import CANARIES, CLIENT, MINTED, ROTATED, SEARCHED, SIGNED, found, full_of_canaries, watched_arguments
from terminal import authorize

CODE = SIGNED  # of the device, or the one that the browser comes back with
GIVEN_AWAY = f'{CLIENT}, {CODE}'
REFUSAL = {'message': GIVEN_AWAY, 'error_description': GIVEN_AWAY, 'errors': [{'description': GIVEN_AWAY}], 'trackingId': CLIENT}
GRANTED = {'access_token': MINTED, 'refresh_token': ROTATED, 'expires_in': 3600, 'scope': f'{MINTED} {ROTATED}'}


@pytest.fixture
def sandbox():
    with full_of_canaries() as running:
        running.clear_trouble()
        running.trouble(path='device/authorize$', replace={'device_code': CODE, 'interval': 0.5}, times=0)
        running.trouble(path='device/token$', status=428, json=REFUSAL)
        yield running


@pytest.fixture
def granted(request, sandbox):
    """Whether Webex grants the tokens in the end."""
    answer = {'status': 200, 'json': GRANTED} if request.param else {'status': 400, 'json': {'error': 'access_denied', **REFUSAL}}
    sandbox.trouble(path='(device/token|access_token)$', times=0, **answer)
    return request.param


def by_device(screen):
    screen.sees('Press Enter')
    screen.types('\n')
    screen.sees('Waiting for')


def by_code(screen):
    query = parse_qs(urlsplit(screen.sees(r'Open (http\S+)')[1]).query)
    screen.sees('paste it here')
    screen.types(f'{query["redirect_uri"][0]}?{urlencode({"code": CODE, "state": query["state"][0]})}\n')


FLOWS = {'device': by_device, 'code': by_code}


@pytest.mark.parametrize('granted', [True, False], indirect=True, ids=['granted', 'refused'])
@pytest.mark.parametrize('flow', FLOWS)
def test_no_canary_gets_out(controller, sandbox, tmp_path, granted, flow):
    (tmp_path / 'webex').mkdir(mode=0o700)
    leaving = {
        'WEBEX_CLIENT_SECRET': None, 'ANSIBLE_LOG_PATH': str(tmp_path / 'ansible.log'), 'ANSIBLE_CACHE_PLUGIN': 'jsonfile',
        'ANSIBLE_CACHE_PLUGIN_CONNECTION': str(tmp_path / 'facts'),
    }
    with watched_arguments(controller) as seen:
        screen = authorize(controller, sandbox, tmp_path / 'webex/north.json', '-vvvvv', '-e', f'authorize_flow={flow}', **leaving)
        screen.sees('Client secret of the integration:')
        screen.types(f'{CLIENT}\n')
        FLOWS[flow](screen)
        assert screen.end() == (0 if granted else 2), screen.screen
    assert not seen
    typed = {CODE} if flow == 'code' else set()  # the person's own paste, good once and for this process only
    text = re.sub(r'\s', '', screen.screen)  # a terminal breaks lines
    SEARCHED['bytes'] += len(text)
    assert {canary for canary in CANARIES if canary[:-5] in text} <= typed, screen.screen
    assert found(tmp_path, ['webex/north.json']) == [] and (tmp_path / 'ansible.log').stat().st_size > 500
    if granted:
        content = json.loads((tmp_path / 'webex/north.json').read_text(encoding='utf-8'))
        assert (content['client_secret'], content['access_token'], content['refresh_token']) == (CLIENT, MINTED, ROTATED)
