# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Return the page "Behavior under failures", made from the cases and their outcomes. Run as a program, write it to a file."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from ansible_collections.webex_partner.billing.tests.unit.weather import bodies, statuses, surroundings, ways
from ansible_collections.webex_partner.billing.tests.unit.weather.case import OPERATIONS, REQUEST_TIMEOUT, RETRY_TIMEOUT, WAIT_TIMEOUT, Case
from ansible_collections.webex_partner.billing.tests.unit.weather.observe import seen

SECTIONS = {**statuses.SECTIONS, **bodies.SECTIONS, **ways.SECTIONS, **surroundings.SECTIONS}
CASES = [case for cases in SECTIONS.values() for case in cases]

HEAD = f'''# Behavior under failures

This page lists what each operation of the collection does when the API, the file host or the network fails, and which message you get.
`make weather` creates it: the command runs the real plugins against servers on loopback and records the outcome. Every test run compares the page with
the outcome. The page has {len(CASES)} cases.

The baseline is a sandbox with made-up reports; a fault persists unless marked "once". The clock is a fake one, so the seconds are exact. Only responses that
arrive byte by byte use the real clock, a `request_timeout` of 0.3 and no retries. In all other cases, options have their defaults (`request_timeout`
{REQUEST_TIMEOUT}, `retry_timeout` {RETRY_TIMEOUT}), except `wait_timeout`, which is {WAIT_TIMEOUT}.

Each section lists the failures first. The cases that succeed, some of them after retries, are folded below. The outcome `ok` or `changed` is the result of
Ansible; any other outcome is the `error.kind` of a failure. The column "time" shows the seconds that the case took and their limit. After a success, the last
column shows the warnings.

| operation | task | request with the fault | time limit |
|---|---|---|---|
'''
SUCCESSES = ('ok', 'changed')
COLUMNS = '| operation | fault | outcome | requests | time | message |\n|---|---|---|---|---|---|\n'


def page() -> str:
    operations = [_row(name, f'`{of.task}`', of.meeting, of.bounded_by) for name, of in OPERATIONS.items()]
    return ''.join([HEAD, *operations, *(_section(title, cases) for title, cases in SECTIONS.items())])


def _section(title: str, cases: Sequence[Case]) -> str:
    """The failures, and the cases that succeed in a part that a browser folds."""
    failures = [case for case in cases if case.comes not in SUCCESSES]
    successes = [case for case in cases if case.comes in SUCCESSES]
    parts = [f'\n## {title}\n', f'\n{COLUMNS}' + ''.join(map(line, failures)) if failures else '']
    if successes:
        summary = 'One case that succeeds' if len(successes) == 1 else f'{len(successes)} cases that succeed'
        parts.append(f'\n<details>\n<summary>{summary}</summary>\n\n{COLUMNS}{"".join(map(line, successes))}\n</details>\n')
    return ''.join(parts)


def line(case: Case) -> str:
    """Run a case and return its line."""
    found = seen(case)
    took = f'{found.seconds:g} of {case.bound:g} s' if case.real is None else f'{case.bound:g} s'
    return _row(case.operation, _literal(case.weather), found.comes, str(found.requests), took, _literal(found.told))


def _row(*cells: str) -> str:
    return f'| {" | ".join(cells)} |\n'


def _literal(text: str) -> str:
    """Text as it is, whatever Markdown makes of its characters."""
    for character in '\\`*_[]<>|':
        text = text.replace(character, f'\\{character}')
    return text


if __name__ == '__main__':
    Path(sys.argv[1]).write_text(page(), encoding='utf-8')
