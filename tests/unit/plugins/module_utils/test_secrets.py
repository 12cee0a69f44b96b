# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Secrets in texts: masked in every form they travel in, and no URL keeps what signs it."""

from __future__ import annotations

from urllib.parse import quote, quote_plus, urlencode

import pytest
from ansible_collections.webex_partner.billing.plugins.module_utils._api.fields import TEXT_LIMIT, shortened
from ansible_collections.webex_partner.billing.plugins.module_utils._secrets import Secrets, bare_urls

SECRET = 'Ab+/=c d&%~e'


def mask(text, *values):
    secrets = Secrets()
    for value in values or (SECRET,):
        secrets.add(value)
    return secrets.mask(text)


@pytest.mark.parametrize('form', [
    pytest.param(SECRET, id='plain'),
    pytest.param(quote(SECRET, safe=''), id='as a path segment'),
    pytest.param(quote_plus(SECRET), id='as a query value'),
    pytest.param(urlencode({'refresh_token': SECRET}), id='as a form'),
    pytest.param(quote(SECRET, safe='').replace('%2B', '%2b').replace('%2F', '%2f').replace('%3D', '%3d'), id='hex in lower case'),
    pytest.param(f'Bearer {SECRET}', id='as a header'),
    pytest.param(f'{SECRET}{SECRET}', id='twice'),
])
def test_a_secret_is_masked(form):
    text = mask(f'refused: {form}!')
    assert 'Ab' not in text and 'c' not in text.replace('********', '').replace('Bearer', '').replace('refresh_token', '')
    assert text.startswith('refused:') and '********' in text


def test_a_secret_within_another_leaves_no_rest():
    assert mask('abcdef and abc', 'abc', 'abcdef') == '******** and ********'


@pytest.mark.parametrize('value', [None, ''])
def test_nothing_is_no_secret(value):
    assert mask('a text', value) == 'a text'


@pytest.mark.parametrize('value', ['caf\udce9', '\ud800', 'naïve', '\U0001f4a9'], ids=ascii)
def test_any_value_can_be_a_secret(value):
    assert mask(f'<{value}>', value) == '<********>'


def test_the_edge_is_told_of_each_secret():
    told = []
    secrets = Secrets(told.append)
    secrets.add('one')
    secrets.add('')
    secrets.add(None)
    secrets.add('two')
    assert told == ['one', 'two']


@pytest.mark.parametrize(('text', 'expected'), [
    pytest.param('https://h/p.csv?Expires=1&Signature=s~e-c_r', 'https://h/p.csv?…', id='signed'),
    pytest.param('GET https://h/p?Signature=s failed', 'GET https://h/p?… failed', id='within a sentence'),
    pytest.param('"https://h/p?Signature=s"', '"https://h/p?…"', id='in quotes'),
    pytest.param('HTTPS://h/p?Signature=s', 'HTTPS://h/p?…', id='upper case'),
    pytest.param('https://h/p#Signature=s', 'https://h/p?…', id='fragment'),
    pytest.param('https://user:s@h/p', 'https://h/p', id='user info'),
    pytest.param('http://user@proxy:3128', 'http://proxy:3128', id='user alone'),
    pytest.param('https://u:s@s@h/p?Signature=s', 'https://h/p?…', id='two at signs'),
    pytest.param('https://h?Signature=s', 'https://h?…', id='no path'),
    pytest.param('https://a/x?k=s, then http://b/y?k=s', 'https://a/x?… then http://b/y?…', id='two URLs'),
    pytest.param('https://h/a@b/c', 'https://h/a@b/c', id='an at sign in the path'),
    pytest.param('no URL here? none.', 'no URL here? none.', id='no URL'),
])
def test_urls_lose_query_and_user(text, expected):
    assert bare_urls(text) == expected
    assert mask(text) == expected


@pytest.mark.parametrize('text', [
    pytest.param(r'{"url": "https:\/\/h\/p.csv?Expires=1&Signature=hidden"}', id='slashes escaped as JSON may'),
    pytest.param("https://h/p.csv?Policy='x'&Signature=hidden", id='an apostrophe in the query'),
])
def test_the_signature_goes_from_less_usual_forms_too(text):
    assert 'hidden' not in mask(text)


def test_a_masked_text_is_one_printable_line():
    assert mask(' a\r\nb\x1b[31m\tc\u2028d\ud800e\x9bf\u202e\u200b\ufeffg\xa0h ') == 'a b [31m c d e f g h'


@pytest.mark.parametrize('kept', [8, 20, 39])
@pytest.mark.parametrize('form', [lambda secret: secret, str.swapcase, lambda secret: quote(secret, safe='')], ids=['plain', 'case', 'quoted'])
def test_a_secret_amid_which_a_text_was_cut_is_masked(form, kept):
    secret = 'a/+=' * 10
    shown = shortened('!' * (TEXT_LIMIT - kept) + form(secret))
    assert mask(f'"{shown}", and more …', secret) == '"' + '!' * (TEXT_LIMIT - kept) + '********…", and more …'


def test_what_only_begins_like_a_secret_stays():
    assert mask('not-the-token…', 'not-the-secret') == 'not-the-token…'
