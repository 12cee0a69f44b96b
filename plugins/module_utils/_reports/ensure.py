# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ensure that a report exists or not: what to adopt, create or delete, and how to recover when the answer to a create is lost."""

from __future__ import annotations

import typing as t
from contextlib import contextmanager
from dataclasses import dataclass, field

from .._api.client import BillingClient
from .._api.product import Key
from .._api.report import Report, failures
from .._api.retry import UNDONE
from .._errors import (
    BillingError, Conflict, ExchangeTimeout, InvalidInput, InvalidResponse, NetworkFault, ReportFailed, Unavailable,
)
from .adoption import Month, Standing

ON_FAILED = {
    'fail': 'somebody should look at the errors first',
    'recreate': 'the failed reports are deleted and another one is created',
}

LOST = {
    NetworkFault: 'the connection broke, perhaps after the request had arrived',
    ExchangeTimeout: 'the answer came too late, the request perhaps in time',
    Unavailable: '5xx: a gateway may have given up on a request that went on behind it',
    InvalidResponse: 'a success that cannot be read, or a page of a gateway that has passed the request on',
}

REFUSED = {  # of the same classes, yet certain
    407: 'the proxy passed nothing on',
    **UNDONE,
}

INSTEAD_OF_FAILED = 'look up the errors, then set on_failed: recreate, which deletes these reports and creates another one'
LOOK_FIRST = 'list the reports of that month before you run the task again, since force_new then creates another one'
RUN_AGAIN = 'run the task again: it adopts the report if there is one by then, and creates it otherwise'


@dataclass(frozen=True)
class Outcome:
    """The reports of a month after the task or, in check mode, as they would be. A report without an ID would be created."""

    changed: bool
    before: list[Report] = field(default_factory=list)
    after: list[Report] = field(default_factory=list)
    report: Report | None = None

    def to_result(self) -> dict[str, t.Any]:
        """Return the result of a task, without any signed URL."""
        return {
            'changed': self.changed,
            'report': _named(self.report.without_url().to_result()) if self.report else None,
            'diff': {'before': _listed(self.before), 'after': _listed(self.after)},
        }


