#!/usr/bin/python
# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r'''
module: broadworks_billing_report_download
short_description: Download a BroadWorks billing report of Webex
version_added: 1.0.0
description:
  - Downloads the CSV file of a billing report that is V(COMPLETED) to the host that runs the module, whole or not at all.
  - The report is read by the API for a fresh download link before each attempt. The link goes out byte for byte, and no token goes with it.
  - The file is written beside O(dest) under a hidden name, then moved there at once. A download that is cut goes on where it ended if the file host allows it
    and sends the same strong C(ETag) each time. Otherwise it starts again, so that a file never mixes two versions.
    An error page, a short file or an empty one never replaces a good file.
  - While it goes on, a line every minute says so, so that AWX does not take the job for dead.
author:
  - Contributors to webex_partner.billing (@webex-partner)
extends_documentation_fragment:
  - webex_partner.billing.attributes
  - webex_partner.billing.connection
  - webex_partner.billing.report.download
  - ansible.builtin.files
seealso:
  - module: webex_partner.billing.billing_report_wait
  - module: webex_partner.billing.billing_report_archive
  - module: webex_partner.billing.broadworks_billing_report_info
  - name: Webex for BroadWorks billing reports
    description: The API as Cisco documents it.
    link: https://developer.webex.com/docs/api/v1/broadworks-billing-reports
'''

EXAMPLES = r'''
- name: Wait for a report
  webex_partner.billing.billing_report_wait:
    id: "{{ report_id }}"
    set_facts: false

- name: Download its file
  webex_partner.billing.broadworks_billing_report_download:
    id: "{{ report_id }}"
    dest: "{{ folder }}/bill.csv"
  register: downloaded

- name: Show what came
  ansible.builtin.debug:
    msg: "{{ downloaded.records }} records with {{ downloaded.columns | length }} columns in {{ downloaded.dest }}"

- name: Make sure that the file is still the one that was checked, readable for the group
  webex_partner.billing.broadworks_billing_report_download:
    id: "{{ report_id }}"
    dest: "{{ folder }}/bill.csv"
    checksum: "sha256:{{ downloaded.sha256 }}"
    mode: "0640"

- name: Collect several files in a directory, with room for long silences
  webex_partner.billing.broadworks_billing_report_download:
    id: "{{ item }}"
    dest: "{{ folder }}/"
    backup: true
    request_timeout: 120
    retry_timeout: 600
  loop: "{{ report_ids }}"
'''

RETURN = r'''
dest: {description: "The file, as an absolute path.", type: str, returned: success, sample: /srv/bills/2026-10_3f1c0a94be27.csv}
size:
  description: Bytes of the file. In check mode, this and the next three describe the existing file.
  returned: success, null in check mode if there is no file
  type: int
  sample: 1894
sha256:
  description: SHA-256 of the file.
  returned: success, null in check mode if there is no file
  type: str
  sample: 0d2f9c1f6a1b0e3b8f1c5b7a8d9e0f1a2b3c4d5e6f708192a3b4c5d6e7f80912
records:
  description:
    - Number of CSV records without the header; a header alone gives V(0). Empty lines are not counted. A line end in a quoted field does not end a record.
    - CR, LF and CR LF end a record, also mixed in one file. Python's C(csv) counts the same number of records that are not empty.
    - A first line such as C(sep=;), a hint for spreadsheets, names the delimiter. It does not count as a record or as the header.
  returned: success, null in check mode if there is no file or none that is CSV
  type: int
  sample: 25
columns:
  description:
    - Names in the header. The delimiter is a guess among comma, semicolon, tab and vertical bar. It is the one that splits most of the first records
      into as many fields as the header.
    - The encoding is a guess too. UTF-16 and UTF-32 are recognized with and without a byte order mark. Any other file counts as UTF-8, or else as Latin-1.
    - Of a header longer than 1 MiB, only the names in its first MiB.
  returned: success, null in check mode if there is no file or none that is CSV
  type: list
  elements: str
  sample: [made_up_column_1, made_up_column_2]
