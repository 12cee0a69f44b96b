# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is known of the access before a month end, and the sentence for each thing that would make it fail."""

from __future__ import annotations

import errno
import json
import os
import re
from pathlib import Path

import pytest
from ansible.module_utils import basic
from ansible_collections.webex_partner.billing.plugins.module_utils._api.access import DAY
from ansible_collections.webex_partner.billing.plugins.module_utils._api.products import BROADWORKS, WHOLESALE
from ansible_collections.webex_partner.billing.plugins.modules import billing_access_info
from ansible_collections.webex_partner.billing.tests.unit import printed
from ansible_collections.webex_partner.billing.tests.unit.connecting import asked, minting
from webex_sandbox import Sandbox

READ, WRITE = BROADWORKS.scopes
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


def test_each_product_has_scopes_and_reports_of_its_own(sandbox, access):
    sandbox.trouble(path='access_token', replace={'scope': f'{READ} {WRITE}'})
    assert access(product='wholesale', needs=['read', 'write'])['missing_scopes'] == list(WHOLESALE.scopes)
    sandbox.add_report('2026-10', product='wholesale')
    found = access(product='wholesale')
    assert (found['ok'], found['reports']) == (True, 4) and '/wholesale/billing/reports' in sandbox.requests[-1]['target']


def test_of_a_given_token_webex_tells_the_end_alone(sandbox, access):
    found = access(access_token=sandbox.access_token, **GIVEN)
    assert problem(found).startswith(f'The access token ends at {found["access_token_expires"]}, and nothing renews it')
    unknown = ('scopes', 'missing_scopes', 'refresh_token_expires', 'refresh_token_exchanged')
    assert found['credential'] == 'access_token' and [found[name] for name in unknown] == [None] * 4
    assert access(access_token=sandbox.access_token, valid_days=1, **GIVEN)['ok']
    assert access(**minting(sandbox, access_token=sandbox.access_token))['ok'], 'a refresh token renews it'


@pytest.mark.parametrize('trouble', [{'status': 403}, {'json': {'exp': 'soon'}}, {'json': []}, {'json': {'exp': 1e30}}, {'body': 'soon'}], ids=str)
def test_an_end_that_webex_does_not_tell_is_not_known(sandbox, access, trouble):
    sandbox.trouble(path='tokenExpiry', **{'status': 200, **trouble})
    found = access(access_token=sandbox.access_token, **GIVEN)
    assert found['ok'] and found['access_token_expires'] is None


def test_a_token_file_that_is_renewed_is_a_change(sandbox, run, tmp_path):
    path = tmp_path / 'north.json'
    path.write_text(json.dumps({name: value for name, value in minting(sandbox).items() if value}))
    path.chmod(0o600)
    options = {**dict.fromkeys(minting(sandbox), ''), 'token_file': str(path)}
    assert [run(**options)['changed'] for _run in range(2)] == [True, False]
    assert run(**options)['access']['credential'] == 'token_file' and len(sandbox.minted) == 1


def refuse(number):
    def refused(*_arguments, **_options):
        raise OSError(number, os.strerror(number))
    return refused


def nearly_full(path):
    sizes = os.statvfs(path)
    return lambda _path: type(sizes)((*sizes[:4], 1, *sizes[5:]))


