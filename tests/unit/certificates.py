# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Certificates for 127.0.0.1, of an authority that lives as long as the tests."""

from __future__ import annotations

import datetime
import ssl
from pathlib import Path

import trustme

AUTHORITY = trustme.CA()
LONG_AGO = datetime.datetime(2021, 1, 1, tzinfo=datetime.timezone.utc)


def shown(expired: bool = False) -> ssl.SSLContext:
    """What a server shows."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    AUTHORITY.issue_cert('127.0.0.1', not_after=LONG_AGO if expired else None).configure_cert(context)
    return context


def vouching(folder: str | Path) -> str:
    """The path of a bundle that vouches for them."""
    path = Path(folder, 'authority.pem')
    AUTHORITY.cert_pem.write_to_path(path)
    return str(path)
