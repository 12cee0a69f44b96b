# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Connections and clients as the plugins make them, and what they then asked of the sandbox."""

from __future__ import annotations

import math
import typing as t

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.webex_partner.billing.plugins.module_utils._api.client import BillingClient
from ansible_collections.webex_partner.billing.plugins.module_utils._api.options import Connection, connection_spec, of_one_identity, without_unset
from ansible_collections.webex_partner.billing.plugins.module_utils._api.product import Product
from ansible_collections.webex_partner.billing.plugins.module_utils._api.products import BROADWORKS
from ansible_collections.webex_partner.billing.plugins.module_utils._secrets import Secrets
from ansible_collections.webex_partner.billing.plugins.module_utils._time import Time

REPORTS = f'/v1{BROADWORKS.path}'


def validated(**options: t.Any) -> dict[str, t.Any]:
    """Connection options, judged by Ansible as those of a task are; AssertionError if it refuses them."""
    validation = ArgumentSpecValidator(connection_spec()).validate(of_one_identity(without_unset(options)))
    assert not validation.error_messages, validation.error_messages
    return validation.validated_parameters


def connection_to(api_url: str, **options: t.Any) -> Connection:
    return Connection.from_params(validated(**{'api_url': api_url, 'access_token': 'given-token', **options}))


def client_of(sandbox, time=None, secrets=None, end_by=math.inf, say=lambda line: None, warn=lambda text: None, **options) -> BillingClient:
    """A client of the sandbox, with its access token unless told otherwise; one try a call unless told otherwise."""
    options = {'access_token': sandbox.access_token, 'retry_timeout': 0, **options}
    return BillingClient(connection_to(sandbox.api_url, **options), secrets or Secrets(), time or Time(), end_by, say, warn, product_of(sandbox))


def product_of(sandbox) -> Product:
    """The product that a sandbox plays, where a test has it play one."""
    return getattr(sandbox, 'product', BROADWORKS)


def minting(sandbox, **changes: str) -> dict[str, str]:
    """Options with which a token of the sandbox is minted."""
    return {
        'access_token': '', 'client_id': sandbox.client_id, 'client_secret': sandbox.client_secret,
        'refresh_token': sandbox.refresh_token, **changes,
    }


def asked(sandbox) -> list[str]:
    """What reached the sandbox, in order: ``GET list``, ``GET <id>``, ``POST token``; the filters of a list are left out."""
    reports = f'/v1{product_of(sandbox).path}'
    names = {reports: 'list', '/v1/access_token': 'token'}
    targets = [(request['method'], request['target'].partition('?')[0]) for request in sandbox.requests]
    return [f'{method} {names.get(target, target.replace(f"{reports}/", ""))}' for method, target in targets]