GIVEN = {'client_id': '', 'client_secret': '', 'refresh_token': ''}
LATE = {'Date': 'Wed, 01 Jan 2020 00:00:00 GMT'}
# what is wrong, how it comes about, and the options of the task; docs/failures.md has the same states with their sentences
STATES = {
    'the access token has expired': (None, {'access_token': 'expired', **GIVEN}),
    'the refresh token was revoked or has expired': (lambda box, patch, path: box.revoke_tokens(), {}),
    'a scope is missing': (lambda box, patch, path: box.set_terms(scopes=[READ]), {'needs': ['write']}),
    'the token is not from a partner administrator': (lambda box, patch, path: box.trouble(path='/reports', status=403), {}),
    'the refresh token ends in three days': (lambda box, patch, path: box.set_terms(refresh_token_seconds=3 * DAY), {}),
    'Webex replaced the refresh token': (lambda box, patch, path: box.set_terms(rotate_refresh_token=True), {}),
    'the clock is wrong': (lambda box, patch, path: box.trouble(path='/reports', headers=LATE), {}),
    'a proxy is in the way': (lambda box, patch, path: patch.setenv('HTTPS_PROXY', 'http://127.0.0.1:1'), {'api_url': 'https://webexapis.com/v1'}),
    'the archive is full': (lambda box, patch, path: patch.setattr(os, 'statvfs', nearly_full(path)), {'archive': '{path}'}),
    'the archive is read-only': (lambda box, patch, path: patch.setattr('tempfile.TemporaryFile', refuse(errno.EROFS)), {'archive': '{path}'}),
    'the archive has no locks': (lambda box, patch, path: patch.setattr('fcntl.flock', refuse(errno.ENOLCK)), {'archive': '{path}'}),
}


def as_on_the_page(text, path, sandbox):
    """A sentence with the page's words in place of what differs from run to run."""
    text = text.replace(str(path), '/srv/billing').replace(sandbox.api_url, 'https://webexapis.com/v1')
    return re.sub(r'ROUTER_[\w-]+', 'ROUTER_…', re.sub(r'\d{4}-\d\d-\d\dT[\d:]+Z', '2026-11-29T09:00:00Z', re.sub(r'is \d{6,} s', 'is 3600 s', text)))


def sentences_of_the_page():
    page = (Path(__file__).resolve().parents[4] / 'docs/failures.md').read_text(encoding='utf-8')
    section = page[page.index('## Before the month end'):]
    return {state: re.sub(r'\n> ', ' ', quote).strip() for state, quote in re.findall(r'^\*\*(.+?)\*\*\n\n> ((?:.+\n> )*.+)', section, re.MULTILINE)}


@pytest.mark.parametrize('state', STATES)
def test_a_bad_state_is_a_sentence_that_the_page_has(sandbox, access, monkeypatch, tmp_path, state):
    arrange, options = STATES[state]
    if arrange:
        arrange(sandbox, monkeypatch, tmp_path)
    found = access(**{name: value.format(path=tmp_path) if isinstance(value, str) else value for name, value in options.items()})
    assert sentences_of_the_page()[state] == as_on_the_page(problem(found), tmp_path, sandbox)
    assert found['tracking_id'] is None or found['tracking_id'] in problem(found)


def test_the_page_has_no_other_state():
    assert list(sentences_of_the_page()) == list(STATES)


@pytest.mark.parametrize(('granted', 'needs', 'missing'), [
    (READ, ['write'], [WRITE]), (READ, ['read'], []), ('other', ['read', 'write'], [READ, WRITE]), (WRITE, ['read'], [READ]),
])
def test_a_scope_that_is_missing(sandbox, access, granted, needs, missing):
    sandbox.trouble(path='access_token', replace={'scope': granted})
    found = access(needs=needs)
    assert found['missing_scopes'] == missing
    if missing:
        assert problem(found).startswith(f'The token lacks the scope {" and ".join(missing)}: get new tokens')


def test_the_days_that_are_enough(sandbox, access):
    sandbox.trouble(path='access_token', replace={'refresh_token_expires_in': 3 * DAY})
    assert access(valid_days=2)['ok']


def test_a_clock_that_is_late(sandbox, access):
    sandbox.trouble(path='/reports', headers={'Date': 'Thu, 01 Jan 2037 00:00:00 GMT'})
    assert f's behind that of {sandbox.api_url}: synchronize it' in problem(access())


@pytest.mark.parametrize('options', [{'valid_days': -1}, {'valid_days': 'nan'}, {'archive': 'relative'}, {'access_token': 'a b'}], ids=str)
def test_options_that_cannot_be_meant_fail(run, options):
    result = run(**options)
    assert result['failed'] and result['error']['kind'] == 'invalid_input'
