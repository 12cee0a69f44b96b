# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rule for every text from outside that may be shown: one line of printable characters."""

from __future__ import annotations


def one_line(text: str) -> str:
    """Return the text with one space for each run of characters that a terminal or a log might obey: escapes, line ends, controls of direction.

    ``str.isprintable`` decides, so invisible characters and lone surrogates go too. A run at either end is removed.
    """
    if text.isprintable():
        return text
    return ' '.join(filter(None, ''.join(char if char.isprintable() else '\n' for char in text).split('\n')))
