# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r'''
module: billing_report_hand_on
short_description: Deliver an archived billing report only once
version_added: 1.1.0
description:
  - Chooses the version of a month that is handed on and checks its file against the manifest.
  - Your own tasks deliver the file. Before they run, O(state=claimed) claims the month for this run. Afterwards, O(state=recorded) writes C(handed_on.json)
    beside the manifest, or O(state=released) releases the month because the delivery failed.
  - The playbook C(webex_partner.billing.hand_on) uses this module in that order.
author:
  - Contributors to webex_partner.billing (@webex-partner)
extends_documentation_fragment:
  - webex_partner.billing.attributes
  - webex_partner.billing.product.place
attributes:
  async:
    support: full
  check_mode:
    details: Chooses the version and checks its file, and claims and records nothing.
  diff_mode:
    support: none
  idempotent:
    support: partial
    details: A month that is claimed cannot be claimed again. With O(again=true), a version is claimed although it was handed on.
options:
  state:
    description:
      - V(checked) chooses the version and checks its file. It changes nothing.
      - V(claimed) also claims the month, unless the version was handed on before. It writes C(.handing_on.json) to the directory of the month.
      - V(recorded) records a delivery in C(handed_on.json) and removes the claim.
      - V(released) removes the claim and records nothing.
    type: str
    choices: [checked, claimed, recorded, released]
    default: checked
  archive:
    description:
      - Directory of the archive.
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
      - Number of the version. The default is the version in O(approved), else the last version that has a manifest.
      - Required for O(state=recorded) and O(state=released).
    type: int
  approved:
    description:
      - The summary that an earlier job published as C(billing_month_end). Its version and C(sha256) are the ones that count if it names this partner, month,
        product and type. One without a product is of Webex for BroadWorks.
      - In a workflow of AWX, as O(awx.workflow) shows, such a summary is required.
    type: dict
    default: {}
  claim:
    description:
      - The claim that O(state=claimed) returned. Required for O(state=recorded) and O(state=released).
    type: str
  retry:
    description:
      - Whether a delivery that was interrupted is repeated. Without it the task fails, since the file may have arrived.
      - A version that C(handed_on.json) names is not delivered again.
    type: bool
    default: false
  again:
    description:
      - Whether the version is handed on even if C(handed_on.json) names it.
    type: bool
    default: false
  lease:
    description:
      - Seconds that the delivery may take. Until then no other run can take over the claim, except a later job of the same workflow of AWX.
    type: float
    default: 1800
  awx:
    description:
      - Which job of AWX runs the task. An empty value counts as unset.
    type: dict
    default: {}
    suboptions:
      job:
        description: The job.
        type: str
      workflow:
        description: The workflow job.
        type: str
      schedule:
        description: The schedule.
        type: str
      user:
        description: The user who launched the job.
        type: str
  lock:
    description:
      - Whether to lock the month while it is written to. Turn this off for a file system without locks only, and make sure that one task at a time writes
        to a month.
    type: bool
    default: true
  lock_timeout:
    description:
      - Seconds to wait while another run writes to the same month; V(0) means one try.
    type: float
    default: 60
notes:
  - The module makes no request. It has no connection options and does not belong to the action group C(group/webex_partner.billing.webex).
  - Two runs never deliver a version of the same month at the same time, as long as a delivery takes no longer than O(lease).
    A delivery that was interrupted is repeated only if a person decides so, with O(retry) or O(again).
seealso:
  - module: webex_partner.billing.billing_report_archive
'''

EXAMPLES = r'''
- name: Read the report
  webex_partner.billing.broadworks_billing_report_info:
    id: "{{ report_id }}"
  register: read

- name: File the downloaded file
  webex_partner.billing.billing_report_archive:
    src: "{{ downloaded_file }}"
    archive: "{{ archive }}"
    report: "{{ read.report }}"

- name: Claim the last version of the month
  webex_partner.billing.billing_report_hand_on:
    state: claimed
    archive: "{{ archive }}"
    billing_period: "{{ read.report.billing_period }}"
  register: claimed

- name: Deliver the file
  ansible.builtin.copy:
    src: "{{ claimed.path }}"
    dest: "{{ folder }}/delivered.csv"
    mode: "0600"
    remote_src: true

- name: Record the delivery
  webex_partner.billing.billing_report_hand_on:
    state: recorded
    archive: "{{ archive }}"
    billing_period: "{{ read.report.billing_period }}"
    version: "{{ claimed.version }}"
    claim: "{{ claimed.claim }}"
'''

RETURN = r'''
msg:
  description: The outcome in a sentence.
  returned: always
  type: str
  sample: "default 2026-10: version 1 was not handed on before"
handed_on:
  description: Whether the version was handed on before.
  returned: success, with O(state=checked) or O(state=claimed)
  type: bool
  sample: false
claim:
  description: The claim of this run. Nothing is claimed if the version was handed on before or if the task only checks.
  returned: success, with O(state=checked) or O(state=claimed), null where nothing was claimed
  type: str
  sample: 5f0c1d20a7b3
