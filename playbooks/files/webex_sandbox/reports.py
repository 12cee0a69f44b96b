# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The reports of the sandbox and the rules they live by."""

from __future__ import annotations

import base64
import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from .checks import COUNT, ERRORS, FLAG, PERIOD, SECONDS, TEXT, TIME, Rule, check

CREATED_BY = 'Y2lzY29zcGFyazovL3VzL1BFT1BMRS8wYWNkMzg3NS00ZTEyLTRkNzctYjk4MS1lMzg5ZmQ4ODQ2YzA'
NOT_FOUND = {'code': 2024, 'description': 'Billing Report not found.'}

# Ids, months and states of Cisco's example list, the newest as its example report has it; only that date is Cisco's.
EXAMPLES = (
    ('Y2lzY29zcGFyazovL3VzL0JJTExJTkdfUkVQT1JULzViOGQ1MThhLThmMDAtNDUxYi1hNDA2LWVhZjQ5YjRhN2Zh5D',
     '2021-03', 'FAILED', '2021-04-16T12:40:33.109Z'),
    ('Y2lzY29zcGFyazovL3VzL0JJTExJTkdfUkVQT1JULzViOGQ1MThhLThmMDAtNDUxYi1hNDA2LWVhZjQ5YjRhN2Zh2B',
     '2021-04', 'COMPLETED', '2021-05-16T12:40:33.109Z'),
    ('Y2lzY29zcGFyazovL3VzL0JJTExJTkdfUkVQT1JULzViOGQ1MThhLThmMDAtNDUxYi1hNDA2LWVhZjQ5YjRhN2ZhOA',
     '2021-05', 'COMPLETED', '2021-06-16T12:40:33.109Z'),
)

PERIOD_KEYS = ('billingPeriod', 'billingStartDate', 'billingEndDate')
KEYS: dict[str, Rule] = {
    'billing_period': PERIOD,
    'seconds': SECONDS,
    'ends': TEXT,
    'status': TEXT,
    'errors': ERRORS,
    'rows': COUNT,
    'created': TIME,
    'id': TEXT,
    'month_listed': FLAG,
}


class UnknownReport(LookupError):
    """There is no report with this id."""


@dataclass
class Report:
    """A report: `meanwhile` is its status until the clock reads `ready_at`, `ends` its status from then on.

    Nobody sees it before `visible_at`; a list says its period if `month_listed`. `subject` is what answers say that it is about,
    `billing_period` its month, if it is a month.
    """

    id: str
    subject: dict[str, Any]
    billing_period: str | None
    created: str
    rows: int
    ready_at: float
    meanwhile: str
    ends: str
    errors: list[dict[str, Any]] | None
    month_listed: bool
    visible_at: float


