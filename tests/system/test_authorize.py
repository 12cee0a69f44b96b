# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbook authorize at a real terminal: from a person's consent to a token file that a month end can use, and no token on the screen."""

from __future__ import annotations

import json
import re

import pytest
from documentation import page, script, shown
from playbook import until
from runner import run as by_runner
from terminal import AUTHORIZE, Terminal, authorize, browse
from webex_sandbox.tokens import READ_SCOPE, WHOLESALE_SCOPES, WRITE_SCOPE


@pytest.fixture
def token_file(tmp_path):
    folder = tmp_path / 'webex'
    folder.mkdir(mode=0o700)
    return folder / 'north.json'


@pytest.fixture
def terminal(controller, sandbox, token_file):
    return lambda *arguments, **env: authorize(controller, sandbox, token_file, *arguments, **env)


def nothing_leaked(terminal, sandbox, token_file, folder):
    content = json.loads(token_file.read_text(encoding='utf-8')) if token_file.exists() else {}
    secrets = {sandbox.client_secret, sandbox.refresh_token, *sandbox.minted, *filter(None, (content.get('refresh_token'), content.get('access_token')))}
    assert [secret for secret in secrets if secret in terminal.screen] == []
    files = [path for path in folder.rglob('*') if path.is_file() and path != token_file]
    assert [(path, secret) for path in files for secret in secrets if secret.encode() in path.read_bytes()] == []


@pytest.mark.parametrize('verbosity', ['-v', '-vvvv'])
def test_by_device(terminal, sandbox, token_file, tmp_path, run, archive, verbosity):
    screen = terminal(verbosity)
    screen.sees('Press Enter')
    screen.types('\n')
    address = screen.sees(r'Open (http\S+)')[1]
    assert screen.sees('the code ([0-9]{6}),')[1] in address
    browse(address)
    assert screen.end() == 0, screen.screen
    content = json.loads(token_file.read_text(encoding='utf-8'))
    assert token_file.stat().st_mode & 0o777 == 0o600 and content['scopes'] == [READ_SCOPE, WRITE_SCOPE]
    assert READ_SCOPE in screen.screen and content['refresh_token_expires'] in screen.screen
    nothing_leaked(screen, sandbox, token_file, tmp_path)
    sandbox.add_report('2026-10', seconds=0)
    outcome = run(env={'WEBEX_ACCESS_TOKEN': None, 'WEBEX_TOKEN_FILE': str(token_file)})
    assert outcome.code == 0 and list(archive.manifests()) == [1], outcome.stdout


@pytest.mark.parametrize(('product', 'scope'), [('broadworks', READ_SCOPE), ('wholesale', WHOLESALE_SCOPES[0])])
def test_by_code_with_what_is_typed(terminal, sandbox, token_file, tmp_path, product, scope):
    variables = json.dumps({'authorize_flow': 'code', 'authorize_scopes': ['read'], 'authorize_product': product})
    screen = terminal('-vvvv', '-e', variables, WEBEX_CLIENT_ID=None, WEBEX_CLIENT_SECRET=None)
    screen.sees('Client ID of the integration:')
    screen.types(f'{sandbox.client_id}\n')
    screen.sees('Client secret of the integration:')
    screen.types(f'{sandbox.client_secret}\n')
    came = browse(screen.sees(r'Open (http\S+)')[1])
    screen.sees('paste it here')
    screen.types(f'{came}\n')
    assert screen.end() == 0, screen.screen
    assert json.loads(token_file.read_text(encoding='utf-8'))['scopes'] == [scope]
    nothing_leaked(screen, sandbox, token_file, tmp_path)


@pytest.mark.parametrize(('answer', 'part'), [('deny', 'access_denied'), ('state', 'not one that this run asked for')])
def test_a_code_flow_that_fails(terminal, sandbox, token_file, tmp_path, answer, part):
    screen = terminal('-e', 'authorize_flow=code')
    address = screen.sees(r'Open (http\S+)')[1]
    came = browse(f'{address}&answer=deny') if answer == 'deny' else browse(address).replace('state=', 'state=x')
    screen.sees('paste it here')
    screen.types(f'{came}\n')
    assert screen.end() == 2 and part in ' '.join(screen.screen.split()) and not token_file.exists(), screen.screen
    nothing_leaked(screen, sandbox, token_file, tmp_path)


