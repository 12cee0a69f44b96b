# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What every outcome must keep to, whatever a server sent."""

from __future__ import annotations

import json
import time
import typing as t
from contextlib import contextmanager
from urllib.parse import quote

from ansible_collections.webex_partner.billing.plugins.module_utils._errors import BillingError
from ansible_collections.webex_partner.billing.plugins.module_utils._secrets import CUT_OFF, Secrets
from ansible_collections.webex_partner.billing.tests.fuzz.documents import CANARY

KINDS = {
    'invalid_input', 'authentication', 'permission', 'not_found', 'conflict', 'gone', 'rate_limited', 'unavailable', 'network', 'timeout',
    'invalid_response', 'report_failed', 'wait_timeout', 'download',
}
ERROR = {'kind', 'http_status', 'message', 'details', 'tracking_id', 'retry_after'}
LONGEST_MSG = 5000  # characters: two ids (1000 each), four texts of a server (500 each) and our own words; no property here names more
TELLING = 8  # characters of a secret that must not be seen where we cut a text: fewer could be chance
SOON = 4.0  # seconds of real time for one example, which takes milliseconds; short of the five after which a fake clock gives up waiting

T = t.TypeVar('T')


def outcome(call: t.Callable[[], T], secrets: Secrets) -> T | BillingError:
    """What a call returns, or the error it raises, judged; anything else it raises is nobody's to catch."""
    try:
        return call()
    except BillingError as error:
        judge_failure(error.to_result(secrets.mask))
        return error


def judge_failure(result: dict[str, t.Any]) -> None:
    """A failure as the contract wants it."""
    assert set(result['error']) == ERROR and result['error']['kind'] in KINDS
    judge_line(result['msg'])
    judge_texts(result)
    assert len(result['msg']) <= LONGEST_MSG
    judge_result(result)


def judge_line(text: str) -> None:
    """One line that a terminal can be trusted with."""
    assert text.isprintable() and text.strip()


def judge_texts(value: t.Any) -> None:
    """Lines alone, whatever a value is made of."""
    if isinstance(value, dict):
        for name, item in value.items():
            judge_texts([name, item])
    elif isinstance(value, list):
        for item in value:
            judge_texts(item)
    elif isinstance(value, str):
        assert value.isprintable()


def judge_result(result: t.Any) -> None:
    """Data that Ansible can hand on, with nothing of the token in it."""
    written = json.dumps(result, allow_nan=False, ensure_ascii=False)
    written.encode()
    for form in (CANARY, quote(CANARY, safe='')):
        assert form.lower() not in written.lower()
        assert not any(f'{form[:length]}{CUT_OFF}'.lower() in written.lower() for length in range(TELLING, len(form)))


def knowing() -> Secrets:
    """The secrets of a task that was given the token."""
    secrets = Secrets()
    secrets.add(CANARY)
    return secrets


@contextmanager
def soon() -> t.Iterator[None]:
    """Fail a block that hung."""
    start = time.monotonic()
    yield
    assert time.monotonic() - start < SOON