version:
  description: The number of the version.
  returned: success, with O(state=checked) or O(state=claimed)
  type: int
  sample: 1
path:
  description: The file in the archive.
  returned: success, with O(state=checked) or O(state=claimed)
  type: str
  sample: /srv/billing/default/2026-10/v001/billing-report-default-2026-10.csv
evidence_path:
  description: The evidence page of the version.
  type: str
  returned: success, with O(state=checked) or O(state=claimed), null if the version has none
  sample: /srv/billing/default/2026-10/v001/evidence.html
manifest_path:
  description: The manifest of the version.
  returned: success, with O(state=checked) or O(state=claimed)
  type: str
  sample: /srv/billing/default/2026-10/v001/manifest.json
manifest:
  description: The content of the manifest, as M(webex_partner.billing.billing_report_archive) returns it.
  returned: success, with O(state=checked) or O(state=claimed)
  type: dict
  sample: {schema: 1, version: 1}
record_path:
  description: The record of the deliveries of the version, whether it exists or not.
  returned: success
  type: str
  sample: /srv/billing/default/2026-10/v001/handed_on.json
summary:
  description: The version with the keys of C(billing_month_end), which the role publishes.
  returned: success, with O(state=checked) or O(state=claimed)
  type: dict
  sample:
    partner: default
    billing_period: 2026-10
    status: COMPLETED
    report_id: Y2lzY29zcGFyazovL3VzL1JFUE9SVC8wMDAx
    version: 1
    records: 311
    size: 48210
    sha256: 2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae
    changed: true
    archive_path: /srv/billing/default/2026-10/v001/billing-report-default-2026-10.csv
    product: broadworks
    type: null
error:
  description: What went wrong, as data; RV(ignore:msg) says it in a sentence.
  returned: failure, unless Ansible itself refuses an option
  type: dict
  contains:
    kind:
      description:
        - V(invalid_input) for an invalid value or path, and in a workflow of AWX for a missing summary.
        - V(not_found) if the version has no manifest.
        - V(conflict) if another run claims the month, if an earlier run was interrupted, if a lock cannot be had in O(lock_timeout), and for a file, manifest
          or record that is not what it should be.
        - V(permission) if the user of the task may not read or write there, or the place is mounted read-only.
        - V(unavailable) for storage that is full or fails.
      type: str
      returned: always
      sample: conflict
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
from ansible_collections.webex_partner.billing.plugins.module_utils._api.options import seconds
from ansible_collections.webex_partner.billing.plugins.module_utils._archive.archive import lock_timeout
from ansible_collections.webex_partner.billing.plugins.module_utils._archive.hand_on import Handing, Wish
from ansible_collections.webex_partner.billing.plugins.module_utils._archive.manifests import AWX
from ansible_collections.webex_partner.billing.plugins.module_utils._archive.month import Month
from ansible_collections.webex_partner.billing.plugins.module_utils._edge.edge import EdgeModule
from ansible_collections.webex_partner.billing.plugins.module_utils._time import Time


def hand_on(params: dict, check_mode: bool, time: Time) -> dict:
    """Check, claim, record or release, as the options say."""
    month = Month.from_params(params)
    handing = Handing(month, time, lock_timeout(params))
    awx = {name: params['awx'].get(name) or None for name in AWX}
    if params['state'] == 'recorded' and not check_mode:
        return handing.record(params['version'], params['claim'], awx)
    if params['state'] == 'released' and not check_mode:
        return handing.release(params['version'], params['claim'])
    wish = Wish(params['version'], params['approved'], awx, seconds('lease', params['lease']), params['retry'], params['again'])
    chosen = handing.claim(wish, dry=check_mode or params['state'] != 'claimed')
    return {**chosen, 'changed': False} if params['state'] == 'checked' else chosen


class HandOnModule(EdgeModule):
    """Returns what ``hand_on`` returns: core would add owner, mode and size of the path."""

    def add_path_info(self, kwargs: dict) -> dict:
        return kwargs


def main() -> None:
    module = HandOnModule(
        {
            'state': {'type': 'str', 'choices': ['checked', 'claimed', 'recorded', 'released'], 'default': 'checked'},
            'archive': {'type': 'path', 'required': True},
            'partner': {'type': 'str', 'default': 'default'},
            **keys.place_spec(),
            'billing_period': {'type': 'str', 'required': True},
            'version': {'type': 'int'},
            'approved': {'type': 'dict', 'default': {}},
            'claim': {'type': 'str'},
            'retry': {'type': 'bool', 'default': False},
            'again': {'type': 'bool', 'default': False},
            'lease': {'type': 'float', 'default': 1800},
            'awx': {'type': 'dict', 'default': {}, 'options': {name: {'type': 'str'} for name in AWX}},
            'lock': {'type': 'bool', 'default': True},
            'lock_timeout': {'type': 'float', 'default': 60},
        },
        required_if=[('state', 'recorded', ['version', 'claim']), ('state', 'released', ['version', 'claim'])],
    )
    module.conclude(lambda: hand_on(module.params, module.check_mode, module.time))


if __name__ == '__main__':
    main()
