# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The book of a month end: a record for each partner, the entries of each step, and the summary for the operator.

A record begins with the keys of the summary that is published. Its other keys are ``said`` (a sentence), ``failed``, the times ``requested_at``
and ``completed_at`` (ISO 8601, UTC), ``result`` (what a delivery gets), ``stale`` (the archive has a newer report than this one) and ``changes``
(how many records were added, removed and changed). ``shelf`` (the directory between partner and month in the archive) and ``key`` (options beside
the month) say which report it is.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from .._api.product import Key
from .._api.products import DEFAULT
from .._api.report import FAILED, shortened_id
from .._line import table
from .variables import in_words_of_the_role

SUMMARY = ('partner', 'billing_period', 'status', 'report_id', 'version', 'records', 'size', 'sha256', 'changed', 'archive_path', 'product', 'type')
COLUMNS = ('partner', 'status', 'version', 'records')

IN_AWX = {  # what to do in AWX about a kind of failure, whose message names a task or a variable
    'wait_timeout': 'In AWX, approve "try again" in the workflow to keep waiting, or launch collect with this month',
    'report_failed': 'In AWX, approve "try again" in the workflow to replace the report, or launch submit with month_end_on_failed: recreate',
}

Record = dict[str, t.Any]


def blank(partner: str, billing_period: str, report_id: str | None = None, key: Key | None = None) -> Record:
    """Return an empty record, perhaps with the report that an earlier job created. ``key`` identifies its report, without the month."""
    key = key or DEFAULT.usual_key()
    which = {'product': key.product.name, 'type': key.values.get('type'), 'shelf': key.shelf, 'key': key.further}
    summary = {**dict.fromkeys(SUMMARY), 'partner': partner, 'billing_period': billing_period, 'report_id': report_id, 'changed': False}
    blanks = dict.fromkeys(('said', 'requested_at', 'completed_at', 'result', 'changes'))
    return {**summary, **blanks, 'failed': False, 'stale': False, **which}


@dataclass(frozen=True)
class Scene:
    """The circumstances of a step: ``now`` is ISO 8601 in UTC; ``is_hidden`` says that the step ran under ``no_log``."""

    now: str
    check_mode: bool
    is_in_awx: bool
    is_hidden: bool
    evidence: bool


def about(record: Record) -> str:
    """Return the name of a partner's month in messages."""
    return ' '.join(filter(None, (record['partner'], record['shelf'], record['billing_period'])))


def checked(record: Record, result: Record, scene: Scene) -> Record:
    """Record that the access of the partner was checked."""
    return {'failed': not (result.get('access') or {}).get('ok'), 'said': f'{about(record)}: {result.get("msg")}'}


def requested(record: Record, result: Record, scene: Scene) -> Record:
    """Record that a report of the month exists, or would be created."""
    report, changed = result['report'], result['changed']
    verb = 'found' if not changed else 'would create' if scene.check_mode else 'created'
    name, status = (f' {shortened_id(report["id"])}' if report['id'] else ''), (f', {report["status"]}' if report['status'] else '')
    return {
        'report_id': report['id'], 'status': report['status'], 'changed': changed, 'said': f'{about(record)}: {verb} a report{name}{status}',
        'requested_at': scene.now if changed else None, 'completed_at': scene.now,
    }


def waited(record: Record, result: Record, scene: Scene) -> Record:
    """Record that the report has ended."""
    report = result['report']
    page = ', with its evidence' if scene.evidence else ''
    said = f'would file report {report["id"]}, {report["status"]}{page}, unless nothing is new'
    if report['billing_period'] not in (None, record['billing_period']):
        said = f'would not file report {report["id"]}, which is of {report["billing_period"]}'
    return {'report_id': report['id'], 'status': report['status'], 'said': f'{about(record)}: {said}', 'completed_at': scene.now}


def filed(record: Record, result: Record, scene: Scene) -> Record:
    """Record that the file is in the archive, as the next version or as an existing one."""
    file = result['manifest']['file']
    older = {'report_id': (result['manifest'].get('report') or {}).get('id')} if result.get('stale') else {}  # the version is of another report
    return {
        **older,
        **{key: file[key] for key in ('records', 'size', 'sha256')},
        'version': result['version'], 'changed': result['changed'], 'archive_path': result['path'], 'said': result['msg'],
        'stale': result.get('stale', False),
        'result': {
            'partner': record['partner'], 'billing_period': record['billing_period'],
            **{key: result[key] for key in ('changed', 'version', 'path', 'manifest_path', 'manifest')},
        },
    }


