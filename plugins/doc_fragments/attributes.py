# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of how the plugins behave towards ansible-core."""

from __future__ import annotations


class ModuleDocFragment:
    """The base holds what is the same everywhere; each other fragment is for one kind of plugin."""

    DOCUMENTATION = r'''
options: {}
attributes:
  check_mode:
    description: Can run in C(check_mode) without changing anything.
    support: full
  diff_mode:
    description: Says what has changed, or would change, in C(diff_mode).
  async:
    description: Can run with the task keyword C(async).
  facts:
    description: Returns C(ansible_facts), which become facts of the host.
    support: none
  idempotent:
    description: If nothing else has changed, a second run with the same options changes nothing.
    support: full
  platform:
    description: Systems of the hosts on which it can run.
    support: full
    platforms: posix
'''

    READ = r'''
options: {}
attributes:
  diff_mode:
    support: N/A
    details: Nothing is ever changed.
'''

    ACTION = r'''
options: {}
attributes:
  action:
    description: Has an action plugin of its name, which runs on the controller.
    support: full
    details:
      - It does the work itself, without sending a module, where the host of the task is the controller and its Python the one that runs Ansible.
        With C(become), C(delegate_to) or C(async), and on any other host, the module does it. The result is the same.
'''