class Reports:
    """All reports of a product by id, in order of creation; not thread-safe by itself. `example` is a body of a create."""

    example = '{"billingPeriod": "2020-11"}'

    def __init__(self, clock: Callable[[], float], now: Callable[[], float], *,
                 generation_seconds: float, lag_seconds: float, rows: int, fail_periods: Collection[str]) -> None:
        self._clock = clock
        self._now = now
        self._generation_seconds = generation_seconds
        self._lag_seconds = lag_seconds
        self._rows = rows
        self._fail_periods = frozenset(fail_periods)
        for period in self._fail_periods:
            check({'billing_period': period}, KEYS)
        self._reports: dict[str, Report] = {}
        self._add_examples()

    def _add_examples(self) -> None:
        for report_id, period, status, created in EXAMPLES:
            self.add(billing_period=period, seconds=0, ends=status, created=created, id=report_id)

    def created_for(self, body: Any) -> dict[str, Any]:
        """What a POST does, and what it answers. A second report of a month, or one of a month to come, is this sandbox's own leniency."""
        return {'id': self._create(billing_period=body.get('billingPeriod') if isinstance(body, dict) else None).id}

    def _create(self, **values: Any) -> Report:
        report = self.add(**values)
        report.visible_at += self._lag_seconds
        if report.billing_period in self._fail_periods:
            report.ends = 'FAILED'
        return report

    def add(self, **values: Any) -> Report:
        """A new report, described as for `Sandbox.add_report`; a value of None is as good as none."""
        given = {key: value for key, value in values.items() if value is not None or key == 'billing_period'}
        check(given, KEYS)
        month = given['billing_period']
        return self._kept(Report(subject={'billingPeriod': month}, billing_period=month, **self._life(given)))

    def _life(self, given: dict[str, Any]) -> dict[str, Any]:
        """What is the same for reports of every product."""
        return {
            'id': given.get('id') or new_id(),
            'created': given.get('created') or timestamp(self._now()),
            'rows': given.get('rows', self._rows),
            'ready_at': self._clock() + given.get('seconds', self._generation_seconds),
            'meanwhile': given.get('status', 'IN_PROGRESS'),
            'ends': given.get('ends', 'COMPLETED'),
            'errors': given.get('errors'),
            'month_listed': given.get('month_listed', True),
            'visible_at': self._clock(),
        }

    def _kept(self, report: Report) -> Report:
        self._reports[report.id] = report
        return report

    def find(self, report_id: str) -> Report:
        """The visible report with this id. Padding of base64 makes no other id: this sandbox's own reading."""
        report = self._reports.get(report_id) or self._reports.get(report_id.rstrip('='))
        if report is None or not self._visible(report):
            raise UnknownReport(report_id)
        return report

    def forget(self, report_id: str) -> None:
        del self._reports[self.find(report_id).id]

    def set_status(self, report_id: str, status: str) -> None:
        report = self.find(report_id)
        report.ends, report.ready_at = status, self._clock()

    def status(self, report: Report) -> str:
        return report.ends if self._ended(report) else report.meanwhile

    def errors(self, report: Report) -> list[dict[str, Any]] | None:
        """What is to be said of a report that has ended, None when the key is to be left out."""
        if not self._ended(report):
            return None
        return [NOT_FOUND] if report.errors is None and report.ends == 'FAILED' else report.errors

    def _visible(self, report: Report) -> bool:
        return self._clock() >= report.visible_at

    def _ended(self, report: Report) -> bool:
        return self._clock() >= report.ready_at

    def page(self, query: dict[str, str]) -> tuple[list[Report], str | None]:
        """What a list shows for a query, and the query of the next page, if there is one; Cisco documents none here."""
        return self.listed(query.get('sortBy', ''), query.get('before', ''), query.get('after', '')), None

    def listed(self, sort_by: str = '', before: str = '', after: str = '') -> list[Report]:
        """The reports in the order of the documented example, newest month first, or sorted by id or status.

        `before` and `after` compare the month of creation and exclude it: this sandbox's own reading.
        """
        kept = list(filter(self._visible, reversed(self._reports.values())))
        if before:
            kept = [report for report in kept if report.created[:7] < month_of(before=before)]
        if after:
            kept = [report for report in kept if report.created[:7] > month_of(after=after)]
        if sort_by == 'id':
            return sorted(kept, key=lambda report: report.id)
        if sort_by == 'status':
            return sorted(kept, key=self.status)
        if sort_by in ('', 'billingPeriod'):
            return sorted(kept, key=lambda report: report.billing_period or '', reverse=True)
        raise ValueError('sortBy must be id, status or billingPeriod')


def month_of(**named: str) -> str:
    """The month of the one date given, written YYYY-MM or longer; its name is for the complaint."""
    name, date = next(iter(named.items()))
    check({name: date[:7]}, {name: PERIOD})
    return date[:7]


def new_id() -> str:
    name = f'ciscospark://us/BILLING_REPORT/{uuid.uuid4()}'
    return base64.urlsafe_b64encode(name.encode()).decode().rstrip('=')


def timestamp(epoch: float) -> str:
    """Epoch seconds as Webex writes them, in UTC with milliseconds."""
    return datetime.fromtimestamp(epoch, timezone.utc).isoformat(timespec='milliseconds').replace('+00:00', 'Z')
