# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a plugin does with the API, whoever runs it: a module on the host of the task, or an action in Ansible's own process."""

from __future__ import annotations

import typing as t

from .._api.client import BillingClient
from .._api.product import Product


class Edge(t.Protocol):
    """What runs an operation: ``params`` are validated, ``given`` is what of them the task itself gave.

    ``result_is_hidden``: logs and job events will not show the result.
    """

    params: dict[str, t.Any]
    given: dict[str, t.Any]
    check_mode: bool
    result_is_hidden: bool

    def client(self, product: Product) -> BillingClient:
        """A client for the reports of a product, by the connection options. Raises InvalidInput where those do not do."""

    def warn_masked(self, text: str) -> None:
        """Warn in words that may quote a server."""


class Operation(t.NamedTuple):
    """``perform`` returns the result of the task or raises a BillingError.

    ``options`` are those beside the connection's, ``rules`` what holds between them, in the words of AnsibleModule.
    """

    perform: t.Callable[[Edge], dict[str, t.Any]]
    options: dict[str, dict[str, t.Any]]
    rules: dict[str, t.Any]