report:
  description: The report as it was read last.
  returned: success
  type: dict
  contains:
    id:
      description: Id of the report.
      type: str
      returned: always
      sample: Y2lzY29zcGFyazovL3VzL0JJTExJTkdfUkVQT1JULzViOGQ1MThhLThmMDAtNDUxYi1hNDA2LWVhZjQ5YjRhN2ZhOA
    billing_period: {description: "The month it is about, V(YYYY-MM).", type: str, returned: "always, null where the API leaves it out", sample: 2021-05}
    status: {description: V(COMPLETED)., type: str, returned: always, sample: COMPLETED}
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
    temp_download_url: {description: "Left out, since it is a secret until it expires.", type: str, returned: "always, null"}
    temp_download_url_expires: {description: Left out with it., type: str, returned: "always, null"}
    errors:
      description: What the API says went wrong, as a rule nothing.
      type: list
      elements: dict
      returned: always, empty where there is none
      contains:
        code: {description: "Error code, a number where the API sends one.", type: raw, returned: "always, null where the API leaves it out", sample: 2024}
        description: {description: The code in words., type: str, returned: "always, null where the API leaves it out", sample: Billing Report not found.}
api_url: {description: Base URL of the API that the report was read from., type: str, returned: success, sample: https://webexapis.com/v1}
diff:
  description: The file before and after; in check mode what is known of it.
  returned: success
  type: dict
  contains:
    before: &content
      description: Size, SHA-256 and number of records; empty where there is no file, or nothing is known of it.
      returned: always
      type: dict
      contains:
        size: {description: Bytes., type: int, returned: when there is a file, sample: 1894}
        sha256: {description: SHA-256., type: str, returned: when there is a file, sample: 0d2f9c1f6a1b0e3b8f1c5b7a8d9e0f1a2b3c4d5e6f708192a3b4c5d6e7f80912}
        records: {description: Number of CSV records., type: int, returned: "when there is a file, null if it is not CSV", sample: 25}
    after: *content
backup_file:
  description: The copy of the file that was there.
  returned: success, when O(backup=true) and other bytes came
  type: str
  sample: /srv/bills/bill.csv.4711.2026-11-05@12:00:00~
uid: {description: Numeric id of the owner., type: int, returned: "success, when there is a file", sample: 1000}
gid: {description: Numeric id of the group., type: int, returned: "success, when there is a file", sample: 1000}
owner: {description: Owner of the file., type: str, returned: "success, when there is a file", sample: billing}
group: {description: Group of the file., type: str, returned: "success, when there is a file", sample: billing}
mode: {description: Permissions of the file., type: str, returned: "success, when there is a file", sample: "0600"}
state: {description: V(file)., type: str, returned: "success, when there is a file", sample: file}
secontext: {description: SELinux context of the file., type: str, returned: "success, when there is a file and SELinux", sample: system_u:object_r:var_t:s0}
error:
  description: What went wrong, as data; RV(ignore:msg) says it in a sentence.
  returned: failure, unless Ansible itself refuses an option, an owner or a mode
  type: dict
  contains:
    kind:
      description:
        - V(download) for what the file host answered, for a file that is not CSV or not the one of O(checksum), for one that cannot be written,
          and for a report that is not V(COMPLETED) yet; V(report_failed) for one that never will be.
        - Otherwise one of V(invalid_input), V(authentication), V(permission), V(not_found), V(gone), V(rate_limited), V(unavailable), V(network),
          V(timeout), V(invalid_response).
      type: str
      returned: always
      sample: download
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

from ansible_collections.webex_partner.billing.plugins.module_utils._api.products import BROADWORKS
from ansible_collections.webex_partner.billing.plugins.module_utils._file.place import run_module


def main() -> None:
    run_module(BROADWORKS)


if __name__ == '__main__':
    main()
