# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What may come over the wire as an answer: HTTP that is right, HTTP that went wrong on the way, and no HTTP at all."""

from __future__ import annotations

import gzip
import zlib

from ansible_collections.webex_partner.billing.tests.fuzz.documents import CANARY, bodies, documents, mostly
from hypothesis import strategies as st

NAMES = (
    'Content-Type', 'Content-Length', 'Content-Encoding', 'Transfer-Encoding', 'Retry-After', 'Link', 'TrackingID', 'Date', 'Location', 'Connection', 'ETag',
    'Content-Range', 'Set-Cookie', 'WWW-Authenticate',
)

lines = st.binary(max_size=30).map(lambda line: line.replace(b'\n', b'')) | st.sampled_from((CANARY.encode(), b'x' * 480 + CANARY.encode(), b'y' * 5000))
demands = st.sampled_from((
    '194', '0', '-1', '1.5', '1e3', '9' * 400, '0x10', '١٢', 'rand(30),add(30)', 'Wed, 21 Oct 2026 07:28:00 GMT', 'Wed, 21 Oct 0000 07:28:00 GMT',
    'Mon, 31 Feb 2026 99:99:99 +9999', '2026-10-21', 'soon', '',
)).map(str.encode)
links = st.sampled_from((
    '</v1/broadworks/billing/reports?page=2>; rel="next"', '<?a>; rel=next', '<https://elsewhere.example/>; rel="next"', '<http://[>; rel="next"',
    '<>; rel="next"', '<//>; rel="next"', '<http://127.0.0.1:99999/>; rel="next"', ';;;=,<', '<' * 500, '</v1\\..%2e/\u00ff>; rel="next"',
)).map(lambda link: link.encode('latin-1'))
lengths = st.integers().map(b'%d'.__mod__) | st.sampled_from((
    b'0', b'1', b'-1', b'5, 5', b'5, 6', b'1_0', b'\xb2', b'9' * 5000, b'18446744073709551616', b' 7 ', b'0x10',
))
codings = st.sampled_from((b'gzip', b'deflate', b'br', b'zstd', b'identity', b'gzip, gzip', b', '.join([b'gzip'] * 9), b'\xff'))
headers = st.one_of(
    st.tuples(st.just(b'Retry-After'), demands | lines),
    st.tuples(st.just(b'Link'), links | lines),
    st.tuples(st.just(b'TrackingID'), st.just(b'ROUTER_5F9C') | lines),
    st.tuples(st.just(b'Content-Length'), lengths),
    st.tuples(st.just(b'Content-Encoding'), codings),
    st.tuples(st.just(b'Transfer-Encoding'), st.sampled_from((b'chunked', b'CHUNKED', b'gzip, chunked', b'identity, chunked', b'identity', b'\xff'))),
    st.tuples(st.sampled_from(NAMES).map(str.encode) | lines, lines),
)
known_statuses = st.sampled_from((200, 200, 201, 202, 204, 206, 302, 400, 401, 403, 404, 405, 408, 409, 410, 415, 416, 423, 428, 429, 500, 502, 503, 504))
statuses = mostly(known_statuses.map(b'%d'.__mod__), st.integers(-1, 10_000).map(b'%d'.__mod__) | lines)


def answers(right: st.SearchStrategy = documents) -> st.SearchStrategy[bytes]:
    """Answers to a call that hopes for a document of the kind ``right``."""
    return whole_answers(bodies(right)) | spoilt(whole_answers(bodies(right))) | st.binary(max_size=300)


@st.composite
def whole_answers(draw: st.DrawFn, contents: st.SearchStrategy[bytes], status: st.SearchStrategy[bytes] = statuses) -> bytes:
    """An answer whose frame is sound but for the headers it was given; its body may be packed or cut in chunks."""
    body, given = draw(contents), draw(st.lists(headers, max_size=4))
    frame = draw(st.sampled_from(('length', 'length', 'length', 'chunks', 'end', 'gzip', 'deflate')))
    if frame in ('gzip', 'deflate'):
        body = gzip.compress(body, 1, mtime=0) if frame == 'gzip' else zlib.compress(body, 1)
        given.append((b'Content-Encoding', frame.encode()))
    if frame == 'chunks':
        body = in_chunks(body, draw(st.integers(1, 100)))
        given.append((b'Transfer-Encoding', b'chunked'))
    elif frame != 'end':
        given.append((b'Content-Length', b'%d' % len(body)))
    return b'\r\n'.join((b'HTTP/1.1 ' + draw(status) + b' said', *(b': '.join(pair) for pair in given), b'', body))


def in_chunks(body: bytes, size: int) -> bytes:
    parts = [body[start:start + size] for start in range(0, len(body), size)]
    return b''.join(b'%x\r\n%b\r\n' % (len(part), part) for part in [*parts, b''])


@st.composite
def spoilt(draw: st.DrawFn, sound: st.SearchStrategy[bytes]) -> bytes:
    """Bytes of which some were lost, doubled, changed or put in between."""
    found = draw(sound)
    for _change in range(draw(st.integers(1, 3))):
        start, length = draw(st.integers(0, len(found))), draw(st.integers(0, 40))
        other = draw(st.one_of(
            st.just(b''),
            st.just(found[start:start + length] * 2),
            st.binary(max_size=10),
            st.sampled_from((
                b'\r\n\r\n', b'\r\n', b'\x00', b'\xff' * 20, b'ffffffffffffffff\r\n', b'-1\r\n', b'HTTP/1.1 100 Continue\r\n\r\n', CANARY.encode(),
            )),
        ))
        found = found[:start] + other + found[start + length:]
    return found[:draw(st.integers(0, len(found)))] if draw(st.booleans()) else found
