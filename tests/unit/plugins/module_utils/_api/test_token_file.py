# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The token file: private, whole at every moment, renewed once by many, and never the place where a refresh token is lost."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from dataclasses import replace

import pytest
from ansible_collections.webex_partner.billing.plugins.module_utils._api.access import Access
from ansible_collections.webex_partner.billing.plugins.module_utils._api.token_file import TokenFile
from ansible_collections.webex_partner.billing.plugins.module_utils._errors import BillingError, InvalidInput, PermissionRefused, Unavailable
from ansible_collections.webex_partner.billing.plugins.module_utils._secrets import MASK, Secrets
from ansible_collections.webex_partner.billing.plugins.module_utils._time import Time, iso
from ansible_collections.webex_partner.billing.tests.unit.connecting import asked, client_of
from webex_sandbox import Sandbox

MINTING = """
import os, sys
from ansible_collections.webex_partner.billing.plugins.module_utils._api.token_file import TokenFile
from ansible_collections.webex_partner.billing.plugins.module_utils._time import Time
from dataclasses import replace
TokenFile(sys.argv[1], Time(), 10).renew(None, lambda access: replace(access, access_token="new", refresh_token="exchanged"))
"""


@pytest.fixture
def rotating(time):
    with Sandbox(rotate_refresh_token=True, clock=time.clock, now=time.now) as sandbox:
        yield sandbox


@pytest.fixture
def path(tmp_path):
    return tmp_path / 'partner.json'


def put(path, sandbox=None, mode=0o600, **changes):
    """A token file, with what mints a token of the sandbox."""
    content = {'refresh_token': 'old'}
    if sandbox:
        content = {'client_id': sandbox.client_id, 'client_secret': sandbox.client_secret, 'refresh_token': sandbox.refresh_token}
    path.write_text(json.dumps({**content, **changes}))
    path.chmod(mode)


def client(sandbox, path, time, **options):
    return client_of(sandbox, time, access_token='', token_file=str(path), **options)


def names(path):
    return sorted(entry.name for entry in path.parent.iterdir())


def test_a_token_is_granted_once_and_used_by_the_next_tasks(rotating, path, time):
    put(path, rotating)
    for _task in range(3):
        client(rotating, path, time).list_reports()
    assert asked(rotating) == ['POST token', 'GET list', 'GET list', 'GET list']
    content = json.loads(path.read_text())
    assert content == {
        'client_id': rotating.client_id, 'client_secret': rotating.client_secret, 'refresh_token': rotating.refresh_token,
        'access_token': rotating.minted[-1], 'access_token_expires': iso(time.now() + 1209600),
        'refresh_token_expires': iso(time.now() + 7776000), 'scopes': content['scopes'],
    }
    assert (path.stat().st_mode & 0o777, names(path)) == (0o600, ['.partner.json.lock', 'partner.json'])


def test_a_token_is_used_until_five_minutes_before_it_ends(rotating, path, time):
    put(path, rotating)
    client(rotating, path, time).list_reports()
    time.advance(1209600 - 301)
    client(rotating, path, time).list_reports()
    assert len(rotating.minted) == 1
    time.advance(2)
    client(rotating, path, time).list_reports()
    assert len(rotating.minted) == 2


def test_a_401_gets_another_token_and_keeps_it(rotating, path, time):
    put(path, rotating, access_token='revoked')
    client(rotating, path, time).list_reports()
    assert asked(rotating) == ['GET list', 'POST token', 'GET list']
    assert json.loads(path.read_text())['access_token'] == rotating.minted[-1]


def test_after_a_401_the_token_of_another_task_is_used(rotating, path, time):
    put(path, rotating, access_token='revoked')
    late = client(rotating, path, time)
    assert late.tokens.current() == 'revoked'
    client(rotating, path, time).list_reports()
    late.list_reports()
    assert len(rotating.minted) == 1


def test_what_the_user_wrote_beside_is_kept(rotating, path, time):
    put(path, rotating, comment='north')
    client(rotating, path, time).list_reports()
    assert json.loads(path.read_text())['comment'] == 'north'


def test_id_and_secret_may_come_from_elsewhere_and_are_not_written(rotating, path, time):
    put(path, rotating, client_id=None, client_secret='')
    client(rotating, path, time, client_id=rotating.client_id, client_secret=rotating.client_secret).list_reports()
    content = json.loads(path.read_text())
    assert (content['client_id'], content['client_secret']) == (None, None) and content['access_token']


def test_without_an_id_a_token_is_used_while_it_lives(sandbox, path, time):
    put(path, refresh_token='r', access_token=sandbox.access_token)
    assert len(client(sandbox, path, time).list_reports()) == 3
    put(path, refresh_token='r')
    with pytest.raises(InvalidInput, match='client_id and client_secret, which are needed for another one, are not set'):
        client(sandbox, path, time).list_reports()


