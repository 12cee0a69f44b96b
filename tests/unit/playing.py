# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The sandbox as one product sees it, so that a test asks no product by name."""

from __future__ import annotations

import re
import typing as t

from ansible_collections.webex_partner.billing.plugins.module_utils._api.product import Product
from ansible_collections.webex_partner.billing.tests.unit.reporting import of

STATES = {'broadworks': 'reports', 'wholesale': 'wholesale_reports'}


class Playing:
    """A sandbox whose reports are those of a product."""

    def __init__(self, sandbox: t.Any, product: Product) -> None:
        self._sandbox = sandbox
        self.product = product

    def __getattr__(self, name: str) -> t.Any:
        return getattr(self._sandbox, name)

    def running(self) -> t.ContextManager[t.Any]:
        """The sandbox itself, which serves inside a ``with`` block."""
        return self._sandbox

    def add_report(self, billing_period: str | None = None, **values: t.Any) -> str:
        return self._sandbox.add_report(billing_period, product=self.product.name, **values)

    def set_status(self, report_id: str, status: str) -> None:
        self._sandbox.set_status(report_id, status, self.product.name)

    def forget_report(self, report_id: str) -> None:
        self._sandbox.forget_report(report_id, self.product.name)

    def trouble(self, **entry: t.Any) -> None:
        """As the sandbox's, of this product alone; a path that ends with ``reports$`` means lists, with a query or without."""
        path = entry.get('path', '')
        if path.endswith('reports$'):
            entry['path'] = re.escape(self.product.path) + r'(\?|$)'
        self._sandbox.trouble(**entry)

    def state(self) -> dict[str, t.Any]:
        return {**self._sandbox.state(), 'reports': self._sandbox.state()[STATES[self.product.name]]}

    def wire(self, period: str | None) -> dict[str, t.Any]:
        """What an answer says of a period; for None and for what is no month, the same for each of its parts."""
        key = of(period, self.product) if isinstance(period, str) and re.fullmatch('[0-9]{4}-[0-9]{2}', period) else None
        return {part.sent: key.values[part.name] if key else period for part in self.product.periods}

    def entry(self, report_id: str, period: str | None, status: str) -> dict[str, t.Any]:
        """A report as a list has it."""
        key = of('2026-10', self.product)
        shown = {part.sent: key.values[part.name] for part in self.product.parts if part.shown}
        return {'id': report_id, **shown, **self.wire(period), 'status': status}

    def listed(self, report_id: str, period: str, status: str) -> dict[str, t.Any]:
        """A report as a diff has it."""
        return {'id': report_id, **of(period, self.product).to_result(), 'status': status}

    def said(self, period: str) -> str:
        """What a sentence calls the reports of a month."""
        return str(of(period, self.product))

    @property
    def hides(self) -> bool:
        """Whether two reports of a month that look alike may be of different keys."""
        return bool(of('2026-10', self.product).untold)

    def resumed(self, **options: t.Any) -> dict[str, t.Any]:
        """Options of a wait, with those that name the product."""
        return {**self.product.options, **options}
