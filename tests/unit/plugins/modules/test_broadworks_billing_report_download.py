# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Downloading, as the module does it: arguments in as core hands them over, a file and the printed result out."""

from __future__ import annotations

import errno
import hashlib
import json
import os

import pytest
from ansible.module_utils import basic
from ansible_collections.webex_partner.billing.plugins.module_utils._file import place
from ansible_collections.webex_partner.billing.plugins.modules import broadworks_billing_report_download
from ansible_collections.webex_partner.billing.tests.unit import printed
from ansible_collections.webex_partner.billing.tests.unit.connecting import asked

MAY = 'Y2lzY29zcGFyazovL3VzL0JJTExJTkdfUkVQT1JULzViOGQ1MThhLThmMDAtNDUxYi1hNDA2LWVhZjQ5YjRhN2ZhOA'
MARCH = 'Y2lzY29zcGFyazovL3VzL0JJTExJTkdfUkVQT1JULzViOGQ1MThhLThmMDAtNDUxYi1hNDA2LWVhZjQ5YjRhN2Zh5D'
OLD = b'x,y\n1,2\n3,4\n'


@pytest.fixture
def warned(monkeypatch):
    texts = []
    monkeypatch.setattr(basic.AnsibleModule, 'warn', lambda _self, text, **_kwargs: texts.append(text))
    return texts


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / 'bills'
    folder.mkdir()
    return folder


@pytest.fixture
def dest(folder):
    return folder / 'bill.csv'


@pytest.fixture
def download(monkeypatch, capsys, sandbox, dest):
    """Runs the module with the options given."""
    def run(**options):
        options = {'id': MAY, 'dest': str(dest), 'api_url': sandbox.api_url, 'access_token': sandbox.access_token, 'retry_timeout': 0, **options}
        monkeypatch.setattr(basic, '_ANSIBLE_ARGS', json.dumps({'ANSIBLE_MODULE_ARGS': options}).encode())
        monkeypatch.setattr(basic, '_ANSIBLE_PROFILE', 'legacy', raising=False)
        with pytest.raises(SystemExit):
            broadworks_billing_report_download.main()
        return printed.result(capsys)
    return run


def mode(path):
    return os.stat(path).st_mode & 0o7777


def test_a_file(sandbox, download, dest):
    result = download()
    content = dest.read_bytes()
    assert (result['changed'], result['dest'], result['size'], result['sha256']) == (True, str(dest), len(content), hashlib.sha256(content).hexdigest())
    assert result['records'] == 25 and result['columns'][0] == 'made_up_column_1' and 'backup_file' not in result
    assert result['report']['id'] == MAY and result['report']['temp_download_url'] is None
    assert result['diff'] == {'before': {}, 'after': {'size': len(content), 'sha256': result['sha256'], 'records': 25}}
    assert mode(dest) == 0o600 and os.listdir(dest.parent) == ['bill.csv']
    assert 'Signature' not in json.dumps(result)


def test_the_same_bytes_change_nothing_but_attributes(download, dest):
    download()
    before = os.stat(dest)
    again = download()
    assert again['changed'] is False and os.stat(dest).st_ino == before.st_ino and again['records'] == 25
    assert again['diff']['before'] == again['diff']['after']
    os.chmod(dest, 0o644)
    assert download()['changed'] is True and mode(dest) == 0o600
    assert download(mode='0640')['changed'] is True and mode(dest) == 0o640 and os.stat(dest).st_ino == before.st_ino


def test_other_bytes_replace_a_file_and_keep_a_copy_if_wanted(download, dest):
    dest.write_bytes(OLD)
    result = download(backup=True)
    assert result['changed'] and result['records'] == 25
    with open(result['backup_file'], 'rb') as file:
        assert file.read() == OLD
    assert result['diff']['before'] == {'size': len(OLD), 'sha256': hashlib.sha256(OLD).hexdigest(), 'records': 2}
    assert sorted(os.listdir(dest.parent)) == sorted(['bill.csv', os.path.basename(result['backup_file'])])
    assert 'backup_file' not in download(backup=True)


