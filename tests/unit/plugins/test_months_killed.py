# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Month ends of each product and type that are killed: the next run does what is missing, and the one after it nothing."""

from __future__ import annotations

import pytest
from ansible_collections.webex_partner.billing.plugins.module_utils._api.products import BROADWORKS, WHOLESALE
from ansible_collections.webex_partner.billing.tests.unit.connecting import asked
from ansible_collections.webex_partner.billing.tests.unit.filing import PERIOD
from ansible_collections.webex_partner.billing.tests.unit.months import killed_after, month_end
from ansible_collections.webex_partner.billing.tests.unit.playing import Playing
from ansible_collections.webex_partner.billing.tests.unit.reporting import of
from webex_sandbox import Sandbox

pytestmark = pytest.mark.filterwarnings('ignore:.*fork.*:DeprecationWarning')

KEYS = [(BROADWORKS, {}), *((WHOLESALE, {'type': kind}) for kind in ('PARTNER', 'CUSTOMER', 'USER'))]
FIRST, SECOND = 25, 30  # records of a month as it was, and as it was restated


@pytest.mark.parametrize('restated', [False, True], ids=['new', 'restated'])
@pytest.mark.parametrize('number', range(len(KEYS)), ids=['broadworks', 'PARTNER', 'CUSTOMER', 'USER'])
def test_killed_at_every_step(tmp_path, time, number, restated):
    """The keys take turns, so that each step is one at which some month end is killed."""
    product, key = KEYS[number]
    steps, was_killed = number, True
    while was_killed:
        with Sandbox(clock=time.clock, now=time.now, generation_seconds=0) as running:
            sandbox, archive = Playing(running, product), tmp_path / str(steps)

            def run(sandbox=sandbox, archive=archive):
                return month_end(
                    product, sandbox.api_url, sandbox.access_token, time, str(archive), 'north', PERIOD,
                    on_failed='fail', force_new=False, delete_after=False, filing={}, key=key,
                )

            if restated:
                old = run()[0]['report']['id']
                sandbox.forget_report(old)
                time.sleep(1)
                sandbox.add_report(PERIOD, rows=SECOND, **key)
            was_killed = killed_after(steps, run)
            ensured, filed = run()
            assert (filed['version'], filed['manifest']['file']['records']) == ((2, SECOND) if restated else (1, FIRST)), steps
            assert asked(sandbox).count('POST list') == 1, steps
            before = {path: path.is_file() and path.read_bytes() for path in archive.rglob('*')}
            month = archive / 'north' / of(PERIOD, product, **key).shelf / PERIOD
            assert sorted(str(path.relative_to(month)) for path, content in before.items() if content) == sorted(
                f'v00{version}/{name}' for version in range(1, filed['version'] + 1) for name in ('manifest.json', filed['manifest']['file']['name'])
            ), steps
            again = run()
            assert again[0]['report']['id'] == ensured['report']['id'] and not again[0]['changed'] and not again[1]['changed'], steps
            assert {path: path.is_file() and path.read_bytes() for path in archive.rglob('*')} == before, steps
        steps += len(KEYS)
    assert steps > 20
