# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r'''
module: billing_report_compare
short_description: Compare two billing reports record by record
version_added: 1.1.0
description:
  - Compares two versions of a month in the archive, a month with the month before, or any two CSV files. It returns how many records were added,
    removed and changed, and the sums of columns by group, before and after.
  - Cisco does not document the columns of a billing report. You name the columns, and the module gives no meaning to any other.
  - A field is compared by its value. The encoding of a file, its delimiter, its line ends, its quotes, and the order of its columns and records do not matter.
  - Columns that only one file has are listed in RV(columns_added) and RV(columns_removed), and are left out of the comparison.
    Columns of the same name are compared in their order.
  - Memory stays below 150 MB for files of any size. The module sorts large files by means of temporary files in the C(remote_tmp) of Ansible, which need
    as much space as both reports. These files have no name, so no other process can open them, and they disappear when the module ends or is killed.
  - Records appear in O(dest) only, never in a result, a message or a log. A result holds values of the columns in O(group_by), and sums.
author:
  - Contributors to webex_partner.billing (@webex-partner)
extends_documentation_fragment:
  - webex_partner.billing.attributes
  - webex_partner.billing.product.place
attributes:
  async:
    support: full
  check_mode:
    details: Compares the files, and does not write O(dest).
  diff_mode:
    support: full
    details: Shows the path of the file with the changes, never a record.
options:
  archive:
    description:
      - Directory of the archive. The path is absolute or begins with C(~), the home directory of the user that the task runs as.
    type: path
  partner:
    description:
      - Label of the partner in the archive.
    type: str
    default: default
  billing_period:
    description:
      - The month in the archive, V(YYYY-MM). Requires O(archive). Use either this option or O(src).
    type: str
  version:
    description:
      - Number of the version that is compared, the newer side. The default is the last version of the month.
    type: int
  against:
    description:
      - The older side. V(previous_version) is the version before O(version), V(previous_month) the last version of the month before.
        A number is that version of the same month.
    type: str
    default: previous_version
  src:
    description:
      - The newer file, on the host that the task runs on. The path is absolute or begins with C(~).
    type: path
  against_src:
    description:
      - The older file, on the same host. The path is absolute or begins with C(~).
    type: path
  key:
    description:
      - The columns that together name a record. Records with the same key and other values count as changed.
      - Without a key, records are compared whole. A record that differs in one field then counts as one removed and one added record.
      - If several records have the same key, equal records are paired first, and the rest in sorted order.
    type: list
    elements: str
  group_by:
    description:
      - The columns whose values form the groups of RV(totals). Their values appear in the result.
    type: list
    elements: str
  sum:
    description:
      - The columns that are added up in RV(totals), without rounding.
      - A number has ASCII digits, a sign, and one O(decimal). Any other field, an empty one too, is counted in RV(unreadable), and the task warns.
    type: list
    elements: str
  decimal:
    description:
      - The decimal separator in the columns of O(sum).
    type: str
    choices: ['.', ',']
    default: '.'
  dest:
    description:
      - A CSV file to write the changes to, in UTF-8, with commas and CRLF, in the order of the keys. The path is absolute or begins with C(~).
      - The first column, C(change), says V(added), V(removed), V(before) or V(after). V(before) and V(after) are the two rows of a changed record.
        The columns that both files have follow, in the order of the newer file.
      - The file has the mode 0600 and appears when it is complete. An existing file is left alone; the task warns if that file holds other changes.
      - Values are written as they are. See the note about spreadsheets.
    type: path
notes:
  - The module makes no request. It has no connection options, does not need C(requests), and does not belong to the action group
    C(group/webex_partner.billing.webex), whose defaults it would have to refuse.
  - A spreadsheet program may run a field that begins with C(=), C(+), C(-) or C(@) as a formula. If you open O(dest) in one, import its columns as text.
  - A file in the archive is checked against its manifest before it is compared.
