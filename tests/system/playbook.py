# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Real ansible-playbook processes, each in a world of its own below one folder."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import yaml

HERE = Path(__file__).resolve().parent
BIN = Path(sys.executable).parent
PATIENCE = 40  # seconds after which a playbook counts as stuck

INFO = 'webex_partner.billing.broadworks_billing_report_info'
ENSURE = 'webex_partner.billing.broadworks_billing_report'
WAIT = 'webex_partner.billing.billing_report_wait'
ARCHIVE = 'webex_partner.billing.billing_report_archive'
EVIDENCE = 'webex_partner.billing.billing_report_evidence'
COMPARE = 'webex_partner.billing.billing_report_compare'
ARCHIVE_INFO = 'webex_partner.billing.billing_report_archive_info'
HAND_ON = 'webex_partner.billing.billing_report_hand_on'
DOWNLOAD = 'webex_partner.billing.broadworks_billing_report_download'
MONTH_END = 'webex_partner.billing.month_end'
TOLERANT = {'ignore_errors': True}

# the same Python by another name, which is another one for Ansible: then modules are sent and started even here
BY_MODULE = {'vars': {'ansible_python_interpreter': str(BIN / '..' / 'bin' / 'python')}}


def info(register, **options):
    """A task that reads reports; more keywords are added with ``|``."""
    return {INFO: options, 'register': register}


def wait(register, **options):
    """A task that waits for reports; more keywords are added with ``|``."""
    return {WAIT: options, 'register': register}


def ensure(register, **options):
    """A task that creates or deletes reports; more keywords are added with ``|``."""
    return {ENSURE: options, 'register': register}


def file(register, **options):
    """A task that files a report; more keywords are added with ``|``."""
    return {ARCHIVE: options, 'register': register}


def evidence(register, **options):
    """A task that writes the evidence of a version; more keywords are added with ``|``."""
    return {EVIDENCE: options, 'register': register}


def compare(register, **options):
    """A task that compares two files; more keywords are added with ``|``."""
    return {COMPARE: options, 'register': register}


def archive_info(register, **options):
    """A task that looks at an archive; more keywords are added with ``|``."""
    return {ARCHIVE_INFO: options, 'register': register}


def hand_on(register, **options):
    """A task that hands on a version; more keywords are added with ``|``."""
    return {HAND_ON: options, 'register': register}


def download(register, **options):
    """A task that downloads a file; more keywords are added with ``|``."""
    return {DOWNLOAD: options, 'register': register}


def month_end(entry='main', **variables):
    """A task that runs the role; variables without their prefix, more keywords are added with ``|``."""
    named = {f'month_end_{name}': value for name, value in variables.items()}
    return {'ansible.builtin.include_role': {'name': MONTH_END, 'tasks_from': entry}, 'vars': named}


