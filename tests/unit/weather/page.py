# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The page about the weather, made from the cases and from what came of them; run as a program it writes the page to a file."""

from __future__ import annotations

import sys
from pathlib import Path

from ansible_collections.webex_partner.billing.tests.unit.weather import bodies, statuses, surroundings, ways
from ansible_collections.webex_partner.billing.tests.unit.weather.case import OPERATIONS, REQUEST_TIMEOUT, RETRY_TIMEOUT, WAIT_TIMEOUT, Case
from ansible_collections.webex_partner.billing.tests.unit.weather.observe import seen

SECTIONS = {**statuses.SECTIONS, **bodies.SECTIONS, **ways.SECTIONS, **surroundings.SECTIONS}
CASES = [case for cases in SECTIONS.values() for case in cases]

HEAD = f'''# What comes of bad weather

This page tells what every operation of the collection does when the API, the file host or the way there misbehaves, and what the operator then reads.
It was made by `make weather`, which runs the real plugins against servers on loopback and writes down what came of it; a test compares it at every run.
It holds {len(CASES)} cases.

Good weather is a sandbox with made-up reports, and weather stays as it is unless it is said to come once. The clock is a fake one, so the seconds are exact;
only where an answer comes byte by byte is it a real one, with a `request_timeout` of 0.3 and no retries. Else options have their defaults (`request_timeout`
{REQUEST_TIMEOUT}, `retry_timeout` {RETRY_TIMEOUT}), but for `wait_timeout`, which is {WAIT_TIMEOUT}.
`ok` and `changed` are Ansible's own words, anything else is a kind of failure. After a success the last column has the warnings.

| operation | task | weather meets | bounded by |
|---|---|---|---|
'''
COLUMNS = '| operation | weather | what comes of it | requests | bounded by | the sentence the operator sees |\n|---|---|---|---|---|---|\n'


def page() -> str:
    operations = [_row(name, f'`{of.task}`', of.meeting, of.bounded_by) for name, of in OPERATIONS.items()]
    sections = [f'\n## {title}\n\n{COLUMNS}' + ''.join(line(case) for case in cases) for title, cases in SECTIONS.items()]
    return ''.join([HEAD, *operations, *sections])


def line(case: Case) -> str:
    """The line of a case, as it was seen."""
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
