# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Write docs/weather.md anew, from the cases that the unit tests hold."""

from __future__ import annotations

import shlex
import sys

from run import report, run
from steps import Step
from workspace import ROOT, workspace

PAGE = shlex.quote(str(ROOT / 'docs/weather.md'))
MODULE = 'ansible_collections.webex_partner.billing.tests.unit.weather.page'


def main() -> int:
    weather = Step('weather', 'newest', 'newest', (f'PYTHONPATH={{root}}:playbooks/files python -m {MODULE} {PAGE}',))
    with workspace():
        return report(*run([weather], 'usual'))


if __name__ == '__main__':
    sys.exit(main())
