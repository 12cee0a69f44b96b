# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where a downloaded file goes, and how it gets there: at once, under its final owner and mode."""

from __future__ import annotations

import hashlib
import os
import typing as t
from contextlib import suppress

from .._api.options import report_id, sha256
from .._api.product import Product
from .._api.report import Report
from .._edge.module import BillingModule
from .._errors import InvalidInput
from .._files import sync_directory
from .download import UNMEASURED, Download, downloadable
from .part import Content, Part, content_of, local

OWNER_ONLY = 0o077  # umask while files are copied and moved: nobody else reads one before it has its mode
ID_DIGITS = 12  # of the SHA-256 of an id in a file name; the id itself is opaque, and may hold what no file name can


def run_module(product: Product) -> t.NoReturn:
    """Be the module that downloads the file of a report of a product."""
    module = BillingModule(
        argument_spec={
            'id': {'type': 'str', 'required': True, 'aliases': ['report_id']},
            'dest': {'type': 'path', 'required': True},
            'mode': {'type': 'raw', 'default': '0600'},
            'checksum': {'type': 'str'},
            'backup': {'type': 'bool', 'default': False},
        },
        add_file_common_args=True,
    )
    module.conclude(lambda: bring(module, product))


def bring(module: BillingModule, product: Product) -> dict[str, t.Any]:
    """Do what the options of a download say, and return its result. In check mode the result tells about the file that is there."""
    params, client = module.params, module.client(product)
    asked, checksum, dest = report_id('id', params['id']), sha256('checksum', params['checksum'], 'sha256:'), judged(params['dest'])
    report = downloadable(client.get_report(asked))
    dest = file_for(report, dest)
    before = content_of(dest)
    after, backup = before, {}
    changed = before is None or checksum not in (None, before.sha256)
    if not module.check_mode and (changed or checksum is None):
        with Part(dest) as part:
            download = Download(client, report, part)
            after, report = download.run(checksum), download.report
            if not download.measured:
                module.warn(UNMEASURED)
            changed = before is None or before.sha256 != after.sha256
            if changed:
                backup = put(module, part, dest)
    attributes = module.load_file_common_arguments(params, path=dest)
    return {
        'changed': module.set_fs_attributes_if_different(attributes, changed),
        'dest': dest,
        **{name: getattr(after, name, None) for name in ('size', 'sha256', 'records', 'columns')},
        'report': report.without_url().to_result(),
        'api_url': client.connection.api_url,
        'diff': {'before': _told(before), 'after': {} if module.check_mode and changed else _told(after)},
        **backup,
    }


def _told(content: Content | None) -> dict[str, t.Any]:
    return content.to_diff() if content else {}


def judged(dest: str) -> str:
    """A destination as an absolute path, links followed, so that a link stays one. Raises InvalidInput for what cannot be one."""
    path = os.path.realpath(dest)
    if not dest:
        raise InvalidInput('dest is empty: it must be a file or a directory')
    if os.path.isdir(path):
        return path
    if dest.endswith('/'):
        raise InvalidInput(f'dest is not an existing directory: {path}', remedy='create it with ansible.builtin.file')
    if not os.path.isdir(os.path.dirname(path)):
        raise InvalidInput(f'the directory of dest does not exist: {os.path.dirname(path)}', remedy='create it with ansible.builtin.file')
    if os.path.exists(path) and not os.path.isfile(path):
        raise InvalidInput(f'dest is not a file or a directory: {path}')
    return path


def file_for(report: Report, dest: str) -> str:
    """The file itself: in a directory its name is made of period and id, and of nothing that a server says beside them."""
    if not os.path.isdir(dest):
        return dest
    path = judged(os.path.join(dest, f'{report.key.stem or "unknown"}_{hashlib.sha256(report.id.encode()).hexdigest()[:ID_DIGITS]}.csv'))
    if os.path.isdir(path):
        raise InvalidInput(f'the file would have the name of a directory: {path}')
    return path


def put(module: BillingModule, part: Part, dest: str) -> dict[str, str]:
    """Move the part to ``dest``; returns ``backup_file`` if one was made. Whoever looks sees the old file or the new one."""
    folder = os.path.dirname(dest)
    backup = {}
    umask = os.umask(OWNER_ONLY)
    try:
        with local(f'writing to {folder}'):
            attributes = module.load_file_common_arguments(module.params, path=dest)
            if os.path.exists(dest):
                if module.params['backup']:
                    backup['backup_file'] = module.backup_local(dest)
                _inherit(module, part.path, dest)
            # flags such as immutable come last, for they could forbid the move
            module.set_fs_attributes_if_different({**attributes, 'path': part.path, 'attributes': None}, False)
            if module.params['unsafe_writes']:
                module.atomic_move(part.path, dest, unsafe_writes=True)
            else:
                os.replace(part.path, dest)
            sync_directory(folder)
    finally:
        os.umask(umask)
    return backup


def _inherit(module: BillingModule, path: str, dest: str) -> None:
    """Take over the owner and the SELinux context, which a task that names neither does not mean to change."""
    before = os.stat(dest)
    with suppress(PermissionError):
        os.chown(path, before.st_uid, before.st_gid)
    if module.selinux_enabled():
        module.set_context_if_different(path, module.selinux_context(dest), False)
