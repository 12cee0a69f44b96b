# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Make the sandbox that is shipped with the playbooks importable as `webex_sandbox`, and declare the markers."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / 'playbooks' / 'files'))


def pytest_configure(config):
    config.addinivalue_line('markers', 'clock: judges how long something really takes, and so runs when nothing else does')
