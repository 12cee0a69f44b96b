# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One line of printable characters, whatever a text held."""

from __future__ import annotations

import sys

import pytest
from ansible_collections.webex_partner.billing.plugins.module_utils._line import one_line, table


@pytest.mark.parametrize(('text', 'shown'), [
    pytest.param('', '', id='empty'),
    pytest.param(' two  words ', ' two  words ', id='spaces'),
    pytest.param('Zürich 日本 \U0001f4a9', 'Zürich 日本 \U0001f4a9', id='letters'),
    pytest.param('a\r\n\nb', 'a b', id='line ends'),
    pytest.param('\n\x1b[2Ja\n', '[2Ja', id='at both ends'),
    pytest.param('a\x9b31mb\x85c', 'a 31mb c', id='C1 controls'),
    pytest.param('a\u2028b\u2029c', 'a b c', id='line and paragraph separators'),
    pytest.param('a\u202eb\u2066c\u200fd', 'a b c d', id='controls of direction'),
    pytest.param('a\u200bb\ufeffc\u00add', 'a b c d', id='of no width'),
    pytest.param('a\ud800b', 'a b', id='a lone surrogate'),
    pytest.param('a\xa0b\tc', 'a b c', id='other spaces'),
    pytest.param('a\U000e0041b', 'a b', id='tags'),
    pytest.param('\x1b\0', '', id='nothing else'),
])
def test_one_line(text, shown):
    assert one_line(text) == shown


def test_no_character_is_beyond_the_rule():
    assert one_line(''.join(map(chr, range(sys.maxunicode + 1)))).isprintable()


def test_a_table():
    assert table([('a', 'b', 'c'), ('long', None, 'as long as it likes'), (1, 20, None)]) == ['a     b   c', 'long  -   as long as it likes', '1     20  -']