seealso:
  - module: webex_partner.billing.billing_report_archive
  - module: webex_partner.billing.billing_report_evidence
'''

EXAMPLES = r'''
- name: Count what the last version of a month has changed
  webex_partner.billing.billing_report_compare:
    archive: "{{ archive }}"
    billing_period: "2026-10"
  register: restated

- name: Say it in a sentence
  ansible.builtin.debug:
    msg: "{{ restated.msg }}"

- name: Compare a month with the month before, by subscriber, and write the changes to a file
  webex_partner.billing.billing_report_compare:
    archive: "{{ archive }}"
    billing_period: "2026-10"
    against: previous_month
    key: [SUBSCRIBER_NUMBER]
    group_by: [PACKAGE]
    sum: [QUANTITY]
    dest: "{{ folder }}/changes.csv"
  register: compared

- name: Name the package that changed most
  ansible.builtin.debug:
    msg: "{{ compared.totals[0].group.PACKAGE }}: {{ compared.totals[0].sums.QUANTITY.difference }}"

- name: Compare two files
  webex_partner.billing.billing_report_compare:
    src: "{{ newer_file }}"
    against_src: "{{ older_file }}"
'''

RETURN = r'''
msg:
  description: The counts in a sentence, without names and values.
  returned: always
  type: str
  sample: "default 2026-10: version 2 against version 1: 12 added, 3 removed, 40 changed, 9021 unchanged"
before:
  description: The older file.
  returned: success
  type: dict
  contains: &side
    path:
      description: The file.
      type: str
      returned: always
      sample: /srv/billing/default/2026-10/v001/billing-report-default-2026-10.csv
    sha256:
      description: SHA-256 of its bytes, in hexadecimal.
      type: str
      returned: always
      sample: 60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752
    billing_period:
      description: Its month.
      type: str
      returned: always, null outside of the archive
      sample: 2026-10
    version:
      description: The number of its version.
      type: int
      returned: always, null outside of the archive
      sample: 1
after:
  description: The newer file.
  returned: success
  type: dict
  contains: *side
records:
  description: How many records the files have.
  returned: success
  type: dict
  contains:
    before:
      description: Records of the older file.
      type: int
      returned: always
      sample: 9064
    after:
      description: Records of the newer file.
      type: int
      returned: always
      sample: 9073
added:
  description: How many records only the newer file has.
  returned: success
  type: int
  sample: 12
removed:
  description: How many records only the older file has.
  returned: success
  type: int
  sample: 3
changed_records:
  description: How many records have the same O(key) and other values. Without O(key) it is V(0).
  returned: success
  type: int
  sample: 40
unchanged:
  description: How many records both files have.
  returned: success
  type: int
  sample: 9021
duplicates:
  description: How many records have the key of an earlier record of the same file, in both files together. Without O(key), how many equal an earlier one.
  returned: success
  type: int
  sample: 0
columns_added:
  description: Columns that only the newer file has.
  returned: success
  type: list
  elements: str
  sample: [REGION]
columns_removed:
  description: Columns that only the older file has.
  returned: success
  type: list
  elements: str
  sample: []
totals:
  description:
    - The sums by group, of all records, at most 1,000 groups. The groups with the largest difference in any sum come first.
    - Without O(group_by) there is one entry, whose group is empty.
  returned: success
  type: list
  elements: dict
  contains:
    group:
      description: The value of each column in O(group_by), shortened to 500 characters.
      type: dict
      returned: always
      sample: {"PACKAGE": "softphone"}
    sums:
      description: For each column in O(sum) a dictionary with the keys C(before), C(after) and C(difference), which are exact decimal numbers as strings.
      type: dict
      returned: always
      sample: {"QUANTITY": {"before": "120", "after": "132", "difference": "12"}}
groups:
  description: How many groups there are.
  returned: success
  type: int
  sample: 4
unreadable:
  description: For each column in O(sum), how many fields of both files are not numbers. These fields are missing from the sums.
  returned: success
  type: dict
  sample: {"QUANTITY": 0}
