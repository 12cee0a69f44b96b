# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A month end as the role runs it, in this process: the same operations in the same order, against a sandbox that remembers every file it ever had."""

from __future__ import annotations

import os
import signal
import sys
import typing as t

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.webex_partner.billing.plugins.module_utils._api.client import BillingClient
from ansible_collections.webex_partner.billing.plugins.module_utils._api.options import connection_spec
from ansible_collections.webex_partner.billing.plugins.module_utils._api.product import Product
from ansible_collections.webex_partner.billing.plugins.module_utils._edge.operation import Operation
from ansible_collections.webex_partner.billing.plugins.module_utils._errors import ReportFailed
from ansible_collections.webex_partner.billing.plugins.module_utils._reports.operations import ensuring
from ansible_collections.webex_partner.billing.plugins.module_utils._reports.watch import Watch
from ansible_collections.webex_partner.billing.plugins.module_utils._secrets import Secrets
from ansible_collections.webex_partner.billing.plugins.modules import billing_report_archive
from ansible_collections.webex_partner.billing.tests.unit.connecting import connection_to
from ansible_collections.webex_partner.billing.tests.unit.fake_time import FakeTime
from ansible_collections.webex_partner.billing.tests.unit.playing import Playing
from ansible_collections.webex_partner.billing.tests.unit.reporting import a_report
from ansible_collections.webex_partner.billing.tests.unit.waiting import Told, wait_of
from webex_sandbox import Sandbox
from webex_sandbox.file_host import made_up_csv

STEPS = {'open', 'os.rename', 'os.mkdir', 'os.chmod', 'os.remove', 'os.rmdir', 'fcntl.flock', 'socket.connect', 'http.client.send'}  # where a run may be killed


class Webex:
    """The sandbox of one partner, who has reports of one product. ``had`` has every report that ever existed, by ID: its month, creation and content."""

    def __init__(self, time: FakeTime, product: Product) -> None:
        self.had: dict[str, tuple[str | None, str, bytes]] = {}
        self.product = product
        self.sandbox = Playing(Sandbox(clock=time.clock, now=time.now), product)
        reports = self.sandbox._products[product.name]
        self._add = reports.add
        reports.add = self._remembered

    def _remembered(self, **values: t.Any) -> t.Any:
        report = self._add(**values)
        self.had[report.id] = report.billing_period, report.created, made_up_csv(' '.join(report.subject.values()), report.rows)[0]
        return report

    def reports(self, billing_period: str | None = None) -> list[dict[str, t.Any]]:
        """The reports that exist now, all or those of a month."""
        return [report for report in self.sandbox.state()['reports'] if billing_period in (None, report['billing_period'])]


class Edge:
    """Runs an operation as a task does, with a client of its own."""

    check_mode = False
    result_is_hidden = True

    def __init__(self, product: Product, api_url: str, access_token: str, time: FakeTime) -> None:
        self.params: dict[str, t.Any] = {}
        self.given: dict[str, t.Any] = {}
        self.warnings: list[str] = []
        self._client = BillingClient(connection_to(api_url, access_token=access_token, retry_timeout=60), Secrets(), time, product=product)

    def client(self, _product: Product) -> BillingClient:
        return self._client

    def warn_masked(self, text: str) -> None:
        self.warnings.append(text)

    def perform(self, operation: Operation, **options: t.Any) -> dict[str, t.Any]:
        validation = ArgumentSpecValidator({**operation.options, **connection_spec()}, **operation.rules).validate(options)
        assert not validation.error_messages, validation.error_messages
        self.params, self.given = validation.validated_parameters, options
        return operation.perform(self)


def month_end(
    product: Product, api_url: str, access_token: str, time: FakeTime, archive: str, partner: str, billing_period: str, *, on_failed: str, force_new: bool,
    delete_after: bool, filing: dict[str, t.Any], key: t.Mapping[str, t.Any] | None = None,
) -> tuple[dict[str, t.Any], dict[str, t.Any]]:
    """Create or adopt, wait, file and, if wanted, delete; return the results of the first step and of filing. Raises a BillingError.

    ``key`` has options beside the month that say which report is meant.
    """
    key = key or {}
    edge, operation = Edge(product, api_url, access_token, time), ensuring(product)
    ensured = edge.perform(operation, billing_period=billing_period, **key, on_failed=on_failed, force_new=force_new)
    report_id = ensured['report']['id']
    if ensured['report']['status'] != 'COMPLETED':
        watch = Watch(edge.client(product), ids=[report_id])
        wait_of(time, Told(time, a_report(report_id))).until_ended(watch)
        if watch.reports[0].failed:
            raise ReportFailed(f'Billing report {report_id} ended FAILED')
    filing = {'product': product.name, 'billing_period': billing_period, 'archive': archive, 'partner': partner, **key, **filing}
    filed = edge.perform(billing_report_archive.OPERATION, id=report_id, **filing)
    if delete_after and not filed.get('stale'):
        edge.perform(operation, state='absent', id=report_id)
    return ensured, filed


def killed_after(steps: int, run: t.Callable[[], t.Any]) -> bool:
    """Whether a child process that runs ``run`` was killed without a word before so many steps were over; else it came to its end."""
    child = os.fork()
    if not child:
        left = steps

        def count(event: str, _arguments: tuple) -> None:
            nonlocal left
            if event in STEPS:
                left -= 1
                if left < 0:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(count)
        try:
            run()
        finally:
            os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])
