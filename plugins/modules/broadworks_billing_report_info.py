#!/usr/bin/python
# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r'''
module: broadworks_billing_report_info
short_description: Read BroadWorks billing reports of Webex
version_added: 1.0.0
description:
  - Reads one billing report by its id, all reports of a month, or the list of all reports of a partner.
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
options:
  billing_period:
    description:
      - Read the reports of this month alone, V(YYYY-MM), each in full.
    type: str
seealso:
  - module: webex_partner.billing.broadworks_billing_report
  - module: webex_partner.billing.billing_report_wait
  - name: Webex for BroadWorks billing reports
    description: The API as Cisco documents it.
    link: https://developer.webex.com/docs/api/v1/broadworks-billing-reports
'''

EXAMPLES = r'''
- name: Read a report
  webex_partner.billing.broadworks_billing_report_info:
    id: "{{ report_id }}"

- name: Use its facts
  ansible.builtin.debug:
    msg: "{{ ansible_facts.broadworks_billing_report.billing_period }} is {{ ansible_facts.broadworks_billing_report.status }}"

- name: Read the failed reports of a month
  webex_partner.billing.broadworks_billing_report_info:
    billing_period: "2021-03"
    status: [FAILED]
    set_facts: false
  register: failed

- name: Show why they failed
  ansible.builtin.debug:
    msg: "{{ failed.reports | map(attribute='errors') | flatten }}"

- name: List all reports, the token taken from a variable
  webex_partner.billing.broadworks_billing_report_info:
    access_token: "{{ partner_token }}"
  register: all_reports
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
      description: The month it is about, V(YYYY-MM).
      type: str
      returned: always, null where the API leaves it out
      sample: 2021-05
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
    broadworks_billing_reports:
      description: The same as RV(reports).
      returned: always
      type: list
      elements: dict
    broadworks_billing_report:
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

from ansible_collections.webex_partner.billing.plugins.module_utils._api.products import BROADWORKS
from ansible_collections.webex_partner.billing.plugins.module_utils._edge.module import run_module
from ansible_collections.webex_partner.billing.plugins.module_utils._reports.operations import reading


OPERATION = reading(BROADWORKS)


def main() -> None:
    run_module(OPERATION)


if __name__ == '__main__':
    main()
