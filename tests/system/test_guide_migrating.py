# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guide "From uri, until and get_url": before and after really come to the same."""

from __future__ import annotations

import re

import yaml
from documentation import blocks, page

TEXT = page('docs/migrating.md')
PAIRS = [[yaml.safe_load(block)[0] for block in blocks('yaml', pair)] for pair in re.findall(r'<div class="beside">(.*?)</div>', TEXT, re.DOTALL)]
ALL_OF_IT = yaml.safe_load(blocks('yaml', TEXT)[-1])


def test_both_sides_come_to_the_same(sandbox, play, archive, tmp_path):
    before, after = zip(*PAIRS)
    assert [task['name'] for task in before] == [task['name'] for task in after]
    plain = {'api': f'{sandbox.api_url}/broadworks/billing/reports', 'token': sandbox.access_token, 'month': '2026-10', 'file': str(tmp_path / 'old.csv')}
    old = play([*map(quickly, before)], extra_vars=plain, env={'WEBEX_API_URL': None, 'WEBEX_ACCESS_TOKEN': None})
    assert old.code == 0, old.stdout
    new = play([*after, *ALL_OF_IT], extra_vars={'month': '2026-10', 'file': str(tmp_path / 'new.csv'), 'archive': str(archive.root)})
    assert new.code == 0, new.stdout
    assert (tmp_path / 'old.csv').read_bytes() == (tmp_path / 'new.csv').read_bytes() == archive.file().read_bytes() != b''
    assert old['created']['json']['id'] == new['created']['report']['id']
    for was, becomes in re.findall(r'^\| `answer\.json\.(\w+)`.*?\| `answer\.report\.(\w+)`', TEXT, re.MULTILINE):
        values = old['answer']['json'].get(was, []), new['answer']['report'][becomes]
        assert len({str(value).partition('?')[0] for value in values}) == 1, (was, values)  # each look signs the URL anew


def quickly(task):
    """The same with less patience, for a sandbox that has a report at once."""
    return {**task, 'delay': 1} if 'delay' in task else task