changes_path:
  description: The file with the changes.
  returned: success, null without O(dest)
  type: str
  sample: /srv/billing/changes.csv
diff:
  description: What the task has changed, or would change.
  returned: success
  type: dict
  contains:
    before:
      description: The key of RV(diff.after) if the file existed, else empty.
      type: dict
      returned: always
    after:
      description: The file that exists now; empty without O(dest).
      type: dict
      returned: always
      contains:
        changes_path:
          description: Its path.
          type: str
          returned: with O(dest)
          sample: /srv/billing/changes.csv
error:
  description: What went wrong, as data; RV(ignore:msg) says it in a sentence.
  returned: failure, unless Ansible itself refuses an option
  type: dict
  contains:
    kind:
      description:
        - V(invalid_input) for a column that is not in both files once, a file that is not CSV, a record that is too long, and a wrong value or path.
        - V(not_found) if there is no such version or month, or no other version or month to compare with.
        - V(conflict) for a manifest that cannot be read or is of another month, a file that is not what its manifest says, a symbolic link in the archive,
          and a directory or link at O(dest).
        - V(permission) if the user of the task may not read or write a file.
        - V(unavailable) for storage that is full or fails.
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

import typing as t

from ansible_collections.webex_partner.billing.plugins.module_utils import _files
from ansible_collections.webex_partner.billing.plugins.module_utils._api import keys
from ansible_collections.webex_partner.billing.plugins.module_utils._archive.month import Month
from ansible_collections.webex_partner.billing.plugins.module_utils._compare import sides, task
from ansible_collections.webex_partner.billing.plugins.module_utils._compare.question import Question
from ansible_collections.webex_partner.billing.plugins.module_utils._compare.totals import DECIMALS
from ansible_collections.webex_partner.billing.plugins.module_utils._edge.edge import EdgeModule
from ansible_collections.webex_partner.billing.plugins.module_utils._errors import doing


def chosen(params: t.Mapping[str, t.Any]) -> tuple[sides.Side, sides.Side]:
    """Return the two files that the options name, the older one first. Raises a BillingError."""
    if params['src'] is not None:
        return sides.of_files(_files.path('against_src', params['against_src']), _files.path('src', params['src']))
    month = Month.from_params(params)
    with doing(f'Comparing a version of {month.path}'), _files.errors_of_files():
        return sides.of_archive(month, params['version'], params['against'])


def compare(module: EdgeModule) -> dict[str, t.Any]:
    """Compare the files that the options name."""
    params = module.params
    dest = _files.path('dest', params['dest']) if params['dest'] is not None else None
    return task.run(
        chosen(params), Question.from_params(params), dest, folder=module.tmpdir, dry=module.check_mode, warn=module.warn_masked,
    )


def main() -> None:
    module = EdgeModule(
        {
            'archive': {'type': 'path'},
            'partner': {'type': 'str', 'default': 'default'},
            **keys.place_spec(),
            'billing_period': {'type': 'str'},
            'version': {'type': 'int'},
            'against': {'type': 'str', 'default': sides.PREVIOUS_VERSION},
            'src': {'type': 'path'},
            'against_src': {'type': 'path'},
            'key': {'type': 'list', 'elements': 'str', 'no_log': False},
            'group_by': {'type': 'list', 'elements': 'str'},
            'sum': {'type': 'list', 'elements': 'str'},
            'decimal': {'type': 'str', 'choices': list(DECIMALS), 'default': '.'},
            'dest': {'type': 'path'},
        },
        required_one_of=[('billing_period', 'src')],
        mutually_exclusive=[('billing_period', 'src'), ('archive', 'src'), ('version', 'src')],
        required_together=[('src', 'against_src')],
        required_by={'billing_period': ('archive',)},
    )
    module.conclude(lambda: compare(module))


if __name__ == '__main__':
    main()
