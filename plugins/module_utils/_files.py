# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files that outlive a crash, and what an operator is told when the file system refuses: nothing here knows of reports."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import stat
import typing as t
from contextlib import contextmanager

from ._errors import BillingError, Conflict, InvalidInput, PermissionRefused, Unavailable
from ._time import Time

DIRECTORY_MODE = 0o750
FILE_MODE = 0o640
CHUNK = 1024 * 1024  # bytes that are held in memory
LOOK_AGAIN = 0.1  # seconds between two tries to have a lock

_REFUSED = (errno.EACCES, errno.EPERM, errno.EROFS)
_MISPLACED = (errno.ENOTDIR, errno.EISDIR, errno.EEXIST, errno.ENOENT, errno.ELOOP, errno.ENAMETOOLONG, errno.EINVAL)
_UNSUPPORTED = (errno.EINVAL, errno.ENOTSUP)  # a file system that cannot do it for directories


def path(name: str, value: str) -> str:
    """A path that an option gave, made absolute. Raises InvalidInput."""
    if not value or '\0' in value:
        raise InvalidInput(f'{name} must be a path, not {value[:100]!r}')
    return os.path.abspath(value)


@contextmanager
def errors_of_files() -> t.Iterator[None]:
    """Let a refusal of the file system be an error of this collection: the path was wrong, or access, or the storage."""
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
        return InvalidInput(cause, remedy='check the path, and what stands there')
    return Unavailable(cause, remedy='make room or mend the storage, and run the task again')


@contextmanager
def opened(path: str, flags: int = os.O_RDONLY) -> t.Iterator[int]:
    """A descriptor, closed in the end. A file that this creates gets FILE_MODE, whatever the umask."""
    descriptor = os.open(path, flags | os.O_CLOEXEC, FILE_MODE)
    try:
        if flags & os.O_CREAT:
            os.fchmod(descriptor, FILE_MODE)
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def opened_source(name: str, path: str) -> t.Iterator[int]:
    """A regular file to read from, which an option gave. Raises InvalidInput for what is none, and for an empty one."""
    try:
        with opened(path, os.O_RDONLY | os.O_NONBLOCK) as descriptor:  # a pipe would wait for its writer
            found = os.fstat(descriptor)
            kind = 'a directory' if stat.S_ISDIR(found.st_mode) else 'not a file' if not stat.S_ISREG(found.st_mode) else ''
            if kind or not found.st_size:
                raise InvalidInput(f'{name} is {kind or "an empty file"}: {path}', remedy=f'give the downloaded file as {name}')
            yield descriptor
    except FileNotFoundError as error:
        if error.filename != path:
            raise
        raise InvalidInput(f'{name} does not exist on this host: {path}', remedy=f'give the downloaded file as {name}') from None


def digest(source: int, sink: int | None = None) -> tuple[int, str]:
    """Size and sha256 of a file from its beginning, copied to ``sink`` on the way."""
    size, hashed = 0, hashlib.sha256()
    os.lseek(source, 0, os.SEEK_SET)
    while chunk := os.read(source, CHUNK):
        size += len(chunk)
        hashed.update(chunk)
        if sink is not None:
            _write(sink, chunk)
    return size, hashed.hexdigest()


def _write(sink: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(sink, rest):]


def copy(source: int, path: str) -> tuple[int, str]:
    """Copy to a file that is on the disk afterwards; return size and sha256 of what was copied."""
    with opened(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW) as sink:
        result = digest(source, sink)
        os.fsync(sink)
    return result


def write(path: str, data: bytes) -> None:
    """Write a file that is on the disk afterwards."""
    with opened(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW) as sink:
        _write(sink, data)
        os.fsync(sink)


def move(path: str, final: str) -> None:
    """Move a file whose bytes are on the disk to another name on the same file system, with the mode of those that are made here."""
    os.chmod(path, FILE_MODE)
    with opened(path) as descriptor:
        os.fsync(descriptor)
    os.replace(path, final)


def rename(path: str, final: str) -> None:
    """Give a file its final name, in a way that a crash does not undo."""
    os.replace(path, final)
    sync_directory(os.path.dirname(final))


def sync_directory(path: str) -> None:
    """Bring the names in a directory to the disk, where the file system can do that."""
    with opened(path, os.O_RDONLY | os.O_DIRECTORY) as descriptor:
        try:
            os.fsync(descriptor)
        except OSError as error:
            if error.errno not in _UNSUPPORTED:
                raise


def make_directory(path: str) -> None:
    """Make a directory and what is missing above it; one that is there is left as it is."""
    if os.path.isdir(path):
        return
    parent = os.path.dirname(path)
    make_directory(parent)
    try:
        os.mkdir(path, DIRECTORY_MODE)
    except FileExistsError:
        if not os.path.isdir(path):
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), path) from None
        return  # another run was faster
    os.chmod(path, DIRECTORY_MODE)
    sync_directory(parent)


@contextmanager
def lock(path: str, timeout: float, time: Time) -> t.Iterator[None]:
    """Hold the lock of a file, which ends with its holder, however that ends. Raises Conflict if it cannot be had in time."""
    with opened(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW) as descriptor:
        until = time.clock() + timeout
        while not _locked(descriptor):
            left = until - time.clock()
            if left <= 0:
                raise Conflict(f'another run held {path} for {timeout:g} seconds', remedy='run the task again when the other one has ended')
            time.sleep(min(left, LOOK_AGAIN))
        yield


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
