# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbook preflight: a line for each partner, every problem of each, and nothing changed at Webex."""

from __future__ import annotations

from playbook import asked, methods


def test_good_news(sandbox, run, archive):
    outcome = run('preflight', period=None, preflight_days=3)
    assert outcome.code == 0 and 'default: ready, 3 reports are listed' in outcome.stdout, outcome.stdout
    assert methods(sandbox) == ['GET', 'GET'] and not archive.root.exists() and outcome.counts()['changed'] == 0


def test_the_partners_of_a_month_end(sandbox, run, tmp_path):
    """A problem of one partner does not keep the others from being checked, and no entry is checked as somebody else."""
    partners = [
        {'partner': 'north', 'access_token': 'expired'}, {'partner': 'south', 'token_file': str(tmp_path / 'none.json')},
        {'partner': 'east', 'client_id': 'C1', 'client_secret': 's1', 'refresh_token': 'r1'}, {'partner': 'west'}, {'partner': 'up', 'access_token': 'a b'},
    ]
    outcome = run('preflight', partners=partners, preflight_days=3)
    assert outcome.code == 2
    failure = outcome.stdout[outcome.stdout.index('4 of 5 partners have problems'):]
    for part in ('north: ', 'Webex answered 401', 'south: ', 'token_file does not exist', 'east: ', 'west: ready', 'up: access_token holds characters'):
        assert part in failure, part
    assert {request['method'] for request in asked(sandbox, 'reports')} == {'GET'}


def test_variables_that_cannot_be_meant(run):
    for name, value in (('preflight_needs', 'delete'), ('preflight_days', 'many')):
        outcome = run('preflight', **{name: value})
        assert outcome.code == 2 and f'month_end_{name} must be' in outcome.stdout, outcome.stdout


def test_what_needs_more(sandbox, run, tmp_path):
    (tmp_path / 'archive').write_text('')
    variables = {
        'WEBEX_ACCESS_TOKEN': None, 'WEBEX_CLIENT_ID': sandbox.client_id, 'WEBEX_CLIENT_SECRET': sandbox.client_secret,
        'WEBEX_REFRESH_TOKEN': sandbox.refresh_token,
    }
    granted = {'scope': 'spark-admin:broadworks_billing_reports_read', 'refresh_token_expires_in': 3 * 24 * 3600}
    sandbox.trouble(path='access_token', replace=granted, times=0)
    outcome = run('preflight', preflight_needs='write', env=variables)
    for part in ('The token lacks the scope spark-admin:broadworks_billing_reports_write', 'The refresh token ends at', 'cannot be written (Not a directory)'):
        assert part in outcome.stdout, outcome.stdout
    assert run('preflight', preflight_needs=['read'], preflight_days=2, archive=None, env=variables).code == 0, 'nothing is wrong for those who only read'
