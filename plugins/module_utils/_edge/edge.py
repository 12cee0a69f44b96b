# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The edge of every module: the only place where an error becomes a failed result."""

from __future__ import annotations

import typing as t

from ansible.module_utils.basic import AnsibleModule

from .._errors import BillingError
from .._secrets import Secrets
from .._time import Time


class EdgeModule(AnsibleModule):
    """A module that supports check mode and fails with data. A module that calls the API is a BillingModule. None counts as unset."""

    def __init__(self, argument_spec: dict[str, dict], **kwargs: t.Any) -> None:
        super().__init__(argument_spec=argument_spec, supports_check_mode=True, **kwargs)
        self.time = Time()
        self.secrets = Secrets(self.no_log_values.add)

    def _load_params(self) -> None:
        super()._load_params()
        self.params = {name: value for name, value in self.params.items() if value is not None}

    def conclude(self, run: t.Callable[[], dict[str, t.Any]]) -> t.NoReturn:
        """Exit with the result of ``run``, or fail with the error that it raises, masked."""
        try:
            result = run()
        except BillingError as error:
            self.fail_json(**error.to_result(self.secrets.mask))
        self.exit_json(**self.secrets.scrub(result))

    def warn_masked(self, text: str) -> None:
        """Print a warning that may quote a server, masked."""
        self.warn(self.secrets.mask(text))
