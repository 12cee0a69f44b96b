# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r'''
module: billing_month_end_step
short_description: Run a step of a month end for every partner
version_added: 1.1.0
description:
  - Runs the plugins of this collection for each partner of a plan, one after the other, prints a line for each partner, and returns the plan with the outcome.
  - The role P(webex_partner.billing.month_end#role) uses it. A partner that fails does not fail the task. The plan names it in RV(failures), and later steps
    pass it over.
  - The plugins take their C(module_defaults) and their environment as in tasks of their own. The connection options of a partner come from the entry in
    C(month_end_partners).
author:
  - Contributors to webex_partner.billing (@webex-partner)
extends_documentation_fragment:
  - webex_partner.billing.attributes
attributes:
  async:
    support: none
    details: It runs on the controller, in the task itself.
  diff_mode:
    support: full
  idempotent:
    support: partial
    details:
      - With C(month_end_force_new) or C(month_end_internal), and if several reports of Webex Wholesale look alike, each run creates another report.
      - With C(month_end_delete_after), the next run creates another report.
options:
  plan:
    description: What M(webex_partner.billing.billing_month_end_plan) or a later task returned.
    type: dict
    required: true
  step:
    description:
      - V(check) looks at the access of each partner with M(webex_partner.billing.billing_access_info). A problem fails the partner.
      - V(request) creates or adopts the reports with M(webex_partner.billing.broadworks_billing_report).
      - V(fetch) waits for them with M(webex_partner.billing.billing_report_wait), archives them with M(webex_partner.billing.billing_report_archive) and
        writes the evidence pages with M(webex_partner.billing.billing_report_evidence) if the plan wants them.
      - V(delete) deletes the reports at Webex, except those that the archive did not take because it has newer ones.
    type: str
    required: true
    choices: [check, request, fetch, delete]
notes:
  - It has no connection options, and does not belong to the action group C(group/webex_partner.billing.webex).
seealso:
  - module: webex_partner.billing.billing_month_end_plan
'''

EXAMPLES = r'''
- name: Validate the month
  webex_partner.billing.billing_month_end_plan:
    period: 2026-10
    archive: "{{ archive }}"
  register: plan

- name: Create or adopt the report of the month
  webex_partner.billing.billing_month_end_step:
    plan: "{{ plan }}"
    step: request
  register: plan

- name: Show it
  ansible.builtin.debug:
    msg: "{{ plan.lines }}"
'''

RETURN = r'''
billing_period:
  description: The month, V(YYYY-MM).
  returned: success
  type: str
  sample: 2026-10
check_mode:
  description: Whether this runs in check mode. The variable C(ansible_check_mode) knows of C(--check) alone, not of the task keyword.
  returned: success
  type: bool
  sample: false
settings:
  description: The other variables of the role after conversion, without secrets.
  returned: success
  type: dict
  sample:
    on_failed: fail
    force_new: false
partners:
  description:
    - A record for each partner, in the order given. It has the keys of the summary that the role publishes, and what the role keeps
      beside them. Before the first step only label and month are known, and after V(submit) the ID of the report.
  returned: success
  type: list
  elements: dict
  sample:
    - partner: north
      billing_period: 2026-10
      status: null
      report_id: null
      version: null
      records: null
      size: null
      sha256: null
      changed: false
      archive_path: null
remaining:
  description: The positions in RV(partners) of those that have not failed.
  returned: success
  type: list
  elements: int
  sample: [0, 1]
lines:
  description: A sentence for each partner about the last step. It is null before the first step.
  returned: success
  type: list
  elements: raw
  sample: ["north 2026-10: filed as version 1, 25 records, 1451 bytes"]
table:
  description: The rows of a table of the partners, which the role shows in the end. The first row has the names of the columns.
  returned: success
  type: list
  elements: str
  sample:
    - partner  status     version  records  what happened
    - north    COMPLETED  1        25       filed as version 1, 25 records, 1451 bytes
failures:
  description: The sentences of the partners that failed.
  returned: success
  type: list
  elements: str
  sample: []
summary:
  description: The summary that the role publishes as C(billing_month_end).
  returned: success
  type: dict
  sample:
    partner: north, south
    billing_period: 2026-10
diff:
  description: What the plugins changed or would change, an entry for each call that reports a difference.
  returned: success in diff mode
  type: list
  elements: dict
'''
