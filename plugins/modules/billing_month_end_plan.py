# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r'''
module: billing_month_end_plan
short_description: Plan a month end
version_added: 1.0.0
description:
  - Determines the billing period, the partners and the settings of a month end, and prints the period and the partners.
  - It checks all values before anything is requested from Webex, and refuses an invalid one in a sentence that names it.
  - The role P(webex_partner.billing.month_end#role) begins with it.
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
  entry_point:
    description:
      - Which part of a month end is planned. The values come from the variables of the role, C(month_end_period), C(month_end_partner) and the others.
      - A blank variable counts as unset. Values are trimmed, and labels are text, even if they look like numbers.
      - V(main), V(collect) and V(hand_on) need C(month_end_archive).
      - A variable that begins with C(month_end_) and that the role does not have causes a warning, unless the task file that delivers uses it.
      - Not together with the other options.
    type: str
    choices: [main, submit, collect, hand_on, preflight]
  period:
    description:
      - The month, V(YYYY-MM), or V(previous) for the month before now in O(time_zone). Required without O(entry_point).
      - A month that has not ended in UTC is refused.
    type: str
  time_zone:
    description:
      - Name of a time zone, for example V(Europe/Berlin). The default is UTC. Any other one needs the database of time zones on the controller.
    type: str
  partners:
    description:
      - Labels of the partners, each once, of 1 to 100 letters, digits, dots, underscores and hyphens. C(.) and C(..) are not allowed.
      - The default is one partner with the label C(default).
    type: list
    elements: str
  archive:
    description:
      - Where the reports will be filed, a path that begins with V(/) or V(~).
      - A warning is given if AWX would lose the archive with the container of the execution environment.
    type: path
notes:
  - It makes no request, has no connection options, and does not belong to the action group C(group/webex_partner.billing.webex).
  - In an AWX workflow, V(previous) is settled once, by the first job. With an O(entry_point), later jobs use the month in the summary
    C(billing_month_end) that the first job published. V(collect) and V(hand_on) fail if that summary is missing.
seealso:
  - module: webex_partner.billing.billing_month_end_step
  - module: webex_partner.billing.billing_report_archive
'''

EXAMPLES = r'''
- name: Settle the month
  webex_partner.billing.billing_month_end_plan:
    period: previous
    time_zone: UTC
    partners: [north, south]
  register: plan

- name: Use it
  ansible.builtin.debug:
    msg: "{{ plan.billing_period }} for {{ plan.partners | map(attribute='partner') | join(', ') }}"
'''

RETURN = r'''
billing_period:
  description: The month, V(YYYY-MM). It is null for the entry point V(preflight).
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
error:
  description: What went wrong, as data; RV(ignore:msg) says it in a sentence.
  returned: failure, unless Ansible itself refuses an option
  type: dict
  contains:
    kind:
      description: V(invalid_input).
      type: str
      returned: always
      sample: invalid_input
    http_status:
      description: Not used, since this module makes no request.
      type: int
      returned: always, null
    message:
      description: Not used, since this module makes no request.
      type: str
      returned: always, null
    details:
      description: Not used, since this module makes no request.
      type: list
      elements: dict
      returned: always, null
    tracking_id:
      description: Not used, since this module makes no request.
      type: str
      returned: always, null
    retry_after:
      description: Not used, since this module makes no request.
      type: float
      returned: always, null
'''
