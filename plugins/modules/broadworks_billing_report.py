#!/usr/bin/python
# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r'''
module: broadworks_billing_report
short_description: Create or delete BroadWorks billing reports of Webex
version_added: 1.0.0
description:
  - Makes sure that there is a usable billing report of a month, or that there is none.
  - A report of the month that is there already, finished or in progress, is adopted. Another one is created only if there is none,
    or with O(force_new=true).
  - A report that was created before the month ended, in UTC, holds a part of the month. Such a report is not adopted, does not count as a failed one,
    and is not deleted. Another report is created beside it. O(allow_open_period=true) adopts it.
  - A report that does not say when it was created is adopted with a warning.
  - A create that Webex turns away with 423 or 429 is retried within O(retry_timeout).
  - After any other error a create is not repeated. Where the answer of the API is lost (a network fault, a timeout, 5xx, a success that cannot be read),
    the reports of the month are listed again. A new one among them is adopted, and counts as created by this task.
    If there is none, the task fails and says so.
  - The same is done after a 409, only that the report then counts as created by somebody else. If the only reports of the month were created
    before the month ended, the task fails and says how to delete them.
  - A new report may not be visible at once. For a minute, and within O(retry_timeout), the task retries if Webex does not find the report that it created.
  - Webex generates the report in the background. M(webex_partner.billing.billing_report_wait) waits for it.
author:
  - Contributors to webex_partner.billing (@webex-partner)
extends_documentation_fragment:
  - webex_partner.billing.attributes
  - webex_partner.billing.attributes.action
  - webex_partner.billing.connection
  - webex_partner.billing.report.create
attributes:
  idempotent:
    support: partial
    details: With O(force_new=true), each run creates another report.
options:
  billing_period:
    description:
      - The month, V(YYYY-MM).
      - Required with O(state=present). With O(state=absent), exactly one of O(billing_period) and O(id) is required.
    type: str
notes:
  - Needs the scope C(spark-admin:broadworks_billing_reports_write) beside C(spark-admin:broadworks_billing_reports_read).
  - Partners that were moved to the extended wholesale model must use the Wholesale billing API, by M(webex_partner.billing.wholesale_billing_report).
    A refused create reminds of it.
  - A report that was created but cannot be read in that time is a success with a warning; of it only RV(report.id) and RV(report.billing_period) are known.
seealso:
  - module: webex_partner.billing.billing_report_wait
  - module: webex_partner.billing.broadworks_billing_report_info
  - name: Webex for BroadWorks billing reports
    description: The API as Cisco documents it.
    link: https://developer.webex.com/docs/api/v1/broadworks-billing-reports
'''

EXAMPLES = r'''
- name: Make sure that there is a report of a month
  webex_partner.billing.broadworks_billing_report:
    billing_period: "2024-06"
  register: june

- name: Wait for it
  webex_partner.billing.billing_report_wait:
    id: "{{ june.report.id }}"

- name: Replace the reports of a month that have failed
  webex_partner.billing.broadworks_billing_report:
    billing_period: "2021-03"
    on_failed: recreate

- name: Create another report of a month that has been restated
  webex_partner.billing.broadworks_billing_report:
    billing_period: "2021-05"
    force_new: true
  register: restated

- name: Delete it again
  webex_partner.billing.broadworks_billing_report:
    state: absent
    id: "{{ restated.report.id }}"

- name: Show which reports of a month would be deleted
  webex_partner.billing.broadworks_billing_report:
    state: absent
    billing_period: "2021-04"
  check_mode: true
  register: would_go

- name: Show their ids
  ansible.builtin.debug:
    msg: "{{ would_go.diff.before.reports | map(attribute='id') }}"
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
      description: The month it is about, V(YYYY-MM).
      type: str
      returned: always, null where the API leaves it out
      sample: 2021-05
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
      description: Always null here, since it is a secret until it expires; M(webex_partner.billing.broadworks_billing_report_info) returns it.
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
              description: The month it is about.
              type: str
              returned: always, null where the API leaves it out
              sample: 2021-05
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

from ansible_collections.webex_partner.billing.plugins.module_utils._api.products import BROADWORKS
from ansible_collections.webex_partner.billing.plugins.module_utils._edge.module import run_module
from ansible_collections.webex_partner.billing.plugins.module_utils._reports.operations import ensuring


OPERATION = ensuring(BROADWORKS)


def main() -> None:
    run_module(OPERATION)


if __name__ == '__main__':
    main()
