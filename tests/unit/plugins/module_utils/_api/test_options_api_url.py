# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where the token may travel to: https, or this machine itself, and no look-alike of it."""

from __future__ import annotations

import pytest
from ansible_collections.webex_partner.billing.plugins.module_utils._api.options import is_loopback
from ansible_collections.webex_partner.billing.plugins.module_utils._errors import InvalidInput
from ansible_collections.webex_partner.billing.tests.unit.connecting import connection_to


@pytest.mark.parametrize(('url', 'expected'), [
    ('https://webexapis.com/v1', 'https://webexapis.com/v1'),
    ('https://webexapis.com/v1/', 'https://webexapis.com/v1'),
    ('https://webexapis.com', 'https://webexapis.com'),
    ('HTTPS://webexapis.com/v1', 'HTTPS://webexapis.com/v1'),
    ('https://gateway.example:8443/webex/v1', 'https://gateway.example:8443/webex/v1'),
    ('https://192.0.2.1/v1', 'https://192.0.2.1/v1'),
    ('http://127.0.0.1:8080/v1', 'http://127.0.0.1:8080/v1'),
    ('http://127.8.8.8/v1', 'http://127.8.8.8/v1'),
    ('http://localhost:8080/v1', 'http://localhost:8080/v1'),
    ('http://LOCALHOST/v1', 'http://LOCALHOST/v1'),
    ('http://[::1]:8080/v1', 'http://[::1]:8080/v1'),
    (' https://webexapis.com/v1 \r\n', 'https://webexapis.com/v1'),
])
def test_accepted(url, expected):
    assert connection_to(url).api_url == expected


@pytest.mark.parametrize('url', [
    'http://webexapis.com/v1',
    'http://localhost.example.com/v1',
    'http://127.0.0.1.example.com/v1',
    'http://127.0.0.1.nip.io/v1',
    'http://user@127.0.0.1/v1',
    'http://user:word@127.0.0.1/v1',
    'https://user:word@webexapis.com/v1',
    'http://127.0.0.1@evil.example/v1',
    'http://localhost@evil.example/v1',
    'http://127.0.0.1:80@evil.example/v1',
    'http://localhost:80\\@evil.example/v1',
    'http://evil.example\\@127.0.0.1/v1',
    'http://evil.example#@127.0.0.1/v1',
    'http://evil.example?@127.0.0.1/v1',
    'http://127.0.0.1\t.evil.example/v1',
    'http://127.0.0.1 .evil.example/v1',
    'http://notlocalhost/v1',
    'http://localhost.localdomain/v1',
    'http://0.0.0.0/v1',
    'http://192.168.1.1/v1',
    'http://10.0.0.1/v1',
    'http://[::]/v1',
    'http://[2001:db8::1]/v1',
    'http://[::1].evil.example/v1',
    'http://128.0.0.1/v1',
    'http://１２７.0.0.1/v1',
    'http://ⓛocalhost/v1',
    'http://localhoſt/v1',
    'httpſ://127.0.0.1/v1',
    'https://webexapiſ.com/v1',
    'https://webexapis.com/\u212a',
    '//127.0.0.1/v1',
    '127.0.0.1/v1',
    'webexapis.com/v1',
    'ftp://127.0.0.1/v1',
    'file:///etc/passwd',
    'httpss://webexapis.com/v1',
    'https://',
    'https:///v1',
    'https://:443/v1',
    'https://webexapis.com:0/v1',
    'https://webexapis.com:99999/v1',
    'https://webexapis.com:port/v1',
    'https://webexapis.com/v1?debug=1',
    'https://webexapis.com/v1?',
    'https://webexapis.com/v1#',
    'https://webexapis.com/v1#x',
    'https://webexapis.com/v1\r\nX-Evil: 1',
    'https://webexapis.com/v 1',
    'https://webexapis.com/\u2028v1',
    'https://[::1',
    'https://webexapis.com/\udce9',
], ids=ascii)
def test_refused(url):
    with pytest.raises(InvalidInput) as caught:
        connection_to(url)
    assert 'api_url' in str(caught.value)
    assert 'word' not in str(caught.value) and str(caught.value).isprintable()


@pytest.mark.parametrize(('host', 'expected'), [
    ('localhost', True), ('127.0.0.1', True), ('127.8.8.8', True), ('::1', True),
    ('localhost.example.com', False), ('128.0.0.1', False), ('::2', False), ('', False), (None, False), ('127.0.0.1.example.com', False),
])
def test_loopback(host, expected):
    assert is_loopback(host) is expected
