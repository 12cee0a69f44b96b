# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Canaries in month ends: good and bad ones, in check and diff mode, at every verbosity, as AWX runs them."""

from __future__ import annotations

import pytest
from canaries import ACCESS, CORE, GIVEN_AWAY, MINTED, OWN, URL, credentials, found, full_of_canaries, shown, watched_arguments
from evidence import PERIOD
from playbook import asked
from runner import run

BOT = 'canary-bot-TheBirdSingsNoMore+6/='


@pytest.fixture
def sandbox():
    """It refuses what one partner asks, links to nowhere for another, and quotes secrets wherever it says something."""
    refusal = {'message': GIVEN_AWAY, 'errors': [{'description': GIVEN_AWAY, 'code': ACCESS}], 'trackingId': ACCESS}
    with full_of_canaries() as running:
        running.add_report(PERIOD, seconds=1, id='good')
        running.add_report('2026-09', seconds=0, ends='FAILED', id='failed', errors=[{'code': 13, 'description': GIVEN_AWAY}])
        running.add_report('2026-08', seconds=0, id='nowhere')
        running.trouble(path='reports/nowhere', replace={'tempDownloadURL': URL}, times=0)
        running.add_report('2026-07', seconds=0, id='refused')
        running.trouble(path='reports/refused', status=403, json=refusal, headers={'TrackingID': f'ROUTER_{ACCESS}'}, times=0)
        yield running


@pytest.fixture
def bill(controller, archive):
    """Run a playbook by ansible-runner, all verbose, and search what it leaves, the page for people too."""
    def bill(playbook, period, *args, env=None, **variables):
        usual = {'poll_interval': 0.3, 'notify_room': 'ROOM', 'notify_token': BOT, 'archive': str(archive.root), 'evidence': True}
        named = {'period': period, **usual, **variables}
        given = {f'month_end_{name}': value for name, value in named.items()}
        with watched_arguments(controller) as seen:
            ran = run(controller, f'webex_partner.billing.{playbook}', env=env, extra_vars=given, args=['-vvvvv', *args])
        assert seen == set() and shown(ran.outcome) == [] and BOT not in ran.outcome.stdout
        assert found(controller.folder, known=(*OWN, *CORE)) == []
        assert BOT.encode() not in b''.join(path.read_bytes() for path in ran.artifacts.rglob('*') if path.is_file())
        return ran.outcome
    return bill


def environment(sandbox):
    return {'WEBEX_API_URL': sandbox.api_url, **{f'WEBEX_{name.upper()}': value for name, value in credentials().items()}}


@pytest.mark.parametrize(('period', 'part'), [
    (PERIOD, 'filed as version 1'), ('2026-09', 'only failed'), ('2026-08', 'Connection refused'), ('2026-07', '403'),
])
def test_credentials_from_the_environment(sandbox, bill, archive, period, part):
    ran = bill('month_end', period, '--cmdline=--diff', env=environment(sandbox), partners=[{'partner': 'default', 'retry_timeout': 0}])
    assert part in ran.told()[0] and (ran.code == 0) is (period == PERIOD), ran.stdout
    assert len(list(archive.root.rglob('evidence.html'))) == (period == PERIOD)


def test_a_file_host_that_gives_them_away(sandbox, bill):
    sandbox.trouble(host='files', status=200, body=f'<html>{GIVEN_AWAY}</html>')
    ran = bill('month_end', PERIOD, env=environment(sandbox))
    assert ran.code == 2 and 'HTML' in ran.told()[0], ran.stdout


def test_check_mode_and_halves(sandbox, bill):
    minting = {**environment(sandbox), 'WEBEX_ACCESS_TOKEN': ''}
    assert bill('month_end', PERIOD, '--cmdline=--check --diff', env=minting).code == 0
    assert bill('submit', PERIOD, env=minting).code == 0
    assert bill('collect', PERIOD, env=minting).code == 0
    assert asked(sandbox, '/access_token')


def test_credentials_of_partners(sandbox, bill):
    partners = [
        {'partner': 'north', 'api_url': sandbox.api_url, **credentials()},
        {'partner': 'south', 'api_url': sandbox.api_url, 'access_token': MINTED},
        {'partner': 'east', 'api_url': f'https://user:{ACCESS}@webexapis.com/v1', 'access_token': ACCESS},
        {'partner': 'west', 'api_url': sandbox.api_url, 'access_token': f'{ACCESS} and more'},
    ]
    ran = bill('month_end', PERIOD, partners=partners)
    assert [line.partition(' ')[0] for line in ran.told() if 'failed' in line] == ['east', 'west'], ran.told()


@pytest.mark.parametrize('wrong', [
    {'partners': f'not a list but {ACCESS}'}, {'partners': [{'partner': 'north', 'access_token': [ACCESS]}]},
    {'partners': [{'access_token': ACCESS}]}, {'partners': [{'partner': 'north', 'acces_token': ACCESS}]},
    {'partners': [{'partner': 'north', 'access_token': ACCESS, 'request_timeout': ACCESS}]},
], ids=['no list', 'no text', 'no label', 'misspelt', 'misplaced'])
def test_slips_of_the_pen(bill, wrong):
    """What the role refuses is not quoted."""
    assert bill('month_end', PERIOD, **wrong).code == 2
