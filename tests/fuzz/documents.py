# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an API may send as JSON, right and wrong: its own field names with values of every type."""

from __future__ import annotations

import json

from hypothesis import strategies as st

CANARY = 'canary-0123456789+/=ABCDEFGHIJKLMNOP'  # the access token of every client here, which a server may echo anywhere
REPORT_ID = 'abc'
PERIOD = '2026-10'

FIELDS = (
    'items', 'id', 'billingPeriod', 'status', 'created', 'createdBy', 'tempDownloadURL', 'errors', 'code', 'errorCode', 'key', 'description',
    'message', 'error', 'error_description', 'trackingId', 'access_token', 'refresh_token', 'expires_in',
)

characters = st.characters()  # lone surrogates too
pieces = st.sampled_from((
    CANARY, CANARY[::-1], 'https://h/p.csv?Expires=1624978489&Signature=', 'http://user:', '@', '<html>', '"', '\\', "'", '\x1b[31m', '\u202e', '\r\n',
    'x' * 90, 'x' * 480, 'y' * 5000, 'COMPLETED', '{0}', '%s', '{{ lookup("env", "HOME") }}',
)) | st.text(characters, max_size=5)
texts = st.text(characters, max_size=20) | st.lists(pieces, max_size=5).map(''.join)
moments = st.sampled_from((
    '2021-06-16T12:40:33.109Z', '2021-06-16T12:40:33', '0001-01-01T00:00:00+14:00', '9999-12-31T23:59:59-12:00', '2021-06-16T12:40:33+99:99', '2021-06-16',
))
urls = st.builds('https://h/{0}.csv?Expires={1}&Signature={2}'.format, texts, st.integers() | texts, texts) | texts
numbers = st.integers() | st.floats() | st.sampled_from((10 ** 400, -1, 2 ** 64, 1e300))
scalars = st.none() | st.booleans() | numbers | texts | moments
names = st.sampled_from(FIELDS) | texts
values = st.recursive(scalars, lambda inner: st.lists(inner, max_size=5) | st.dictionaries(names, inner, max_size=5), max_leaves=12)


def mostly(right: st.SearchStrategy, wrong: st.SearchStrategy = values) -> st.SearchStrategy:
    """Right in three cases of four, so that the next field has its turn too."""
    return st.sampled_from((True, True, True, False)).flatmap(lambda so: right if so else wrong)


error_entries = st.fixed_dictionaries({}, optional={
    'code': mostly(numbers), 'errorCode': values, 'description': mostly(texts), 'message': values, 'key': values,
})
errors = mostly(st.lists(mostly(error_entries), max_size=3))
statuses = mostly(st.sampled_from(('IN_PROGRESS', 'COMPLETED', 'FAILED', 'REQUESTED')))
reports = st.fixed_dictionaries(
    {'id': mostly(st.sampled_from((REPORT_ID, REPORT_ID, 'def'))), 'billingPeriod': mostly(st.just(PERIOD)), 'status': statuses},
    optional={'created': mostly(moments), 'createdBy': mostly(texts), 'tempDownloadURL': mostly(urls), 'errors': errors},
)
lists = st.fixed_dictionaries({'items': mostly(st.lists(mostly(reports), max_size=4))})
refusals = st.fixed_dictionaries({}, optional={
    'message': mostly(texts), 'errors': errors, 'trackingId': mostly(texts), 'code': values, 'error': values, 'error_description': mostly(texts),
})
tokens = st.fixed_dictionaries({'access_token': mostly(st.sampled_from((CANARY, 'minted')))}, optional={
    'refresh_token': mostly(st.just(CANARY) | texts), 'expires_in': mostly(numbers), 'refresh_token_expires_in': mostly(numbers), 'scope': mostly(texts),
})
devices = st.fixed_dictionaries({'device_code': mostly(st.just(CANARY)), 'user_code': mostly(st.just('123456') | texts)}, optional={
    'verification_uri': mostly(urls), 'verification_uri_complete': mostly(urls), 'expires_in': mostly(numbers), 'interval': mostly(numbers),
})
words = st.sampled_from(('slow_down', 'authorization_pending', 'access_denied', 'invalid_grant', 'tokenlimit_reached'))
oauth_refusals = st.fixed_dictionaries({}, optional={'error': mostly(words), 'message': mostly(words | texts), 'errors': errors})
documents = reports | lists | refusals | oauth_refusals | tokens | devices | values


@st.composite
def bodies(draw: st.DrawFn, right: st.SearchStrategy = documents) -> bytes:
    """Bytes of a document as the API writes them, as others might, or of something that is no document."""
    return draw(st.one_of(
        right.map(json.dumps).map(str.encode),
        right.map(json.dumps).map(str.encode),
        documents.map(json.dumps).map(str.encode),
        st.builds(_written, documents, st.sampled_from(('utf-8-sig', 'utf-16', 'utf-32', 'cp037'))),
        st.builds(_nested, st.sampled_from(('[', '{"errors":', '{"message":[')), st.sampled_from((1, 500, 100_000))),
        st.binary(max_size=200),
        st.sampled_from((b'', b'<!DOCTYPE html>', b'9' * 5000, b'{"id": ' + b'9' * 5000 + b'}', b'"' + b'\\ud800' * 1000 + b'"', CANARY.encode() * 40)),
    ))


def _written(document: object, encoding: str) -> bytes:
    return json.dumps(document).encode(encoding)


def _nested(opening: str, depth: int) -> bytes:
    return (opening * depth).encode()
