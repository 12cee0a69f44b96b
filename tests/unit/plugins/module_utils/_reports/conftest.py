# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A sandbox for each product: what is decided about reports is the same for all of them."""

from __future__ import annotations

import pytest
from ansible_collections.webex_partner.billing.plugins.module_utils._api.products import PRODUCTS
from ansible_collections.webex_partner.billing.tests.unit.playing import Playing


@pytest.fixture(params=PRODUCTS.values(), ids=list(PRODUCTS))
def sandbox(sandbox, request):
    return Playing(sandbox, request.param)
