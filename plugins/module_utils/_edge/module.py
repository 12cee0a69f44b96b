# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The edge of a module that calls the API: connection options in, result or failure out."""

from __future__ import annotations

import typing as t

from .._api.client import BillingClient
from .._api.options import Connection, connection_spec, of_one_identity, without_unset
from .._api.product import Product
from .edge import EdgeModule
from .operation import Operation
from .output import RESULT_IS_HIDDEN


class BillingModule(EdgeModule):
    """A module for which an empty connection option counts as unset. ``result_is_hidden``: its action hides the result."""

    result_is_hidden = False

    def __init__(self, argument_spec: dict[str, dict], **kwargs: t.Any) -> None:
        super().__init__(argument_spec={**argument_spec, **connection_spec()}, **kwargs)

    def _load_params(self) -> None:
        super()._load_params()
        self.result_is_hidden = self.params.pop(RESULT_IS_HIDDEN, False)
        self.given = without_unset(self.params)
        self.params = of_one_identity(self.given)

    def client(self, product: Product) -> BillingClient:
        """Return a client for the reports of a product. Raises InvalidInput for invalid connection options."""
        return BillingClient(Connection.from_params(self.params), self.secrets, self.time, warn=self.warn_masked, product=product)


class OperationModule(BillingModule):
    """Returns the operation's result unchanged. Core would add owner, mode and size of any ``path``, and call a file absent that check mode only predicts."""

    def add_path_info(self, kwargs: dict[str, t.Any]) -> dict[str, t.Any]:
        return kwargs


def run_module(operation: Operation) -> t.NoReturn:
    """Run an operation as a module."""
    module = OperationModule(operation.options, **operation.rules)
    module.conclude(lambda: operation.perform(module))