def until(condition, seconds):
    """Whether ``condition`` becomes true in time."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def end_later(sandbox, report, seconds, status='COMPLETED'):
    """Let a report end so many seconds after the first request: a slow start of Ansible takes nothing off them."""
    def end():
        if until(lambda: sandbox.requests, PATIENCE):
            time.sleep(seconds)
            sandbox.set_status(report, status)

    threading.Thread(target=end, daemon=True).start()


def connection(sandbox):
    """The variables that lead to a sandbox."""
    return {'WEBEX_API_URL': sandbox.api_url, 'WEBEX_ACCESS_TOKEN': sandbox.access_token}


def asked(sandbox, *parts):
    """The requests whose target contains all of ``parts``."""
    return [request for request in sandbox.requests if all(part in request['target'] for part in parts)]


def methods(sandbox):
    """The methods of all calls to the API, in order."""
    return [request['method'] for request in sandbox.requests if request['host'] == 'api']


def registered(tasks):
    """The names that tasks register."""
    return [task['register'] for task in tasks if 'register' in task]


def arguments_of(processes):
    """The command lines of processes, as all the machine can read them."""
    return b''.join(_bytes(Path(f'/proc/{number}/cmdline')) for number in processes)


def _bytes(path):
    try:
        return path.read_bytes()
    except OSError:
        return b''  # it has ended meanwhile, or is somebody else's


@dataclass(frozen=True)
class Outcome:
    """What a playbook left: its exit code and output, the registered results by name, and the facts."""

    code: int
    stdout: str
    stderr: str
    results: dict
    facts: dict

    def told(self):
        """What the role printed in the end, a sentence for each partner: partner and month, and the last column of the table."""
        shown = re.findall(r'Show the outcome for each partner\] \**\n(?:task path: .*\n)?ok: .*?"msg": (\[.*?\n    \])', self.stdout, re.DOTALL)
        rows = [re.split(' {2,}', row, maxsplit=4) for row in json.loads(shown[-1])[1:]]
        period = re.findall(r'Month end of (\S+) for', self.stdout)[-1]
        return [f'{row[0]} {period}{" " if row[4].startswith("failed: ") else ": "}{row[4]}' for row in rows]

    def counts(self):
        """The recap, as numbers by name."""
        return {name: int(number) for name, number in re.findall(r'(\w+)=(\d+)', self.stdout.rpartition('PLAY RECAP')[2])}

    def __getitem__(self, name):
        return self.results[name]


class Controller:
    """A place to run playbooks: nothing of the user's Ansible, Python or Webex is seen there."""

    def __init__(self, folder, variables):
        self.folder = folder
        self.home = folder / 'home'
        self.home.mkdir()
        self._record = folder / 'record.json'
        self._mark = f'this is a run in {folder}'
        config = folder / 'ansible.cfg'
        config.touch()
        self._variables = {
            'PATH': f'{BIN}:/usr/bin:/bin',
            'LC_ALL': 'C.UTF-8',
            'HOME': str(self.home),
            'MARK': self._mark,
            'TMPDIR': str(self.home),
            'ANSIBLE_CONFIG': str(config),
            'ANSIBLE_HOME': str(self.home / '.ansible'),
            'ANSIBLE_LOCAL_TEMP': str(self.home / 'local'),
            'ANSIBLE_ASYNC_DIR': str(self.home / 'async'),
            'ANSIBLE_REMOTE_TMP': str(self.home / 'remote'),
            'ANSIBLE_COLLECTIONS_PATH': os.environ['ANSIBLE_COLLECTIONS_PATH'],
            'ANSIBLE_ACTION_PLUGINS': str(HERE / 'action_plugins'),
            'ANSIBLE_LOCALHOST_WARNING': 'false',
            'ANSIBLE_INVENTORY_UNPARSED_WARNING': 'false',
            'ANSIBLE_NOCOLOR': 'true',
            **variables,
        }

    def environment(self, variables=None):
        """The environment of a run; a variable of None is taken out."""
        merged = {**self._variables, **(variables or {})}
        return {name: value for name, value in merged.items() if value is not None}

    def write(self, tasks, folder=None, **keywords):
        """Write a playbook of one play for localhost, from tasks as data or as text, and return its path."""
        tasks = yaml.safe_load(tasks) if isinstance(tasks, str) else tasks
        record = {'record': {'names': registered(tasks), 'dest': str(self._record)}, 'check_mode': False, 'environment': {}}
        play = {'hosts': 'localhost', 'gather_facts': False, **keywords, 'tasks': [{'block': tasks, 'always': [record]}]}
        path = (folder or self.folder) / 'playbook.yml'
        path.write_text(yaml.safe_dump([play], sort_keys=False), encoding='utf-8')
        return path

    def start(self, command, env=None, stdout=subprocess.PIPE, stderr=subprocess.PIPE):
        """Start a program of this Python's folder as the leader of a process group of its own."""
        signal.signal(signal.SIGINT, signal.default_int_handler)  # a child would inherit it where it is ignored
        return subprocess.Popen(
            [str(BIN / command[0]), *map(str, command[1:])], cwd=self.folder, env=self.environment(env), text=True,
            stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr, start_new_session=True,
        )

    def processes(self):
        """The ids of all processes of the runs here, whoever is their parent by now."""
        return [int(name) for name in os.listdir('/proc') if name.isdigit() and self._mark.encode() in _bytes(Path('/proc', name, 'environ'))]

    def kill(self):
        """Leave nothing behind."""
        for process_id in self.processes():
            os.kill(process_id, signal.SIGKILL)

    def finish(self, process):
        """Wait for a program, and return its outcome."""
        stdout, stderr = process.communicate(timeout=PATIENCE)
        record = json.loads(self._record.read_text(encoding='utf-8')) if self._record.exists() else {'results': {}, 'facts': {}}
        facts = {name: value for name, value in (record['facts'] or {}).items() if name.startswith('broadworks_')}
        return Outcome(process.returncode, stdout or '', stderr or '', record['results'], facts)

    def play(self, tasks, *, env=None, extra_vars=None, args=(), **keywords):
        """Run tasks as a playbook. ``keywords`` are those of the play."""
        self._record.unlink(missing_ok=True)
        variables = ['--extra-vars', json.dumps(extra_vars)] if extra_vars else []
        return self.finish(self.start(['ansible-playbook', self.write(tasks, **keywords), *variables, *args], env))
