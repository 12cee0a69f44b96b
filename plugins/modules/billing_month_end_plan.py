# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r'''
module: billing_month_end_plan
short_description: Settle which month and which partners a month end is about
version_added: 1.0.0
description:
  - Tells the month that O(period) means, judges it and the labels of the partners before anything is asked of Webex, and prints both.
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
  period:
    description:
      - The month, V(YYYY-MM), or V(previous) for the month before now in O(time_zone).
      - A month that has not ended in UTC is refused.
    type: str
    required: true
  time_zone:
    description:
      - Name of a time zone, for example V(Europe/Berlin). Any but V(UTC) needs the database of time zones on the controller.
    type: str
    default: UTC
  partners:
    description:
      - Labels of the partners, each once, of at most 100 letters, digits, dots, underscores and hyphens, and neither C(.) nor C(..).
    type: list
    elements: str
    default: [default]
  archive:
    description:
      - Where the reports will be filed. An empty path is refused.
      - A warning is given where AWX would lose it, in the container of the execution environment.
    type: path
notes:
  - It makes no request, has no connection options, and does not belong to the action group C(group/webex_partner.billing.webex).
seealso:
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
    msg: "{{ plan.billing_period }} for {{ plan.partners | list }}"
'''

RETURN = r'''
billing_period:
  description: The month, V(YYYY-MM).
  returned: success
  type: str
  sample: 2026-10
partners:
  description:
    - By label, in the order given, what the role tells of a partner in the end. Here nothing but label and month is known,
      C(changed) is false, all else null.
  returned: success
  type: dict
  sample:
    north:
      partner: north
      billing_period: 2026-10
      status: null
      report_id: null
      version: null
      records: null
      size: null
      sha256: null
      changed: false
      archive_path: null
check_mode:
  description: Whether this runs in check mode. The variable C(ansible_check_mode) knows of C(--check) alone, not of the task keyword.
  returned: success
  type: bool
  sample: false
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
