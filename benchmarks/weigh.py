#!/usr/bin/env python
# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The interpreter of modules that are weighed: runs Python, and notes the peak memory of it, which else would hide behind that of Ansible."""

from __future__ import annotations

import os
import sys

child = os.spawnv(os.P_NOWAIT, sys.executable, [sys.executable, *sys.argv[1:]])
_child, status, used = os.wait4(child, 0)
with open(os.environ['WEIGHT'], 'a', encoding='utf-8') as weights:
    weights.write(f'{used.ru_maxrss * 1024}\n')
sys.exit(os.waitstatus_to_exitcode(status))
