# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reports as results and facts, and the URL that may be in them."""

from __future__ import annotations

import pytest
from ansible_collections.webex_partner.billing.plugins.module_utils._api.products import BROADWORKS
from ansible_collections.webex_partner.billing.plugins.module_utils._edge.output import carries_url, output, withhold_urls
from ansible_collections.webex_partner.billing.tests.unit.reporting import a_report

URL = 'https://files.example/1.csv?Expires=1624978489&Signature=hidden'
SIGNED = a_report('abc', '2021-05', 'COMPLETED', temp_download_url=URL)
PLAIN = a_report('def', '2021-04', 'IN_PROGRESS')


def test_one_report_and_its_facts():
    result = output(BROADWORKS, [SIGNED], single=True, set_facts=True)
    assert set(result) == {'reports', 'report', 'ansible_facts'}
    assert result['reports'] == [result['report']] and result['report']['temp_download_url'] == URL
    assert result['ansible_facts'] == {'broadworks_billing_reports': result['reports'], 'broadworks_billing_report': result['report']}


@pytest.mark.parametrize('reports', [[], [PLAIN], [SIGNED, PLAIN]], ids=len)
def test_several_reports_and_their_facts(reports):
    result = output(BROADWORKS, reports, single=False, set_facts=True)
    assert set(result) == {'reports', 'ansible_facts'} and set(result['ansible_facts']) == {'broadworks_billing_reports'}
    assert [report['id'] for report in result['reports']] == [report.id for report in reports]


def test_facts_can_be_turned_off():
    assert set(output(BROADWORKS, [SIGNED], single=True, set_facts=False)) == {'reports', 'report'}


@pytest.mark.parametrize(('reports', 'carries'), [([], False), ([PLAIN], False), ([PLAIN, SIGNED], True)], ids=['none', 'plain', 'signed'])
def test_a_result_that_carries_a_url_is_known(reports, carries):
    assert carries_url(output(BROADWORKS, reports, single=False, set_facts=False)) is carries


def test_urls_that_are_withheld_are_told_of_once():
    told = []
    assert [report.temp_download_url for report in withhold_urls([SIGNED, PLAIN, SIGNED], told.append)] == [None] * 3
    assert len(told) == 1 and 'hidden' not in told[0].replace('cannot be hidden', '')
    assert withhold_urls([PLAIN], told.append) == [PLAIN] and len(told) == 1
