# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The result that a module has printed."""

from __future__ import annotations

import json


def result(capsys):
    """The result as the controller keeps it: it takes away the key by which a module tells ansible-core 2.22 what to mask."""
    printed = json.loads(capsys.readouterr().out)
    printed.pop('_ansible_new_secrets', None)
    return printed
