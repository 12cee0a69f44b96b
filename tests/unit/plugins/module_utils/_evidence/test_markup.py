# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A page stands alone: what a browser may do with it, and what it shows of others' texts."""

from __future__ import annotations

import base64
import hashlib
import re

import pytest
from ansible_collections.webex_partner.billing.plugins.module_utils._evidence.markup import document, element, shown
from ansible_collections.webex_partner.billing.plugins.module_utils._evidence.style import STYLE
from ansible_collections.webex_partner.billing.tests.unit.reading import Page


def test_the_policy_allows_the_one_style_and_nothing_else():
    content = document('A title', STYLE, element('p', 'x'))
    policy = next(found['content'] for found in Page(content).all('meta') if found.get('http-equiv') == 'Content-Security-Policy')
    style = re.search(b'<style>(.*)</style>', content, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(style).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert content.index(b'Content-Security-Policy') < content.index(b'<style>')


def test_the_style_loads_nothing():
    assert not re.search(r'url\(|@import|@font-face|<', STYLE)


def test_children_and_texts_keep_their_order():
    content = document('t', '', element('p', 'a', element('code', 'b'), 'c', 'd', element('code', '<e>'), 'f', class_='x', aria_label='"y"'))
    assert b'<p class="x" aria-label="&quot;y&quot;">a<code>b</code>cd<code>&lt;e&gt;</code>f</p>' in content


@pytest.mark.parametrize('value', [None, '', 5, [], {}], ids=repr)
def test_what_is_no_text_is_unknown(value):
    assert shown(value) == 'unknown'
