# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r'''
module: billing_access_info
short_description: Check the access of a Webex partner before the next month end
version_added: 1.1.0
description:
  - Lists the billing reports once and returns whether the credentials work, when they end, which scopes they have, and what to do about each problem.
  - With O(archive), it also checks whether reports can be filed there.
  - A problem is information and does not fail the task. Invalid options do.
author:
  - Contributors to webex_partner.billing (@webex-partner)
extends_documentation_fragment:
  - webex_partner.billing.attributes
  - webex_partner.billing.attributes.read
  - webex_partner.billing.connection
  - webex_partner.billing.product.alone
attributes:
  check_mode:
    details: Does the same as without it.
  async:
    support: full
options:
  needs:
    description:
      - What the partner must be allowed to do. V(write) means to create and delete reports.
    type: list
    elements: str
    choices: [read, write]
    default: [read]
  valid_days:
    description:
      - How many days the refresh token must still be valid. Less is a problem.
    type: float
    default: 35
  archive:
    description:
      - Directory of the archive, which may not exist yet. The module writes a temporary file there to check access and locks, and removes it at once.
      - The path is absolute or begins with C(~), on the host where the module runs.
    type: path
notes:
  - Webex reports the scopes and the lifetime of a refresh token only with a new access token. So with an O(access_token) alone, both are unknown,
    and a second request asks when that token ends. If nothing renews it, an end within O(valid_days) is a problem.
  - With O(refresh_token), each run gets a new access token. With O(token_file), it does so only if the token in the file is about to end.
seealso:
  - module: webex_partner.billing.broadworks_billing_report_info
'''

EXAMPLES = r'''
- name: Check the access that a month end needs
  webex_partner.billing.billing_access_info:
    needs: [read, write]
    valid_days: 7
    archive: "{{ archive }}"
  register: checked

- name: Fail if something must be done before the month end
  ansible.builtin.assert:
    that: checked.access.ok
    fail_msg: "{{ checked.access.problems | join(' ') }}"
'''

RETURN = r'''
msg:
  description: The problems, or that there are none, in one line.
  returned: always
  type: str
  sample: ready, 12 reports are listed, the refresh token ends at 2027-02-24T09:00:00Z
access:
  description: What is known of the access.
  returned: success
  type: dict
  contains:
    ok:
      description: Whether there are no problems.
      type: bool
      returned: always
      sample: true
    problems:
      description: A sentence for each problem, with what to do.
      type: list
      elements: str
      returned: always
      sample: []
    api_url:
      description: The base URL of the API.
      type: str
      returned: always
      sample: https://webexapis.com/v1
    credential:
      description: The option that says who is billed, V(access_token), V(refresh_token) or V(token_file).
      type: str
      returned: always
      sample: token_file
    scopes:
      description: The scopes that Webex granted.
      type: list
      elements: str
      returned: always, null if it is not known
      sample: [spark-admin:broadworks_billing_reports_read, spark-admin:broadworks_billing_reports_write]
    missing_scopes:
      description: The scopes that O(needs) asks for and that were not granted.
      type: list
      elements: str
      returned: always, null if it is not known
      sample: []
    access_token_expires:
      description: When the access token ends, in UTC.
      type: str
      returned: always, null if it is not known
      sample: "2026-12-10T09:00:00Z"
    refresh_token_expires:
      description: When the refresh token ends, in UTC.
      type: str
      returned: always, null if it is not known
      sample: "2027-02-24T09:00:00Z"
    refresh_token_exchanged:
      description: Whether Webex replaced the refresh token in this task, which asks for an access token only if it needs one.
      type: bool
      returned: always, null if it is not known
      sample: false
    reports:
      description: How many reports Webex lists.
      type: int
      returned: always, null if the list failed
      sample: 12
    tracking_id:
      description: What Webex support asks for if the list failed.
      type: str
      returned: always, null if it did not fail or Webex gave none
      sample: ROUTER_5F1B2C3D-7A01-01BB-6C3A-F1C0A1F76C3A
    archive:
      description: The archive.
      type: dict
      returned: always, null without O(archive)
      contains:
        path:
          description: Its directory.
          type: str
          returned: always
          sample: /srv/billing
        writable:
          description: Whether the user of the task can write there.
          type: bool
          returned: always
          sample: true
        locks:
          description: Whether its file system has locks.
          type: bool
          returned: always, null if it could not be found out
          sample: true
        free_bytes:
          description: The free space.
          type: int
          returned: always, null if it could not be found out
          sample: 50000000000
error:
  description: What went wrong, as data; RV(ignore:msg) says it in a sentence.
  returned: failure, unless Ansible itself refuses an option, an owner or a mode
  type: dict
  contains:
    kind:
      description:
        - V(invalid_input), since nothing else fails the task.
      type: str
      returned: always
      sample: invalid_input
    http_status:
      description: HTTP status of the answer, of the API or of the file host.
      type: int
      returned: always, null where there was no answer or it is not to blame
      sample: 403
    message:
      description: The API's own message.
      type: str
      returned: always, null where there is none
      sample: The request is understood, but it has been refused or access is not allowed.
    details:
      description: The API's own list of errors, or that of a failed report, each with C(code) and C(description).
      type: list
      elements: dict
      returned: always, null where there is none
    tracking_id:
      description: What Webex support asks for.
      type: str
      returned: always, null where the answer had none
      sample: ROUTER_5F1B2C3D-7A01-01BB-6C3A-F1C0A1F76C3A
    retry_after: {description: Seconds that the answer asks to wait., type: float, returned: "always, null where it asks for nothing"}
'''

from ansible_collections.webex_partner.billing.plugins.module_utils._access.health import NEEDS, look, sentence
from ansible_collections.webex_partner.billing.plugins.module_utils._api import keys
from ansible_collections.webex_partner.billing.plugins.module_utils._api.options import days
from ansible_collections.webex_partner.billing.plugins.module_utils._edge.module import BillingModule
from ansible_collections.webex_partner.billing.plugins.module_utils._files import path


def access_info(module: BillingModule) -> dict:
    params, client = module.params, module.client(keys.chosen(module.params))
    archive = path('archive', params['archive']) if params['archive'] else None
    access = look(client, params['needs'], days('valid_days', params['valid_days']), archive)
    renewed = client.tokens.exchanged is not None and access['credential'] == 'token_file'
    return {'changed': renewed, 'msg': sentence(access), 'access': access}


def main() -> None:
    module = BillingModule({
        **keys.product_spec(),
        'needs': {'type': 'list', 'elements': 'str', 'choices': list(NEEDS), 'default': ['read']},
        'valid_days': {'type': 'float', 'default': 35},
        'archive': {'type': 'path'},
    })
    module.conclude(lambda: access_info(module))


if __name__ == '__main__':
    main()
