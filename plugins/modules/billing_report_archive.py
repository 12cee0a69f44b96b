# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r'''
module: billing_report_archive
short_description: Archive a billing report of Webex as the next version of its month
version_added: 1.0.0
description:
  - Files a report as C(<archive>/<partner>/<YYYY-MM>/v001/), with a C(manifest.json) beside it that says where it came from.
    A file that has changed since becomes C(v002), and nothing is ever overwritten.
  - With O(id) it reads the report and downloads its file into the archive in one pass, as M(webex_partner.billing.broadworks_billing_report_download)
    would, whole or not at all. With O(src) it files what was downloaded before, and makes no request.
  - If the last version has identical bytes, nothing changes, even if they come from a different report.
  - The archive never goes back in time. A report that was created before the report of the last version is not filed, and with O(id) its file is not
    downloaded. The task succeeds without a change, warns, sets RV(stale) and returns the last version. If either report does not say when it was created,
    the report is filed with a warning.
  - The file is called C(billing-report-<partner>-<YYYY-MM>.csv), and its bytes are kept as they came. O(src) is copied, and stays where it is.
  - A report of Webex Wholesale is archived as C(<archive>/<partner>/wholesale-<type>/<YYYY-MM>/v001/), and must be of a whole month.
    Its type is O(type), or else the type that Webex returns. No response shows O(sub_partner_org_id) or O(internal), so give them as they were
    given when the report was created. A report that differs in one of them from the last version of the directory is refused.
  - The manifest is written last. A version directory without one does not count, and is taken over by the next run, so a run may be killed at any point.
  - One run at a time files to a month, held by a lock on the file C(.lock) in the directory of the month; the lock ends with the process that holds it.
    It is not held during a download.
  - If columns were added or removed since the version before, or for the first version of a month since the last version of the month before,
    the task warns and names these columns. The manifest and the result list them.
  - Directories and files of the archive must not be symbolic links; only O(archive) itself may be one.
  - Evidence that contradicts itself ends the task before anything is written, namely a manifest that cannot be read, is of an unknown schema
    or is of another month, and a file that is no longer what its manifest says when the same bytes are filed again.
author:
  - Contributors to webex_partner.billing (@webex-partner)
extends_documentation_fragment:
  - webex_partner.billing.attributes
  - webex_partner.billing.attributes.action
  - webex_partner.billing.connection
  - webex_partner.billing.product
attributes:
  async:
    support: full
  check_mode:
    details: Makes no directory and no lock file. With O(src) it reports version, paths, manifest and difference as they would be. With O(id) the report
      is read and its file is not, so the task reports a change if the month has no version yet, and otherwise describes the last version.
  diff_mode:
    support: full
    details: Shows version, size, SHA-256 and number of records, never rows.
