# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run the module of the same name with progress messages."""

from __future__ import annotations

from ..plugin_utils._download_action import DownloadAction


class ActionModule(DownloadAction):
    """The module does all the work."""
