# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Build the collection, install it, and run its demo like a user who has only ansible-core; with arguments, print the full log."""

from __future__ import annotations

import os
import sys

from run import report, run
from steps import PACKAGE, Step
from workspace import BUILD, ROOT, workspace

QUIET = {'ANSIBLE_LOCALHOST_WARNING': 'false', 'ANSIBLE_INVENTORY_UNPARSED_WARNING': 'false'}
STORY = {'ANSIBLE_CALLBACK_PLUGINS': str(ROOT / 'tests/callback_plugins'), 'ANSIBLE_STDOUT_CALLBACK': 'story'}


def main() -> int:
    demo = Step('demo', 'newest', 'newest', PACKAGE)
    with workspace():
        rows, not_run = run([demo], 'usual')
    if not rows or not rows[-1].passed:
        return report(rows, not_run)
    environment = rows[-1].environment
    playbook = environment.root / 'bin/ansible-playbook'
    variables = environment.variables(demo.place(environment)) | QUIET | {'ANSIBLE_COLLECTIONS_PATH': str(BUILD / demo.name), 'PYTHONUNBUFFERED': '1'}
    os.chdir(BUILD / demo.name)
    os.execve(playbook, [playbook, 'webex_partner.billing.demo', *sys.argv[1:]], variables | ({} if sys.argv[1:] else STORY))


if __name__ == '__main__':
    sys.exit(main())
