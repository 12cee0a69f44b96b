# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Wholesale reports of the sandbox: their key, and the filters and pages of their list."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, datetime, timezone
from typing import Any
from urllib.parse import urlencode

from .checks import DAY, FLAG, TEXT, Rule, check, one_of
from .reports import KEYS, Report, Reports

PAGE = 100  # reports, at most
YEARS = 5  # so far back may a date of a create lie
SORTS = ('id', 'billingStartDate', 'billingEndDate', 'status')
FILTERS = ('billingStartDate', 'billingEndDate', 'type', 'subPartnerOrgId')
TYPE = one_of('PARTNER', 'CUSTOMER', 'USER')
BODY: dict[str, Rule] = {'billingStartDate': DAY, 'billingEndDate': DAY, 'type': TYPE, 'subPartnerOrgId': TEXT, 'internal': FLAG}

# Ids of Cisco's example list, all of one key and completed; the first as its example report has it. That date alone is Cisco's.
EXAMPLES = (
    ('Y2lzY29zcGFyazovL3VzL0JJTExJTkdfUkVQT1JULzViOGQ1MThhLThmMDAtNDUxYi1hNDA2LWVhZjQ5YjRhN2Zh5D', '2021-06-14T12:40:33.109Z'),
    ('Y2lzY29zcGFyazovL3VzL0JJTExJTkdfUkVQT1JULzViOGQ1MThhLThmMDAtNDUxYi1hNDA2LWVhZjQ5YjRhN2Zh2B', '2021-06-15T12:40:33.109Z'),
    ('Y2lzY29zcGFyazovL3VzL0JJTExJTkdfUkVQT1JULzViOGQ1MThhLThmMDAtNDUxYi1hNDA2LWVhZjQ5YjRhN2ZhOA', '2021-06-16T12:40:33.109Z'),
)


@dataclass
class WholesaleReport(Report):
    """A report with what an answer may not show of its key."""

    kind: str
    sub_partner_org_id: str | None
    internal: bool


class WholesaleReports(Reports):
    """Reports by start date, end date and type. Two of the same key may stand side by side: this sandbox's own leniency."""

    keys = {
        **KEYS, 'start_date': DAY, 'end_date': DAY, 'type': TYPE, 'category': one_of('RECONCILIATION', 'POINT_IN_TIME'),
        'sub_partner_org_id': TEXT, 'internal': FLAG, 'type_key': one_of('type', 'reportType', ''),
    }
    example = '{"billingStartDate": "2020-05-21", "billingEndDate": "2020-05-30", "type": "PARTNER"}'

    def _add_examples(self) -> None:
        for report_id, created in EXAMPLES:
            self.add(start_date='2021-05-21', end_date='2021-05-30', seconds=0, created=created, id=report_id)

    def add(self, **values: Any) -> Report:
        """A new report, of the days of a month if `billing_period` is given; `type_key` is how answers spell its type, blank if they leave it out."""
        given = {key: value for key, value in values.items() if value is not None}
        check(given, self.keys)
        if 'billing_period' in given:
            given['start_date'], given['end_date'] = days_of(given['billing_period'])
        if not given.keys() >= {'start_date', 'end_date'}:
            raise ValueError('billing_period, or start_date and end_date, must be given')
        days, kind, spelled = (given['start_date'], given['end_date']), given.get('type', 'PARTNER'), given.get('type_key', 'type')
        month = days[0][:len('YYYY-MM')]
        return self._kept(WholesaleReport(
            subject={
                'billingStartDate': days[0], 'billingEndDate': days[1], **({spelled: kind} if spelled else {}),
                'category': given.get('category', 'RECONCILIATION'),
            },
            billing_period=month if days == days_of(month) else None,
            **self._life(given),
            kind=kind,
            sub_partner_org_id=given.get('sub_partner_org_id'),
            internal=given.get('internal', False),
        ))

    def created_for(self, body: Any) -> dict[str, Any]:
        """What a POST does, and what it answers: the id and the key."""
        if not isinstance(body, dict):
            raise ValueError('it is not an object')
        check(body, BODY)
        start, end = (body.get(key) or '' for key in ('billingStartDate', 'billingEndDate'))
        today = datetime.fromtimestamp(self._now(), timezone.utc).date()
        if not start or not end:
            raise ValueError('billingStartDate and billingEndDate are required')
        if not date(today.year - YEARS, today.month, 1) <= date.fromisoformat(start) <= date.fromisoformat(end) < today:
            raise ValueError('the dates must be in order, within the last five years, and not the current day')
        report = self._create(
            start_date=start, end_date=end, type=body.get('type'), sub_partner_org_id=body.get('subPartnerOrgId'), internal=body.get('internal'),
        )
        return {'id': report.id, **report.subject, **({'internal': True} if report.internal else {})}

    def page(self, query: dict[str, str]) -> tuple[list[Report], str | None]:
        """One page of those that a query asks for, and the query for the next one. Without `subPartnerOrgId` those of sub-partners are among them.

        The latter and the form of `cursor` are this sandbox's own reading.
        """
        size, begin, sort = query.get('max', str(PAGE)), query.get('cursor', '0'), query.get('sortBy', 'billingStartDate')
        if not (size.isascii() and size.isdigit() and 1 <= int(size) <= PAGE and begin.isdigit() and sort in SORTS):
            raise ValueError(f'max must be a number from 1 to {PAGE}, and sortBy one of {", ".join(SORTS)}')
        found = [report for report in self.listed() if all(seen(report).get(key) == value for key, value in query.items() if key in FILTERS)
                 and query.get('status') in (None, self.status(report))]
        found.sort(key=lambda report: {'id': report.id, 'status': self.status(report), **report.subject}[sort], reverse=sort.startswith('billing'))
        end = int(begin) + int(size)
        return found[int(begin):end], urlencode({**query, 'cursor': end}) if end < len(found) else None


def days_of(month: str) -> tuple[str, str]:
    """The first and the last day of a month."""
    return f'{month}-01', f'{month}-{calendar.monthrange(*map(int, month.split("-")))[1]}'


def seen(report: WholesaleReport) -> dict[str, Any]:
    """The values by which a list filters."""
    return {**report.subject, 'type': report.kind, 'subPartnerOrgId': report.sub_partner_org_id}