@pytest.mark.parametrize('umask', [0, 0o077, 0o777])
def test_the_mode_is_the_one_asked_for_at_any_moment(monkeypatch, download, dest, umask):
    seen = []
    replace = os.replace
    monkeypatch.setattr(place.os, 'replace', lambda src, dst: (seen.append(mode(src)), replace(src, dst), seen.append(mode(dst))))
    before = os.umask(umask)
    try:
        download(mode='0640')
    finally:
        assert os.umask(before) == umask
    assert seen == [0o640, 0o640]


def test_nothing_is_readable_for_others_while_it_is_copied_and_moved(monkeypatch, download, dest):
    umasks = []
    dest.write_bytes(OLD)
    replace = os.replace

    def seen(src, dst):
        umasks.append(os.umask(0o077))
        replace(src, dst)
    monkeypatch.setattr(place.os, 'replace', seen)
    assert download(backup=True)['changed'] and umasks == [0o077]


def test_file_and_move_are_brought_to_the_disk(monkeypatch, download, dest):
    synced = []
    fsync = os.fsync
    monkeypatch.setattr(os, 'fsync', lambda descriptor: (synced.append(os.path.isdir(f'/proc/self/fd/{descriptor}')), fsync(descriptor)))
    download()
    assert synced == [False, True]


@pytest.mark.parametrize('number', [errno.EINVAL, errno.ENOTSUP])
def test_a_directory_that_cannot_be_synced_is_no_failure(monkeypatch, download, dest, number):
    fsync = os.fsync

    def particular(descriptor):
        if os.path.isdir(f'/proc/self/fd/{descriptor}'):
            raise OSError(number, os.strerror(number))
        fsync(descriptor)

    monkeypatch.setattr(os, 'fsync', particular)
    assert download()['changed'] is True and dest.exists()
    assert download()['changed'] is False


@pytest.mark.skipif(os.geteuid() != 0, reason='only root can give files away')
def test_the_owner_of_a_file_that_is_replaced_stays(download, dest):
    dest.write_bytes(OLD)
    os.chown(dest, 12345, 23456)
    assert download()['changed'] is True and (os.stat(dest).st_uid, os.stat(dest).st_gid) == (12345, 23456)
    assert download(owner='0')['changed'] is True and (os.stat(dest).st_uid, os.stat(dest).st_gid) == (0, 23456)


def test_a_checksum_that_is_there_already_costs_no_download(sandbox, download, dest):
    checksum = 'sha256:' + download()['sha256'].upper()
    sandbox.clear_requests()
    result = download(checksum=checksum)
    assert result['changed'] is False and result['records'] == 25 and asked(sandbox) == [f'GET {MAY}']
    dest.write_bytes(OLD)
    assert download(checksum=checksum)['changed'] is True and dest.read_bytes() != OLD


def test_another_file_than_the_checksum_says_is_refused(download, dest):
    dest.write_bytes(OLD)
    result = download(checksum='sha256:' + '0' * 64)
    assert result['failed'] and result['error']['kind'] == 'download' and dest.read_bytes() == OLD and os.listdir(dest.parent) == ['bill.csv']


def test_a_directory_gets_a_name_of_month_and_id(sandbox, download, folder):
    sandbox.trouble(path=MAY, replace={'billingPeriod': '../../../evil'})
    names = [os.path.relpath(download(dest=f'{folder}{end}', id=report)['dest'], folder) for end, report in (('', MAY), ('/', MAY), ('', 'a/../b'))
             if sandbox.add_report('2021-05', seconds=0, id='a/../b')]
    digits = [hashlib.sha256(report.encode()).hexdigest()[:12] for report in (MAY, 'a/../b')]
    assert names == [f'unknown_{digits[0]}.csv', f'2021-05_{digits[0]}.csv', f'2021-05_{digits[1]}.csv']


def test_a_link_stays_a_link(download, dest, tmp_path):
    real = tmp_path / 'real.csv'
    dest.symlink_to(real)
    assert download()['dest'] == str(real)
    assert dest.is_symlink() and real.stat().st_size and os.listdir(dest.parent) == ['bill.csv']
    assert download()['changed'] is False


