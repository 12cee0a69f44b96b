# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guides, followed to the letter by somebody who has what they ask for and nothing else."""

from __future__ import annotations

import json
import re
import shutil
import subprocess

import pytest
import yaml
from documentation import ROOT, blocks, page, script, shown
from playbook import BIN, Controller, connection, month_end

GUIDES = ('check_invoice', 'failures', 'first_report', 'month_end', 'security', 'upgrading', 'wholesale')
PLAYED = r'^\s*(?:\w+=\S+ )?ansible-playbook '
MOST_PATIENCE = 240  # seconds for all commands of a guide


@pytest.fixture
def newcomer(tmp_path):
    """A controller without any connection: a guide brings its own sandbox."""
    controller = Controller(tmp_path, {})
    yield controller
    controller.kill()


@pytest.mark.parametrize('name', GUIDES)
def test_the_guide(newcomer, sandbox, name):
    text = page(f'docs/{name}.md')
    variables = {} if 'billing.sandbox' in text else connection(sandbox)
    if 'ANSIBLE_LOCALHOST_WARNING' in text:
        variables |= {'ANSIBLE_LOCALHOST_WARNING': None, 'ANSIBLE_INVENTORY_UNPARSED_WARNING': None}
    if 'collection install' in text:
        build = [BIN / 'ansible-galaxy', 'collection', 'build', ROOT, '--output-path', newcomer.folder]
        subprocess.run(build, env=newcomer.environment(), capture_output=True, check=True, timeout=MOST_PATIENCE)
        variables |= {'ANSIBLE_COLLECTIONS_PATH': None, 'PIP_NO_INDEX': '1'}
    ran = subprocess.run(
        ['bash', '-euc', script(text)], cwd=newcomer.folder, env=newcomer.environment(variables), stdin=subprocess.DEVNULL,
        capture_output=True, text=True, timeout=MOST_PATIENCE, check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    for line in shown(text):
        assert re.search(line, ran.stdout + ran.stderr), (line, ran.stdout)
    assert ran.stdout.count('PLAY RECAP') == len(re.findall(PLAYED, '\n'.join(blocks('shell', text)), re.MULTILINE)) > 0
    assert 'WARNING' not in ran.stdout + ran.stderr


@pytest.mark.parametrize('shell', [shell for shell in ('bash', 'zsh') if shutil.which(shell)])
@pytest.mark.parametrize('name', ['awx', 'first_report', 'month_end'])
def test_a_token_that_a_guide_asks_for_is_exported(name, shell):
    asking = [block for block in blocks('shell', page(f'docs/{name}.md')) if 'read -rs' in block]
    names = re.findall(r'read -rs? (\w+)', asking[0])
    typed = [f'{name}-as-typed' for name in names]
    ran = subprocess.run(
        [shell, '-euc', f'{asking[0]}exec env'], input='\n'.join([*typed, '']), env={'PATH': '/usr/bin:/bin', 'WEBEX_API_URL': 'http://127.0.0.1'},
        capture_output=True, text=True, timeout=MOST_PATIENCE, check=True,
    )
    assert len(asking) == 1 and ran.stdout.startswith(('Webex access token: ', 'Address of AWX: ')), ran.stdout
    assert ran.stdout.count('token: ') == len(re.findall('read -rs', asking[0]))
    assert {f'{name}={value}' for name, value in zip(names, typed)} <= set(ran.stdout.splitlines())


def test_what_the_role_shows_works(controller, sandbox, archive):
    play = yaml.safe_load(blocks('yaml', page('roles/month_end/README.md'))[0])
    path = controller.folder / 'play.yml'
    path.write_text(yaml.safe_dump(play), encoding='utf-8')
    sandbox.add_report('2026-10', seconds=0)
    outcome = controller.finish(controller.start(['ansible-playbook', path, '-e', 'month=2026-10', '-e', f'archive={archive.root}']))
    assert outcome.code == 0 and list(archive.manifests()) == [1], outcome.stdout


def test_partners_are_given_as_the_guide_shows(play, sandbox, archive):
    shown_files = map(yaml.safe_load, blocks('yaml', page('docs/month_end.md')))
    partners = next(file['month_end_partners'] for file in shown_files if 'month_end_partners' in file)
    tokens = {'north_token': sandbox.grant(), 'south_token': sandbox.grant()}
    task = month_end(period='2026-10', archive=str(archive.root), poll_interval=0.3, partners=partners)
    assert play([task], vars=tokens, env={'WEBEX_ACCESS_TOKEN': None}).code == 0
    assert list(archive.manifests('north')) == list(archive.manifests('south')) == [1]


def test_every_variable_is_told_with_its_default():
    specs = yaml.safe_load(page('roles/month_end/meta/argument_specs.yml'))['argument_specs']
    defaults = yaml.safe_load(page('roles/month_end/defaults/main.yml'))
    options = {**specs['preflight']['options'], **specs['main']['options']}
    rows = dict(re.findall(r'^\| `(month_end_\w+)` \| (.*?) \|', page('roles/month_end/README.md'), re.MULTILINE))
    assert set(rows) == set(options) == {*defaults, 'month_end_period', 'month_end_archive'}
    for name, default in defaults.items():
        assert options[name]['default'] == default and not options[name].get('required'), name
        told = 'none' if default == '' else f'`{json.dumps(default).replace(chr(34), "")}`'
        assert rows[name] == told, name
    assert all(set(spec['options']) <= set(options) for spec in specs.values())
    assert 'month_end_archive' not in specs['submit']['options'] and 'month_end_archive' in specs['collect']['options']


def test_secrets_are_marked():
    specs = yaml.safe_load(page('roles/month_end/meta/argument_specs.yml'))['argument_specs']
    options = {**specs['preflight']['options'], **specs['main']['options']}
    marked = {name for name, option in {**options, **options['month_end_partners']['options']}.items() if option.get('no_log')}
    assert marked == {'month_end_notify_token', 'access_token', 'client_secret', 'refresh_token'}
