# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Month ends with a token file at a Webex that exchanges the refresh token at each use and refuses the old one."""

from __future__ import annotations

import json
import os
import random
import signal

import pytest
from canaries import CLIENT, REFRESH, RENEWED_GIVEN_AWAY, ROTATED, found, full_of_canaries, shown
from evidence import PERIOD
from playbook import TOLERANT, month_end, until
from webex_sandbox import Sandbox

MONTHS = [f'2025-{month:02}' for month in range(11, 13)] + [f'2026-{month:02}' for month in range(1, 11)]


@pytest.fixture
def sandbox():
    with Sandbox(rotate_refresh_token=True) as running:
        yield running


@pytest.fixture
def token_file(tmp_path, sandbox):
    path = tmp_path / 'north.json'
    content = {'client_id': sandbox.client_id, 'client_secret': sandbox.client_secret, 'refresh_token': sandbox.refresh_token}
    path.write_text(json.dumps(content), encoding='utf-8')
    path.chmod(0o600)
    return path


@pytest.fixture
def env(token_file):
    return {'WEBEX_ACCESS_TOKEN': None, 'WEBEX_TOKEN_FILE': str(token_file)}


@pytest.mark.kills
def test_a_year_of_month_ends(sandbox, run, started, controller, archive, env):
    """Each month another token is needed, and each third run is killed once it has it."""
    dice = random.Random(20261126)
    for number, month in enumerate(MONTHS):
        sandbox.expire_tokens()
        sandbox.add_report(month, seconds=0)
        if number % 3 == 2:
            requests = len(sandbox.requests) + dice.randrange(3, 6)  # the first is refused, the second gets a token
            process = started(period=month, env=env)
            until(lambda: len(sandbox.requests) >= requests or process.poll() is not None, seconds=30)
            for pid in controller.processes():
                os.kill(pid, signal.SIGKILL)
            process.communicate()
        outcome = run(period=month, env=env)
        assert outcome.code == 0 and list(archive.manifests(period=month)) == [1], outcome.stdout
        assert len(sandbox.minted) == number + 1, 'one token a month'
        assert 'Webex replaced' not in outcome.stdout


def test_parallel_month_ends_share_a_token(sandbox, started, controller, archive, env):
    sandbox.add_report(PERIOD, seconds=0)
    processes = [started(env=env) for _number in range(3)]
    outcomes = [controller.finish(process) for process in processes]
    assert [outcome.code for outcome in outcomes] == [0, 0, 0], [outcome.stdout for outcome in outcomes]
    assert len(sandbox.minted) == 1


def test_entries_have_files_of_their_own(sandbox, run, archive, token_file, tmp_path):
    """The file of an entry is used, although the environment has a token of somebody else."""
    sandbox.add_report(PERIOD, seconds=0)
    partners = [{'partner': 'north', 'token_file': str(token_file)}, {'partner': 'south', 'token_file': str(tmp_path / 'none.json')}]
    outcome = run(partners=partners, env={'WEBEX_ACCESS_TOKEN': 'of-somebody-else'})
    assert outcome.code == 2 and list(archive.manifests('north')) == [1] and not archive.month('south').exists(), outcome.stdout
    assert 'token_file does not exist' in outcome.stdout and len(sandbox.minted) == 1


def test_without_a_file_the_first_run_warns(sandbox, run, token_file):
    sandbox.add_report(PERIOD, seconds=0)
    variables = {f'WEBEX_{name.upper()}': value for name, value in json.loads(token_file.read_text(encoding='utf-8')).items()}
    outcome = run(env={'WEBEX_ACCESS_TOKEN': None, **variables})
    assert 'Webex replaced the refresh token, and no token_file is set' in ' '.join((outcome.stdout + outcome.stderr).split())


@pytest.mark.parametrize('broken', [False, True], ids=['good', 'refused'])
def test_no_token_gets_out(controller, archive, tmp_path, broken):
    path = tmp_path / 'north.json'
    path.write_text(json.dumps({'client_id': 'C0FFEE', 'client_secret': CLIENT, 'refresh_token': REFRESH}), encoding='utf-8')
    path.chmod(0o600)
    with full_of_canaries() as sandbox:
        sandbox.add_report(PERIOD, seconds=0)
        if broken:
            sandbox.trouble(path='/reports', status=401, json={'message': RENEWED_GIVEN_AWAY}, times=0)
        tasks = [month_end(period=PERIOD, archive=str(archive.root)) | TOLERANT]
        env = {'WEBEX_API_URL': sandbox.api_url, 'WEBEX_ACCESS_TOKEN': None, 'WEBEX_TOKEN_FILE': str(path)}
        outcome = controller.play(tasks, env=env, args=['-vvvv'])
    assert broken is (list(archive.manifests()) == [])
    assert json.loads(path.read_text(encoding='utf-8'))['refresh_token'] == ROTATED
    assert shown(outcome) == [] and found(tmp_path, known=['north.json']) == []
