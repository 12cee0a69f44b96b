# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The file of a report: whole or not at all, whatever happens on the way."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import os
import signal
import socket
import threading

import pytest
from playbook import TOLERANT, asked, download, until

OLD = b'old,file\n1,2\n'
SIGNED = 'canary~Signature-%7e%2f%2F'


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / 'bills'
    folder.mkdir()
    return folder


@pytest.fixture
def dest(folder):
    return folder / 'bill.csv'


@pytest.fixture
def report(sandbox):
    return sandbox.add_report('2026-10', seconds=0, rows=500)


def files(sandbox):
    """What the file host answered, in order."""
    return [request['status'] for request in sandbox.requests if request['host'] == 'files']


def records(path):
    return len(list(csv.reader(io.StringIO(path.read_bytes().decode(), newline='')))) - 1


def test_a_file_its_second_run_and_its_mode(sandbox, play, report, dest):
    outcome = play([
        download('first', id=report, dest=str(dest)),
        download('second', report_id=report, dest=str(dest)),
        download('wider', id=report, dest=str(dest), mode='0644'),
        download('directory', id=report, dest=f'{dest.parent}/'),
        download('directory_again', id=report, dest=str(dest.parent)),
    ], args=['--diff', '-vvv'])
    assert outcome.code == 0, outcome.stdout
    first = outcome['first']
    assert first['sha256'] == hashlib.sha256(dest.read_bytes()).hexdigest()
    assert first['records'] == records(dest) == 500
    assert [outcome[name]['changed'] for name in ('first', 'second', 'wider', 'directory', 'directory_again')] == [True, False, True, True, False]
    assert (first['mode'], outcome['wider']['mode']) == ('0600', '0644')
    named = f'2026-10_{hashlib.sha256(report.encode()).hexdigest()[:12]}.csv'
    assert sorted(os.listdir(dest.parent)) == sorted([named, 'bill.csv'])
    assert '"records": 500' in outcome.stdout
    assert 'made up, with a comma' not in outcome.stdout, 'no row is shown'
    assert 'Signature' not in outcome.stdout + outcome.stderr
    assert [request['authorization'] for request in sandbox.requests if request['host'] == 'files'] == ['none'] * 5


TROUBLES = {
    'forbidden': ({'status': 403, 'times': 0}, 'download', 403, '403 Forbidden'),
    'html': ({'status': 200, 'body': '<html>Sign in, please</html>'}, 'download', None, 'HTML'),
    'json': ({'status': 200, 'body': '{"error": "a,b"}'}, 'download', None, 'JSON'),
    'empty': ({'status': 200, 'body': ''}, 'download', None, 'empty'),
    'short': ({'cut': 'body'}, 'network', None, 'ended after'),
    'length': ({'status': 200, 'body': 'a,b\n1,2\n', 'headers': {'Content-Length': '900'}}, 'network', None, 'of 900'),
    'silent': ({'delay': 30}, 'timeout', None, '0.5 s'),
    'busy': ({'status': 503}, 'download', 503, '503'),
    'binary': ({'status': 200, 'body_base64': base64.b64encode(bytes(range(256))).decode()}, 'download', None, 'binary'),
}


def test_what_is_no_file_never_replaces_a_good_one(sandbox, play, report, dest):
    dest.write_bytes(OLD)
    outcomes = {}
    for name, (trouble, *_expected) in TROUBLES.items():
        sandbox.trouble(path=r'\.csv\?', **trouble)
        outcomes[name] = play([download(name, id=report, dest=str(dest), retry_timeout=0, request_timeout=0.5) | TOLERANT])
        sandbox.clear_trouble()
        assert dest.read_bytes() == OLD, name
        assert os.listdir(dest.parent) == ['bill.csv'], name
    for name, (_trouble, kind, status, words) in TROUBLES.items():
        result = outcomes[name][name]
        assert (result['failed'], result['error']['kind'], result['error']['http_status']) == (True, kind, status), result
        assert words in result['msg'] and report in result['msg'], result['msg']
        assert 'Traceback' not in outcomes[name].stdout + outcomes[name].stderr


def test_a_cut_is_resumed_and_an_expired_link_renewed(sandbox, play, report, dest):
    sandbox.troubles([{'host': 'files', 'cut': 'body'}, {'host': 'files', 'status': 403}])
    outcome = play([download('resumed', id=report, dest=str(dest), backup=True)])
    assert outcome.code == 0, outcome.stdout
    assert files(sandbox) == [None, 403, 206]
    assert len(asked(sandbox, report)) == 3, 'a fresh link for each'
    assert outcome['resumed']['records'] == records(dest) == 500
    assert outcome['resumed']['sha256'] == hashlib.sha256(dest.read_bytes()).hexdigest()


