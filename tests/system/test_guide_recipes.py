# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The recipes, followed to the letter, with servers on loopback in place of the receivers."""

from __future__ import annotations

import configparser
import datetime
import hashlib
import json
import os
import re
import shutil
import subprocess

import pytest
from documentation import ROOT, blocks, page, script, shown
from evidence import Archive
from listeners import Http, Smtp, listening
from playbook import BIN

INTRODUCTION, *SECTIONS = re.split(r'^## ', page('docs/recipes.md'), flags=re.MULTILINE)
RECIPES = {section.partition('\n')[0]: section for section in SECTIONS}
CONTENT = b'A,B\n1,2\r\n'
MOST_PATIENCE = 120  # seconds for the commands of a recipe
PREVIOUS = f'{datetime.datetime.now(datetime.timezone.utc).replace(day=1) - datetime.timedelta(days=1):%Y-%m}'
AWS = shutil.which('aws')
SFTP_SERVER = shutil.which('sftp-server', path=f'{os.environ["PATH"]}:/usr/lib/openssh:/usr/libexec/openssh:/usr/lib/ssh')


@pytest.fixture
def folder(controller):
    (controller.home / 'billing').mkdir()
    return controller.home / 'billing'


@pytest.fixture
def archive(folder):
    return Archive(folder)


@pytest.fixture
def mail():
    with listening(Smtp) as server:
        yield server


@pytest.fixture
def web():
    with listening(Http) as server:
        yield server


@pytest.fixture
def follow(controller, folder, sandbox, mail, web):
    """Run texts of the guide as a shell script; the servers here take the place of those that the guide names. Return the exit code and the output."""
    sandbox.add_report(PREVIOUS, seconds=0)

    def run(*texts, env=None, more=''):
        commands = script('\n'.join(texts)).replace('https://webexapis.com', f'http://127.0.0.1:{web.port}').replace('port: 25', f'port: {mail.port}') + more
        ran = subprocess.run(
            ['bash', '-euc', commands], cwd=folder, env=controller.environment(env), stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=MOST_PATIENCE, check=False,
        )
        return ran.returncode, ran.stdout + ran.stderr
    return run


@pytest.fixture
def deliver(follow, archive):
    """Follow a recipe that delivers, with an archived month; return the file."""
    def run(title, env=None):
        code, output = follow(files(INTRODUCTION), RECIPES[title], env=env)
        assert code == 0 and 'canary' not in output, output
        assert all(re.search(line, output) for line in shown(RECIPES[title])), output
        return archive.file(period=PREVIOUS)
    return run


@pytest.fixture
def filed(archive):
    """Fill the archive."""
    (place := archive.month(period=PREVIOUS) / 'v001').mkdir(parents=True)
    file = {'name': f'billing-report-default-{PREVIOUS}.csv', 'size': len(CONTENT), 'sha256': hashlib.sha256(CONTENT).hexdigest(), 'records': 1}
    (place / file['name']).write_bytes(CONTENT)
    manifest = {'schema': 1, 'partner': 'default', 'billing_period': PREVIOUS, 'version': 1, 'file': file}
    (place / 'manifest.json').write_text(json.dumps(manifest), encoding='utf-8')


@pytest.mark.usefixtures('filed')
@pytest.mark.skipif(not AWS, reason='the AWS CLI is not on this machine')
def test_deliver_to_s3(deliver, controller, web):
    file = deliver('Deliver to S3', {
        'AWS_ENDPOINT_URL': f'http://127.0.0.1:{web.port}', 'AWS_ACCESS_KEY_ID': 'ID', 'AWS_SECRET_ACCESS_KEY': 'canary-secret',
        'PATH': f'{controller.environment()["PATH"]}:{os.path.dirname(AWS or "")}',
    })
    bodies = {request.path: request.body for request in web.taken}
    assert bodies == {f'/billing-reports/default/{PREVIOUS}/v001/{path.name}': path.read_bytes() for path in (file, file.parent / 'manifest.json')}


@pytest.mark.usefixtures('filed')
@pytest.mark.skipif(not SFTP_SERVER, reason='sftp-server is not on this machine')
def test_deliver_by_sftp(deliver, controller, tmp_path):
    (inbox := tmp_path / 'inbox').mkdir()
    (programs := tmp_path / 'programs').mkdir()
    (programs / 'sftp').write_text(f'#!/bin/sh\nexec /usr/bin/sftp -D "{SFTP_SERVER} -d {inbox}" "$@"\n', encoding='utf-8')  # as if ssh had led there
    (programs / 'sftp').chmod(0o700)
    file = deliver('Deliver by SFTP', {'PATH': f'{programs}:{controller.environment()["PATH"]}'})
    assert {path.name: path.read_bytes() for path in inbox.iterdir()} == {f'v1-{file.name}': file.read_bytes()}


def test_deliver_by_mail_once(follow, deliver, mail):
    assert follow(INTRODUCTION)[0] == 0
    file = deliver('Deliver by e-mail')
    _code, output = follow(more=blocks('shell', RECIPES['Deliver by e-mail'])[0])
    assert 'version 1 was handed on before' in output
    (letter,) = mail.taken
    (attached,) = letter.iter_attachments()
    assert (letter['To'], letter['Subject']) == ('billing@example.com', f'Billing report {PREVIOUS}')
    assert (attached.get_filename(), attached.get_payload(decode=True)) == (file.name, file.read_bytes())


