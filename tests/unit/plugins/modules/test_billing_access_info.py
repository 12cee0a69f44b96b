# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is known of the access before a month end, and the sentence for each thing that would make it fail."""

from __future__ import annotations

import json
import os
import time as clock
from email.utils import formatdate

import pytest
from ansible.module_utils import basic
from ansible_collections.webex_partner.billing.plugins.module_utils._api.access import BROADWORKS, DAY
from ansible_collections.webex_partner.billing.plugins.modules import billing_access_info
from ansible_collections.webex_partner.billing.tests.unit import printed
from ansible_collections.webex_partner.billing.tests.unit.connecting import asked, minting
from webex_sandbox import Sandbox

READ, WRITE = BROADWORKS
KEYS = {
    'ok', 'problems', 'api_url', 'credential', 'scopes', 'missing_scopes', 'access_token_expires', 'refresh_token_expires', 'refresh_token_exchanged',
    'reports', 'tracking_id', 'archive',
}


@pytest.fixture
def sandbox():
    with Sandbox() as running:
        yield running


@pytest.fixture
def run(monkeypatch, capsys, sandbox):
    """Runs the module with the options given, by default as the sandbox's partner with a refresh token."""
    def result(**options):
        options = {**minting(sandbox), 'api_url': sandbox.api_url, 'retry_timeout': 0, **options}
        monkeypatch.setattr(basic, '_ANSIBLE_ARGS', json.dumps({'ANSIBLE_MODULE_ARGS': options}).encode())
        monkeypatch.setattr(basic, '_ANSIBLE_PROFILE', 'legacy', raising=False)
        with pytest.raises(SystemExit):
            billing_access_info.main()
        return printed.result(capsys)
    return result


@pytest.fixture
def access(run):
    def found(**options):
        result = run(**options)
        assert not result.get('failed'), result
        assert set(result['access']) == KEYS and result['access']['ok'] is not bool(result['access']['problems'])
        return result['access']
    return found


def problem(access):
    """The only problem."""
    assert len(access['problems']) == 1, access
    return access['problems'][0]


def test_good_news(sandbox, run, tmp_path):
    sandbox.trouble(path='access_token', replace={'scope': f'{READ} {WRITE}'})
    result = run(needs=['read', 'write'], archive=str(tmp_path / 'archive'))
    access = result['access']
    assert (access['ok'], access['problems'], access['credential'], access['reports']) == (True, [], 'refresh_token', 3)
    assert (access['scopes'], access['missing_scopes'], access['refresh_token_exchanged']) == ([READ, WRITE], [], False)
    assert access['access_token_expires'] < access['refresh_token_expires']
    assert access['archive']['writable'] and access['archive']['locks'] and access['archive']['free_bytes'] > 0
    assert not result['changed'] and os.listdir(tmp_path) == [] and asked(sandbox) == ['POST token', 'GET list']


def test_of_a_given_token_little_is_known(sandbox, access):
    found = access(access_token=sandbox.access_token, client_id='', client_secret='', refresh_token='')
    assert found['ok'] and found['credential'] == 'access_token'
    assert {found[name] for name in ('scopes', 'missing_scopes', 'access_token_expires', 'refresh_token_expires', 'refresh_token_exchanged') if found[name]} == set()


def test_a_token_file_that_is_renewed_is_a_change(sandbox, run, tmp_path):
    path = tmp_path / 'north.json'
    path.write_text(json.dumps({name: value for name, value in minting(sandbox).items() if value}))
    path.chmod(0o600)
    options = {**dict.fromkeys(minting(sandbox), ''), 'token_file': str(path)}
    assert [run(**options)['changed'] for _run in range(2)] == [True, False]
    assert run(**options)['access']['credential'] == 'token_file' and len(sandbox.minted) == 1


def test_expired_or_revoked(sandbox, access):
    found = access(refresh_token='revoked')
    assert 'Webex answered 400' in problem(found) and 'webex_partner.billing.authorize' in problem(found)
    assert found['tracking_id'] in problem(found) and found['reports'] is None


def test_a_token_that_webex_refuses(access):
    assert 'Webex answered 401' in problem(access(access_token='expired', client_id='', client_secret='', refresh_token=''))


@pytest.mark.parametrize(('granted', 'needs', 'missing'), [
    (READ, ['write'], [WRITE]), (READ, ['read'], []), ('other', ['read', 'write'], [READ, WRITE]), (WRITE, ['read'], [READ]),
])
def test_a_scope_that_is_missing(sandbox, access, granted, needs, missing):
    sandbox.trouble(path='access_token', replace={'scope': granted})
    found = access(needs=needs)
    assert found['missing_scopes'] == missing
    if missing:
        assert problem(found).startswith(f'The token lacks the scope {" and ".join(missing)}: get new tokens')


def test_no_partner_administrator(sandbox, access):
    sandbox.trouble(path='/reports', status=403)
    found = access()
    assert 'Webex answered 403' in problem(found) and 'partner administrator' in problem(found)


def test_a_refresh_token_that_ends_in_three_days(sandbox, access):
    sandbox.trouble(path='access_token', replace={'refresh_token_expires_in': 3 * DAY}, times=0)
    assert problem(access()).startswith('The refresh token ends at 20')
    assert access(valid_days=2)['ok']


def test_an_exchanged_refresh_token(access, sandbox):
    sandbox.trouble(path='access_token', replace={'refresh_token': 'another'})
    found = access()
    assert found['refresh_token_exchanged'] and 'Webex replaced the refresh token' in problem(found)


@pytest.mark.parametrize(('seconds', 'word'), [(3600, 'behind'), (-3600, 'ahead of')])
def test_a_wrong_clock(sandbox, access, seconds, word):
    sandbox.trouble(path='/reports', headers={'Date': formatdate(clock.time() + seconds, usegmt=True)}, times=0)
    assert f's {word} that of {sandbox.api_url}: synchronize it' in problem(access())


def test_a_proxy_in_the_way(access, monkeypatch):
    monkeypatch.setenv('HTTPS_PROXY', 'http://127.0.0.1:1')
    assert 'proxy' in problem(access(api_url='https://webexapis.example/v1')).lower()


def test_an_archive_that_is_full(access, monkeypatch, tmp_path):
    sizes = os.statvfs(tmp_path)
    monkeypatch.setattr(os, 'statvfs', lambda _path: type(sizes)((*sizes[:4], 1, *sizes[5:])))
    assert problem(access(archive=str(tmp_path))) == f'Only 0 MB are free in {tmp_path}: make room for the next reports.'


def test_an_archive_that_is_read_only(access, monkeypatch, tmp_path):
    def refuse(**_options):
        raise OSError(30, os.strerror(30))
    monkeypatch.setattr('tempfile.TemporaryFile', refuse)
    found = access(archive=str(tmp_path))
    assert 'cannot be written (Read-only file system)' in problem(found) and found['archive']['writable'] is False


def test_an_archive_without_locks(access, monkeypatch, tmp_path):
    def refuse(*_arguments):
        raise OSError(37, os.strerror(37))
    monkeypatch.setattr('fcntl.flock', refuse)
    found = access(archive=str(tmp_path))
    assert 'does not know locks' in problem(found) and 'rpc.statd' in problem(found) and found['archive']['locks'] is False


@pytest.mark.parametrize('options', [{'valid_days': -1}, {'valid_days': 'nan'}, {'archive': 'relative'}, {'access_token': 'a b'}], ids=str)
def test_options_that_cannot_be_meant_fail(run, options):
    result = run(**options)
    assert result['failed'] and result['error']['kind'] == 'invalid_input'
