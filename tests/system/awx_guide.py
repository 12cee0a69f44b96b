# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guide "Set up AWX", followed once against the stand-in for AWX; and its job templates, run as AWX runs them."""

from __future__ import annotations

import copy
import json
import re
import shutil
import subprocess
from pathlib import Path
from types import SimpleNamespace

import awx_rules
import pytest
from awx import Awx
from playbook import BIN, PATIENCE, Controller
from runner import run
from webex_sandbox import Sandbox

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / 'docs/awx.md').read_text(encoding='utf-8')
NOT_CLONED = shutil.ignore_patterns('.git', '.build', '*.tar.gz', 'context', '__pycache__', '.*_cache')
MOST_PATIENCE = 400  # seconds for one command of the guide
READ = ['spark-admin:broadworks_billing_reports_read']
NAME = 'Webex billing'
FIRST, SECOND, THIRD = 'canary-of-the-first-run', 'canary-of-the-second-run', 'canary-of-the-third-run'


def blocks(language):
    return re.findall(rf'^```{language}\n(.*?)^```', GUIDE, re.DOTALL | re.MULTILINE)


@pytest.fixture(scope='session')
def guide(tmp_path_factory):
    """The outcome of the guide: its commands were run in a clone, the set-up a second and a third time with other tokens in the shell."""
    folder = tmp_path_factory.mktemp('awx')
    shutil.copytree(ROOT, clone := folder / 'clone', ignore=NOT_CLONED)
    (clone / 'settings.yml').write_text(blocks('yaml')[1], encoding='utf-8')
    build, setup, again, update = (block for block in blocks('shell') if 'read -rs' not in block)
    with Sandbox() as webex, Awx(clone) as awx:
        controller = Controller(folder, {})
        usual = {'CONTROLLER_HOST': awx.url, 'CONTROLLER_OAUTH_TOKEN': awx.token, 'ANSIBLE_VERBOSITY': '4', 'ANSIBLE_PIPELINING': 'true'}

        def command(line, **tokens):
            ran = subprocess.run(
                ['bash', '-euc', line], cwd=clone, env=controller.environment({**usual, **tokens}), stdin=subprocess.DEVNULL, capture_output=True,
                text=True, timeout=MOST_PATIENCE, check=False,
            )
            assert ran.returncode == 0, ran.stdout[-5000:] + ran.stderr
            return ran.stdout + ran.stderr

        first = {
            'WEBEX_API_URL': webex.api_url, 'WEBEX_ACCESS_TOKEN': SECOND,
            'WEBEX_WRITE_ACCESS_TOKEN': webex.grant(f'{FIRST}-write'), 'WEBEX_READ_ACCESS_TOKEN': webex.grant(f'{FIRST}-read', READ),
        }
        third = {
            **first, 'WEBEX_WRITE_ACCESS_TOKEN': webex.grant(f'{THIRD}-write'), 'WEBEX_READ_ACCESS_TOKEN': webex.grant(f'{THIRD}-read', READ),
        }
        outputs, stored = [command(build + setup, **first)], []
        for line, tokens in ((again, {'WEBEX_ACCESS_TOKEN': SECOND}), (update, third)):
            stored.append(copy.deepcopy({name: item['inputs'] for name, item in awx.all('credentials').items()}))
            outputs.append(command(line, **tokens))
        yield SimpleNamespace(awx=awx, webex=webex, clone=clone, outputs=outputs, stored=stored, command=command)
        controller.kill()


@pytest.fixture(scope='session')
def content(guide, tmp_path_factory):
    """What the sync of the project installs beside it; AWX runs this in the clone, here with no Galaxy in reach."""
    place = tmp_path_factory.mktemp('content')
    environment = Controller(place, {}).environment({'ANSIBLE_COLLECTIONS_PATH': str(place), 'ANSIBLE_GALAXY_SERVER': 'http://127.0.0.1:9/'})
    command = [BIN / 'ansible-galaxy', 'collection', 'install', '-r', guide.clone / 'collections/requirements.yml']
    subprocess.run(command, cwd=guide.clone, env=environment, check=True, capture_output=True, timeout=PATIENCE)
    return place


@pytest.fixture
def job(guide, content, archive, tmp_path):
    """Run a job template as AWX starts it, with the variables of the launch; ``settings`` stand for those of an installation, ``env`` for its credential."""
    def start(name, runtime, settings=None, env=None):
        template = guide.awx.all('job_templates')[name]
        environment = {'ANSIBLE_COLLECTIONS_PATH': str(content), 'ANSIBLE_INVENTORY_UNPARSED_FAILED': 'True', 'JOB_ID': '41'}
        kind = guide.awx.all('credential_types')['Webex partner']
        for credential in guide.awx.listed('job_templates', template, 'credentials'):
            values = {field['id']: '' for field in kind['inputs']['fields']} | guide.awx.all('credentials')[credential]['inputs']
            environment |= {name: awx_rules.render(text, values) for name, text in kind['injectors']['env'].items()}
        hosts = {name: json.loads(host['variables']) for name, host in guide.awx.all('hosts').items()}
        own = {**json.loads(template['extra_vars']), 'month_end_archive': str(archive.root), 'month_end_poll_interval': 0.3, **(settings or {})}
        given = {**awx_rules.launched(own, guide.awx.survey(template), runtime), 'awx_job_id': 41, 'awx_workflow_job_id': 40}
        folder = tmp_path / f'job{len(list(tmp_path.glob("job*")))}'
        folder.mkdir()
        return run(
            Controller(folder, {'ANSIBLE_COLLECTIONS_PATH': ''}), template['playbook'], env={**environment, **(env or {})}, extra_vars=given,
            project=guide.clone, inventory={'all': {'hosts': list(hosts)}, '_meta': {'hostvars': hosts}},
        )
    return start
