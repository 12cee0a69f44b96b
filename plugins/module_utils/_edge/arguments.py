# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Arguments that no AnsibleModule validates: those of an action and of an event source."""

from __future__ import annotations

import typing as t

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from .._api.options import of_one_identity, without_unset
from .._secrets import Secrets


class Refused(Exception):
    """Arguments that Ansible's own validation refuses; such a failure carries no ``error``."""


def has_connection(spec: t.Mapping[str, t.Any]) -> bool:
    """Return whether an argument spec has the connection options."""
    return 'access_token' in spec


def validated(args: t.Mapping[str, t.Any], spec: dict[str, dict[str, t.Any]], secrets: Secrets, plugin: str, **rules: t.Any) -> dict[str, t.Any]:
    """Return ``args`` validated as those of a module are, and add the secret ones to ``secrets``. Raises Refused in a sentence about the ``plugin``."""
    given = without_unset(args)
    validation = ArgumentSpecValidator(spec, **rules).validate(of_one_identity(given) if has_connection(spec) else given)
    for value in validation._no_log_values:
        secrets.add(value)
    if validation.unsupported_parameters:
        raise Refused(f'Unsupported parameters for {plugin}: {", ".join(validation.error_messages)}')
    if validation.error_messages:
        raise Refused('; '.join(validation.error_messages))
    return validation.validated_parameters
