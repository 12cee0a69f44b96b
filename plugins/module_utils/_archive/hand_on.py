# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Hand a version on once: choose it, check its file, claim the month while the user's tasks deliver it, and record the delivery.

No lock can be held from one task of a playbook to the next, so a file claims the month. It is created under the lock and names its run.
"""

from __future__ import annotations

import json
import os
import typing as t
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timezone

from .. import _files
from .._api import keys
from .._api.fields import text
from .._api.products import DEFAULT
from .._api.report import moment
from .._errors import Conflict, InvalidInput, NotFound, doing
from .._time import Time
from .month import EVIDENCE, Month

NAME = 'handed_on.json'
CLAIM = '.handing_on.json'
SCHEMA = 1


@dataclass(frozen=True)
class Wish:
    """The version that a run wants to hand on, and how it treats earlier runs.

    ``approved`` is the summary that an earlier job published. ``awx`` names the job and its workflow, where there are any.
    ``lease`` is how many seconds the delivery may take before other runs consider this one ended.
    ``retry`` repeats an interrupted delivery, ``again`` also a recorded one.
    """

    version: int | None
    approved: t.Mapping[str, t.Any]
    awx: dict[str, str | None]
    lease: float
    retry: bool = False
    again: bool = False


class Handing:
    """The month of a partner whose version is handed on."""

    def __init__(self, month: Month, time: Time, lock_timeout: float | None) -> None:
        self._month = month
        self._time = time
        self._lock_timeout = lock_timeout
        self._claim = os.path.join(month.path, CLAIM)

    def claim(self, wish: Wish, *, dry: bool = False) -> dict[str, t.Any]:
        """Check the wanted version and claim the month for this run; ``dry`` only checks. Raises a BillingError."""
        with self._doing():
            manifest, sha256 = self._chosen(wish)
            self._check_file(manifest, sha256)
            if dry:
                return self._result(manifest, wish, None)
            with self._locked():
                if self._deliveries(manifest) and not wish.again:
                    return self._result(manifest, wish, None)
                self._refuse_unless_free(wish)
                name = f'{int(self._time.random() * 16**12):012x}'
                self._put(self._claim, {
                    'schema': SCHEMA, 'claim': name, 'version': manifest['version'], 'claimed_at': self._utc(0), 'until': self._utc(wish.lease),
                    'awx': wish.awx,
                })
            return self._result(manifest, wish, name)

    def record(self, version: int, claim: str, awx: dict[str, str | None]) -> dict[str, t.Any]:
        """Record that this run delivered the version, and release the month."""
        with self._doing(), self._locked():
            manifest = self._month.manifest(version)
            deliveries = [*self._deliveries(manifest), {'at': self._utc(0), 'awx': awx, 'claim': claim}]
            self._put(self._record(version), {
                'schema': SCHEMA, 'partner': self._month.partner, 'billing_period': self._month.billing_period, 'version': version,
                'sha256': manifest['file']['sha256'], 'deliveries': deliveries,
            })
            self._give_free(claim)
            return {'changed': True, 'msg': f'{self._whose(version)} is recorded as handed on', 'record_path': self._record(version)}

    def release(self, version: int, claim: str) -> dict[str, t.Any]:
        """Release the month after a failed delivery."""
        with self._doing(), self._locked():
            changed = self._give_free(claim)
            return {'changed': changed, 'msg': f'{self._whose(version)} was not handed on', 'record_path': self._record(version)}

    @contextmanager
    def _doing(self) -> t.Iterator[None]:
        with doing(f'Handing on a file of {self._month.path}'), _files.errors_of_files():
            yield

    def _locked(self) -> t.ContextManager[None]:
        return _files.lock(self._month.lock, self._lock_timeout, self._time)

    def _chosen(self, wish: Wish) -> tuple[dict[str, t.Any], str | None]:
        """Return the manifest of the version, and the approved digest, if any."""
        approved = self._approved(wish)
        if wish.awx['workflow'] and not (approved.get('version') and approved.get('sha256')):
            raise InvalidInput(
                f'no earlier job of this AWX workflow has published a version of {self._month.name}',
                remedy='collect that month in the same workflow, with one partner and product for each workflow, or launch this job outside of a workflow',
            )
        version = _number(approved.get('version')) if approved.get('version') else wish.version
        if wish.version not in (None, version):
            raise InvalidInput(f'version {version} was approved, not {wish.version}', remedy='leave hand_on_version empty, or launch this job by itself')
        versions = self._month.versions()
        if version is None and versions:
            version = versions[-1]
        if version not in versions:
            sought = 'no version' if version is None else f'no version {version}'
            raise NotFound(f'{sought} with a manifest exists', remedy='check the archive, the partner, the month and the version, or collect the month first')
        return self._month.manifest(version), approved.get('sha256') or None

    def _approved(self, wish: Wish) -> t.Mapping[str, t.Any]:
        """Return the summary of an earlier job if it is about this month. Its other entries, such as counts, are published again."""
        return wish.approved if _is_about(wish.approved, self._month) else {}

    def _check_file(self, manifest: dict[str, t.Any], approved: str | None) -> None:
        path, sha256 = self._file(manifest), manifest['file']['sha256']
        if approved not in (None, sha256):
            raise Conflict(f'{path} has the sha256 {sha256}, and {approved} was approved', remedy='nothing was handed on: find out which file is right')
        with _files.opened_own(path) as file:
            if _files.digest(file)[1] != sha256:
                raise Conflict(f'{path} is not what its manifest says', remedy='nothing was handed on: restore that file')

    def _refuse_unless_free(self, wish: Wish) -> None:
        """Raise Conflict if another run that claims the month is running, or was interrupted and nobody decided to repeat it."""
        if not os.path.lexists(self._claim):
            return
        claim = _read(self._claim)
        if self._is_recorded(claim):
            return
        whose, until = _named(claim), moment(text(claim.get('until')))
        # the jobs of a workflow run one after the other, so an earlier one has ended
        is_own = wish.awx['workflow'] is not None and wish.awx['workflow'] == (claim.get('awx') or {}).get('workflow')
        if not is_own and until is not None and self._time.now() < until.timestamp():
            raise Conflict(f'{whose} and may take until {claim["until"]}', remedy='wait until it has ended, then run the task again')
        if not (wish.retry or wish.again):
            raise Conflict(
                f'{whose} and was interrupted, so the file may have arrived',
                remedy='ask the receiver; if it did not arrive, set month_end_retry: true, which delivers it once more'
            )

    def _is_recorded(self, claim: dict[str, t.Any]) -> bool:
        """Return whether the delivery of a claim is recorded: its run died before it removed the claim."""
        version, name = claim.get('version'), claim.get('claim')
        if name is None or version not in self._month.versions():  # a record of an earlier release names no claim
            return False
        return any(isinstance(delivery, dict) and delivery.get('claim') == name for delivery in self._deliveries(self._month.manifest(version)))

    def _give_free(self, name: str) -> bool:
        """Remove the claim of this run, never that of another run."""
        if not os.path.lexists(self._claim) or _read(self._claim).get('claim') != name:
            return False
        os.unlink(self._claim)
        return True

    def _result(self, manifest: dict[str, t.Any], wish: Wish, claim: str | None) -> dict[str, t.Any]:
        number, file = manifest['version'], manifest['file']
        page = os.path.join(self._month.directory(number), EVIDENCE)
        before = bool(self._deliveries(manifest))
        changed = wish.again or not before
        summary = {
            **self._approved(wish),
            'partner': self._month.partner, 'billing_period': self._month.billing_period, 'status': 'COMPLETED',
            'report_id': (manifest.get('report') or {}).get('id'), 'version': number, 'records': file['records'], 'size': file['size'],
            'sha256': file['sha256'], 'changed': changed, 'archive_path': self._file(manifest),
            'product': manifest.get('product', DEFAULT.name), 'type': manifest.get('type'),
        }
        return {
            'changed': changed,
            'msg': f'{self._whose(number)} {"was handed on before" if before else "was not handed on before"}',
            'handed_on': before,
            'claim': claim,
            'version': number,
            'path': self._file(manifest),
            'manifest_path': self._month.manifest_path(number),
            'evidence_path': page if os.path.isfile(page) else None,
            'manifest': manifest,
            'record_path': self._record(number),
            'summary': summary,
        }

    def _put(self, path: str, content: dict[str, t.Any]) -> None:
        _files.write(part := f'{path}.part', json.dumps(content, indent=2).encode() + b'\n')
        _files.rename(part, path)

    def _whose(self, version: int) -> str:
        return f'{self._month.name}: version {version}'

    def _deliveries(self, manifest: dict[str, t.Any]) -> list[dict[str, t.Any]]:
        return deliveries(self._record(manifest['version']), manifest)

    def _record(self, version: int) -> str:
        return os.path.join(self._month.directory(version), NAME)

    def _file(self, manifest: dict[str, t.Any]) -> str:
        return os.path.join(self._month.directory(manifest['version']), manifest['file']['name'])

    def _utc(self, seconds: float) -> str:
        return datetime.fromtimestamp(self._time.now() + seconds, timezone.utc).strftime('%Y-%m-%dT%H:%M:%SZ')


def deliveries(path: str, manifest: t.Mapping[str, t.Any]) -> list[t.Any]:
    """Return the deliveries of a version from the record at ``path``, which may be missing. Raises Conflict for anything but this version's record."""
    if not os.path.lexists(path):
        return []
    record = _read(path)
    if record.get('sha256') != manifest['file']['sha256'] or not isinstance(record.get('deliveries'), list):
        raise Conflict(f'{path} is not the record of this version', remedy='nothing was handed on: look at that file, and restore it or move it away')
    return record['deliveries']


def _is_about(summary: t.Mapping[str, t.Any], month: Month) -> bool:
    """Return whether a summary is about this partner, month and shelf. A label may be a number."""
    key = keys.in_manifest(summary)
    told = str(summary.get('partner')), summary.get('billing_period'), key and key.shelf
    return told == (month.partner, month.billing_period, month.shelf)


def _number(version: t.Any) -> int:
    try:
        return int(version)
    except (TypeError, ValueError):
        raise InvalidInput('the summary in billing_month_end names no version', remedy='collect the month again in the same workflow') from None


def _read(path: str) -> dict[str, t.Any]:
    """Return the content of a file that this collection wrote. Raises Conflict for anything else."""
    try:
        found = json.loads(_files.read(path))
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or found.get('schema') != SCHEMA:
        raise Conflict(f'{path} is not a record of this collection', remedy='nothing was handed on: look at that file, and restore it or move it away')
    return found


def _named(claim: dict[str, t.Any]) -> str:
    """Return the words for the run that made a claim, and when."""
    job = (claim.get('awx') or {}).get('job')
    return f'{f"job {job} of AWX" if job else "another run"} began to hand on version {claim.get("version")} at {claim.get("claimed_at")}'
