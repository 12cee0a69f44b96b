# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An operation of a plugin with the API. A module runs it on the host of the task, or an action in Ansible's own process."""

from __future__ import annotations

import typing as t

from .._api.client import BillingClient
from .._api.product import Product


class Edge(t.Protocol):
    """Runs an operation: ``params`` are validated; ``given`` holds only those set in the task.

    ``result_is_hidden``: logs and job events will not show the result.
    """

    params: dict[str, t.Any]
    given: dict[str, t.Any]
    check_mode: bool
    result_is_hidden: bool

    def client(self, product: Product) -> BillingClient:
        """Return a client for the reports of a product. Raises InvalidInput for invalid connection options."""

    def warn_masked(self, text: str) -> None:
        """Print a warning that may quote a server, masked."""


class Operation(t.NamedTuple):
    """``perform`` returns the result of the task or raises a BillingError.

    ``options`` are those without the connection options; ``rules`` are the rules between them, in the words of AnsibleModule.
    """

    perform: t.Callable[[Edge], dict[str, t.Any]]
    options: dict[str, dict[str, t.Any]]
    rules: dict[str, t.Any]
