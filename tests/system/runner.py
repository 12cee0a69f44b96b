# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Real ansible-runner processes, called as AWX calls them: a private data directory, environment and variables in files."""

from __future__ import annotations

import json
import shlex
import shutil
from dataclasses import dataclass
from pathlib import Path

from playbook import Outcome


@dataclass(frozen=True)
class RunnerOutcome:
    """What ansible-runner left: the outcome, the job events in order, and the folder of its artifacts."""

    outcome: Outcome
    events: list
    artifacts: Path

    def lines(self):
        """What plugins printed, as (time, text): AWX shows it as it comes."""
        return [(event['created'], event['stdout']) for event in self.events if event['event'] == 'verbose']

    def published(self):
        """What set_stats left to later nodes of a workflow."""
        return [event['event_data']['artifact_data'] for event in self.events if event['event'] == 'playbook_on_stats'][-1]

    def results(self, kind):
        """The task results that events of a kind hold."""
        return [event['event_data']['res'] for event in self.events if event['event'] == kind]


def run(controller, tasks, *, env=None, extra_vars=None, args=(), project=None, inventory=None):
    """Run tasks, or a playbook of a collection or of ``project``, by ansible-runner; the rest goes to the files that AWX would write."""
    private = controller.folder / 'private'
    shutil.rmtree(private, ignore_errors=True)
    (private / 'env').mkdir(parents=True)
    if project:
        (private / 'project').symlink_to(project)
    else:
        (private / 'project').mkdir()
    if inventory:
        (private / 'inventory').mkdir()
        (private / 'inventory/hosts').write_text(f'#! /bin/sh\necho {shlex.quote(json.dumps(inventory))}\n', encoding='utf-8')
        (private / 'inventory/hosts').chmod(0o700)
    (private / 'env/envvars').write_text(json.dumps(env or {}), encoding='utf-8')
    (private / 'env/extravars').write_text(json.dumps(extra_vars or {}), encoding='utf-8')
    playbook = tasks if isinstance(tasks, str) else controller.write(tasks, folder=private / 'project').name
    command = ['ansible-runner', 'run', private, '-p', playbook, '--ident', 'job', *args]
    outcome = controller.finish(controller.start(command, env={'WEBEX_ACCESS_TOKEN': None}))
    artifacts = private / 'artifacts/job'
    events = [json.loads(path.read_text(encoding='utf-8')) for path in artifacts.glob('job_events/*.json')]
    return RunnerOutcome(outcome, sorted(events, key=lambda event: event['counter']), artifacts)
