# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rulebook of the collection, and the guide to events, with ansible-rulebook and Java."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess

import yaml
from awx_launch import Awx
from conftest import PATIENCE, ROOT
from documentation import page, script, shown
from playbook import BIN, until

RULEBOOK = ROOT / 'extensions/eda/rulebooks/month_end.yml'
GUIDE = page('docs/events.md')


def test_collect_is_launched_for_each_report_that_ends(rulebooks, sandbox):
    sandbox.add_report('2026-09', seconds=0)
    sandbox.add_report('2026-10', seconds=0)
    report = sandbox.add_report('2026-11', seconds=3600)
    variables = rulebooks.folder / 'variables.yml'
    variables.write_text(json.dumps({'webex_since': '2026-10', 'webex_poll_interval': 0.2}), encoding='utf-8')
    with Awx() as awx:
        process = rulebooks.begin(
            'ansible-rulebook', '--rulebook', str(RULEBOOK), '--vars', str(variables), '--controller-url', awx.url, '--controller-token', 'token-of-awx',
            '--print-events', '-vv', EDA_JOB_TEMPLATE_REFRESH_DELAY='0.2',
        )
        assert until(lambda: len(awx.launched) == 1, PATIENCE)
        sandbox.trouble(path='reports$', status=503, times=2, json={'message': f'{sandbox.access_token} is not good now'})
        sandbox.set_status(report, 'FAILED')
        assert until(lambda: len(awx.launched) == 2, PATIENCE)
        os.killpg(process.pid, signal.SIGINT)
        printed = rulebooks.printed(process)
    assert [launch['extra_vars'] for launch in awx.launched] == [{'month_end_period': '2026-10'}, {'month_end_period': '2026-11'}], printed
    assert printed.count('[received event]') == 3 and '503' in printed
    assert sandbox.access_token not in printed and 'Traceback' not in printed


def test_a_token_that_is_refused_ends_it_with_a_sentence(rulebooks, sandbox):
    sandbox.expire_tokens()
    rulebook = rulebooks.folder / 'rulebook.yml'
    rule = {'name': 'Show', 'condition': 'event.billing_report is defined', 'action': {'debug': None}}
    source = {'webex_partner.billing.billing_report': {'poll_interval': 1}}
    rulebook.write_text(yaml.safe_dump([{'name': 'Reports', 'hosts': 'localhost', 'sources': [source], 'rules': [rule]}]), encoding='utf-8')
    process = rulebooks.begin('ansible-rulebook', '--rulebook', str(rulebook))
    printed = rulebooks.printed(process)
    assert process.returncode != 0
    assert "Source plugin failed with error message: 'Listing the billing reports failed: Webex answered 401 Unauthorized" in printed
    assert sandbox.access_token not in printed


def test_the_guide(rulebooks):
    subprocess.run([BIN / 'ansible-galaxy', 'collection', 'build', ROOT, '--output-path', rulebooks.folder], capture_output=True, check=True)
    guide = rulebooks.folder / 'guide.sh'
    guide.write_text(script(GUIDE), encoding='utf-8')
    process = rulebooks.begin(
        '/bin/bash', '-eu', guide, ANSIBLE_COLLECTIONS_PATH=None, PIP_NO_INDEX='1', WEBEX_API_URL=None, WEBEX_ACCESS_TOKEN=None,
    )
    printed = rulebooks.printed(process)
    assert process.returncode == 0, printed
    for line in shown(GUIDE):
        assert re.search(line, printed), (line, printed)


def test_the_guide_names_the_variables_of_the_rulebook():
    assert set(re.findall(r'\| `(webex_\w+)` \|', GUIDE)) == set(re.findall(r'\{\{ (webex_\w+)', RULEBOOK.read_text(encoding='utf-8')))