options:
  id:
    description:
      - The report to fetch and file. Either it or O(src) is needed.
      - Report, SHA-256, records, columns and time of the download are found out then, and cannot be given.
    type: str
    aliases: [report_id]
  billing_period:
    description:
      - The month that the report with this O(id) must be about, V(YYYY-MM). A report of another month is refused before its file is fetched.
      - Needed only where the API does not say of which month a report is.
    type: str
  src:
    description:
      - The downloaded file, on the host that the task runs on. It must not be empty.
      - The path is absolute or begins with C(~), the home directory of the user that the task runs as.
    type: path
  archive:
    description:
      - Directory of the archive. It is made, with those above it, where it is missing.
      - The path is absolute or begins with C(~), the home directory of the user that the task runs as.
      - Directories that are made get the mode 0750, files 0640. On a mount that decides about modes itself, they get what the mount gives, and the task warns.
    type: path
    required: true
  partner:
    description:
      - Label of the partner in paths and in the manifest, at most 100 letters, digits, dots, underscores and hyphens. C(.) and C(..) are not allowed.
    type: str
    default: default
  report:
    description:
      - The report that O(src) was downloaded for, as the other plugins of this collection return it. Required with O(src).
    type: dict
    suboptions:
      id:
        description: Id of the report.
        type: str
        required: true
      billing_period:
        description: The month it is about, V(YYYY-MM).
        type: str
        required: true
      billing_start_date:
        description: The first day of a report of Webex Wholesale.
        type: str
        version_added: 1.1.0
      billing_end_date:
        description: The last day of a report of Webex Wholesale.
        type: str
        version_added: 1.1.0
      type:
        description: The type of a report of Webex Wholesale.
        type: str
        version_added: 1.1.0
      category:
        description: The category of a report of Webex Wholesale.
        type: str
        version_added: 1.1.0
      created:
        description: When it was created.
        type: str
      created_by:
        description: Who created it.
        type: str
      status:
        description: Not used, and not filed.
        type: str
      temp_download_url:
        description: A secret, not used, and not filed.
        type: str
      temp_download_url_expires:
        description: Not used, and not filed.
        type: str
      errors:
        description: Not used, and not filed.
        type: list
        elements: dict
  sha256:
    description:
      - What the download said the SHA-256 of the file is. A file with another one is refused.
      - With or without it, the SHA-256 and the size in the manifest are those of the bytes that are filed.
    type: str
  records:
    description:
      - How many records the file holds, as the download counted them.
    type: int
  columns:
    description:
      - The names of the columns, as the download found them.
    type: list
    elements: str
  api_url:
    description:
      - Base URL of the API that the report came from. It must begin with C(https://); C(http://) is accepted for loopback hosts only.
      - With O(id), if unset or empty, the environment variable E(WEBEX_API_URL) is used. With O(src) the manifest names it only where it was given.
    type: str
    default: https://webexapis.com/v1
  requested_at:
    description:
      - When the report was asked for, ISO 8601. In the manifest all times are in UTC; one without a zone counts as UTC.
      - If not given, it is O(report.created), where that can be read.
    type: str
  completed_at:
    description:
      - When the report was found to be completed, ISO 8601.
    type: str
  downloaded_at:
    description:
      - When the file was downloaded, ISO 8601.
    type: str
  awx:
    description:
      - What ran the task in AWX. An empty value counts as unset.
    type: dict
    suboptions:
      job:
        description: The job, by id or name.
        type: str
      workflow:
        description: The workflow job.
        type: str
      schedule:
        description: The schedule.
        type: str
      user:
        description: The user who launched it.
        type: str
  allow_older:
    description:
      - Files a report as the next version although it was created before the report of the last version.
    type: bool
    default: false
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
      - Seconds to wait while another run files to the same month; V(0) means one try.
    type: float
    default: 60
notes:
  - With O(src), no credentials and no C(requests) are needed.
  - During a download O(request_timeout) is the longest silence, and O(retry_timeout) the longest time without progress, and a line every minute says
    that it goes on. A run that is killed during the download leaves at most a hidden file C(.webex-*.part) in the directory of the month.
    The next run removes it.
  - An optional entry that is empty or was not given is null in the manifest.
  - RV(manifest.previous) shows what a restatement has changed, beside RV(manifest.file).
seealso:
  - module: webex_partner.billing.broadworks_billing_report_download
  - module: webex_partner.billing.broadworks_billing_report_info
'''

EXAMPLES = r'''
- name: Fetch a report and file it
  webex_partner.billing.billing_report_archive:
    id: "{{ report_id }}"
    archive: "{{ archive }}"
  register: fetched

- name: Say by how much a restatement differs
  ansible.builtin.debug:
    msg: "{{ fetched.manifest.file.size - fetched.manifest.previous.size }} bytes more than version {{ fetched.manifest.previous.version }}"
  when: fetched is changed and fetched.manifest.previous is not none

- name: Read the report
  webex_partner.billing.broadworks_billing_report_info:
    id: "{{ report_id }}"
  register: read

- name: File what was downloaded of it
  webex_partner.billing.billing_report_archive:
    src: "{{ downloaded_file }}"
    archive: "{{ archive }}"
    partner: south
    report: "{{ read.report }}"
    downloaded_at: "{{ '%Y-%m-%dT%H:%M:%SZ' | ansible.builtin.strftime(utc=true) }}"

- name: File it for one of several partners, with what AWX knows of the job
  webex_partner.billing.billing_report_archive:
    id: "{{ report_id }}"
    archive: "{{ archive }}"
    partner: north
    awx:
      job: "{{ awx_job_id | default(omit) }}"
      workflow: "{{ awx_workflow_job_id | default(omit) }}"
      schedule: "{{ awx_schedule_name | default(omit) }}"
      user: "{{ awx_user_name | default(omit) }}"
'''

RETURN = r'''
msg:
  description: The outcome, and by how much a new version differs from the one before, in a sentence.
  returned: always
  type: str
  sample: "default 2026-10: filed as version 2, 311 records, 48210 bytes, +2 records and +227 bytes against version 1"
stale:
  description: Whether the report was created before the report of the last version, and so was not filed. Do not delete such a report at Webex;
    the archive does not hold its file.
  returned: success
  type: bool
  sample: false
version:
  description: The number of the version that holds the file, V(1) for the directory C(v001). It is the last one if nothing is new.
  returned: success
  type: int
  sample: 1
path:
  description: The file in the archive.
  returned: success
  type: str
  sample: /srv/billing/default/2026-10/v001/billing-report-default-2026-10.csv
manifest_path:
  description: Its manifest.
  returned: success
  type: str
  sample: /srv/billing/default/2026-10/v001/manifest.json
manifest:
  description: What the manifest says. If nothing is new, that of the last version as it was filed then; in check mode what is known of it.
  returned: success
  type: dict
  contains:
    schema:
      description: Version of the form of the manifest.
      type: int
      returned: always
      sample: 1
    collection_version:
      description: Version of the collection that filed it.
      type: str
      returned: always
      sample: 1.0.0
    api_url:
      description: Base URL of the API it came from.
      type: str
      returned: always, null where it was not given
      sample: https://webexapis.com/v1
    partner:
      description: Label of the partner.
      type: str
      returned: always
      sample: default
    billing_period:
      description: The month it is about, V(YYYY-MM).
      type: str
      returned: always
      sample: 2026-10
    product:
      description: The product of Webex. A manifest of version 1.0 has no such key, and is of V(broadworks).
      type: str
      returned: always
      sample: broadworks
    billing_start_date: {description: "The first day, V(YYYY-MM-DD).", type: str, returned: when O(product=wholesale), sample: "2026-10-01"}
    billing_end_date: {description: "The last day, V(YYYY-MM-DD).", type: str, returned: when O(product=wholesale), sample: "2026-10-31"}
    type: {description: The type of the report., type: str, returned: when O(product=wholesale), sample: PARTNER}
    category: {description: The category of the report., type: str, returned: when O(product=wholesale), sample: RECONCILIATION}
    sub_partner_org_id: {description: The organization of the sub-partner., type: str, returned: "when O(product=wholesale), or null"}
    internal: {description: Whether internal organizations are included., type: bool, returned: when O(product=wholesale), sample: false}
    report:
      description: The report at Webex.
      type: dict
      returned: always
      contains:
        id:
          description: Id of the report.
          type: str
          returned: always
          sample: Y2lzY29zcGFyazovL3VzL0JJTExJTkdfUkVQT1JULzViOGQ1MThhLThmMDAtNDUxYi1hNDA2LWVhZjQ5YjRhN2ZhOA
        created:
          description: When it was created, ISO 8601.
          type: str
          returned: always, null where the API leaves it out
          sample: "2026-11-02T10:00:00.000Z"
        created_by:
          description: Person id of the partner administrator who created it.
          type: str
          returned: always, null where the API leaves it out
          sample: Y2lzY29zcGFyazovL3VzL1BFT1BMRS8wYWNkMzg3NS00ZTEyLTRkNzctYjk4MS1lMzg5ZmQ4ODQ2YzA
    file:
      description: The file.
      type: dict
      returned: always
      contains:
        name:
          description: Its name, in the directory of the manifest.
          type: str
          returned: always
          sample: billing-report-default-2026-10.csv
        size:
          description: Bytes.
          type: int
          returned: "always, null in check mode where the file is still to be fetched"
          sample: 48210
        sha256:
          description: SHA-256 of the bytes, in hexadecimal.
          type: str
          returned: "always, null in check mode where the file is still to be fetched"
          sample: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
        records:
          description: Number of records.
          type: int
          returned: always, null where it was not given
          sample: 311
        columns:
          description: Names of the columns.
          type: list
          elements: str
          returned: always, null where they were not given
          sample: [PARTNER_NAME, CUSTOMER_NAME]
        length_told:
          description: V(false). The file host did not send the length of the file, so a truncated file would not have been noticed.
          type: bool
          returned: if the file host did not send the length
          sample: false
    version:
      description: Number of the version.
      type: int
      returned: always
      sample: 2
    previous:
      description: The version before.
      type: dict
      returned: always, null for the first version
      contains: &summary
        version:
          description: Its number.
          type: int
          returned: always
          sample: 1
        sha256:
          description: SHA-256 of its file.
          type: str
          returned: "always, null in check mode where the file is still to be fetched"
          sample: 60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752
        size:
          description: Bytes of its file.
          type: int
          returned: "always, null in check mode where the file is still to be fetched"
          sample: 47983
        records:
          description: Records of its file.
          type: int
          returned: always, null where it was not given
          sample: 309
    columns_added:
      description: Columns that the file of the version before does not have; for the first version of a month, the last version of the month before counts.
      type: list
      elements: str
      returned: always, null if either header is unknown
      sample: [REGION]
    columns_removed:
      description: Columns that only that file has.
      type: list
      elements: str
      returned: always, null if either header is unknown
      sample: []
    requested_at:
      description: When the report was asked for, ISO 8601 in UTC.
      type: str
      returned: always, null where it is not known
      sample: "2026-11-02T10:00:00Z"
    completed_at:
      description: When it was found to be completed, ISO 8601 in UTC.
      type: str
      returned: always, null where it was not given
      sample: "2026-11-02T10:14:31Z"
    downloaded_at:
      description: When the file was downloaded, ISO 8601 in UTC.
      type: str
      returned: always, null where it was not given
      sample: "2026-11-02T10:14:33Z"
    awx:
      description: What ran the task in AWX.
      type: dict
      returned: always, null where nothing was given
      contains:
        job:
          description: The job.
          type: str
          returned: always, null where it was not given
          sample: "1041"
        workflow:
          description: The workflow job.
          type: str
          returned: always, null where it was not given
          sample: "1040"
        schedule:
          description: The schedule.
          type: str
          returned: always, null where it was not given
          sample: month end
        user:
          description: The user who launched it.
          type: str
          returned: always, null where it was not given
          sample: admin
columns_added:
  description: As in RV(manifest.columns_added).
  returned: success, null if either header is unknown
  type: list
  elements: str
  sample: [REGION]
columns_removed:
  description: As in RV(manifest.columns_removed).
  returned: success, null if either header is unknown
  type: list
  elements: str
  sample: []
diff:
  description: What the task has changed, or would change.
  returned: success
  type: dict
  contains:
    before:
      description: The version that was the last one before, with the keys of RV(diff.after); empty where there was none.
      type: dict
      returned: always
    after:
      description: The version that is the last one now.
      type: dict
      returned: always
      contains: *summary
error:
  description: What went wrong, as data; RV(ignore:msg) says it in a sentence.
  returned: failure, unless Ansible itself refuses an option
  type: dict
  contains:
    kind:
      description:
        - V(invalid_input) for a value or a path that is invalid.
        - V(permission) for a place that the user of the task may not read or write, or that is mounted read-only.
        - V(conflict) for a lock that cannot be had in O(lock_timeout), for evidence that contradicts itself, for a symbolic link in the archive,
          for a file that is not the one expected, and for a report of another month than O(billing_period).
        - V(unavailable) for storage that is full, fails or does not know locks.
        - With O(id) also V(download) for what the file host answered, for a file that is not CSV or that cannot be written while it comes, and for a report
          that is not V(COMPLETED) yet; V(report_failed) for one that never will be; and what a call of the API may end with, namely V(invalid_input),
          V(authentication), V(permission), V(not_found), V(gone), V(rate_limited), V(unavailable), V(network), V(timeout), V(invalid_response).
      type: str
      returned: always
      sample: conflict
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
    retry_after:
      description: Seconds that the answer asks to wait.
      type: float
      returned: always, null where it asks for nothing
'''

from ansible_collections.webex_partner.billing.plugins.module_utils._api import keys
from ansible_collections.webex_partner.billing.plugins.module_utils._api.options import sha256
from ansible_collections.webex_partner.billing.plugins.module_utils._archive.archive import Archive, lock_timeout
from ansible_collections.webex_partner.billing.plugins.module_utils._archive.fetch import fetch
from ansible_collections.webex_partner.billing.plugins.module_utils._archive.manifests import AWX, TIMES, Entries
from ansible_collections.webex_partner.billing.plugins.module_utils._edge.module import run_module
from ansible_collections.webex_partner.billing.plugins.module_utils._edge.operation import Edge, Operation
from ansible_collections.webex_partner.billing.plugins.module_utils._files import path
from ansible_collections.webex_partner.billing.plugins.module_utils._time import Time

OF_SRC = ('report', 'sha256', 'records', 'columns', 'downloaded_at')  # what is found out where the file is fetched


def file(edge: Edge) -> dict:
    """File what stands on this host, or tell what would be; the manifest names an API only where the task does."""
    params = {**edge.params, 'api_url': edge.given.get('api_url')}
    archive = Archive(
        path('archive', params['archive']),
        Entries.from_params(params),
        Time(),
        lock_timeout(params),
        params['allow_older'],
    )
    return archive.file(path('src', params['src']), sha256=sha256('sha256', params['sha256'] or None), dry=edge.check_mode).tell(edge.warn_masked)


OPERATION = Operation(
    lambda edge: file(edge) if edge.params['id'] is None else fetch(edge),
    options={
        'id': {'type': 'str', 'aliases': ['report_id']},
        'billing_period': {'type': 'str'},
        **keys.choice_spec(),
        'src': {'type': 'path'},
        'archive': {'type': 'path', 'required': True},
        'partner': {'type': 'str', 'default': 'default'},
        'report': {'type': 'dict', 'options': {
            'id': {'type': 'str', 'required': True},
            'billing_period': {'type': 'str', 'required': True},
            **{name: {'type': 'str'} for name in keys.shown()},
            'status': {'type': 'str'},
            'created': {'type': 'str'},
            'created_by': {'type': 'str'},
            'temp_download_url': {'type': 'str', 'no_log': True},
            'temp_download_url_expires': {'type': 'str'},
            'errors': {'type': 'list', 'elements': 'dict'},
        }},
        'sha256': {'type': 'str'},
        'records': {'type': 'int'},
        'columns': {'type': 'list', 'elements': 'str'},
        **{name: {'type': 'str'} for name in TIMES},
        'awx': {'type': 'dict', 'options': {name: {'type': 'str'} for name in AWX}},
        'allow_older': {'type': 'bool', 'default': False},
        'lock': {'type': 'bool', 'default': True},
        'lock_timeout': {'type': 'float', 'default': 60},
    },
    rules={
        'required_one_of': [('id', 'src')],
        'mutually_exclusive': [('id', 'src'), ('src', 'billing_period'), *(('id', name) for name in OF_SRC)],
        'required_by': {'src': ('report',)},
    },
)


def main() -> None:
    run_module(OPERATION)


if __name__ == '__main__':
    main()