def test_the_guide(controller):
    """Followed on the sandbox that it starts itself."""
    text = page('docs/access.md')
    nothing = dict.fromkeys(('WEBEX_API_URL', 'WEBEX_ACCESS_TOKEN'))
    screen = Terminal(controller, nothing, ['bash', '-euc', script(text)])
    screen.sees('Press Enter')
    screen.types('\n')
    browse(screen.sees(r'Open (http\S+)')[1])
    came = browse(screen.sees(r'Open (http\S+/v1/authorize\S+)')[1])
    screen.sees('paste it here')
    screen.types(f'{came}\n')
    assert screen.end() == 0, screen.screen
    told = ' '.join(screen.screen.split())
    assert [line for line in shown(text) if not re.search(line, told)] == []
    files = sorted((controller.home / '.webex').glob('*.json'))
    assert [(file.name, file.stat().st_mode & 0o777) for file in files] == [('north-read.json', 0o600), ('north.json', 0o600)]


@pytest.mark.parametrize('moment', ['asked', 'waiting'])
def test_ctrl_c_ends_it(terminal, controller, token_file, moment):
    screen = terminal()
    screen.sees('Press Enter')
    if moment == 'waiting':
        screen.types('\n')
        screen.sees('Waiting for')
    screen.interrupts()
    assert screen.end() != 0 and not token_file.exists() and 'Traceback' not in screen.screen
    assert until(lambda: not controller.processes(), seconds=5)


def test_without_a_terminal_it_refuses(controller, sandbox, token_file):
    env = {'WEBEX_ACCESS_TOKEN': None, 'WEBEX_CLIENT_ID': sandbox.client_id, 'WEBEX_CLIENT_SECRET': sandbox.client_secret}
    outcome = controller.finish(controller.start(['ansible-playbook', AUTHORIZE, '-e', f'authorize_token_file={token_file}'], env))
    assert outcome.code == 2 and 'no terminal is there to ask a person' in outcome.stdout and sandbox.requests == []


def test_a_job_refuses_though_it_has_a_terminal(controller, sandbox, token_file):
    """As in AWX: ansible-runner gives a job a terminal at which nobody types."""
    env = {'WEBEX_API_URL': sandbox.api_url, 'WEBEX_CLIENT_ID': sandbox.client_id, 'WEBEX_CLIENT_SECRET': sandbox.client_secret}
    ran = by_runner(controller, AUTHORIZE, env=env, extra_vars={'authorize_token_file': str(token_file)})
    assert ran.outcome.code == 2 and 'no terminal is there to ask a person, as in AWX' in ran.outcome.stdout, ran.outcome.stdout
    assert sandbox.requests == [] and list(token_file.parent.iterdir()) == []


@pytest.mark.parametrize('flow', ['device', 'code'])
def test_a_place_that_cannot_be_written_is_named_before_a_person_allows_access(terminal, sandbox, token_file, flow):
    token_file.mkdir()
    screen = terminal('-e', f'authorize_flow={flow}')
    assert screen.end() == 2 and 'token_file is a directory' in ' '.join(screen.screen.split()), screen.screen
    assert sandbox.requests == [] and 'Open http' not in screen.screen


@pytest.mark.parametrize(('variables', 'part'), [
    ({'authorize_token_file': 'north.json'}, 'must be an absolute path'),
    ({'authorize_token_file': '/nowhere/north.json'}, 'directory of token_file does not exist'),
    ({'authorize_flow': 'password'}, 'flow'), ({'authorize_scopes': ['delete']}, 'scopes'), ({'authorize_product': 'meetings'}, 'product'),
])
def test_variables_that_cannot_be_meant(controller, token_file, variables, part):
    given = json.dumps({'authorize_token_file': str(token_file), **variables})
    outcome = controller.finish(controller.start(['ansible-playbook', AUTHORIZE, '-e', given]))
    assert outcome.code == 2 and part in outcome.stdout, outcome.stdout