def test_backup_checksum_and_a_link_as_dest(play, report, dest):
    real = dest.parent / 'real.csv'
    real.write_bytes(OLD)
    dest.symlink_to('real.csv')
    outcome = play([
        download('differs', id=report, dest=str(dest), checksum=f'sha256:{hashlib.sha256(OLD).hexdigest()[::-1]}') | TOLERANT,
        download('replaced', id=report, dest=str(dest), backup=True),
        download('known', id=report, dest=str(dest), checksum='sha256:{{ replaced.sha256 }}', backup=True),
    ])
    assert outcome['differs']['error']['kind'] == 'download'
    replaced = outcome['replaced']
    assert replaced['dest'] == str(real) and dest.is_symlink() and records(real) == 500
    with open(replaced['backup_file'], 'rb') as file:
        assert file.read() == OLD
    assert outcome['known']['changed'] is False


@pytest.mark.kills
def test_a_run_that_is_killed_leaves_no_file_and_the_next_one_succeeds(sandbox, controller, report, dest):
    sandbox.trouble(host='files', drip=0.01, drip_from='body')
    process = controller.start(['ansible-playbook', controller.write([download('killed', id=report, dest=str(dest))])])
    assert until(lambda: list(dest.parent.glob('.webex-*.part')) and files(sandbox), seconds=30)
    for process_id in controller.processes():
        os.kill(process_id, signal.SIGKILL)
    process.communicate()
    left = os.listdir(dest.parent)
    assert len(left) == 1 and left[0].startswith('.')
    outcome = controller.play([download('next', id=report, dest=str(dest))])
    assert outcome.code == 0, outcome.stdout
    assert os.listdir(dest.parent) == ['bill.csv'] and records(dest) == 500


class Witness:
    """A file host that keeps requests as they came, and never sends what it was asked for."""

    def __init__(self):
        self.requests = []
        self._listener = socket.create_server(('127.0.0.1', 0))
        self.url = 'http://127.0.0.1:{0}'.format(self._listener.getsockname()[1])
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            with self._listener.accept()[0] as connection:
                self.requests.append(connection.recv(65536))
                body = f'<html>{SIGNED}</html>'.encode()
                connection.sendall(b'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n' % len(body) + body)


def test_the_link_goes_out_byte_for_byte_without_a_token_and_shows_nowhere(sandbox, controller, report, dest):
    witness = Witness()
    target = f'/a%7eb/c%2fd.csv?Expires=4102444800&Signature={SIGNED}&Key-Pair-Id=K'
    sandbox.trouble(path=report, times=0, replace={'tempDownloadURL': witness.url + target})
    outcome = controller.play([download('seen', id=report, dest=str(dest)) | TOLERANT], args=['-vvvvv'])
    assert outcome['seen']['error']['kind'] == 'download'
    request = witness.requests[0].decode()
    assert request.startswith(f'GET {target} HTTP/1.1\r\n')
    assert 'authorization' not in request.lower() and sandbox.access_token not in request
    for path in controller.folder.rglob('*'):
        assert not path.is_file() or b'canary' not in path.read_bytes(), path
    assert 'canary' not in outcome.stdout + outcome.stderr


def test_what_a_host_cannot_write(sandbox, play, report, dest):
    outcome = play([
        download('nowhere', id=report, dest=f'{dest.parent}/missing/bill.csv') | TOLERANT,
        download('device', id=report, dest='/dev/full') | TOLERANT,
        download('kernel', id=report, dest='/proc/bill.csv') | TOLERANT,
        download('relaxed', id=report, dest=str(dest), mode='u=rw,g=r,o='),
    ])
    assert outcome['nowhere']['error']['kind'] == outcome['device']['error']['kind'] == 'invalid_input'
    assert outcome['kernel']['error']['kind'] == 'download' and '/proc' in outcome['kernel']['msg']
    assert outcome['relaxed']['mode'] == '0640'
    assert len(asked(sandbox, report)) == 2


def test_in_the_background_and_by_the_group_of_defaults(sandbox, play, report, dest):
    defaults = {'group/webex_partner.billing.webex': {'access_token': sandbox.access_token, 'api_url': sandbox.api_url}}
    task = download('awaited', id=report, dest=str(dest)) | {'async': 30, 'poll': 1}
    outcome = play([task], env={'WEBEX_ACCESS_TOKEN': None, 'WEBEX_API_URL': None}, module_defaults=defaults)
    assert outcome.code == 0, outcome.stdout
    assert outcome['awaited']['records'] == 500 and 'Signature' not in str(outcome['awaited'])
