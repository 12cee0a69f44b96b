# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Any text around any secrets: none of them is seen, nor is the query of a URL, on one line that can be shown."""

from __future__ import annotations

import string
from urllib.parse import quote, quote_plus

from ansible_collections.webex_partner.billing.plugins.module_utils._api.fields import shortened
from ansible_collections.webex_partner.billing.plugins.module_utils._secrets import CUT_OFF, Secrets
from ansible_collections.webex_partner.billing.tests.fuzz import documents
from ansible_collections.webex_partner.billing.tests.fuzz.judging import TELLING
from hypothesis import given
from hypothesis import strategies as st

secret_values = st.text(string.ascii_letters + string.digits + '-_.~+/=%&', min_size=4, max_size=60)  # what tokens and the parts of signed URLs are made of
queries = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7e, exclude_characters='"<>'))
forms = st.sampled_from((str, str.upper, str.lower, lambda value: quote(value, safe=''), quote_plus, lambda value: quote(value, safe='').lower()))


def masked(text, *values):
    secrets = Secrets()
    for value in values:
        secrets.add(value)
    return secrets.mask(text)


@given(st.lists(secret_values, min_size=1, max_size=3), st.data())
def test_no_form_of_a_secret_survives(values, data):
    quoted = st.builds(lambda form, value: form(value), forms, st.sampled_from(values))
    shown = masked(''.join(data.draw(st.lists(quoted | documents.texts, max_size=6))), *values).lower()
    for value in values:
        assert value.lower() not in shown and quote(value, safe='').lower() not in shown


@given(secret_values, st.integers(470, 500), documents.texts)
def test_nor_does_the_beginning_of_one_that_was_cut(value, before, after):
    shown = masked(shortened('!' * before + value + 'x' * 60 + after), value)
    assert not any(f'!{value[:length]}{CUT_OFF}' in shown for length in range(TELLING, len(value)))


@given(documents.texts)
def test_one_printable_line(text):
    shown = masked(text)
    assert shown.isprintable() and shown == shown.strip() == masked(shown)


@given(queries)
def test_no_query_of_a_url(query):
    assert masked(f'see "https://files.example/1.csv?{query}&Signature=sesame", and more') == f'see "https://files.example/1.csv?{CUT_OFF}", and more'
