# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The operations of a product's modules: read, create and delete reports."""

from __future__ import annotations

import typing as t

from .._api import keys
from .._api.client import BillingClient
from .._api.options import output_spec, refuse_open, report_id
from .._api.product import Product
from .._api.report import Report
from .._edge.operation import Edge, Operation
from .._edge.output import output, withhold_urls
from .ensure import ON_FAILED, Ensure, Outcome

ALLOW_OPEN = 'run the task again when it is over, or set allow_open_period: true'
ID = {'id': {'type': 'str', 'aliases': ['report_id']}}


def reading(product: Product) -> Operation:
    """Return the operation that reads one report, the reports of a key, or the list of all reports."""
    def told(edge: Edge) -> dict[str, t.Any]:
        params = edge.params
        reports = _read(edge.client(product), params)
        if not (edge.result_is_hidden or params['show_download_url']):
            reports = withhold_urls(reports, edge.warn_masked)
        return output(product, reports, single=params['id'] is not None, set_facts=params['set_facts'])

    filters, (periods, rules) = keys.filter_spec(product), keys.rules(product)
    return Operation(
        told,
        options={**ID, **filters, 'status': {'type': 'list', 'elements': 'str'}, **output_spec()},
        rules={**rules, 'mutually_exclusive': [*rules['mutually_exclusive'], *(('id', name) for name in (*filters, 'status') if name not in periods)]},
    )


def _read(client: BillingClient, params: t.Mapping[str, t.Any]) -> list[Report]:
    if params['id'] is not None:
        return [client.get_report(report_id('id', params['id']))]
    asked = keys.key(client.product, params)
    if asked:
        reports = client.in_full(client.list_reports(asked.loose()))
    else:
        reports = client.list_reports(client.product.key(**keys.values(client.product, params)))
    return [report for report in reports if not params['status'] or report.status in params['status']]


def ensuring(product: Product) -> Operation:
    """Return the operation that creates, adopts or deletes the reports of a key."""
    def ensured(edge: Edge) -> dict[str, t.Any]:
        client = edge.client(product)
        ensure = Ensure(client, check_mode=edge.check_mode, warn=edge.warn_masked)
        return _outcome(ensure, product, edge.params, client.time.now()).to_result()

    periods, rules = keys.rules(product)
    return Operation(
        ensured,
        options={
            'state': {'type': 'str', 'choices': ['present', 'absent'], 'default': 'present'},
            **ID,
            **keys.spec(product),
            'on_failed': {'type': 'str', 'choices': list(ON_FAILED), 'default': 'fail'},
            'force_new': {'type': 'bool', 'default': False},
            'allow_open_period': {'type': 'bool', 'default': False},
        },
        rules={**rules, 'required_if': [('state', 'present', periods, True), ('state', 'absent', ['id', *periods], True)]},
    )


def _outcome(ensure: Ensure, product: Product, params: t.Mapping[str, t.Any], now: float) -> Outcome:
    """Validate the options and do what they ask for."""
    if params['id'] is not None:
        return ensure.absent(report_id('id', params['id']))
    asked, allow_open = keys.key(product, params), params['allow_open_period']
    if params['state'] == 'absent':
        return ensure.absent_month(asked)
    if not allow_open:
        refuse_open(f'{"billing_period" if asked.billing_period else "The period"} {asked}', asked.end, now, ALLOW_OPEN)
    return ensure.present(asked, on_failed=params['on_failed'], force_new=params['force_new'], allow_open_period=allow_open)
