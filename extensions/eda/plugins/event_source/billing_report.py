# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An event for each status of each billing report of a partner, for rulebooks of Event-Driven Ansible."""

from __future__ import annotations

import asyncio
import logging
import sys
import threading
import typing as t
from dataclasses import replace
from pathlib import Path

# ansible-rulebook runs this file by its path, so nothing has made the collection importable
COLLECTIONS = Path(__file__).absolute().parents[6]
if str(COLLECTIONS.parent) not in sys.path:
    sys.path.append(str(COLLECTIONS.parent))

import ansible_collections

if str(COLLECTIONS) not in ansible_collections.__path__:  # the package `ansible` has a folder of this name, which hides all others
    ansible_collections.__path__.append(str(COLLECTIONS))

from ansible_collections.webex_partner.billing.plugins.module_utils._api import keys
from ansible_collections.webex_partner.billing.plugins.module_utils._api.client import BillingClient
from ansible_collections.webex_partner.billing.plugins.module_utils._api.options import Connection, billing_period, connection_spec, seconds
from ansible_collections.webex_partner.billing.plugins.module_utils._edge.arguments import Refused, validated
from ansible_collections.webex_partner.billing.plugins.module_utils._errors import BillingError
from ansible_collections.webex_partner.billing.plugins.module_utils._reports.events import Lookout, News
from ansible_collections.webex_partner.billing.plugins.module_utils._secrets import Secrets
from ansible_collections.webex_partner.billing.plugins.module_utils._time import Time

DOCUMENTATION = r'''
---
short_description: Receive an event when a billing report of Webex ends
description:
  - Lists the billing reports of a partner again and again. Each status of each report makes one event, for example C(IN_PROGRESS) and later C(COMPLETED).
  - After a start, every report at Webex makes an event with its current status, so no end is missed while the source does not run.
  - The same status of the same report always has the same C(meta.uuid). So a receiver can recognize an event that it knows.
  - C(event.billing_report) has the keys C(product), C(id), C(billing_period), C(status) and C(created), for Webex Wholesale also C(billing_start_date),
    C(billing_end_date), C(type) and C(category). A key is null if the list of Webex does not show it. An event contains no token and no URL of a file.
  - Network faults, 423, 429, 5xx and unreadable responses do not end the source. C(Retry-After) is honored, up to an hour.
    Any other refusal, for example 401 or 403, ends the source with a message.
  - Credentials are best set in the environment of the rulebook, by a credential of EDA for example.
  - A blank argument counts as unset, because a rulebook cannot omit one.
version_added: 1.1.0
author:
  - Contributors to webex_partner.billing (@webex-partner)
requirements:
  - ansible-core >= 2.16.13
  - requests >= 2.28
options:
  product:
    description: The product of Webex that the reports belong to.
    type: str
    choices: [broadworks, wholesale]
    default: broadworks
  type:
    description: Only reports of this type make events. For the product C(wholesale); if unset, all types do.
    type: str
    choices: [PARTNER, CUSTOMER, USER]
  since:
    description:
      - The first billing period, C(YYYY-MM), whose reports make events. If unset, all reports do.
      - Set it to the month in which you begin, so that the first start makes no events for old reports.
    type: str
  poll_interval:
    description: Seconds between two requests for the list of reports.
    type: float
    default: 60
  access_token:
    description: Bearer token of a partner administrator. Environment variable C(WEBEX_ACCESS_TOKEN). The source ends when the token does.
    type: str
  client_id:
    description: Client ID of the integration that C(refresh_token) belongs to. Environment variable C(WEBEX_CLIENT_ID).
    type: str
  client_secret:
    description: Secret of the integration. Environment variable C(WEBEX_CLIENT_SECRET).
    type: str
  refresh_token:
    description: Refresh token of a partner administrator, which gets access tokens as long as the source runs. Environment variable C(WEBEX_REFRESH_TOKEN).
    type: str
  token_file:
    description: JSON file with the access of one partner, used instead of the other tokens. Environment variable C(WEBEX_TOKEN_FILE).
    type: path
  api_url:
    description: Base URL of the API. Environment variable C(WEBEX_API_URL).
    type: str
    default: https://webexapis.com/v1
  validate_certs:
    description: Whether the certificate of the API is verified. Environment variable C(WEBEX_VALIDATE_CERTS).
    type: bool
    default: true
  ca_path:
    description: File with the certificates (PEM) that are trusted instead of the usual ones. Environment variable C(WEBEX_CA_PATH).
    type: path
  request_timeout:
    description: Time limit in seconds for a whole HTTP request.
    type: float
    default: 30
  retry_timeout:
    description: Not used, because the next poll is the retry. It exists because all plugins share the connection options.
    type: float
    default: 60
'''

EXAMPLES = r'''
- name: Reports of Webex for BroadWorks, from October 2026 on
  webex_partner.billing.billing_report:
    since: "2026-10"

- name: Customer reports of Webex Wholesale, every five minutes
  webex_partner.billing.billing_report:
    product: wholesale
    type: CUSTOMER
    poll_interval: 300
'''

SPEC = {
    **connection_spec(),
    **keys.place_spec(),
    'since': {'type': 'str'},
    'poll_interval': {'type': 'float', 'default': 60},
}

logger = logging.getLogger('webex_partner.billing.billing_report')


async def main(queue: asyncio.Queue, args: dict[str, t.Any], sleep: t.Callable[[float], t.Awaitable[None]] = asyncio.sleep) -> None:
    """Put events into the queue until the task is cancelled. Raises RuntimeError, in one sentence, if that cannot go on."""
    secrets, time, over = Secrets(), Time(), threading.Event()
    time.pulses.append(lambda: end_if(over))
    try:
        lookout = prepared(args, secrets, time)
        while True:
            events, pause = await asyncio.to_thread(lookout.look)  # a request would block the heartbeat of ansible-rulebook
            for event in events:
                await queue.put(secrets.scrub(event))
            await sleep(pause)
    except (BillingError, Refused) as error:
        raise RuntimeError(secrets.mask(str(error))) from None
    finally:
        over.set()


def prepared(args: dict[str, t.Any], secrets: Secrets, time: Time) -> Lookout:
    """Return the lookout that arguments describe. Raises Refused or InvalidInput."""
    def warn(text: str) -> None:
        logger.warning('%s', secrets.mask(text))

    given = {name: value for name, value in args.items() if value != ''}  # a rulebook has no omit, so a variable that is not set is blank
    params = validated(given, SPEC, secrets, 'the event source webex_partner.billing.billing_report')
    product = keys.chosen(params)
    since = params['since'] and billing_period(params['since'], 'since')
    interval = seconds('poll_interval', params['poll_interval'])
    client = BillingClient(replace(Connection.from_params(params), retry_timeout=0), secrets, time, warn=warn, product=product)  # the next poll is the retry
    return Lookout(client, product.key(**keys.values(product, params)), News(since), interval, warn)


def end_if(over: threading.Event) -> None:
    """End a request that is under way when nobody waits for it any more; a thread cannot be cancelled otherwise."""
    if over.is_set():
        raise asyncio.CancelledError