@pytest.mark.usefixtures('filed')
@pytest.mark.skipif(not shutil.which('curl'), reason='curl is not on this machine')
def test_deliver_to_a_room(deliver, web):
    file = deliver('Deliver to a Webex room', {'BOT_TOKEN': 'canary-token', 'ANSIBLE_VERBOSITY': '4'})
    (post,) = web.taken
    assert (post.method, post.path, post.headers['Authorization']) == ('POST', '/v1/messages', 'Bearer canary-token')
    assert all(part in post.body for part in (file.read_bytes(), b'name="files"; filename="%s"' % file.name.encode(), b'ROOM_ID'))


def test_alerts(follow, archive, mail):
    none_ran, failed = RECIPES['Alert when no month end ran'], RECIPES['Alert when a month end fails']
    check, run = blocks('shell', none_ran)[0], blocks('shell', failed)[0]
    follow(files(INTRODUCTION), files(failed), files(none_ran))
    archive.root.mkdir()
    for command, alert in (
        (check, shown(none_ran)[0]),
        (f'{run.rstrip()} -e month_end_period=2021-03', shown(failed)[0]),
        (run, None),
        (check, None),
    ):
        code, output = follow(more=command)
        letters = [letter.get_body().get_content() for letter in mail.taken]
        mail.taken.clear()
        if alert:
            assert code == 2 and len(letters) == 1 and re.match(alert, letters[0]), output
            assert letters[0].strip() in output
        else:
            assert (code, letters) == (0, []), output
    assert list(archive.manifests(period=PREVIOUS)) == [1]


def test_schedules(follow, sandbox, controller, folder, archive, mail):
    (folder / 'token.json').write_text(json.dumps({name: getattr(sandbox, name) for name in ('client_id', 'client_secret', 'refresh_token')}), encoding='utf-8')
    (folder / 'token.json').chmod(0o600)
    follow(files(INTRODUCTION), *(files(RECIPES[title]) for title in RECIPES if title.startswith('Alert')))
    *variables, run, check = blocks('text', RECIPES['Schedule with cron'])[0].splitlines()
    environment = dict(here(controller, variable).split('=') for variable in variables)
    for line, day in ((run, '2'), (check, '5')):
        minute, hour, *days, command = line.split(' ', 5)
        assert minute.isdigit() and hour.isdigit() and days == [day, '*', '*']
        code, output = follow(more=f'cd\n{command}', env={**environment, 'WEBEX_ACCESS_TOKEN': None})
        assert (code, mail.taken) == (0, []), output
    assert list(archive.manifests(period=PREVIOUS)) == [1]

    service, timer = map(unit, blocks('ini', RECIPES['Schedule with a systemd timer']))
    assert service['Service']['Environment'] in variables and f'cd {os.path.basename(service["Service"]["WorkingDirectory"])} && ' in run
    assert run.endswith(service['Service']['ExecStart'].removeprefix('/opt/ansible/bin/'))
    assert timer['Timer']['OnCalendar'].startswith('*-*-02 ')


@pytest.mark.skipif(not shutil.which('systemd-analyze'), reason='systemd is not on this machine')
def test_systemd_accepts_the_units(controller, folder):
    command = here(controller, script(RECIPES['Schedule with a systemd timer'])) + 'systemd-analyze verify ./billing-run.service ./billing-run.timer'
    ran = subprocess.run(['bash', '-euc', command], cwd=folder, capture_output=True, text=True, timeout=MOST_PATIENCE, check=False)
    assert (ran.returncode, ran.stdout + ran.stderr) == (0, '')


def test_thirty_partners(follow, sandbox, controller, folder, archive):
    (controller.home / '.vault_password').write_text('canary-password', encoding='utf-8')
    text = RECIPES['Thirty partners in one file']
    labels = re.findall(r'^(\w+): THE_REFRESH_TOKEN', text, re.MULTILINE)
    code, output = follow(files(INTRODUCTION), re.sub(r'THE_REFRESH_TOKEN\w+', sandbox.refresh_token, text), env={
        'WEBEX_ACCESS_TOKEN': None, 'WEBEX_CLIENT_ID': sandbox.client_id, 'WEBEX_CLIENT_SECRET': sandbox.client_secret,
    })
    assert code == 0 and all(re.search(line, output) for line in shown(text)), output
    assert [list(archive.manifests(label, PREVIOUS)) for label in labels] == [[1]] * 3
    assert sandbox.refresh_token not in output + (folder / 'tokens.yml').read_text(encoding='utf-8')


def test_upgrade_and_uninstall(follow, controller, folder):
    build = [BIN / 'ansible-galaxy', 'collection', 'build', ROOT, '--output-path', folder]
    subprocess.run(build, env=controller.environment(), capture_output=True, check=True, timeout=MOST_PATIENCE)
    upgrade, uninstall = blocks('shell', RECIPES['Upgrade and uninstall'])
    code, output = follow(more='\n'.join([upgrade, *blocks('shell', RECIPES['Report a fault']), uninstall]), env={'ANSIBLE_COLLECTIONS_PATH': None})
    assert code == 0 and 'was installed successfully' in output, output
    assert list((controller.home / '.ansible/collections/ansible_collections').glob('webex_partner/*')) == []


def files(text):
    """A text with its files and without its commands."""
    return re.sub(r'^```shell\n.*?^```$', '', text, flags=re.DOTALL | re.MULTILINE)


def here(controller, text):
    """A text of the guide with the paths of this machine."""
    return text.replace('/opt/ansible/bin', str(BIN)).replace('/home/billing', str(controller.home))


def unit(text):
    """The sections of a unit of systemd."""
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str
    parser.read_string(text)
    return parser
