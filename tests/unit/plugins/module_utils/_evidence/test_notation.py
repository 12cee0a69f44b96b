# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Numbers as the page writes them."""

from __future__ import annotations

import pytest
from ansible_collections.webex_partner.billing.plugins.module_utils._evidence.notation import amount


@pytest.mark.parametrize(('digits', 'mark', 'sign', 'written'), [
    ('0', '.', True, '0'), ('-0.00', '.', True, '−0.00'), ('12', '.', True, '+12'), ('123', '.', False, '123'), ('1234', '.', False, '1 234'),
    ('-123456.10', '.', True, '−123 456.10'), ('1234567.50', ',', False, '1 234 567,50'), ('0.0000001', '.', True, '+0.0000001'),
    ('9' * 60 + '.1', '.', False, ' '.join(['999'] * 20) + '.1'),
])
def test_an_exact_number_keeps_its_digits(digits, mark, sign, written):
    assert amount(digits, mark, sign).replace('\u202f', ' ') == written
