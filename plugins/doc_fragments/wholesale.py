# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of the options that say which Wholesale report is meant; the data is in module_utils/_api/products.py."""

from __future__ import annotations


class ModuleDocFragment:
    """The key of a report, less the parts that not every module has alike."""

    DOCUMENTATION = r'''
options:
  billing_period:
    description:
      - The month, V(YYYY-MM), from its first to its last day.
      - Mutually exclusive with O(start_date), O(end_date) and O(id).
    type: str
  start_date:
    description:
      - The first day, V(YYYY-MM-DD). Requires O(end_date).
    type: str
  end_date:
    description:
      - The last day, V(YYYY-MM-DD). Requires O(start_date).
    type: str
  sub_partner_org_id:
    description:
      - The ID of a sub-partner's organization, for a report of this sub-partner.
    type: str
'''
