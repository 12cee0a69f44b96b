# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of the options that say what becomes of the reports read; the argument spec is in module_utils/_api/options.py."""

from __future__ import annotations


class ModuleDocFragment:
    """Facts, and the signed URL."""

    DOCUMENTATION = r'''
options:
  set_facts:
    description:
      - Whether the host gets the facts RV(ignore:ansible_facts.broadworks_billing_reports) and, for a single report,
        RV(ignore:ansible_facts.broadworks_billing_report). For Webex Wholesale these are RV(ignore:ansible_facts.wholesale_billing_reports) and
        RV(ignore:ansible_facts.wholesale_billing_report).
    type: bool
    default: true
  show_download_url:
    description:
      - A signed download URL is a secret until it expires. A result that carries one is therefore hidden from logs and job events,
        as with C(no_log), and can be registered and used all the same.
      - With V(true) the result is shown, signed URL included.
    type: bool
    default: false
attributes:
  facts:
    support: full
    details: Unless O(set_facts=false).
notes:
  - Facts outlive the task. A persistent fact cache (also the one that ansible-runner and AWX keep) then stores the report with its signed URL,
    in clear, until it expires or is cleared. Set O(set_facts=false) where that is not wanted, and use the registered result.
  - A registered result that was hidden is shown again by whatever prints it, such as M(ansible.builtin.debug).
'''
