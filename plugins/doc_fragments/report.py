# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of the options that the modules of each product share; the argument specs are in module_utils/_reports/operations.py and _file/place.py."""

from __future__ import annotations


class ModuleDocFragment:
    """One fragment for each kind of module."""

    READ = r'''
options:
  id:
    description:
      - Read this report.
      - Mutually exclusive with O(billing_period) and O(status).
    type: str
    aliases: [report_id]
  status:
    description:
      - Keep only reports with one of these statuses, for example V(COMPLETED), V(IN_PROGRESS) or V(FAILED).
    type: list
    elements: str
notes:
  - Other C(_info) modules return no facts. This one does, because its users asked for it; O(set_facts=false) turns it off.
attributes:
  async:
    description: Can run with the task keyword C(async).
    support: partial
    details: Core hands on the result of an asynchronous task without hiding it, so the download URL is left out unless O(show_download_url=true).
'''

    CREATE = r'''
options:
  state:
    description:
      - With V(present), there is a report of O(billing_period) afterwards that has not failed.
      - With V(absent), the report O(id), or every report of O(billing_period) whenever it was created, is deleted.
        A report that is already gone is not a change.
    type: str
    choices: [present, absent]
    default: present
  id:
    description:
      - The report to delete.
    type: str
    aliases: [report_id]
  on_failed:
    description:
      - What to do about a month that has only reports that ended V(FAILED).
      - With V(fail), the task fails and reports their errors.
      - With V(recreate), those reports are deleted and another one is created. Nothing else is ever deleted.
      - Reports that were created before the month ended are ignored, unless O(allow_open_period=true).
      - For O(state=present).
    type: str
    choices: [fail, recreate]
    default: fail
  force_new:
    description:
      - Create another report whatever there is, for example when Webex has restated a month. Never idempotent.
      - If Webex refuses it with a 409 the task fails, since adopting an old report is not what was asked for.
      - For O(state=present).
    type: bool
    default: false
  allow_open_period:
    description:
      - Whether a month that has not ended yet, in UTC, is accepted. Without it such a month is refused before any request.
      - Also whether reports count that were created before the month ended.
      - For O(state=present).
    type: bool
    default: false
notes:
  - The API cannot be asked for a report only if there is none, so two tasks that run at the same moment may create one each.
  - If O(on_failed=recreate) deleted something before the task failed, RV(ignore:msg) says so.
attributes:
  async:
    description: Can run with the task keyword C(async).
    support: full
  check_mode:
    description: Can run in C(check_mode) without changing anything.
    support: full
    details: Sends GET requests only, and gets an access token if it must.
  diff_mode:
    description: Says what has changed, or would change, in C(diff_mode).
    support: full
    details: RV(diff) is returned without C(diff_mode) too.
'''

    DOWNLOAD = r'''
options:
  id:
    description: The report.
    type: str
    required: true
    aliases: [report_id]
  dest:
    description:
      - Where the file goes. The directory must exist. A symbolic link is followed, so that it still points to the file afterwards.
      - For a directory the file is named V(<billing_period>_<digits>.csv), for example V(2026-10_3f1c0a94be27.csv). The digits are the first 12 of the
        SHA-256 of O(id), so that each report has a name of its own, the same in each run. Nothing in the name comes from the file host.
      - For a report that is not about a whole month, the name begins with the first and the last day, for example V(2026-10-01_2026-10-15_3f1c0a94be27.csv).
    type: path
    required: true
  mode:
    description:
      - Permissions of the file, as for M(ansible.builtin.file). Bills concern nobody else, hence the default.
    type: raw
    default: "0600"
  checksum:
    description:
      - What the file must be, as V(sha256:<64 hexadecimal digits>). Another file is refused.
      - If the file at O(dest) matches already, nothing is downloaded.
    type: str
  backup:
    description: Whether a copy of the file that was there is kept, if other bytes come.
    type: bool
    default: false
notes:
  - While the file is downloaded, O(request_timeout) is the longest silence, not the time for all of it,
    and O(retry_timeout) the longest time without progress.
  - The file host must be reached by C(https://), C(http://) is accepted for loopback hosts only. A redirect never leads away from https.
  - Cisco does not document the columns, encoding, delimiter or size of the file. The bytes are kept as they came. The file counts as CSV unless
    it is empty, binary, HTML, XML, JSON, PDF, a ZIP archive (XLSX is one), another compressed file, or one line of text without columns.
    The error names what it is. Control characters in a few fields do not make it binary.
  - The file must be exactly as long as the file host says. If it sends C(Content-Encoding) C(gzip) or C(deflate), the length is that of the packed bytes,
    and the file is unpacked. RV(size), RV(sha256) and RV(records) are those of the unpacked file. C(br) and C(zstd) are refused. Words that are not packings,
    such as C(utf-8) or C(aws-chunked), are ignored.
  - If the file host does not send the length of the file, a warning says that a truncated file cannot be distinguished from a complete one.
  - A run that is killed leaves at most a hidden file C(.webex-*.part) beside O(dest), which the next run for the same O(dest) removes.
attributes:
  check_mode:
    description: Can run in C(check_mode) without changing anything.
    support: partial
    details: The report is read and nothing is downloaded, so the task reports a change if O(dest) is missing, does not match O(checksum),
      or would get another mode or owner. Whether other bytes would come is not known without O(checksum).
  diff_mode:
    description: Says what has changed, or would change, in C(diff_mode).
    support: full
    details: Shows size, SHA-256 and number of records, never a record.
  async:
    description: Can run with the task keyword C(async).
    support: full
'''
