# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r'''
module: billing_month_end_note
short_description: Record a failed delivery of a month end
version_added: 1.1.0
description:
  - Adds the failure of a delivery to the record of a partner, and returns the plan with that record.
  - The role P(webex_partner.billing.month_end#role) uses it, so that the other partners are still delivered.
author:
  - Contributors to webex_partner.billing (@webex-partner)
extends_documentation_fragment:
  - webex_partner.billing.attributes
  - webex_partner.billing.attributes.read
attributes:
  async:
    support: none
    details: It runs on the controller, in the task itself.
options:
  plan:
    description: What M(webex_partner.billing.billing_month_end_plan) or the last task of this module returned.
    type: dict
    required: true
  position:
    description: Position of the partner in C(partners) of O(plan), from V(0).
    type: int
    required: true
  result:
    description: The result of the task that failed.
    type: dict
    required: true
  is_hidden:
    description: Whether the task that failed was one under C(no_log), whose message is not repeated.
    type: bool
    default: false
notes:
  - It makes no request, has no connection options, and does not belong to the action group C(group/webex_partner.billing.webex).
seealso:
  - module: webex_partner.billing.billing_month_end_plan
'''

EXAMPLES = r'''
- name: Validate the month
  webex_partner.billing.billing_month_end_plan:
    period: 2026-10
  register: plan

- name: Record that its delivery failed
  webex_partner.billing.billing_month_end_note:
    plan: "{{ plan }}"
    position: 0
    result: {msg: The receiver did not answer.}
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
'''