@pytest.mark.parametrize('mode', [0o640, 0o604, 0o620, 0o700, 0o601, 0o4600])
def test_a_file_that_others_may_use_is_refused(sandbox, path, time, mode):
    put(path, sandbox, mode=mode)
    with pytest.raises(InvalidInput, match=f'mode {mode:04o}, but only its owner may have access.*chmod 600 {path}'):
        client(sandbox, path, time).list_reports()
    assert sandbox.requests == []


def test_a_file_of_another_user_is_refused(sandbox, path, time, monkeypatch):
    put(path, sandbox)
    monkeypatch.setattr(os, 'geteuid', lambda: path.stat().st_uid + 1)
    with pytest.raises(InvalidInput, match='belongs to another user'):
        client(sandbox, path, time).list_reports()


def test_a_stricter_mode_will_do(sandbox, path, time):
    put(path, sandbox, mode=0o400)
    assert len(client(sandbox, path, time).list_reports()) == 3


def test_a_file_that_is_not_there(sandbox, path, time):
    with pytest.raises(InvalidInput, match=f'Using the token file {path} failed: token_file does not exist; create it with.*authorize'):
        client(sandbox, path, time).list_reports()


@pytest.mark.parametrize('content', [b'', b'[]', b'{}', b'{"refresh_token": ""}', b'\xff', b'{"refresh_token": ', b'[' * 100_000])
def test_a_file_that_holds_something_else(sandbox, path, time, content):
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(InvalidInput, match='not a JSON object with a refresh_token'):
        client(sandbox, path, time).list_reports()


@pytest.mark.parametrize('changes', [
    {'refresh_token': 7}, {'access_token': 'a sesame'}, {'client_secret': ['sesame']}, {'client_id': 'sesame\n'}, {'scopes': 'sesame'}, {'scopes': [1]},
    {'access_token_expires': 'sesame'}, {'refresh_token_expires': 1793880000},
], ids=str)
def test_a_value_that_cannot_be_meant_is_named_and_not_quoted(sandbox, path, time, changes):
    put(path, **changes)
    with pytest.raises(InvalidInput, match=next(iter(changes))) as caught:
        client(sandbox, path, time).list_reports()
    assert 'sesame' not in str(caught.value) and sandbox.requests == []


@pytest.mark.parametrize('kind', ['directory', 'fifo'])
def test_what_is_no_file_is_refused(sandbox, path, time, kind):
    os.mkdir(path) if kind == 'directory' else os.mkfifo(path)
    with pytest.raises(InvalidInput):
        client(sandbox, path, time).list_reports()


def test_a_link_stays_one(rotating, path, time, tmp_path):
    put(path, rotating)
    link = tmp_path / 'link.json'
    link.symlink_to(path)
    client(rotating, link, time).list_reports()
    assert link.is_symlink() and json.loads(path.read_text())['access_token'] == rotating.minted[-1]


def test_a_full_disk_shows_before_webex_is_asked(rotating, path, time, monkeypatch):
    put(path, rotating)
    before = path.read_bytes()
    with pytest.raises(Unavailable, match='No space left'):
        with monkeypatch.context() as patch:
            patch.setattr('ansible_collections.webex_partner.billing.plugins.module_utils._files.to_disk', lambda _descriptor: refuse(28))
            client(rotating, path, time).list_reports()
    assert (rotating.requests, path.read_bytes(), names(path)) == ([], before, ['.partner.json.lock', 'partner.json'])
    client(rotating, path, time).list_reports()


def refuse(number):
    raise OSError(number, os.strerror(number))


def test_a_directory_that_cannot_be_written_shows_before_webex_is_asked(rotating, path, time, monkeypatch):
    put(path, rotating)
    opened = os.open
    monkeypatch.setattr(os, 'open', lambda name, flags, *rest: refuse(13) if flags & os.O_CREAT else opened(name, flags, *rest))
    with pytest.raises(PermissionRefused, match='Permission denied'):
        client(rotating, path, time).list_reports()
    assert rotating.requests == []


def test_a_file_system_without_locks_is_named(rotating, path, time, monkeypatch):
    put(path, rotating)
    monkeypatch.setattr('fcntl.flock', lambda *_arguments: refuse(37))
    with pytest.raises(Unavailable, match='does not know locks; keep token_file on a file system with locks'):
        client(rotating, path, time).list_reports()
    assert rotating.requests == []


