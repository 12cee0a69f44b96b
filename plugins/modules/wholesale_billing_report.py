#!/usr/bin/python
# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r'''
module: wholesale_billing_report
short_description: Create or delete Wholesale billing reports of Webex
version_added: 1.1.0
description:
  - Makes sure that a usable Wholesale billing report of a period and a type exists, or that none exists.
  - It does for Webex Wholesale what M(webex_partner.billing.broadworks_billing_report) does for Webex for BroadWorks, by the same rules. It adopts
    the newest report that has not failed and was created after the period ended. Without such a report, or with O(force_new=true), it creates one.
  - A create that Webex rejects with 423 or 429 is retried within O(retry_timeout). After any other error a create is not repeated.
    If the response is lost, the module lists the reports again. A new report among them counts as created by this task.
    If the list shows none, the task fails. After a 409 the module does the same, but the report counts as created by somebody else.
  - A report matches if its dates, its type and its category are the ones asked for, as far as Webex shows them. The category is V(RECONCILIATION).
  - No response shows O(sub_partner_org_id) or O(internal). The list has a filter for O(sub_partner_org_id), so reports of a sub-partner are found.
    If several reports that have not failed look alike, none of them is adopted. A warning names them, and another report is created.
    So delete reports that you do not need, or give the ID of a report to the other plugins.
  - No response shows whether a report has O(internal=true). With this option no report is adopted. If reports of the period exist, a warning says so,
    and another one is created.
  - Webex generates the report in the background. M(webex_partner.billing.billing_report_wait) waits for it.
author:
  - Contributors to webex_partner.billing (@webex-partner)
extends_documentation_fragment:
  - webex_partner.billing.attributes
  - webex_partner.billing.attributes.action
  - webex_partner.billing.connection
  - webex_partner.billing.report.create
  - webex_partner.billing.wholesale
attributes:
  idempotent:
    support: partial
    details: With O(force_new=true) or O(internal=true), and if several reports look alike, each run creates another report.
options:
  type:
    description:
      - The type of the report.
    type: str
    choices: [PARTNER, CUSTOMER, USER]
    default: PARTNER
  internal:
    description:
      - Whether internal organizations are included.
      - With O(state=absent) and a period, V(true) is refused, since no response shows which reports to delete.
    type: bool
    default: false
notes:
  - Needs the scope C(spark-admin:wholesale_billing_reports_write) beside C(spark-admin:wholesale_billing_reports_read).
  - Webex takes any dates of the last five years except the current day.
  - A report that was created but cannot be read in that time is a success with a warning. Only RV(report.id) and what the task asked for are known.
  - With O(state=absent) and a period, every report that matches is deleted, also if it differs in what no response shows.
seealso:
  - module: webex_partner.billing.billing_report_wait
  - module: webex_partner.billing.wholesale_billing_report_info
  - name: Wholesale billing reports
    description: The API as Cisco documents it.
    link: https://developer.webex.com/docs/api/v1/wholesale-billing-reports
'''

EXAMPLES = r'''
- name: Make sure that a report of a month exists
  webex_partner.billing.wholesale_billing_report:
    billing_period: "2026-08"
  register: august

- name: Wait for the report
  webex_partner.billing.billing_report_wait:
    product: wholesale
    id: "{{ august.report.id }}"

- name: Create a report of some days for the customers of a sub-partner
  webex_partner.billing.wholesale_billing_report:
    start_date: "2026-08-01"
    end_date: "2026-08-15"
    type: CUSTOMER
    sub_partner_org_id: Y2lzY29zcGFyazovL3VzL09SR0FOSVpBVElPTi81MmNmNTc2ZC02MGE4LTQwN2EtYjIyYy00NjdjNTE1OTE5MDg
  register: days

- name: Delete the report
  webex_partner.billing.wholesale_billing_report:
    state: absent
    id: "{{ days.report.id }}"
