# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r'''
module: billing_report_wait
short_description: Wait for billing reports of Webex
version_added: 1.0.0
description:
  - Waits for one billing report, for many, or for the one of a month, until each has ended V(COMPLETED) or V(FAILED).
  - The reports are returned, and set as facts for later steps, with their status, errors and download URL.
  - The pause between two polls grows with the time waited, so that a report which takes T seconds is noticed at most T/10
    or O(poll_interval) late. Many reports cost one list call a round.
  - Faults that pass by themselves (network, 423, 429, 5xx, unreadable answers) are survived, each kind with one warning, and named if the time runs out.
    400, 401, 403, 404 and 410 end the wait at once, and so does an answer about another report.
  - A status other than V(IN_PROGRESS), V(COMPLETED) and V(FAILED) counts as not finished, with one warning.
  - A C(Retry-After) is honoured. One that does not fit into what is left of the wait fails at once.
  - Prints a message when a status changes and at least every O(heartbeat_interval) seconds, so that AWX does not take the job for dead.
author:
  - Contributors to webex_partner.billing (@webex-partner)
extends_documentation_fragment:
  - webex_partner.billing.attributes
  - webex_partner.billing.attributes.read
  - webex_partner.billing.connection
  - webex_partner.billing.output
  - webex_partner.billing.product
attributes:
  async:
    support: none
    details: The wait runs on the controller, in the task itself; core refuses C(async) for it.
  check_mode:
    details: Looks once, and does not fail for a report that is not finished.
options:
  id:
    description:
      - The report to wait for.
      - Exactly one of O(id), O(ids) and O(billing_period) is required.
    type: str
    aliases: [report_id]
  ids:
    description:
      - The reports to wait for, all of them.
    type: list
    elements: str
  billing_period:
    description:
      - Wait for the newest report of this month, V(YYYY-MM), that has not failed.
      - If there is none of that month, the task fails at once. If all have failed, the newest of them counts as the report waited for.
      - Reports that were created before the month ended, in UTC, do not count, since they hold a part of the month. If there are no others,
        the task fails at once and names them.
      - A report that does not say when it was created counts, with a warning.
    type: str
  allow_open_period:
    description:
      - Whether reports count that were created before the month ended.
      - For O(billing_period). A report given by its ID is waited for in any case.
    type: bool
    default: false
    version_added: 1.1.0
  wait_timeout:
    description:
      - Seconds for the whole wait. At the end there is one last look. V(0) means look once.
    type: float
    default: 3600
  poll_interval:
    description:
      - Seconds before the second poll.
    type: float
    default: 5
  max_poll_interval:
    description:
      - The longest pause between two polls, in seconds. In between, the pause is a tenth of the time waited so far.
    type: float
    default: 60
  heartbeat_interval:
    description:
      - Seconds between two progress lines while no status changes; V(0) for none.
    type: float
    default: 60
  fail_on_failed:
    description:
      - Whether a report that ended V(FAILED) fails the task. Of many reports, once all have ended.
    type: bool
    default: true
notes:
  - The action runs on the controller. In a C(loop) the waits run one after the other; give many O(ids) to one task instead.
  - Ctrl-C, SIGTERM, the task keyword C(timeout) and the end of ansible-playbook stop it at once.
  - Where the output goes to a plain pipe, ansible-core holds lines back until its buffer is full; on a terminal and in ansible-runner they appear at once.
seealso:
  - module: webex_partner.billing.broadworks_billing_report
  - module: webex_partner.billing.broadworks_billing_report_info
  - module: webex_partner.billing.broadworks_billing_report_download
  - module: webex_partner.billing.wholesale_billing_report
  - module: webex_partner.billing.wholesale_billing_report_info
'''

EXAMPLES = r'''
- name: Wait for a report, at most two hours
  webex_partner.billing.billing_report_wait:
    id: "{{ report_id }}"
    wait_timeout: 7200

- name: Use its facts
  ansible.builtin.debug:
    msg: "{{ ansible_facts.broadworks_billing_report.status }} for {{ ansible_facts.broadworks_billing_report.billing_period }}"

- name: Wait for the report of a month, and go on when it fails
  webex_partner.billing.billing_report_wait:
    billing_period: "2021-03"
    fail_on_failed: false
  register: march

- name: Show its errors
  ansible.builtin.debug:
    msg: "{{ march.report.errors }}"
  when: march.report.status == 'FAILED'

- name: Wait for many reports in one task
  webex_partner.billing.billing_report_wait:
    ids: "{{ report_ids }}"
  register: many

- name: Wait for the Wholesale customer report of a month
  webex_partner.billing.billing_report_wait:
    product: wholesale
    type: CUSTOMER
    billing_period: "2026-10"
  register: customers

- name: Show when the links expire
  ansible.builtin.debug:
    msg: "{{ many.reports | map(attribute='temp_download_url_expires') }}"
'''

RETURN = r'''
reports:
  description: The reports in the order asked. On failure with what is known of them, and without RV(reports[].temp_download_url).
  returned: always, empty where the task could not begin
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
    billing_start_date: {description: "The first day, V(YYYY-MM-DD).", type: str, returned: "when O(product=wholesale), or null", sample: "2026-10-01"}
    billing_end_date: {description: "The last day, V(YYYY-MM-DD).", type: str, returned: "when O(product=wholesale), or null", sample: "2026-10-31"}
    type: {description: "V(PARTNER), V(CUSTOMER) or V(USER).", type: str, returned: "when O(product=wholesale), or null", sample: PARTNER}
    category: {description: "V(RECONCILIATION) or V(POINT_IN_TIME).", type: str, returned: "when O(product=wholesale), or null", sample: RECONCILIATION}
    status:
      description: V(IN_PROGRESS), V(COMPLETED), V(FAILED), or whatever new word the API sends.
      type: str
      returned: always, null where it is not known yet
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
      returned: always, null on failure, before the report is completed, and where the result could not be hidden
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
  description: The report, when one was asked for.
  returned: always, null when several were asked for or none is known
  type: dict
  contains: *report
elapsed:
  description: Seconds waited.
  returned: always
  type: float
  sample: 61.274
polls:
  description: How often the API was looked at.
  returned: always
  type: int
  sample: 12
timed_out:
  description: Whether O(wait_timeout) ended the wait.
  returned: always
  type: bool
  sample: false
ansible_facts:
  description: Facts for later steps.
  returned: success, when O(set_facts=true)
  type: dict
  contains:
    broadworks_billing_reports:
      description: The same as RV(reports). For O(product=wholesale) the fact is named C(wholesale_billing_reports).
      returned: when O(product=broadworks)
      type: list
      elements: dict
    broadworks_billing_report:
      description: The same as RV(report). For O(product=wholesale) the fact is named C(wholesale_billing_report).
      returned: when one report was asked for and O(product=broadworks)
      type: dict
    wholesale_billing_reports:
      description: The same as RV(reports).
      returned: when O(product=wholesale)
      type: list
      elements: dict
    wholesale_billing_report:
      description: The same as RV(report).
      returned: when one report was asked for and O(product=wholesale)
      type: dict
error:
  description: What went wrong, as data; RV(ignore:msg) says it in a sentence.
  returned: failure, unless Ansible itself refuses an option
  type: dict
  contains:
    kind:
      description:
        - One of V(invalid_input), V(authentication), V(permission), V(not_found), V(conflict), V(gone), V(rate_limited), V(unavailable),
          V(network), V(timeout), V(invalid_response), V(report_failed), V(wait_timeout).
      type: str
      returned: always
      sample: wait_timeout
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