@pytest.mark.parametrize(('patched', 'kind'), [('os.fsync', 'unavailable'), ('fcntl.flock', 'unavailable'), ('os.open', 'permission')])
def test_a_place_that_cannot_hold_a_file_shows_when_it_is_tried_out(path, time, monkeypatch, patched, kind):
    put(path)
    before = path.read_bytes()
    with pytest.raises(BillingError) as caught, monkeypatch.context() as patch:
        number = {'os.fsync': 28, 'fcntl.flock': 37, 'os.open': 13}[patched]
        patch.setattr(patched, lambda *_arguments: refuse(number))
        TokenFile(str(path), time, 0).try_out()
    assert caught.value.kind == kind and path.read_bytes() == before and '.partner.json.part' not in names(path)
    TokenFile(str(path), time, 0).try_out()
    assert path.read_bytes() == before and names(path) == ['.partner.json.lock', 'partner.json']


def test_a_directory_is_no_place_for_a_token_file(path, time):
    with pytest.raises(InvalidInput, match='token_file is a directory; give the path of a file in it'):
        TokenFile(str(path.parent), time, 0).try_out()


def test_a_refused_refresh_leaves_the_file_alone(sandbox, path, time):
    put(path, sandbox, refresh_token='revoked')
    before = path.read_bytes()
    with pytest.raises(BillingError) as caught:
        client(sandbox, path, time).list_reports()
    assert caught.value.kind == 'authentication' and 'webex_partner.billing.authorize' in str(caught.value)
    assert (path.read_bytes(), names(path)) == (before, ['.partner.json.lock', 'partner.json'])


def test_parallel_tasks_get_one_token(path):
    with Sandbox(rotate_refresh_token=True) as sandbox:
        put(path, sandbox)
        failures = []

        def task():
            try:
                client(sandbox, path, Time()).list_reports()
            except BillingError as error:
                failures.append(str(error))

        threads = [threading.Thread(target=task) for _number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert (failures, len(sandbox.minted)) == ([], 1)


@pytest.mark.parametrize(('call', 'which', 'kept'), [
    ('fsync', 1, 'old'),  # before Webex is asked
    ('ftruncate', 1, 'exchanged'), ('fsync', 2, 'exchanged'), ('replace', 1, 'exchanged'), ('fsync', 3, 'exchanged'),
])
def test_a_kill_at_any_point_leaves_a_whole_file(path, call, which, kept):
    put(path, access_token='', comment='kept')
    deadly = f"""
real, calls = os.{call}, []
def kill(*arguments):
    calls.append(arguments)
    if len(calls) == {which}:
        os.kill(os.getpid(), 9)
    return real(*arguments)
os.{call} = kill
"""
    code = MINTING.replace('\nTokenFile(', deadly + '\nTokenFile(')
    killed = subprocess.run([sys.executable, '-c', code, str(path)], env={**os.environ, 'PYTHONPATH': os.pathsep.join(sys.path)}, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert json.loads(path.read_text())['comment'] == 'kept'
    TokenFile(str(path), Time(), 1).renew('new', lambda access: replace(access, access_token='next'))
    assert json.loads(path.read_text())['refresh_token'] == kept


def test_an_interrupt_after_the_grant_keeps_the_only_copy(path, monkeypatch):
    put(path)
    file = TokenFile(str(path), Time(), 1)

    def interrupt(*_arguments):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(os, 'replace', interrupt)
        with pytest.raises(KeyboardInterrupt):
            file.renew(None, lambda access: replace(access, access_token='new', refresh_token='exchanged'))
    assert file.renew('other', pytest.fail).refresh_token == 'exchanged'


def test_a_file_that_was_put_there_after_a_kill_is_not_replaced_by_what_was_meant_for_the_old_one(path, monkeypatch):
    put(path)
    file = TokenFile(str(path), Time(), 1)
    with monkeypatch.context() as patch:
        patch.setattr(os, 'replace', lambda *_arguments: refuse(5))
        with pytest.raises(Unavailable):
            file.renew(None, lambda access: replace(access, access_token='new', refresh_token='of-north'))
    put(path, refresh_token='of-south')
    assert file.renew(None, lambda access: replace(access, access_token='next')).refresh_token == 'of-south'
    assert json.loads(path.read_text())['refresh_token'] == 'of-south'


def test_a_file_that_a_person_just_authorized(path):
    access = Access('C1', 'the-secret', 'the-refresh', 1793880000.5, 'the-token', 1793880000.0, ('read', 'write'))
    TokenFile(str(path), Time(), 1).create(access)
    assert path.stat().st_mode & 0o777 == 0o600
    assert json.loads(path.read_text())['refresh_token_expires'] == '2026-11-05T12:00:00Z'


def test_no_secret_of_the_file_gets_out(sandbox, path, time):
    put(path, sandbox)
    secrets = Secrets()
    client(sandbox, path, time, secrets=secrets).list_reports()
    for secret in (sandbox.client_secret, sandbox.refresh_token, sandbox.minted[-1]):
        assert secrets.mask(f'<{secret}>') == f'<{MASK}>'
