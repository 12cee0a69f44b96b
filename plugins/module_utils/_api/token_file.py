# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keep the access of one partner in a file: private, replaced atomically, renewed by one process at a time."""

from __future__ import annotations

import hashlib
import json
import os
import stat
import typing as t
from contextlib import contextmanager
from dataclasses import replace

from .. import _files
from .._errors import BillingError, InvalidInput, doing
from .._time import Time, iso
from .access import Access
from .options import is_token
from .report import moment

MODE = 0o600
MARGIN = 300  # seconds: an access token that ends earlier is not used, since it might end amid the task
ROOM = 64 * 1024  # bytes; a token answer is far smaller
TOKENS = ('client_id', 'client_secret', 'refresh_token', 'access_token')
TIMES = ('refresh_token_expires', 'access_token_expires')
LOCKS = 'keep token_file on a file system with locks, such as a local disk'


class TokenFile:
    """A file that holds the access of one partner.

    ``patience`` is how many seconds to wait while another process renews it. If the path is a link, its target is replaced.
    """

    def __init__(self, path: str, time: Time, patience: float) -> None:
        self._path = os.path.realpath(path)
        self._folder, self._name = os.path.split(self._path)
        self._lock = os.path.join(self._folder, f'.{self._name}.lock')
        self._time = time
        self._patience = patience

    def read(self) -> Access:
        """Return the access, without an access token that is about to end. Raises InvalidInput for a file that cannot be trusted."""
        with self._doing():
            return self._read(self._path)[0]

    def renew(self, refused: str | None, mint: t.Callable[[Access], Access]) -> Access:
        """Return an access with another access token than the ``refused`` one.

        Call ``mint`` unless another process has renewed the file in the meantime. Its result is on the disk before this returns.
        """
        with self._doing(), self._locked():
            access, document = self._read(self._path)
            if access.access_token and access.access_token != refused:
                return access
            part = self._part()
            with _files.created(part, MODE) as sink:
                with _files.removed_on_failure(part):
                    _files.write_all(sink, b' ' * ROOM)  # a full disk shows before Webex replaces the refresh token, not after it
                    _files.to_disk(sink)
                    access = mint(access)
                # from here on the file may be the only copy of a refresh token, so nothing removes it
                _files.overwrite(sink, _content({**document, **_told(access)}))
            _files.rename(part, self._path)
            return access

    def try_out(self) -> None:
        """Raise the error that ``create`` would raise for this path, so that a person sees it before allowing access."""
        with self._doing():
            if os.path.isdir(self._path):
                raise InvalidInput('token_file is a directory', remedy='give the path of a file in it')
            with self._locked(), _files.removed_on_failure(part := self._part()):
                _files.write(part, b' ' * ROOM, MODE)
                os.unlink(part)

    def create(self, access: Access) -> None:
        """Write the access that a person has just authorized, in place of an earlier one."""
        with self._doing(), self._locked():
            _files.write(part := self._part(), _content(_told(access)), MODE)
            _files.rename(part, self._path)

    @contextmanager
    def _doing(self) -> t.Iterator[None]:
        with doing(f'Using the token file {self._path}'), _files.errors_of_files():
            yield

    @contextmanager
    def _locked(self) -> t.Iterator[None]:
        with _files.lock(self._lock, self._patience, self._time, LOCKS):
            part = self._part()
            try:
                self._read(part)
            except (BillingError, OSError):
                pass  # usual: there is none, or a process was killed before it had the new token
            else:
                _files.rename(part, self._path)  # a process was killed between its last two steps
            yield

    def _part(self) -> str:
        """Return the file that is to replace the present one. Its name tells which one, so it never replaces another one, perhaps of another partner."""
        try:
            present = _files.read(self._path)
        except (BillingError, OSError):
            present = b''
        return os.path.join(self._folder, f'.{self._name}.{hashlib.sha256(present).hexdigest()[:12]}.part')

    def _read(self, path: str) -> tuple[Access, dict[str, t.Any]]:
        try:
            with _files.opened_own(path) as descriptor, open(descriptor, 'rb', closefd=False) as file:
                _refuse_others(path, os.fstat(descriptor))
                document = json.loads(file.read())
        except FileNotFoundError:
            raise InvalidInput('token_file does not exist', remedy='create it with the playbook webex_partner.billing.authorize') from None
        except (ValueError, RecursionError):
            document = None
        if not isinstance(document, dict) or not document.get('refresh_token'):
            raise InvalidInput('token_file is not a JSON object with a refresh_token', remedy='create it with the playbook webex_partner.billing.authorize')
        access = _access(document)
        if access.access_token_expires is not None and access.access_token_expires - self._time.now() < MARGIN:
            access = replace(access, access_token=None)
        return access, document


def _refuse_others(path: str, found: os.stat_result) -> None:
    """Raise InvalidInput for a file that somebody else may read or may have written."""
    mode = stat.S_IMODE(found.st_mode)
    if found.st_uid != os.geteuid():
        raise InvalidInput('token_file belongs to another user', remedy='run the task as the owner of the file')
    if mode & ~MODE:
        raise InvalidInput(f'token_file has mode {mode:04o}, but only its owner may have access', remedy=f'run chmod 600 {path}')


def _access(document: dict[str, t.Any]) -> Access:
    """Return the access that a file describes. Raises InvalidInput for a value of another kind; the message never quotes one."""
    tokens = {name: document.get(name) or None for name in TOKENS}
    times = {name: document.get(name) or None for name in TIMES}
    scopes = document.get('scopes')
    for name, value in tokens.items():
        if value is not None and not (isinstance(value, str) and is_token(value)):
            raise InvalidInput(f'{name} in token_file holds characters that no credential of Webex has')
    for name, value in times.items():
        if value is not None and moment(value if isinstance(value, str) else None) is None:
            raise InvalidInput(f'{name} in token_file must be a time in UTC, for example 2026-11-02T10:00:00Z')
    if scopes is not None and not (isinstance(scopes, list) and all(isinstance(scope, str) for scope in scopes)):
        raise InvalidInput('scopes in token_file must be a list of names')
    return Access(
        **tokens,
        **{name: moment(value).timestamp() if value else None for name, value in times.items()},
        scopes=None if scopes is None else tuple(scopes),
    )


def _content(document: dict[str, t.Any]) -> bytes:
    return json.dumps(document, indent=2).encode() + b'\n'


def _told(access: Access) -> dict[str, t.Any]:
    """Return the content of the file for an access."""
    return {
        **{name: getattr(access, name) for name in TOKENS},
        **{name: None if getattr(access, name) is None else iso(getattr(access, name)) for name in TIMES},
        'scopes': None if access.scopes is None else list(access.scopes),
    }
