# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files that survive a crash, and the errors of a file system that refuses. This file knows nothing of reports."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import re
import stat
import tempfile
import typing as t
from contextlib import contextmanager, suppress
from pathlib import Path

from ._errors import BillingError, Conflict, InvalidInput, PermissionRefused, Unavailable
from ._time import Time

DIRECTORY_MODE = 0o750
FILE_MODE = 0o640
CHUNK = 1024 * 1024  # bytes that are held in memory
LOOK_AGAIN = 0.1  # seconds between two tries to have a lock
DIGEST = re.compile('[0-9a-f]{64}')  # a SHA-256 as it is written

_PART = re.compile(r'\.webex-[0-9a-f]{16}-[a-z0-9_]{8}\.part')

_REFUSED = (errno.EACCES, errno.EPERM, errno.EROFS)
_MISPLACED = (errno.ENOTDIR, errno.EISDIR, errno.EEXIST, errno.ENOENT, errno.ELOOP, errno.ENAMETOOLONG, errno.EINVAL)
_UNSUPPORTED = (errno.EINVAL, errno.ENOTSUP, errno.ENOSYS)  # the file system cannot do this at all
_NO_LOCKS = (errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS)
_NO_MODES = (errno.EPERM, errno.ENOTSUP, errno.ENOSYS)  # the mount decides about modes, as SMB and Azure Files do

LOCKS_REMEDY = (
    'start rpc.statd on this host, or mount with local_lock=flock (NFS 3: also nolock) if only this host writes to the archive;'
    ' or set lock to false and make sure that one task at a time writes to a month'
)


def path(name: str, value: str) -> str:
    """Return the path that an option gave, normalized; Ansible has expanded ``~``. Raises InvalidInput for a relative path.

    A relative path means one directory to a module and another one to an action.
    """
    if not os.path.isabs(value) or '\0' in value:
        raise InvalidInput(f'{name} must be an absolute path or begin with ~, not {value[:100]!r}')
    return os.path.abspath(value)


@contextmanager
def errors_of_files() -> t.Iterator[None]:
    """Turn a refusal of the file system into an error of this collection: about the path, the access, or the storage."""
    try:
        yield
    except OSError as error:
        text = error.strerror or str(error)
        cause = f'{text}: {os.fsdecode(error.filename)}' if isinstance(error.filename, (str, bytes)) else text
        raise _by_number(error.errno, cause) from None


def _by_number(number: int | None, cause: str) -> BillingError:
    if number in _REFUSED:
        return PermissionRefused(cause, remedy='let the user of this task write there, or run it as another user')
    if number in _MISPLACED:
        return InvalidInput(cause, remedy='check the path, and what is there')
    return Unavailable(cause, remedy='free some space or repair the storage, then run the task again')


@contextmanager
def opened(path: str, flags: int = os.O_RDONLY, mode: int = FILE_MODE) -> t.Iterator[int]:
    """Yield a descriptor, and close it. A file that this creates gets the mode regardless of the umask."""
    descriptor = os.open(path, flags | os.O_CLOEXEC, mode)
    try:
        if flags & os.O_CREAT:
            set_mode(descriptor, mode)
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def created(path: str, mode: int = FILE_MODE) -> t.Iterator[int]:
    """Yield a new file for writing. An existing file or link is removed first, so that nothing is written through it."""
    with suppress(FileNotFoundError):
        os.unlink(path)
    with opened(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode) as descriptor:
        yield descriptor


@contextmanager
def opened_own(path: str, flags: int = os.O_RDONLY) -> t.Iterator[int]:
    """Yield an existing file of ours. Raises InvalidInput for a link, a pipe and anything else that is not a regular file."""
    with opened(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK) as descriptor:  # without O_NONBLOCK a pipe would wait for its writer
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise InvalidInput(f'{path} is not a file', remedy='move it away')
        yield descriptor


@contextmanager
def opened_source(name: str, path: str) -> t.Iterator[int]:
    """Yield an option's file for reading. Raises InvalidInput if it is not a regular file, or empty."""
    try:
        with opened(path, os.O_RDONLY | os.O_NONBLOCK) as descriptor:
            found = os.fstat(descriptor)
            kind = 'a directory' if stat.S_ISDIR(found.st_mode) else 'not a file' if not stat.S_ISREG(found.st_mode) else ''
            if kind or not found.st_size:
                raise InvalidInput(f'{name} is {kind or "an empty file"}: {path}', remedy=f'give the downloaded file as {name}')
            yield descriptor
    except FileNotFoundError as error:
        if error.filename != path:
            raise
        raise InvalidInput(f'{name} does not exist on this host: {path}', remedy=f'give the downloaded file as {name}') from None


def set_mode(target: int | str, mode: int) -> None:
    """Set the mode of a file, if the file system allows that."""
    try:
        os.chmod(target, mode)
    except OSError as error:
        if error.errno not in _NO_MODES:
            raise


def digest(source: int, sink: int | None = None) -> tuple[int, str]:
    """Return size and SHA-256 of a file, read from its beginning and copied to ``sink``."""
    size, hashed = 0, hashlib.sha256()
    os.lseek(source, 0, os.SEEK_SET)
    while chunk := os.read(source, CHUNK):
        size += len(chunk)
        hashed.update(chunk)
        if sink is not None:
            write_all(sink, chunk)
    return size, hashed.hexdigest()


