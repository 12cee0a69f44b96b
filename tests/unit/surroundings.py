# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An environment in which nothing of the machine reaches a test."""

from __future__ import annotations

import os

LEADS_ELSEWHERE = ('NETRC', 'REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE', 'SSL_CERT_FILE')


def make_bare(monkeypatch, home: str) -> None:
    """Take away every token, proxy, certificate and netrc that the environment names."""
    for name in list(os.environ):
        if name.upper().startswith('WEBEX_') or name.upper().endswith('_PROXY') or name in LEADS_ELSEWHERE:
            monkeypatch.delenv(name)
    monkeypatch.setenv('HOME', home)