@pytest.mark.parametrize(('there', 'options', 'changed'), [
    (None, {}, True),
    (OLD, {}, False),
    (OLD, {'mode': '0644'}, True),
    (OLD, {'checksum': 'sha256:' + '0' * 64}, True),
    (OLD, {'checksum': f'sha256:{hashlib.sha256(OLD).hexdigest()}'}, False),
], ids=str)
def test_check_mode_says_what_it_can_know(sandbox, download, dest, there, options, changed):
    if there:
        dest.write_bytes(there)
        os.chmod(dest, 0o600)
    result = download(_ansible_check_mode=True, **options)
    assert result['changed'] is changed and asked(sandbox) == [f'GET {MAY}']
    assert (dest.read_bytes() if there else None) == there and len(os.listdir(dest.parent)) == bool(there)
    assert result['records'] == (2 if there else None) and result['sha256'] == (hashlib.sha256(OLD).hexdigest() if there else None)


@pytest.mark.parametrize('trouble', [
    {'status': 200, 'body': '<html>a,b</html>'}, {'status': 200, 'body': ''}, {'status': 403, 'times': 0}, {'cut': 'body'}, {'status': 503},
    {'status': 200, 'body': '{}'}, {'headers': {'Content-Length': '99999'}},
], ids=str)
def test_what_is_no_file_never_replaces_a_good_one(sandbox, download, dest, trouble):
    dest.write_bytes(OLD)
    sandbox.trouble(host='files', **trouble)
    result = download()
    assert result['failed'] is True and result['error']['kind'] in ('download', 'network') and 'Signature' not in json.dumps(result)
    assert dest.read_bytes() == OLD and os.listdir(dest.parent) == ['bill.csv']


def test_a_file_without_a_length_is_warned_about(sandbox, download, warned):
    sandbox.trouble(host='files', status=200, body='a,b\n1,2\n', headers={'Content-Length': None})
    assert download()['records'] == 1 and len(warned) == 1 and 'length' in warned[0]


def test_a_failed_report(sandbox, download):
    result = download(id=MARCH)
    assert result['error']['kind'] == 'report_failed' and '2024 Billing Report not found.' in result['msg']
    assert result['error']['details'] == [{'code': 2024, 'description': 'Billing Report not found.'}]


def test_a_report_that_is_not_ready(sandbox, download):
    result = download(id=sandbox.add_report('2026-10', seconds=60))
    assert result['error']['kind'] == 'download' and 'billing_report_wait' in result['msg']


@pytest.mark.parametrize('options', [
    {'id': ''}, {'dest': ''}, {'dest': '/nowhere/at/all.csv'}, {'dest': '/nowhere/'}, {'dest': '/dev/null'},
    {'checksum': ''}, {'checksum': 'md5:0'}, {'checksum': '0' * 64}, {'checksum': 'sha256:' + 'g' * 64},
], ids=str)
def test_a_value_that_cannot_be_meant_is_refused_before_any_request(sandbox, download, options):
    result = download(**options)
    assert result['failed'] is True and result['error']['kind'] == 'invalid_input' and sandbox.requests == []


def test_a_directory_that_cannot_be_written(sandbox, download, monkeypatch):
    def refuse(*_args, **_kwargs):
        raise PermissionError(13, 'Permission denied')
    monkeypatch.setattr('tempfile.mkstemp', refuse)
    result = download()
    assert result['error']['kind'] == 'download' and 'Permission denied' in result['msg'] and asked(sandbox) == [f'GET {MAY}']


def test_a_mode_that_is_none_leaves_the_old_file(download, dest):
    dest.write_bytes(OLD)
    result = download(mode='u=nonsense')
    assert result['failed'] is True and dest.read_bytes() == OLD and os.listdir(dest.parent) == ['bill.csv']


def test_unsafe_writes_still_give_the_mode(download, dest):
    assert download(unsafe_writes=True)['changed'] and mode(dest) == 0o600