'''

RETURN = r'''
report:
  description:
    - The report of the month, adopted or created.
    - In check mode the one that would be created, of which only RV(report.billing_period) is known.
  returned: success, null with O(state=absent)
  type: dict
  contains:
    id:
      description: Id of the report.
      type: str
      returned: always, null for one that would be created
      sample: Y2lzY29zcGFyazovL3VzL0JJTExJTkdfUkVQT1JULzViOGQ1MThhLThmMDAtNDUxYi1hNDA2LWVhZjQ5YjRhN2ZhOA
    billing_period:
      description: The month it is about, V(YYYY-MM), if it is a whole month.
      type: str
      returned: always, null where it is not a whole month
      sample: 2026-10
    billing_start_date: {description: "The first day, V(YYYY-MM-DD).", type: str, returned: "always, null where unknown", sample: "2026-10-01"}
    billing_end_date: {description: "The last day, V(YYYY-MM-DD).", type: str, returned: "always, null where unknown", sample: "2026-10-31"}
    type: {description: "V(PARTNER), V(CUSTOMER) or V(USER).", type: str, returned: "always, null where unknown", sample: PARTNER}
    category: {description: "V(RECONCILIATION) or V(POINT_IN_TIME).", type: str, returned: "always, null where unknown", sample: RECONCILIATION}
    status:
      description: V(IN_PROGRESS), V(COMPLETED), or whatever new word the API sends.
      type: str
      returned: always, null where it is not known
      sample: IN_PROGRESS
    created:
      description: When it was created, ISO 8601.
      type: str
      returned: always, null where the API leaves it out
      sample: "2021-06-16T12:40:33.109Z"
    created_by:
      description: Person id of the partner administrator who created it.
      type: str
      returned: always, null where the API leaves it out
      sample: Y2lzY29zcGFyazovL3VzL1BFT1BMRS8wYWNkMzg3NS00ZTEyLTRkNzctYjk4MS1lMzg5ZmQ4ODQ2YzA
    temp_download_url:
      description: Always null here, since it is a secret until it expires; M(webex_partner.billing.wholesale_billing_report_info) returns it.
      type: str
      returned: always, null
    temp_download_url_expires:
      description: Always null here.
      type: str
      returned: always, null
    errors:
      description: What went wrong while the report was generated.
      type: list
      elements: dict
      returned: always, empty where there is none
      contains:
        code:
          description: Error code, a number where the API sends one.
          type: raw
          returned: always, null where the API leaves it out
          sample: 2024
        description:
          description: The code in words.
          type: str
          returned: always, null where the API leaves it out
          sample: Billing Report not found.
diff:
  description: The reports that the task is about, before and after it; in check mode, after what it would do.
  returned: success
  type: dict
  contains:
    before:
      description: With O(state=present) the reports of the month, with O(state=absent) those that were deleted.
      type: dict
      returned: always
      contains: &side
        reports:
          description: As much of each report as a list of the API has.
          type: list
          elements: dict
          returned: always
          contains:
            id:
              description: Id of the report.
              type: str
              returned: always, null for one that would be created
              sample: Y2lzY29zcGFyazovL3VzL0JJTExJTkdfUkVQT1JULzViOGQ1MThhLThmMDAtNDUxYi1hNDA2LWVhZjQ5YjRhN2ZhOA
            billing_period:
              description: The month it is about, if it is a whole month.
              type: str
              returned: always, null where it is not a whole month
              sample: 2026-10
            billing_start_date: {description: "The first day, V(YYYY-MM-DD).", type: str, returned: "always, null where unknown", sample: "2026-10-01"}
            billing_end_date: {description: "The last day, V(YYYY-MM-DD).", type: str, returned: "always, null where unknown", sample: "2026-10-31"}
            type: {description: "V(PARTNER), V(CUSTOMER) or V(USER).", type: str, returned: "always, null where unknown", sample: PARTNER}
            category: {description: "V(RECONCILIATION) or V(POINT_IN_TIME).", type: str, returned: "always, null where unknown", sample: RECONCILIATION}
            status:
              description: Its status.
              type: str
              returned: always, null where it is not known
              sample: IN_PROGRESS
    after:
      description: The same afterwards.
      type: dict
      returned: always
      contains: *side
error:
  description: What went wrong, as data; RV(ignore:msg) says it in a sentence.
  returned: failure, unless Ansible itself refuses an option
  type: dict
  contains:
    kind:
      description:
        - One of V(invalid_input), V(authentication), V(permission), V(not_found), V(conflict), V(gone), V(rate_limited), V(unavailable),
          V(network), V(timeout), V(invalid_response), V(report_failed).
      type: str
      returned: always
      sample: permission
    http_status:
      description: HTTP status of the answer.
      type: int
      returned: always, null where there was no answer
      sample: 403
    message:
      description: The API's own message.
      type: str
      returned: always, null where there is none
      sample: The request is understood, but it has been refused or access is not allowed.
    details:
      description: The API's own list of errors, or those of the failed reports, each with C(code) and C(description).
      type: list
      elements: dict
      returned: always, null where there is none
    tracking_id:
      description: What Webex support asks for.
      type: str
      returned: always, null where the answer had none
      sample: ROUTER_5F1B2C3D-7A01-01BB-6C3A-F1C0A1F76C3A
    retry_after:
      description: Seconds that the API asks to wait.
      type: float
      returned: always, null where it asks for nothing
'''

from ansible_collections.webex_partner.billing.plugins.module_utils._api.products import WHOLESALE
from ansible_collections.webex_partner.billing.plugins.module_utils._edge.module import run_module
from ansible_collections.webex_partner.billing.plugins.module_utils._reports.operations import ensuring


OPERATION = ensuring(WHOLESALE)


def main() -> None:
    run_module(OPERATION)


if __name__ == '__main__':
    main()
