# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One wait that meets everything that passes by itself."""

from __future__ import annotations

from playbook import asked, end_later, wait

TROUBLES = (
    ({'status': 429, 'headers': {'Retry-After': 'rand(30),add(30)'}}, '429'),
    ({'status': 503, 'times': 2}, '503'),
    ({'cut': 'before'}, 'onnection'),
    ({'status': 200, 'body': '<html>Sign in</html>', 'headers': {'Content-Type': 'text/html'}}, 'HTML'),
    ({'replace': {'status': 'AWAITING_MOON'}}, 'AWAITING_MOON'),
)


def test_a_wait_gets_through_a_bad_day(sandbox, play):
    report = sandbox.add_report('2026-10', seconds=3600)
    end_later(sandbox, report, 3)
    for trouble, _word in TROUBLES:
        sandbox.trouble(path=report, **trouble)
    outcome = play([wait('waited', id=report, poll_interval=0.3)])
    assert outcome.code == 0, outcome.stdout
    assert sandbox.state()['trouble'] == []

    warnings = outcome['waited']['warnings']
    assert len(warnings) == len(TROUBLES), warnings
    for (_trouble, word), warning in zip(TROUBLES, warnings):
        assert word in warning
        assert outcome.stdout.count(warning) == 1

    waited = outcome['waited']
    assert waited['report']['status'] == 'COMPLETED'
    assert waited['changed'] is False
    assert waited['timed_out'] is False
    assert waited['polls'] == len(asked(sandbox, report))
    assert waited['reports'] == [waited['report']]
    assert outcome.facts == {'broadworks_billing_report': waited['report'], 'broadworks_billing_reports': waited['reports']}
