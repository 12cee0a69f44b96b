# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A sandbox of the billing APIs of Webex for BroadWorks and Webex Wholesale, on loopback, with made-up reports and trouble on demand.

Nothing here talks to Webex. What Cisco documents is kept to the letter; where the documents are silent the sandbox
has a reading of its own, and its docstring says so.
"""

from __future__ import annotations

from .sandbox import Sandbox
from .tokens import READ_SCOPE, WRITE_SCOPE

__all__ = ['READ_SCOPE', 'WRITE_SCOPE', 'Sandbox']
