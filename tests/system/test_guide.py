# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guide "Month end", followed to the letter by somebody who has the collection and nothing else."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
import yaml
from playbook import Controller, month_end

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / 'docs/month_end.md').read_text(encoding='utf-8')
ROLE = ROOT / 'roles/month_end'
MOST_PATIENCE = 120  # seconds for all commands of the guide


def blocks(language, text=GUIDE):
    return re.findall(rf'^```{language}\n(.*?)^```', text, re.DOTALL | re.MULTILINE)


@pytest.fixture
def newcomer(tmp_path):
    """A controller without any connection: the guide brings its own sandbox."""
    controller = Controller(tmp_path, {})
    yield controller
    controller.kill()


def test_the_guide(newcomer):
    commands = [block for block in blocks('shell') if 'read -rs' not in block]
    assert len(blocks('shell')) == len(commands) + 1 == 9
    (newcomer.folder / 'deliver.yml').write_text(blocks('yaml')[0], encoding='utf-8')
    ran = subprocess.run(
        ['bash', '-euc', '\n'.join(commands)], cwd=newcomer.folder, env=newcomer.environment(), stdin=subprocess.DEVNULL,
        capture_output=True, text=True, timeout=MOST_PATIENCE, check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    for line in ('filed as version 1, 25 records, 1451 bytes', 'nothing new, version 1 holds the same 25 records, 1451 bytes', 'it failed, as it should'):
        assert line in GUIDE and line in ran.stdout, ran.stdout
    assert (newcomer.folder / 'billing-report-default-2026-10.csv').stat().st_size == 1451
    assert (newcomer.folder / 'evidence.html').read_text(encoding='utf-8').startswith('<!DOCTYPE html>')
    assert ran.stdout.count('PLAY RECAP') == 7 and 'WARNING' not in ran.stdout + ran.stderr


def test_what_the_role_shows_works(controller, sandbox, archive):
    play = yaml.safe_load(blocks('yaml', (ROLE / 'README.md').read_text(encoding='utf-8'))[0])
    path = controller.folder / 'play.yml'
    path.write_text(yaml.safe_dump(play), encoding='utf-8')
    sandbox.add_report('2026-10', seconds=0)
    outcome = controller.finish(controller.start(['ansible-playbook', path, '-e', 'month=2026-10', '-e', f'archive={archive.root}']))
    assert outcome.code == 0 and list(archive.manifests()) == [1], outcome.stdout


def test_partners_are_given_as_the_guide_shows(play, sandbox, archive):
    partners = yaml.safe_load(blocks('yaml')[1])['month_end_partners']
    tokens = {'north_token': sandbox.grant(), 'south_token': sandbox.grant()}
    task = month_end(period='2026-10', archive=str(archive.root), poll_interval=0.3, partners=partners)
    assert play([task], vars=tokens, env={'WEBEX_ACCESS_TOKEN': None}).code == 0
    assert list(archive.manifests('north')) == list(archive.manifests('south')) == [1]


def test_every_variable_is_told_with_its_default():
    specs = yaml.safe_load((ROLE / 'meta/argument_specs.yml').read_text(encoding='utf-8'))['argument_specs']
    defaults = yaml.safe_load((ROLE / 'defaults/main.yml').read_text(encoding='utf-8'))
    options = specs['main']['options']
    rows = dict(re.findall(r'^\| `(month_end_\w+)` \| (.*?) \|', (ROLE / 'README.md').read_text(encoding='utf-8'), re.MULTILINE))
    assert set(rows) == set(options) == {*defaults, 'month_end_period', 'month_end_archive'}
    for name, default in defaults.items():
        assert options[name]['default'] == default and not options[name].get('required'), name
        told = 'none' if default == '' else f'`{str(default).lower() if isinstance(default, bool) else default}`'
        assert rows[name] == told, name
    assert all(set(spec['options']) <= set(options) for spec in specs.values())
    assert 'month_end_archive' not in specs['submit']['options'] and specs['collect']['options']['month_end_archive']['required']


def test_secrets_are_marked():
    specs = yaml.safe_load((ROLE / 'meta/argument_specs.yml').read_text(encoding='utf-8'))['argument_specs']
    options = specs['main']['options']
    marked = {name for name, option in {**options, **options['month_end_partners']['options']}.items() if option.get('no_log')}
    assert marked == {'month_end_notify_token', 'access_token', 'client_secret', 'refresh_token'}
