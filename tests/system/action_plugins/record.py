# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Write registered results and facts to a file, as a later task of the playbook sees them: hidden ones too."""

from __future__ import annotations

import json
from pathlib import Path

from ansible.plugins.action import ActionBase

try:
    from ansible.template import trust_as_template  # ansible-core 2.19 and later render nothing else
except ImportError:
    trust_as_template = str


class ActionModule(ActionBase):
    _requires_connection = False

    def run(self, tmp=None, task_vars=None):
        result = super().run(task_vars=task_vars)
        names = [name for name in self._task.args['names'] if name in task_vars]
        results = {name: self._templar.template(trust_as_template(f'{{{{ {name} }}}}')) for name in names}
        record = {'results': results, 'facts': task_vars.get('ansible_facts')}
        Path(self._task.args['dest']).write_text(json.dumps(record), encoding='utf-8')
        return result