def write_all(sink: int, data: bytes) -> None:
    """Write all of ``data`` to a descriptor."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(sink, rest):]


def read(path: str) -> bytes:
    """Return the content of a file of ours."""
    with opened_own(path) as descriptor, open(descriptor, 'rb', closefd=False) as file:
        return file.read()


def copy(source: int, path: str) -> tuple[int, str]:
    """Copy to a file that is on the disk afterwards, and return size and SHA-256 of the copy."""
    with created(path) as sink:
        result = digest(source, sink)
        to_disk(sink)
    return result


def write(path: str, data: bytes, mode: int = FILE_MODE) -> None:
    """Write a file that is on the disk afterwards."""
    with created(path, mode) as sink:
        write_all(sink, data)
        to_disk(sink)


def overwrite(sink: int, data: bytes) -> None:
    """Overwrite an open file, in the blocks that it has. It is on the disk afterwards."""
    os.lseek(sink, 0, os.SEEK_SET)
    write_all(sink, data)
    os.ftruncate(sink, len(data))
    to_disk(sink)


def move(path: str, final: str) -> None:
    """Move a file whose bytes are on the disk to another name on the same file system, and give it the mode of files that are created here."""
    with opened_own(path) as descriptor:
        set_mode(descriptor, FILE_MODE)
        to_disk(descriptor)
    os.replace(path, final)


def rename(path: str, final: str) -> None:
    """Give a file its final name, in a way that a crash does not undo."""
    os.replace(path, final)
    sync_directory(os.path.dirname(final))


def part_prefix(path: str) -> str:
    """Return the beginning of the names of a path's temporary files. Its length does not depend on the name."""
    return f'.webex-{hashlib.sha256(os.fsencode(os.path.basename(path))).hexdigest()[:16]}-'


def is_part(name: str) -> bool:
    """Return whether ``new_part`` can give a temporary file this name."""
    return _PART.fullmatch(name) is not None


def new_part(path: str) -> tuple[int, str]:
    """Create a file beside ``path`` that only its owner can read, and lock it, so that no other run takes it for a leftover. Return it and its path."""
    while True:
        descriptor, part = tempfile.mkstemp(prefix=part_prefix(path), suffix='.part', dir=os.path.dirname(path))
        # on a file system without locks, no other run can lock the file and remove it
        if try_lock(descriptor) is not False and os.fstat(descriptor).st_nlink:
            return descriptor, part
        os.close(descriptor)  # another run takes it for a leftover and is about to remove it


def remove_parts(path: str) -> None:
    """Remove the unlocked temporary files that killed runs left of ``path``."""
    for part in Path(os.path.dirname(path)).glob(f'{part_prefix(path)}*.part'):
        with suppress(OSError):
            descriptor = os.open(part, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK)
            try:
                if try_lock(descriptor):
                    part.unlink()
            finally:
                os.close(descriptor)


def to_disk(descriptor: int) -> None:
    """Write a file or directory through to the disk, if the file system supports that."""
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _UNSUPPORTED:
            raise


def sync_directory(path: str) -> None:
    """Write the names in a directory through to the disk, unless its user may not read it and so cannot open it."""
    with suppress(PermissionError), opened(path, os.O_RDONLY | os.O_DIRECTORY) as descriptor:
        to_disk(descriptor)


@contextmanager
def directory(path: str) -> t.Iterator[None]:
    """Create a directory for the block, with its missing parents. If the block fails, remove those that are empty."""
    made: list[str] = []
    try:
        _make_directory(path, made)
        yield
    except BaseException:
        for each in reversed(made):
            with suppress(OSError):
                os.rmdir(each)
        raise


@contextmanager
def removed_on_failure(*paths: str) -> t.Iterator[None]:
    """Remove these files if the block fails."""
    try:
        yield
    except BaseException:
        for path in paths:
            with suppress(OSError):
                os.unlink(path)
        raise


def _make_directory(path: str, made: list[str]) -> None:
    if os.path.isdir(path):
        return
    parent = os.path.dirname(path)
    _make_directory(parent, made)
    try:
        os.mkdir(path, DIRECTORY_MODE)
    except FileExistsError:
        if not os.path.isdir(path):
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), path) from None
        return  # another run was faster
    made.append(path)
    set_mode(path, DIRECTORY_MODE)
    sync_directory(parent)


@contextmanager
def lock(path: str, timeout: float | None, time: Time, remedy: str = LOCKS_REMEDY) -> t.Iterator[None]:
    """Hold the lock of a file. The lock ends with its process, even if that is killed. With a ``timeout`` of None, use no lock.

    Raises Conflict if the lock is not free in time, and Unavailable if the file system does not know locks.
    """
    if timeout is None:
        yield
        return
    with suppress(FileExistsError), opened(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL):
        pass
    with opened_own(path, os.O_RDWR) as descriptor:
        until = time.clock() + timeout
        while not _locked(descriptor, path, remedy):
            left = until - time.clock()
            if left <= 0:
                raise Conflict(f'another run held {path} for {timeout:g} seconds', remedy='run the task again when the other one has ended')
            time.sleep(min(left, LOOK_AGAIN))
        yield


def _locked(descriptor: int, path: str, remedy: str) -> bool:
    locked = try_lock(descriptor)
    if locked is None:
        raise Unavailable(f'the file system of {path} does not know locks', remedy=remedy)
    return locked


def try_lock(descriptor: int) -> bool | None:
    """Lock a file and return True; return False if another process holds its lock, and None if the file system does not know locks."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        if error.errno not in _NO_LOCKS:
            raise
        return None
    return True