class Ensure:
    """Makes the necessary changes, or none in check mode. ``warn`` gets sentences about problems, which may quote a server."""

    def __init__(self, client: BillingClient, *, check_mode: bool, warn: t.Callable[[str], t.Any]) -> None:
        self._client = client
        self._check_mode = check_mode
        self._warn = warn

    def present(self, key: Key, *, on_failed: str, force_new: bool, allow_open_period: bool) -> Outcome:
        """Adopt the report of the month or create one; with ``force_new``, always create one."""
        month = Month(self._client, key, allow_open_period=allow_open_period)
        listed = month.listed()
        found = Standing() if force_new else month.adoptable(listed, self._warn)
        adopted = found.adopt(self._warn)
        if adopted:
            return Outcome(False, listed, listed, adopted)
        if found.failed and on_failed == 'fail':
            raise _failed(f'There are only failed billing reports of {month.key}', found.failed, INSTEAD_OF_FAILED)
        deleted = self._deleted(found.failed)
        with _telling(deleted):
            report, created = self._created(month, listed, force_new)
        after = [report, *(report for report in listed if report.id not in {gone.id for gone in found.failed})]
        changed = created or bool(deleted)
        return Outcome(changed, listed if changed else after, after, report)

    def absent(self, report_id: str) -> Outcome:
        """Delete the report with this ID, if it exists."""
        return self._without(self._client.in_full([self._client.unseen(report_id)]))

    def absent_month(self, key: Key) -> Outcome:
        """Delete all reports of the month, whenever they were created."""
        month = Month(self._client, key, allow_open_period=True)
        month.refuse_guess()
        return self._without(month.certain(month.listed()))

    def _without(self, reports: list[Report]) -> Outcome:
        deleted = self._deleted(reports)
        return Outcome(bool(deleted), before=deleted)

    def _deleted(self, reports: list[Report]) -> list[Report]:
        """Delete the reports, and return those that still existed."""
        deleted: list[Report] = []
        for report in reports:
            with _telling(deleted):
                if self._check_mode or self._client.delete_report(report.id):
                    deleted.append(report)
        return deleted

    def _created(self, month: Month, listed: list[Report], force_new: bool) -> tuple[Report, bool]:
        """Create a report; return it and whether this task created it. Whatever the answer, no report is created twice."""
        if self._check_mode:
            return Report('', month.key), True
        try:
            report_id = self._client.create_report(month.key)
        except BillingError as error:
            product = self._client.product
            if error.http_status in product.elsewhere_after and not error.nothing_done:
                error.remedy = f'{error.remedy}; {product.elsewhere}'
            lost = _lost(error)
            if not lost and not isinstance(error, Conflict):
                raise
            if lost:
                error.remedy = LOOK_FIRST if force_new else RUN_AGAIN
            return self._turned_up(month, {report.id for report in listed}, error), lost
        report = self._read(report_id, month.key)
        if month.key.matches(report.key) and month.is_early(report):
            raise InvalidInput(
                f'Billing report {report.name} was created, but Webex dates it {report.created}, when that month had not ended in UTC',
                remedy='correct the clock of this host, delete that report, and run the task again when the month is over',
            )
        return _not_failed(report), True

    def _turned_up(self, month: Month, known: set[str], error: BillingError) -> Report:
        """Return the report that a create left behind although it ended in ``error``. If there is no report, raise ``error``."""
        try:
            listed = month.listed()
            found = self._new(month, [report for report in listed if report.id not in known])
            if not found and isinstance(error, Conflict):
                _name_what_is_in_the_way(error, month.standing(listed), self._client.product.module)
        except BillingError as second:
            error.note = f'and checking whether a report now exists also failed: {second.what_happened()}'
            raise error from None
        if not found:
            error.note = error.note or 'and the list shows no new report of that month'
            raise error
        return _not_failed(found[0])

    def _new(self, month: Month, listed: list[Report]) -> list[Report]:
        """Return the usable reports that were not listed before, or else the failed ones."""
        for report in listed:
            self._client.expect(report.id)
        found = month.standing(listed)
        return found.usable or found.failed

    def _read(self, report_id: str, key: Key) -> Report:
        """Return a report that was just created. If it is unreadable, it still exists."""
        try:
            return self._client.get_report(report_id)
        except BillingError as error:
            self._warn(f'Billing report {report_id} was created, but its status is not known: {error.what_happened()}')
            return Report(report_id, key)


def _lost(error: BillingError) -> bool:
    """Return whether the request may have had an effect although it ended in this error."""
    return isinstance(error, tuple(LOST)) and error.http_status not in REFUSED and not error.nothing_done


def _name_what_is_in_the_way(error: Conflict, found: Standing, module: str) -> None:
    """Extend the error of a refused create: only reports exist that do not count, and how to delete them."""
    if found.early and not found.usable and not found.failed:
        error.note = f'and the only reports of that month were created before it ended in UTC: {found.early_ones}'
        error.remedy = f"delete each of them with {module}: {{state: absent, id: '{found.early[0].id}'}}"


def _not_failed(report: Report) -> Report:
    if report.failed:
        raise _failed('The billing report was created and ended FAILED at once', [report])
    return report


def _failed(sentence: str, reports: list[Report], remedy: str | None = None) -> ReportFailed:
    details = [error for report in reports for error in report.errors]
    return ReportFailed(f'{sentence}: {failures(reports)}', details=details or None, remedy=remedy)


@contextmanager
def _telling(deleted: list[Report]) -> t.Iterator[None]:
    """Extend an error with the reports that this task has deleted."""
    try:
        yield
    except BillingError as error:
        if deleted:
            error.note = ', '.join(filter(None, (error.note, f'after {len(deleted)} were deleted')))
        raise


def _named(report: dict[str, t.Any]) -> dict[str, t.Any]:
    return {**report, 'id': report['id'] or None}


def _listed(reports: list[Report]) -> dict[str, t.Any]:
    """Return the reports for a diff, with the fields that a list has."""
    return {'reports': [_named({'id': report.id, **report.key.to_result(), 'status': report.status}) for report in reports]}
