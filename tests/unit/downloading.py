# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What came of a download, and what the file host was told to do."""

from __future__ import annotations

import base64
import os

import pytest
from ansible_collections.webex_partner.billing.plugins.module_utils._errors import BillingError

RECORDS = 3000


def statuses(sandbox, host='files'):
    return [request['status'] for request in sandbox.requests if request['host'] == host]


def whole(content):
    return {'status': 200, 'body_base64': base64.b64encode(content).decode()}


def failure(fetch, tmp_path, **options):
    with pytest.raises(BillingError) as caught:
        fetch(**options)
    assert os.listdir(tmp_path) == [], 'nothing is left behind'
    assert 'Signature' not in str(caught.value)
    return caught.value
