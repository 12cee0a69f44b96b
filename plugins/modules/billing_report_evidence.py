# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r'''
module: billing_report_evidence
short_description: Write the evidence page of an archived billing report
version_added: 1.0.0
description:
  - Writes C(evidence.html) beside the manifest of a version that M(webex_partner.billing.billing_report_archive) has filed. It describes the report,
    when it was asked for, completed and downloaded, what the file is, what the versions of the month have changed, and how many records and bytes
    the last twelve months had, as a chart and as a table.
  - Its first lines say whether the file still is what its manifest says. A section names the columns that came and went since the version before, or for
    the first version of a month since the month before. With O(compare), the section also has how many records were added, removed and changed, the sums
    of the columns in O(sum), and the groups of O(group_by) that differ most.
  - The page is one file that can be read in any browser, on a phone too, and printed. It holds no script and no link, and loads nothing.
  - It is made of the files and manifests that had been filed when the version was. So it can be written at any later time, also of a version that was filed
    without one, and says the same.
  - A page that is there is left alone, since nothing in the archive is ever overwritten.
author:
  - Contributors to webex_partner.billing (@webex-partner)
extends_documentation_fragment:
  - webex_partner.billing.attributes
  - webex_partner.billing.product.place
attributes:
  async:
    support: full
  check_mode:
    details: Reads manifests and files, makes no lock file, and reports where the page would be.
  diff_mode:
    support: full
    details: Shows the path of the page.
options:
  archive:
    description:
      - Directory of the archive. The path is absolute or begins with C(~), the home directory of the user that the task runs as.
    type: path
    required: true
  partner:
    description:
      - Label of the partner in the archive.
    type: str
    default: default
  billing_period:
    description:
      - The month, V(YYYY-MM).
    type: str
    required: true
  version:
    description:
      - Number of the version. If not given, it is the last one that has a manifest.
    type: int
  compare:
    description:
      - Whether to compare the file with that of the version before, or for the first version of a month with the last version of the month before that
        had been filed by then. If there is none, the page has no comparison.
      - The values of the columns in O(group_by), and the sums, are on the page. They appear in no result, message or log.
      - The comparison uses temporary files as M(webex_partner.billing.billing_report_compare) does.
    type: bool
    default: false
    version_added: 1.1.0
  key:
    description:
      - The columns that together name a record, for O(compare). Without a key, records are compared whole.
    type: list
    elements: str
    version_added: 1.1.0
  group_by:
    description:
      - The columns whose values form groups, for O(compare). For each column in O(sum), a chart shows the ten groups with the largest differences.
    type: list
    elements: str
    version_added: 1.1.0
  sum:
    description:
      - The columns that are added up, without rounding, for O(compare).
    type: list
    elements: str
    version_added: 1.1.0
  decimal:
    description:
      - The decimal separator in the columns of O(sum).
    type: str
    choices: ['.', ',']
    default: '.'
    version_added: 1.1.0
  lock:
    description:
      - Whether to lock the month while it is written to. Turn this off for a file system without locks only, and make sure that one task at a time writes
        to a month.
    type: bool
    default: true
    version_added: 1.1.0
  lock_timeout:
    description:
      - Seconds to wait while another run writes to the same month; V(0) means one try.
    type: float
    default: 60
notes:
  - The module makes no request. It has no connection options, does not need C(requests), and does not belong to the action group
    C(group/webex_partner.billing.webex), whose defaults it would have to refuse.
  - The API reports no amounts, so the page has none. The page does not interpret columns.
  - The page shows the base URL of the API, so that a report of a sandbox is not taken for one of Webex.
  - The page gets the mode 0640, as the manifest has it.
seealso:
  - module: webex_partner.billing.billing_report_archive
  - module: webex_partner.billing.billing_report_compare
'''

EXAMPLES = r'''
- name: Read the report
  webex_partner.billing.broadworks_billing_report_info:
    id: "{{ report_id }}"
  register: read

- name: File what was downloaded of it
  webex_partner.billing.billing_report_archive:
    src: "{{ downloaded_file }}"
    archive: "{{ archive }}"
    report: "{{ read.report }}"
  register: filed

- name: Write its evidence
  webex_partner.billing.billing_report_evidence:
    archive: "{{ archive }}"
    billing_period: "{{ filed.manifest.billing_period }}"
    version: "{{ filed.version }}"
  register: evidence

- name: Say where it is
  ansible.builtin.debug:
    msg: "To look at or to print: {{ evidence.evidence_path }}"

