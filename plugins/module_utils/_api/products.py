# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The products whose reports this collection handles: everything in which they differ."""

from __future__ import annotations

from .periods import days_of, is_day, is_period, month_of
from .product import Part, Product, Scopes, is_id

BROADWORKS = Product(
    name='broadworks',
    is_default=True,
    title='Webex for BroadWorks',
    path='/broadworks/billing/reports',
    scopes=Scopes('spark-admin:broadworks_billing_reports_read', 'spark-admin:broadworks_billing_reports_write'),
    parts=(
        Part('billing_period', 'billingPeriod', 'billing_period', {'type': 'str'}, is_valid=is_period, is_period=True, listed=True),
    ),
    of_month=lambda month: (month,),
    month=lambda month: month,
    elsewhere='if the partner was moved to the extended wholesale model, its reports are those of the Wholesale billing API: create them with'
              ' webex_partner.billing.wholesale_billing_report',
    elsewhere_after={
        400: 'the call may be wrong for such a partner',
        403: 'the call may be forbidden to such a partner',
        409: 'the call may be in conflict with the model of such a partner',
    },
)

TYPES = ('PARTNER', 'CUSTOMER', 'USER')
A_DAY = 'a day as YYYY-MM-DD, for example 2026-10-01'

WHOLESALE = Product(
    name='wholesale',
    title='Webex Wholesale',
    path='/wholesale/billing/reports',
    scopes=Scopes('spark-admin:wholesale_billing_reports_read', 'spark-admin:wholesale_billing_reports_write'),
    parts=(
        Part(
            'billing_start_date', 'billingStartDate', 'start_date', {'type': 'str'}, is_valid=is_day, meaning=A_DAY, is_period=True, listed=True, filters=True,
        ),
        Part('billing_end_date', 'billingEndDate', 'end_date', {'type': 'str'}, is_valid=is_day, meaning=A_DAY, is_period=True, listed=True, filters=True),
        Part(
            'type', 'type', 'type', {'type': 'str', 'choices': list(TYPES), 'default': 'PARTNER'}, usual='PARTNER', is_valid=TYPES.__contains__,
            spelled='reportType', listed=True, filters=True, words=' of type {}',
        ),
        Part('category', 'category', usual='RECONCILIATION'),  # Cisco does not document how to ask for another one
        Part(
            'sub_partner_org_id', 'subPartnerOrgId', 'sub_partner_org_id', {'type': 'str'}, is_valid=is_id, meaning='the ID of an organization',
            shown=False, filters=True, words=' for sub-partner {}',
        ),
        Part('internal', 'internal', 'internal', {'type': 'bool', 'default': False}, usual=False, shown=False, words=' with internal organizations'),
    ),
    shelf='wholesale-{type}',
    of_month=days_of,
    month=month_of,
)

PRODUCTS = {product.name: product for product in (BROADWORKS, WHOLESALE)}
DEFAULT = next(product for product in PRODUCTS.values() if product.is_default)
