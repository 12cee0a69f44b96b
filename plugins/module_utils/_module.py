# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The edge of a module: parameters in, result or failure out. The only place where an error becomes fail_json."""

from __future__ import annotations

import typing as t

from ansible.module_utils.basic import AnsibleModule

from ._client import BillingClient
from ._errors import BillingError
from ._options import Connection, connection_spec, without_unset
from ._output import RESULT_IS_HIDDEN
from ._secrets import Secrets
from ._time import Time


class BillingModule(AnsibleModule):
    """A module for which an empty connection option counts as unset. ``result_is_hidden``: its action hides the result."""

    result_is_hidden = False

    def __init__(self, argument_spec: dict[str, dict], **kwargs: t.Any) -> None:
        super().__init__(argument_spec={**argument_spec, **connection_spec()}, supports_check_mode=True, **kwargs)
        self.time = Time()
        self._secrets = Secrets(self.no_log_values.add)

    def _load_params(self) -> None:
        super()._load_params()
        self.result_is_hidden = self.params.pop(RESULT_IS_HIDDEN, False)
        self.params = without_unset(self.params)

    def finish(self, run: t.Callable[[BillingClient], dict[str, t.Any]]) -> t.NoReturn:
        """Run with a client and exit with what ``run`` returns, or fail with the error it raises."""
        try:
            result = run(BillingClient(Connection.from_params(self.params), self._secrets, self.time))
        except BillingError as error:
            self.fail_json(**error.to_result(self._secrets.mask))
        self.exit_json(**self._secrets.scrub(result))

    def warn_masked(self, text: str) -> None:
        """Warn in words that may quote a server."""
        self.warn(self._secrets.mask(text))
