# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of the options that choose a product and a part of its reports; the argument spec is made in module_utils/_api/keys.py."""

from __future__ import annotations


class ModuleDocFragment:
    """The whole choice, what names a place in the archive, and the product alone."""

    DOCUMENTATION = r'''
options:
  product:
    description:
      - The product of Webex that the reports belong to.
    type: str
    choices: [broadworks, wholesale]
    default: broadworks
    version_added: 1.1.0
  type:
    description:
      - The type of the report, for O(product=wholesale) with O(billing_period). The default there is V(PARTNER).
    type: str
    choices: [PARTNER, CUSTOMER, USER]
    version_added: 1.1.0
  sub_partner_org_id:
    description:
      - The ID of a sub-partner's organization, for O(product=wholesale) with O(billing_period).
    type: str
    version_added: 1.1.0
  internal:
    description:
      - Whether the report includes internal organizations, for O(product=wholesale). No response of Webex shows this.
    type: bool
    version_added: 1.1.0
'''

    PLACE = r'''
options:
  product:
    description:
      - The product of Webex that the report belongs to.
    type: str
    choices: [broadworks, wholesale]
    default: broadworks
    version_added: 1.1.0
  type:
    description:
      - The type of the report, for O(product=wholesale). The default there is V(PARTNER).
      - A report of Webex Wholesale is archived as C(<archive>/<partner>/wholesale-<type>/<YYYY-MM>), with the type in lower case.
    type: str
    choices: [PARTNER, CUSTOMER, USER]
    version_added: 1.1.0
'''

    ALONE = r'''
options:
  product:
    description:
      - The product of Webex that the reports belong to.
    type: str
    choices: [broadworks, wholesale]
    default: broadworks
    version_added: 1.1.0
'''
