# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs beside each other, and runs that are killed: at every step, one whole version comes of it."""

from __future__ import annotations

import fcntl
import os
import signal
import time as real_time

import pytest
from ansible_collections.webex_partner.billing.plugins.module_utils._errors import Conflict
from ansible_collections.webex_partner.billing.tests.unit.filing import NAME, Filing, in_a_child

CONTENT = b'A,B\n' + b'1,2\n' * 5000
CALLS = ('open', 'read', 'write', 'fsync', 'replace', 'mkdir', 'chmod', 'fchmod', 'close', 'unlink', 'rmdir')

pytestmark = pytest.mark.filterwarnings('ignore:.*fork.*:DeprecationWarning')


def kill_at(step: int) -> None:
    """Let this process be killed in the middle of its ``step``-th call to the file system: half of what is written is written."""
    count = 0

    def counted(name, call):
        def replacement(*arguments, **keywords):
            nonlocal count
            count += 1
            if count == step:
                if name == 'write':
                    call(arguments[0], arguments[1][:len(arguments[1]) // 2])
                os.kill(os.getpid(), signal.SIGKILL)
            return call(*arguments, **keywords)
        return replacement

    for name in CALLS:
        setattr(os, name, counted(name, getattr(os, name)))
    fcntl.flock = counted('flock', fcntl.flock)


def whole(filing: Filing, content: bytes, version: int) -> bool:
    return (filing.month / f'v{version:03}' / NAME).read_bytes() == content


@pytest.mark.parametrize('before', [0, 1], ids=['first', 'second'])
def test_killed_at_every_step(tmp_path, before):
    steps = 0
    while True:
        steps += 1
        folder = tmp_path / str(steps)
        folder.mkdir()
        filing = Filing(folder)
        if before:
            filing.file(b'A,B\n')
        filing.src.write_bytes(CONTENT)

        def killed(step=steps, filing=filing):
            kill_at(step)
            filing.file()

        status = os.waitpid(in_a_child(killed), 0)[1]
        names = [path.name for path in filing.month.glob('v*/*')] if filing.month.exists() else []
        final = list(filing.month.glob(f'v*/{NAME}'))
        assert all(path.read_bytes() in (CONTENT, b'A,B\n') for path in final), (steps, names)
        filed = len(filing.complete())
        again = filing.file()
        assert again.changed is (filed == before), steps
        assert (again.manifest['version'], again.manifest['previous'] is None) == (before + 1, not before)
        assert filing.complete() == [f'v{number + 1:03}' for number in range(before + 1)] and whole(filing, CONTENT, before + 1), steps
        assert sorted(path.name for path in (filing.month / f'v{before + 1:03}').iterdir()) == sorted([NAME, 'manifest.json']), steps
        if not os.WIFSIGNALED(status):
            assert os.WEXITSTATUS(status) == 0
            break
        assert os.WTERMSIG(status) == signal.SIGKILL
    assert steps > 30


@pytest.mark.parametrize('many', [2, 10])
@pytest.mark.parametrize('alike', [True, False], ids=['same', 'other'])
def test_at_once(tmp_path, many, alike):
    filings = []
    for number in range(many):
        filing = Filing(tmp_path)
        filing.src = tmp_path / f'source{number}.csv'
        filing.src.write_bytes(CONTENT + (b'' if alike else b'%d,0\n' % number))
        filings.append(filing)
    filing = filings[0]
    filing.month.mkdir(parents=True)
    with open(filing.month / '.lock', 'wb') as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        children = [in_a_child(lambda each=each: lock.close() or each.file()) for each in filings]  # a child shares what its parent holds
        real_time.sleep(0.3)
        assert filing.complete() == []
    assert [os.waitpid(child, 0)[1] for child in children] == [0] * many
    assert filing.complete() == [f'v{number + 1:03}' for number in range(1 if alike else many)]
    contents = {(filing.month / name / NAME).read_bytes() for name in filing.complete()}
    assert contents == {each.src.read_bytes() for each in filings}
    for number in range(2, len(filing.complete()) + 1):
        manifest, previous = filing.manifest(number), filing.manifest(number - 1)
        assert manifest['previous']['sha256'] == previous['file']['sha256']


def test_the_lock_of_a_killed_holder_is_free(tmp_path):
    filing = Filing(tmp_path)
    filing.file(b'A,B\n')
    held, tell = os.pipe()

    def hold():
        lock = os.open(filing.month / '.lock', os.O_RDWR)
        fcntl.flock(lock, fcntl.LOCK_EX)
        os.write(tell, b'.')
        signal.pause()

    child = in_a_child(hold)
    os.read(held, 1)
    with pytest.raises(Conflict):
        filing.file(CONTENT, lock_timeout=0)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    assert filing.file(CONTENT, lock_timeout=0).manifest['version'] == 2


@pytest.mark.parametrize('timeout', [0, 0.05, 60])
def test_the_wait_for_the_lock_is_bounded(tmp_path, time, timeout):
    filing = Filing(tmp_path, time)
    filing.file(b'A,B\n')
    before = filing.tree()
    with open(filing.month / '.lock', 'rb') as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(Conflict, match=f'another run held .*/.lock for {timeout:g} seconds'):
            filing.file(CONTENT, lock_timeout=timeout)
    assert sum(time.pauses) == pytest.approx(timeout)
    assert filing.tree() == before
