# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reports and keys in few words."""

from __future__ import annotations

import typing as t

from ansible_collections.webex_partner.billing.plugins.module_utils._api.product import Key, Product
from ansible_collections.webex_partner.billing.plugins.module_utils._api.products import BROADWORKS
from ansible_collections.webex_partner.billing.plugins.module_utils._api.report import Report


def of(period: str, product: Product = BROADWORKS, **values: t.Any) -> Key:
    """The key of a month."""
    return product.key_of_month(period, **values)


def a_report(report_id: str, period: str | None = None, *more: t.Any, **fields: t.Any) -> Report:
    """A report that says its month, whatever it may be, or none."""
    return Report(report_id, BROADWORKS.key(billing_period=period), *more, **fields)
