# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Write the evidence page of a version: an HTML report beside the manifest, written once, from what was filed by then."""

from __future__ import annotations

import os
import stat
import typing as t

from .. import _files
from .._archive.drift import told
from .._archive.manifests import filed_at
from .._archive.month import EVIDENCE, Month
from .._compare.question import Question
from .._compare.sides import Side, of_manifest
from .._compare.task import counted, remarks
from .._errors import Conflict, InvalidInput, NotFound, doing
from .._time import Time
from .changes import Changes
from .page import page


class Comparing(t.NamedTuple):
    """How a version is compared with the one before. Intermediate data lies in unnamed files in ``folder``; ``warn`` takes sentences without values."""

    question: Question
    folder: str
    warn: t.Callable[[str], t.Any]


def write(
    month: Month, version: int | None, time: Time, *, lock_timeout: float | None, comparing: Comparing | None = None, dry: bool = False,
) -> dict[str, t.Any]:
    """Write the page of a version, the last one by default, and return the result of the task. ``dry`` predicts the result and writes nothing."""
    with doing(f'Writing the evidence of {month.path}'), _files.errors_of_files():
        number = _number(month, version)
        directory = month.directory(number)
        path = os.path.join(directory, EVIDENCE)
        changed = not _stands(path)
        if changed:
            content = _page(month, number, comparing)  # before the lock, since a comparison may take minutes
        if changed and not dry:
            with _files.lock(month.lock, lock_timeout, time):
                changed = not _stands(path)
                if changed:
                    _put(content, directory, path)
    whose = f'{month.name}: evidence of version {number}'
    return {
        'changed': changed,
        'msg': f'{whose} written' if changed else f'{whose} existed already',
        'version': number,
        'evidence_path': path,
        'diff': {'before': {} if changed else {'evidence_path': path}, 'after': {'evidence_path': path}},
    }


def _number(month: Month, asked: int | None) -> int:
    versions = month.versions()
    number = versions[-1] if asked is None and versions else asked
    if number not in versions:
        sought = 'no version' if asked is None else f'no version {asked}'
        raise NotFound(f'{sought} with a manifest exists', remedy='check archive, partner, billing_period and version, or file the report first')
    return number


def _page(month: Month, version: int, comparing: Comparing | None) -> bytes:
    """Return the page, made from what was filed when the version was."""
    manifests = month.manifests(version)
    filed = manifests[-1]
    *earlier, _own = month.year()
    months = {**{other.billing_period: other.filed_by(filed_at(filed)) for other in earlier}, month.billing_period: filed}
    last, in_last = earlier[-1], months[earlier[-1].billing_period]
    newer = of_manifest(month, filed)
    older = of_manifest(month, manifests[-2]) if len(manifests) > 1 else in_last and of_manifest(last, in_last)
    return page(manifests, months, _is_verified(newer), older and _changes(older, newer, comparing))


def _is_verified(side: Side) -> bool:
    try:
        with side.opened():
            return True
    except (Conflict, InvalidInput):
        return False


def _changes(older: Side, newer: Side, comparing: Comparing | None) -> Changes:
    drift = told(newer.manifest)
    if comparing is None:
        return Changes(older.name, drift)
    found = counted((older, newer), comparing.question, comparing.folder)
    said = tuple(remarks(found, (older, newer)))
    for remark in said:
        comparing.warn(remark)
    return Changes(older.name, drift, found, said)


def _stands(path: str) -> bool:
    """Return whether the page exists. An existing page stays unchanged, whatever its content."""
    stands = os.path.lexists(path)
    if stands and not stat.S_ISREG(os.lstat(path).st_mode):
        raise Conflict(f'{path} blocks the evidence page: it is not a file', remedy='move it away')
    return stands


def _put(content: bytes, directory: str, path: str) -> None:
    """Give the complete page its name. Overwrite the leftover of a killed run."""
    part = os.path.join(directory, f'.{EVIDENCE}.part')
    with _files.removed_on_failure(part):
        _files.write(part, content)
        _files.rename(part, path)
