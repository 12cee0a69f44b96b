# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Put a downloaded file at its destination: in one step, with its final owner and mode."""

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
    """Run the module that downloads the file of a product's report."""
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
    """Download a file as the options say, and return the result. In check mode, the result is about the existing file."""
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
    """Return a destination as an absolute path with links resolved, so that a link stays a link. Raises InvalidInput for an impossible one."""
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
    """Return the path of the file. In a directory, its name consists of period and ID, and never of other texts of a server."""
    if not os.path.isdir(dest):
        return dest
    path = judged(os.path.join(dest, f'{report.key.stem or "unknown"}_{hashlib.sha256(report.id.encode()).hexdigest()[:ID_DIGITS]}.csv'))
    if os.path.isdir(path):
        raise InvalidInput(f'the file would have the name of a directory: {path}')
    return path


def put(module: BillingModule, part: Part, dest: str) -> dict[str, str]:
    """Move the part to ``dest``, and return ``backup_file`` if a backup was made. A reader sees the old file or the new one, never a mixture."""
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
    """Keep the owner and the SELinux context of the existing file if the task names neither."""
    before = os.stat(dest)
    with suppress(PermissionError):
        os.chown(path, before.st_uid, before.st_gid)
    if module.selinux_enabled():
        module.set_context_if_different(path, module.selinux_context(dest), False)
