#!/usr/bin/python
# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r'''
module: wholesale_billing_report_info
short_description: Read Wholesale billing reports of Webex
version_added: 1.1.0
description:
  - Reads one Wholesale billing report by its ID, all reports of a period and a type, or the list of all reports of a partner.
  - The reports are returned, and set as facts for later steps, with their status, errors and download URL.
  - A report that ended V(FAILED) is information, not a failure of the task.
author:
  - Contributors to webex_partner.billing (@webex-partner)
extends_documentation_fragment:
  - webex_partner.billing.attributes
  - webex_partner.billing.attributes.action
  - webex_partner.billing.attributes.read
  - webex_partner.billing.connection
  - webex_partner.billing.output
  - webex_partner.billing.report.read
  - webex_partner.billing.wholesale
options:
  type:
    description:
      - Read only reports of this type.
      - With a period, the default is V(PARTNER). Without a period, the list has the reports of every type.
    type: str
    choices: [PARTNER, CUSTOMER, USER]
notes:
  - Needs the scope C(spark-admin:wholesale_billing_reports_read).
  - No response shows for which sub-partner a report is, or whether it includes internal organizations. The list has a filter for O(sub_partner_org_id) only.
seealso:
  - module: webex_partner.billing.wholesale_billing_report
  - module: webex_partner.billing.billing_report_wait
  - name: Wholesale billing reports
    description: The API as Cisco documents it.
    link: https://developer.webex.com/docs/api/v1/wholesale-billing-reports
'''

EXAMPLES = r'''
- name: Read a report
  webex_partner.billing.wholesale_billing_report_info:
    id: "{{ wholesale_report_id }}"

- name: Use its facts
  ansible.builtin.debug:
    msg: "{{ ansible_facts.wholesale_billing_report.type }} is {{ ansible_facts.wholesale_billing_report.status }}"

- name: Read the customer reports of a month
  webex_partner.billing.wholesale_billing_report_info:
    billing_period: "2026-10"
    type: CUSTOMER
    set_facts: false
  register: customers

- name: Show how many there are
  ansible.builtin.debug:
    msg: "{{ customers.reports | length }} reports"

- name: List all reports
  webex_partner.billing.wholesale_billing_report_info:
'''

RETURN = r'''
reports:
  description:
    - The reports, newest month first, those of a month newest first.
    - When they come from the list of all reports, only RV(reports[].id), RV(reports[].billing_period) and RV(reports[].status) are known,
      since the API lists no more.
  returned: success
  type: list
  elements: dict
  contains: &report
    id:
      description: Id of the report.
      type: str
      returned: always
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
      description: V(IN_PROGRESS), V(COMPLETED), V(FAILED), or whatever new word the API sends.
      type: str
      returned: always, null where the API leaves it out
      sample: COMPLETED
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
      description: Signed link to the file, a secret until it expires.
      type: str
      returned: always, null where the API leaves it out, and where the result could not be hidden
      sample: https://billing-reports-example.webexcontent.com/340177d1.csv?Expires=1624978489&Signature=...&Key-Pair-Id=...
    temp_download_url_expires:
      description: When the link ends, ISO 8601 in UTC, read from the link itself.
      type: str
      returned: always, null where there is no link or it does not say so
      sample: "2021-06-29T14:54:49Z"
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
report:
  description: The report that was asked for.
  returned: success, when O(id) is given
  type: dict
  contains: *report
ansible_facts:
  description: Facts for later steps.
  returned: success, when O(set_facts=true)
  type: dict
  contains:
    wholesale_billing_reports:
      description: The same as RV(reports).
      returned: always
      type: list
      elements: dict
    wholesale_billing_report:
      description: The same as RV(report).
      returned: when O(id) is given
      type: dict
error:
  description: What went wrong, as data; RV(ignore:msg) says it in a sentence.
  returned: failure, unless Ansible itself refuses an option
  type: dict
  contains:
    kind:
      description:
        - One of V(invalid_input), V(authentication), V(permission), V(not_found), V(conflict), V(gone), V(rate_limited), V(unavailable),
          V(network), V(timeout), V(invalid_response).
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
      description: The API's own list of errors, each with C(code) and C(description).
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
from ansible_collections.webex_partner.billing.plugins.module_utils._reports.operations import reading


OPERATION = reading(WHOLESALE)


def main() -> None:
    run_module(OPERATION)


if __name__ == '__main__':
    main()