def _named(version: dict[str, t.Any], record: Record) -> str:
    """Return how a sentence names the version that another one was compared with."""
    month = '' if version['billing_period'] == record['billing_period'] else f' of {version["billing_period"]}'
    return f'version {version["version"]}{month}'


def compared(record: Record, result: Record, scene: Scene) -> Record:
    """Record that the version was compared with an earlier one. Only counts are kept: groups and sums may be data of customers."""
    counts = {'added': result['added'], 'removed': result['removed'], 'changed': result['changed_records']}
    told = ', '.join(f'{number} {what}' for what, number in counts.items())
    return {
        'said': f'{record["said"]}; {told} against {_named(result["before"], record)}', 'changes': counts,
        'result': {**record['result'], 'changes': counts, 'changes_path': result['changes_path']},
    }


def failed(record: Record, result: Record, scene: Scene) -> Record:
    """Record that a step failed. The message of a delivery under ``no_log`` is not repeated."""
    kind = (result.get('error') or {}).get('kind')
    seen = (result.get('report') or {}).get('status') or record['status']
    reason = in_words_of_the_role(str(result.get('msg') or 'its output says why'))
    if scene.is_in_awx and kind in IN_AWX:
        reason = f'{reason} {IN_AWX[kind]}.'
    if scene.is_hidden:
        reason = 'a task under no_log, whose output is hidden'
    return {'failed': True, 'status': FAILED if kind == 'report_failed' else seen, 'said': f'{about(record)} failed: {reason}'}


STEPS = {'check': checked, 'request': requested, 'wait': waited, 'file': filed, 'compare': compared, 'failure': failed}


def overview(records: list[Record], archive: str | None) -> dict[str, t.Any]:
    """Return the records, the positions of those that have not failed, the sentence for each partner, the same as a table, and the published summary."""
    return {
        'partners': records,
        'remaining': [number for number, record in enumerate(records) if not record['failed']],
        'lines': [record['said'] for record in records],
        'table': _table(records),
        'failures': [record['said'] for record in records if record['failed']],
        'summary': _summary(records, archive),
    }


def _table(records: list[Record]) -> list[str]:
    """Return the rows of a table, a header and each partner, with what happened in the last column."""
    rows = [(*COLUMNS, 'what happened')]
    for record in records:
        shown = {**record, 'partner': ' '.join(filter(None, (record['partner'], record['shelf'])))}
        rows.append((*(shown[name] for name in COLUMNS), _what_happened(record)))
    return table(rows)


def _what_happened(record: Record) -> str:
    """Return the sentence for a partner, without its label and month."""
    return (record['said'] or '-').removeprefix(about(record)).lstrip(': ')


def _summary(records: list[Record], archive: str | None) -> dict[str, t.Any]:
    """Return the one flat summary that AWX passes on: of the partner, or of several partners together."""
    if len(records) == 1:
        return {key: records[0][key] for key in SUMMARY} | _changes(records)
    counted = {key: [record[key] for record in records if record[key] is not None] for key in ('records', 'size')}
    return {
        'partner': ', '.join(record['partner'] for record in records),
        'billing_period': records[0]['billing_period'],
        'status': ', '.join(dict.fromkeys(record['status'] for record in records if record['status'])),
        'report_id': ', '.join(record['report_id'] or '' for record in records),
        'version': None,
        **{key: sum(numbers) if numbers else None for key, numbers in counted.items()},
        'sha256': None,
        'changed': any(record['changed'] for record in records),
        'archive_path': archive,
        **of_reports([(record['product'], record['type']) for record in records]),
        **_changes(records),
    }


def of_reports(pairs: t.Iterable[tuple[str, str | None]]) -> dict[str, str | None]:
    """Return how a summary names the product and the type of each report. Only some products have types."""
    products, types = zip(*pairs)
    return {'product': ', '.join(dict.fromkeys(products)), 'type': ', '.join(filter(None, types)) or None}


def _changes(records: list[Record]) -> dict[str, int]:
    """Return how many records were added, removed and changed; nothing if no version was compared."""
    counts = [record['changes'] for record in records if record['changes']]
    return {f'records_{what}': sum(count[what] for count in counts) for what in (counts[0] if counts else ())}
