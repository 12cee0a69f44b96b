# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r'''
module: billing_report_archive_info
short_description: List and verify the versions in an archive of billing reports
version_added: 1.1.0
description:
  - Lists the versions that M(webex_partner.billing.billing_report_archive) has filed, for all partners or for one, and compares the archive with its manifests.
  - A file that is missing, has another size, or is not a part of the archive is named in RV(problems). With O(verify), each file is also read, and its SHA-256
    is compared with that in its manifest.
  - A problem is information and does not fail the task. The playbook C(webex_partner.billing.archive) fails if there is one.
  - Nothing is written, and no lock is taken. The module can run beside a month end.
author:
  - Contributors to webex_partner.billing (@webex-partner)
extends_documentation_fragment:
  - webex_partner.billing.attributes
  - webex_partner.billing.attributes.read
attributes:
  async:
    support: full
options:
  archive:
    description:
      - Directory of the archive. The path is absolute or begins with C(~), the home directory of the user that the task runs as.
    type: path
    required: true
  partner:
    description:
      - Label of the partner in the archive. The default is all partners.
    type: str
  product:
    description:
      - The product of Webex that the reports belong to. The default is all products.
    type: str
    choices: [broadworks, wholesale]
  type:
    description:
      - The type of the reports, with O(product=wholesale). The default is all types.
    type: str
    choices: [PARTNER, CUSTOMER, USER]
  billing_period:
    description:
      - The month, V(YYYY-MM). The default is all months.
    type: str
  verify:
    description:
      - Whether to read each file and compare its SHA-256 with that in its manifest. This takes as long as reading the whole archive, and little memory.
    type: bool
    default: false
notes:
  - The module makes no request. It has no connection options, does not need C(requests), and does not belong to the action group
    C(group/webex_partner.billing.webex), whose defaults it would have to refuse.
  - Manifests, C(evidence.html), C(changes.csv) and C(handed_on.json) have no digest that they could be compared with.
    Keep a copy of the archive elsewhere if somebody could change a file together with its manifest.
  - Files and directories beside those of the partners in O(archive) are ignored. Symbolic links below O(archive) are problems and are not followed.
  - A digest is only as current as the run. To find damage early, run this module with O(verify) on a schedule.
seealso:
  - module: webex_partner.billing.billing_report_archive
  - module: webex_partner.billing.billing_report_compare
'''

EXAMPLES = r'''
- name: List the versions of all partners
  webex_partner.billing.billing_report_archive_info:
    archive: "{{ archive }}"
  register: listed

- name: Show them
  ansible.builtin.debug:
    msg: "{{ listed.table }}"

- name: Verify the versions of one partner
  webex_partner.billing.billing_report_archive_info:
    archive: "{{ archive }}"
    partner: default
    verify: true
  register: verified

- name: Fail if a file is not what was archived
  ansible.builtin.assert:
    that: verified.problems | length == 0
    fail_msg: "{{ verified.problems }}"
'''

RETURN = r'''
msg:
  description: How many versions and problems there are.
  returned: always
  type: str
  sample: 2 versions, 2 verified, no problems
versions:
  description: The versions, ordered by partner, product and type, month, and number. A version without a valid manifest is not among them.
  returned: success
  type: list
  elements: dict
  contains:
    partner:
      description: Label of the partner.
      type: str
      returned: always
      sample: default
    product:
      description: The product of Webex.
      type: str
      returned: always
      sample: broadworks
    type:
      description: The type of the report.
      type: str
      returned: always, null for a product without types
      sample: PARTNER
    billing_period:
      description: The month.
      type: str
      returned: always
      sample: 2026-10
    version:
      description: Number of the version.
      type: int
      returned: always
      sample: 1
    report_id:
      description: ID of the report at Webex.
      type: str
      returned: always, null if the manifest does not say it
      sample: Y2lzY29zcGFyazovL3VzL1JFUE9SVC8wMDAx
    records:
      description: How many records the file has.
      type: int
      returned: always, null if the manifest does not say it
      sample: 311
    size:
      description: Size of the file in bytes, by its manifest.
      type: int
      returned: always
      sample: 48210
    sha256:
      description: SHA-256 of the file in hexadecimal, by its manifest.
      type: str
      returned: always
      sample: 2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae
    downloaded_at:
      description: When the file was downloaded, ISO 8601 in UTC.
      type: str
      returned: always, null if the manifest does not say it
      sample: "2026-11-02T10:00:00Z"
    handed_on:
      description: When M(webex_partner.billing.billing_report_hand_on) last recorded a delivery of the version, ISO 8601 in UTC.
      type: str
      returned: always, null if it has not been handed on
      sample: "2026-11-03T08:30:00Z"
    state:
      description:
        - V(unverified) if a file of the right size is there, and V(verified) if it was read, too, and has the right SHA-256.
        - V(changed), V(missing) or V(unreadable) if there is a problem with the file.
      type: str
      returned: always
      sample: verified
    path:
      description: The file.
      type: str
      returned: always
      sample: /srv/billing/default/2026-10/v001/billing-report-default-2026-10.csv
    manifest_path:
      description: The manifest.
      type: str
      returned: always
      sample: /srv/billing/default/2026-10/v001/manifest.json
problems:
  description:
    - A sentence for each file that is missing, changed, unreadable or not a part of the archive, for each link, for each manifest that cannot be read or is
      missing, and for each gap in the numbers of the versions.
  returned: success
  type: list
  elements: str
  sample: ["default 2026-10: /srv/billing/default/2026-10/v001/billing-report-default-2026-10.csv is missing."]
notes:
  description: A sentence for each directory of a run that has not ended or was killed. It has no manifest and does not count. The next run takes it over.
  returned: success
  type: list
  elements: str
  sample: ["default 2026-10: version 2 has no manifest yet, so it does not count. The next run takes it over."]
table:
  description: The versions as lines of a table. The first line has the names of the columns.
  returned: success
  type: list
  elements: str
  sample:
    - partner  month    version  records  size   downloaded            handed on             file
    - default  2026-10  1        311      48210  2026-11-02T10:00:00Z  2026-11-03T08:30:00Z  verified
error:
  description: What went wrong, as data; RV(ignore:msg) says it in a sentence.
  returned: failure, unless Ansible itself refuses an option
  type: dict
  contains:
    kind:
      description:
        - V(invalid_input) for an invalid value or path.
        - V(not_found) if O(archive) does not exist.
        - V(permission) if the user of the task may not read O(archive).
        - V(unavailable) for storage that fails.
      type: str
      returned: always
      sample: not_found
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

from ansible_collections.webex_partner.billing.plugins.module_utils._api import keys
from ansible_collections.webex_partner.billing.plugins.module_utils._archive.inventory import Inventory
from ansible_collections.webex_partner.billing.plugins.module_utils._edge.edge import EdgeModule


def main() -> None:
    module = EdgeModule(
        {
            'archive': {'type': 'path', 'required': True},
            'partner': {'type': 'str'},
            **keys.place_filter_spec(),
            'billing_period': {'type': 'str'},
            'verify': {'type': 'bool', 'default': False},
        },
        required_by={'type': ('product',)},
    )
    module.conclude(lambda: Inventory.from_params(module.params).take())


if __name__ == '__main__':
    main()
