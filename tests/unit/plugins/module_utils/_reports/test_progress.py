# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an operator sees: changes always, signs of life by interval, and each trouble once."""

from __future__ import annotations

import pytest
from ansible_collections.webex_partner.billing.plugins.module_utils._errors import ExchangeTimeout, NetworkFault, RateLimited, Unavailable
from ansible_collections.webex_partner.billing.tests.unit.reporting import a_report
from ansible_collections.webex_partner.billing.tests.unit.waiting import Told


def report(status, report_id='abc', period='2026-10'):
    return a_report(report_id, period, status)


@pytest.mark.parametrize('beat_every', [0, 60], ids=['no beats', 'beats'])
def test_a_change_of_status_always_prints_one_line(time, beat_every):
    told = Told(time, report('REQUESTED'), beat_every=beat_every)
    for polls, status in enumerate(['REQUESTED', 'REQUESTED', 'IN_PROGRESS', 'IN_PROGRESS', 'IN_PROGRESS', 'COMPLETED'], 1):
        told.reports = [report(status)]
        told.progress.looked(polls)
    assert len(told.lines) == 3
    for line, status in zip(told.lines, ['REQUESTED', 'IN_PROGRESS', 'COMPLETED']):
        assert 'abc' in line and '2026-10' in line and status in line and '\n' not in line


def test_a_line_says_how_long_and_how_often(time):
    told = Told(time, report('IN_PROGRESS'), wait_timeout=7200)
    time.advance(61)
    told.progress.looked(12)
    assert '61 s' in told.lines[0] and '7200 s' in told.lines[0] and '12' in told.lines[0]


def test_a_line_shows_the_end_of_a_long_id_and_the_summary_all_of_it(time):
    told = Told(time, report('IN_PROGRESS', 'Y2lzY29zcGFyazovL3VzL1JFUE9SVC8xMjM0NTY3Njc4OTAw'))
    told.progress.looked(1)
    assert told.lines[0].endswith(': report …Njc4OTAw of 2026-10 is IN_PROGRESS')
    assert 'Y2lzY29z' not in told.lines[0] and 'Y2lzY29zcGFyazovL3VzL1JFUE9SVC8xMjM0NTY3Njc4OTAw' in told.progress.summary()


def test_nothing_seen_prints_nothing(time):
    told = Told(time)
    told.progress.looked(1)
    told.reports = [a_report('abc')]
    told.progress.looked(2)
    assert told.lines == []


@pytest.mark.parametrize(('beat_every', 'lines'), [(60, 10), (120, 5), (300, 2), (0, 0), (601, 0)])
def test_beats_come_by_interval_only(time, beat_every, lines):
    told = Told(time, report('IN_PROGRESS'), beat_every=beat_every)
    time.pulses.append(told.progress.beat)
    time.sleep(600)
    assert len(told.lines) == lines


def test_a_change_puts_off_the_next_beat(time):
    told = Told(time, report('IN_PROGRESS'), beat_every=60)
    time.pulses.append(told.progress.beat)
    time.sleep(50)
    told.progress.looked(1)
    time.sleep(50)
    assert len(told.lines) == 1
    time.sleep(10)
    assert len(told.lines) == 2


def test_a_beat_before_anything_was_seen_is_a_line_too(time):
    told = Told(time, a_report('abc'), beat_every=10)
    time.pulses.append(told.progress.beat)
    time.sleep(10)
    assert len(told.lines) == 1 and 'abc' in told.lines[0] and 'None' not in told.lines[0]


def test_an_unknown_word_is_warned_of_once(time):
    told = Told(time, report('REQUESTED'), report('REQUESTED', 'def'))
    for polls in range(1, 4):
        told.progress.looked(polls)
    told.reports = [report('QUEUED')]
    told.progress.looked(4)
    told.reports = [report('REQUESTED')]
    told.progress.looked(5)
    assert len(told.warnings) == 2
    assert 'REQUESTED' in told.warnings[0] and 'QUEUED' in told.warnings[1]


@pytest.mark.parametrize('status', ['IN_PROGRESS', 'COMPLETED', 'FAILED', None])
def test_known_words_are_not_warned_of(time, status):
    told = Told(time, report(status))
    told.progress.looked(1)
    assert told.warnings == []


def test_each_kind_of_trouble_is_warned_of_once(time):
    told = Told(time)
    troubles = [
        NetworkFault('Connection refused'), Unavailable('Webex answered 503', http_status=503), Unavailable('Webex answered 502', http_status=502),
        RateLimited('Webex answered 429', http_status=429), ExchangeTimeout('no answer'),
    ]
    for _round in range(3):
        for trouble in troubles:
            told.progress.fault(trouble)
    assert len(told.warnings) == len(troubles)
    for warning, trouble in zip(told.warnings, troubles):
        assert trouble.cause in warning and trouble.remedy not in warning


def test_many_reports_are_counted_and_a_few_that_are_not_finished_named(time):
    reports = [report('COMPLETED', 'done-1'), report('COMPLETED', 'done-2'), report('FAILED', 'bad'), a_report('unseen')]
    reports += [report('IN_PROGRESS', f'busy-{number}') for number in range(20)]
    told = Told(time, *reports)
    told.progress.looked(1)
    assert len(told.lines) == 1
    line = told.lines[0]
    for part in ('24 reports', '2 COMPLETED', '1 FAILED', '20 IN_PROGRESS'):
        assert part in line
    assert 'done-1' not in line and 'bad' not in line and 'unseen' in line and 'busy-0' in line
    assert line.count('busy-') < 10 and 'None' not in line


def test_many_changes_in_one_look_are_one_line(time):
    told = Told(time, *(report('IN_PROGRESS', f'busy-{number}') for number in range(20)))
    told.progress.looked(1)
    told.reports = [report('COMPLETED', f'busy-{number}') for number in range(20)]
    told.progress.looked(2)
    assert len(told.lines) == 2 and '20 COMPLETED' in told.lines[1] and 'not finished' not in told.lines[1]


def test_the_summary_of_nothing(time):
    assert 'None' not in Told(time).progress.summary() and Told(time).progress.summary()