- name: Write the evidence of the last version of a month that was filed long ago
  webex_partner.billing.billing_report_evidence:
    archive: "{{ archive }}"
    partner: default
    billing_period: "2026-10"

- name: Write the evidence of a restated month, with the packages that changed most
  webex_partner.billing.billing_report_evidence:
    archive: "{{ archive }}"
    partner: north
    billing_period: "2026-10"
    compare: true
    key: [SUBSCRIBER_NUMBER]
    group_by: [PACKAGE]
    sum: [QUANTITY]
'''

RETURN = r'''
msg:
  description: The outcome, in a sentence.
  returned: always
  type: str
  sample: "default 2026-10: evidence of version 1 written"
version:
  description: The number of the version that it is about.
  returned: success
  type: int
  sample: 1
evidence_path:
  description: The page.
  returned: success
  type: str
  sample: /srv/billing/default/2026-10/v001/evidence.html
diff:
  description: What the task has changed, or would change.
  returned: success
  type: dict
  contains:
    before:
      description: The key of RV(diff.after) where the page was there; else empty.
      type: dict
      returned: always
    after:
      description: The page that is there now.
      type: dict
      returned: always
      contains:
        evidence_path:
          description: Its path.
          type: str
          returned: always
          sample: /srv/billing/default/2026-10/v001/evidence.html
error:
  description: What went wrong, as data; RV(ignore:msg) says it in a sentence.
  returned: failure, unless Ansible itself refuses an option
  type: dict
  contains:
    kind:
      description:
        - V(invalid_input) for a value or a path that is invalid, and with O(compare) for a column that is not in both files once, and a file that is not CSV.
        - V(not_found) where no version, or not this one, is filed with a manifest.
        - V(permission) for a place that the user of the task may not read or write, or that is mounted read-only.
        - V(conflict) for a lock that cannot be had in O(lock_timeout), and for a manifest, of any month on the page, that cannot be read,
          is of an unknown schema or is of another month, for a symbolic link in the archive, and with O(compare) for a file that is not what its manifest says.
        - V(unavailable) for storage that is full, fails or does not know locks.
      type: str
      returned: always
      sample: not_found
    http_status:
      description: There is no HTTP here.
      type: int
      returned: always, null
    message:
      description: There is no API here.
      type: str
      returned: always, null
    details:
      description: There is no API here.
      type: list
      elements: dict
      returned: always, null
    tracking_id:
      description: There is no API here.
      type: str
      returned: always, null
    retry_after:
      description: There is no API here.
      type: float
      returned: always, null
'''

from ansible_collections.webex_partner.billing.plugins.module_utils._api import keys
from ansible_collections.webex_partner.billing.plugins.module_utils._archive.archive import lock_timeout
from ansible_collections.webex_partner.billing.plugins.module_utils._archive.month import Month
from ansible_collections.webex_partner.billing.plugins.module_utils._compare.question import Question
from ansible_collections.webex_partner.billing.plugins.module_utils._compare.totals import DECIMALS
from ansible_collections.webex_partner.billing.plugins.module_utils._edge.edge import EdgeModule
from ansible_collections.webex_partner.billing.plugins.module_utils._evidence import evidence


def write(module: EdgeModule) -> dict:
    """Write the page that the options name, or tell what would be."""
    params = module.params
    month = Month.from_params(params)
    comparing = evidence.Comparing(Question.from_params(params), module.tmpdir, module.warn_masked) if params['compare'] else None
    return evidence.write(
        month, params['version'], module.time, lock_timeout=lock_timeout(params), comparing=comparing, dry=module.check_mode,
    )


def main() -> None:
    module = EdgeModule({
        'archive': {'type': 'path', 'required': True},
        'partner': {'type': 'str', 'default': 'default'},
        **keys.place_spec(),
        'billing_period': {'type': 'str', 'required': True},
        'version': {'type': 'int'},
        'compare': {'type': 'bool', 'default': False},
        'key': {'type': 'list', 'elements': 'str', 'no_log': False},
        'group_by': {'type': 'list', 'elements': 'str'},
        'sum': {'type': 'list', 'elements': 'str'},
        'decimal': {'type': 'str', 'choices': list(DECIMALS), 'default': '.'},
        'lock': {'type': 'bool', 'default': True},
        'lock_timeout': {'type': 'float', 'default': 60},
    })
    module.conclude(lambda: write(module))


if __name__ == '__main__':
    main()
