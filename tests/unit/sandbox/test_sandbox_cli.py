# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The command line: `serve` and `start` as a playbook or a person would run them."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlencode, urlsplit
from urllib.request import Request, urlopen

import pytest

FILES = Path(__file__).resolve().parents[3] / 'playbooks' / 'files'
KEYS = {'api_url', 'files_url', 'control_url', 'access_token', 'client_id', 'client_secret', 'refresh_token', 'pid'}


def command(*arguments):
    return [sys.executable, '-W', 'error', '-m', 'webex_sandbox', *arguments]


def start(*arguments, **environment):
    """Run `start` as Ansible does: with pipes, whose end is waited for."""
    return subprocess.run(command('start', *arguments), cwd=FILES, env={**os.environ, **environment},
                          capture_output=True, text=True, timeout=5, check=False)


def status_of_list(about):
    headers = {'Authorization': f"Bearer {about['access_token']}"}
    with urlopen(Request(f"{about['api_url']}/broadworks/billing/reports", headers=headers), timeout=5) as answer:
        return answer.status


def control(about, method, name):
    with urlopen(Request(f"{about['control_url']}/{name}", method=method), timeout=5) as answer:
        return json.load(answer)


def has_ended(about):
    """Whether the port is free again, if need be after a while."""
    for _time in range(200):
        try:
            socket.create_connection(('127.0.0.1', urlsplit(about['api_url']).port), timeout=1).close()
        except ConnectionError:
            return True
        time.sleep(0.01)
    return False


@pytest.mark.clock
def test_start_returns_with_the_sandbox_serving_behind_it():
    began = time.monotonic()
    finished = start('--lifetime', '30', '--rows', '1', WEBEX_SANDBOX_ACCESS_TOKEN='given', WEBEX_SANDBOX_CLIENT_ID='')
    about = json.loads(finished.stdout)
    try:
        assert (finished.returncode, finished.stderr, finished.stdout.count('\n')) == (0, '', 1)
        assert time.monotonic() - began < 3
        assert set(about) == KEYS and about['access_token'] == 'given' and about['client_id']
        assert status_of_list(about) == 200
        assert os.getsid(about['pid']) == about['pid']
        assert {report['rows'] for report in control(about, 'GET', 'state')['reports']} == {1}
    finally:
        control(about, 'POST', 'stop')
    assert has_ended(about)


def test_tokens_are_granted_on_the_terms_of_the_command():
    about = json.loads(start('--lifetime', '5', '--rotate-refresh-token', '--access-token-seconds', '60', '--refresh-token-seconds', '90').stdout)
    form = urlencode({'grant_type': 'refresh_token', **{name: about[name] for name in ('client_id', 'client_secret', 'refresh_token')}})
    with urlopen(Request(f"{about['api_url']}/access_token", form.encode()), timeout=5) as answer:
        told = json.load(answer)
    control(about, 'POST', 'stop')
    assert (told['expires_in'], told['refresh_token_expires_in']) == (60, 90) and told['refresh_token'] != about['refresh_token']


def test_start_ends_by_itself():
    assert has_ended(json.loads(start('--lifetime', '0.2').stdout))


def test_start_on_a_taken_port_says_so():
    about = json.loads(start('--lifetime', '5').stdout)
    try:
        port = str(urlsplit(about['api_url']).port)
        finished = start('--port', port)
        assert (finished.returncode, finished.stdout) == (1, '')
        assert f'port {port} cannot be had' in finished.stderr and finished.stderr.count('\n') == 1
    finally:
        control(about, 'POST', 'stop')


@pytest.mark.parametrize('arguments, word', [
    (['--fail-period', '2025-13'], '--fail-period'),
    (['--lifetime', 'nan'], '--lifetime'),
    (['--refresh-token-seconds', '-1'], '--refresh-token-seconds'),
    (['--rows', '-1'], '--rows')])
def test_a_wrong_option_is_named(arguments, word):
    finished = start(*arguments)
    assert finished.returncode and not finished.stdout
    assert word in finished.stderr and 'Traceback' not in finished.stderr


@pytest.mark.parametrize('number', [signal.SIGTERM, signal.SIGINT])
def test_serve_stops_on_a_signal_without_a_word(number):
    serve = command('serve', '--fail-period', '2025-12')
    with subprocess.Popen(serve, cwd=FILES, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as serving:
        about = json.loads(serving.stdout.readline())
        assert set(about) == KEYS and about['pid'] == serving.pid
        assert status_of_list(about) == 200
        serving.send_signal(number)
        try:
            assert serving.communicate(timeout=10) == ('', '')
        finally:
            serving.kill()
        assert serving.returncode == 0


def test_exports_lead_a_shell_to_it():
    told = start('--lifetime', '1', '--exports', WEBEX_SANDBOX_ACCESS_TOKEN="a 'quoted' token").stdout
    shell = subprocess.run(['sh', '-c', f'{told}\nprintf "%s|%s" "$WEBEX_API_URL" "$WEBEX_ACCESS_TOKEN"'], capture_output=True, text=True, check=True)
    url, token = shell.stdout.split('|')
    assert url.startswith('http://127.0.0.1:') and url.endswith('/v1') and token == "a 'quoted' token"
