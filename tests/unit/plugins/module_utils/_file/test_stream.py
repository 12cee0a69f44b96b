# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a file host sends, by the wire: never a mix of two files, never more or less than was told, never the frames of a transfer."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib

import pytest
from ansible_collections.webex_partner.billing.plugins.module_utils._errors import DownloadFailed
from ansible_collections.webex_partner.billing.plugins.module_utils._file.coding import unpackers
from ansible_collections.webex_partner.billing.plugins.module_utils._file.stream import CHUNK
from ansible_collections.webex_partner.billing.tests.unit.downloading import failure
from ansible_collections.webex_partner.billing.tests.unit.raw_server import RawServer, http

GOOD = b'a,b\n' + b'1,2\n' * 50
OTHER = b'c,d\n' + b'3,4\n' * 50
HALF = len(GOOD) // 2
ETAG = 'ETag: "e"'
WHOLE = http(GOOD, 'ETag: "whole"')


def cut(*headers, content=GOOD, length=len(GOOD)):
    """The first half of a file whose length is told."""
    return http(content[:HALF], f'Content-Length: {length}', *headers)


def in_chunks(body, end=b'0\r\n\r\n'):
    return b'%x\r\n%s\r\n%s' % (len(body), body, end)


def rest(*headers, content=GOOD, start=HALF, total=len(GOOD), surplus=b'', length=None):
    """The second half of a file."""
    told = f'Content-Length: {length}' if length is not None else 'X-Length: none'
    return http(
        content[start:] + surplus, f'Content-Range: bytes {start}-{total - 1}/{total}', *headers, told,
        *(() if length is not None else ('Transfer-Encoding: identity',)), status='206 Partial Content',
    )


@pytest.fixture
def sent(sandbox, report, fetch):
    """Downloads from a file host that gives these answers in turn, the last one again and again. Returns the bytes, the download, and its requests."""
    def run(*answers, **options):
        turns = iter(answers)
        with RawServer(lambda _request: next(turns, answers[-1])) as host:
            sandbox.trouble(path=report, times=0, replace={'tempDownloadURL': f'http://{host.address}/a.csv?Signature=made-up'})
            try:
                download, found, body = fetch(**options)
            finally:
                sandbox.clear_trouble()
            assert (found.size, found.records) == (len(body), body.count(b'\n') - 1)
            return body, download, host.requests
    return run


def ranges(requests):
    return [b'\r\nRange: ' in request for request in requests]


def test_the_same_strong_etag_goes_on(sent):
    body, _download, requests = sent(cut(ETAG), rest(ETAG))
    assert body == GOOD and b'\r\nRange: bytes=%d-\r\nIf-Range: "e"\r\n' % HALF in requests[1]


@pytest.mark.parametrize('validator', ['X-None: "e"', 'ETag: W/"e"', 'ETag: e', 'ETag: ""', 'ETag: "a b"', 'Last-Modified: Wed, 21 Oct 2026 07:28:00 GMT'])
def test_without_a_strong_etag_no_part_is_asked_for(sent, validator):
    body, _download, requests = sent(cut(validator, content=OTHER), WHOLE)
    assert body == GOOD and ranges(requests) == [False, False]


@pytest.mark.parametrize('answer', [
    rest('ETag: "another"'), rest(), rest('ETag: W/"e"'), rest(ETAG, total=len(GOOD) + 4), rest(ETAG, start=HALF + 1), rest(ETAG, start=HALF - 1),
    rest(ETAG, surplus=b'5,6\n'), rest(ETAG, length=HALF - 5), rest(ETAG, length=len(GOOD)), rest(ETAG, 'Content-Encoding: gzip'),
    http(GOOD[HALF:], ETAG, status='206 Partial Content'),
    http(GOOD[HALF:], ETAG, f'Content-Range: bytes {HALF}-{len(GOOD) - 1}/*', status='206 Partial Content'),
    http(b'', 'Content-Range: bytes */10', status='416 Range Not Satisfiable'),
], ids=[
    'another ETag', 'no ETag', 'a weak ETag', 'another total', 'too far on', 'too early', 'more than told', 'a shorter length', 'the whole length', 'packed',
    'no range', 'no total', '416',
])
def test_a_part_that_does_not_fit_begins_anew(sent, answer):
    body, _download, requests = sent(cut(ETAG, content=OTHER), answer, WHOLE)
    assert body == GOOD and ranges(requests) == [False, True, False]


def test_a_whole_file_in_answer_to_a_range_begins_anew(sent):
    assert sent(cut(ETAG, content=OTHER), WHOLE)[0] == GOOD


def test_the_same_etag_at_another_place_begins_anew(sandbox, report, sent):
    with RawServer(rest(ETAG)) as elsewhere:
        moved = http(b'', f'Location: http://{elsewhere.address}/a.csv', status='302 Found')
        body, _download, requests = sent(cut(ETAG, content=OTHER), moved, WHOLE)
    assert body == GOOD and ranges(requests) == [False, True, False]


@pytest.mark.parametrize(('etag', 'asked'), [('"e"', [False, True]), ('"another"', [False, True, False])])
def test_a_total_that_is_told_late(sent, etag, asked):
    content = b'a,b\n' + b'1,2\n' * CHUNK
    without_length = http(b'%x\r\n%s' % (len(content), content[:CHUNK + 10]), 'Transfer-Encoding: chunked', ETAG)
    then = rest(f'ETag: {etag}', content=content, start=CHUNK, total=len(content))
    body, download, requests = sent(without_length, then, http(content))
    assert body == content and ranges(requests) == asked and download.measured


@pytest.mark.parametrize('answer', [
    http(in_chunks(GOOD), 'Transfer-Encoding: chunked', f'Content-Length: {len(GOOD) - 1}'),
    http(in_chunks(GOOD), 'Transfer-Encoding: chunked', f'Content-Length: {len(GOOD) + 1}'),
    http(GOOD, f'Content-Length: {len(GOOD) + 1}'),
    http(GOOD, f'Content-Length: {len(GOOD)}', f'Content-Length: {len(GOOD) + 1}'),
], ids=['less than its chunks', 'more than its chunks', 'more than comes', 'two lengths'])
def test_another_length_than_was_told_is_never_a_file(sent, fetch, tmp_path, answer):
    assert sent(answer, WHOLE)[0] == GOOD
    assert failure(lambda: sent(answer), tmp_path).kind in ('download', 'network')


@pytest.mark.parametrize('answer', [
    http(GOOD + b'5,6\n', f'Content-Length: {len(GOOD)}'), http(GOOD, f'Content-Length: {len(GOOD)}', f'Content-Length: {len(GOOD)}'),
    http(in_chunks(GOOD), 'Transfer-Encoding: chunked'), http(in_chunks(GOOD), 'Transfer-Encoding: CHUNKED', f'Content-Length: {len(GOOD)}'),
    http(GOOD, 'Transfer-Encoding: identity', f'Content-Length: {len(GOOD)}'),
])
def test_a_length_that_is_told_is_the_one_that_comes(sent, answer):
    body, download, _requests = sent(answer)
    assert body == GOOD and download.measured


@pytest.mark.parametrize('transfer', ['identity, chunked', 'chunked, identity', 'gzip, chunked', 'chunked, chunked', 'chunked ', 'xchunked', 'gzip'])
def test_a_transfer_that_is_not_understood_is_refused(sent, tmp_path, transfer):
    error = failure(lambda: sent(http(in_chunks(GOOD), f'Transfer-Encoding: {transfer}')), tmp_path)
    assert isinstance(error, DownloadFailed) and 'Transfer-Encoding' in str(error)


def raw_deflate(content):
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(content) + packer.flush()


def gzipped(content, level=9):
    """The same bytes at any time, since they name a case, and workers compare names."""
    return gzip.compress(content, level, mtime=0)


PACKED = {
    'gzip': gzipped(GOOD),
    'GZIP': gzipped(GOOD[:50]) + gzipped(b'') + gzipped(GOOD[50:]),
    'x-gzip': gzipped(GOOD, 0),
    'deflate': zlib.compress(GOOD),
    'Deflate': raw_deflate(GOOD),
    'aws-chunked,gzip': gzipped(GOOD),
    'deflate, gzip': gzipped(zlib.compress(GOOD)),
}


@pytest.mark.parametrize(('coding', 'packed'), PACKED.items())
def test_a_file_that_is_packed(sent, coding, packed):
    body, download, _requests = sent(http(packed, f'Content-Encoding: {coding}', ETAG))
    assert body == GOOD and download.measured
    assert sent(http(in_chunks(packed[:9], in_chunks(packed[9:])), f'Content-Encoding: {coding}', 'Transfer-Encoding: chunked'))[0] == GOOD


@pytest.mark.parametrize('coding', ['', 'identity', 'utf-8', 'binary', 'aws-chunked', 'text/csv', 'identity, utf-8'])
def test_what_is_no_packing_is_taken_as_it_is(sent, coding):
    body, _download, requests = sent(cut(f'Content-Encoding: {coding}', ETAG), rest(f'Content-Encoding: {coding}', ETAG))
    assert body == GOOD and ranges(requests) == [False, True]


@pytest.mark.parametrize('coding', ['br', 'zstd', 'gzip, BR', 'compress'])
def test_a_packing_that_cannot_be_unpacked_is_named(sent, tmp_path, coding):
    error = failure(lambda: sent(http(GOOD, f'Content-Encoding: {coding}')), tmp_path)
    assert f'packed with {coding.split(", ")[-1].lower()}' in str(error) and 'Content-Encoding' in error.remedy


@pytest.mark.parametrize(('coding', 'packed'), [
    ('gzip', PACKED['gzip'][:-1]), ('gzip', PACKED['gzip'] + b'\n'), ('gzip', PACKED['gzip'] + b'\0\0\0'), ('gzip', PACKED['gzip'] + PACKED['gzip'][:12]),
    ('gzip', PACKED['gzip'][:-8] + b'\0' * 8), ('gzip', GOOD), ('gzip', b''), ('gzip', b'\x1f'),
    ('deflate', PACKED['deflate'][:-1]), ('deflate', PACKED['deflate'] * 2), ('deflate', PACKED['Deflate'] + b'\n'), ('deflate', PACKED['Deflate'][:-1]),
])
def test_a_damaged_packing_begins_anew_and_is_never_a_file(sent, tmp_path, coding, packed):
    damaged = http(packed, f'Content-Encoding: {coding}', ETAG)
    body, _download, requests = sent(damaged, WHOLE)
    assert body == GOOD and ranges(requests) == [False, False]
    assert f'packed with {coding}' in str(failure(lambda: sent(damaged), tmp_path))


def test_what_is_packed_and_cut_begins_anew(sent):
    packed = gzip.compress(OTHER)
    first = http(packed[:-9], f'Content-Length: {len(packed)}', 'Content-Encoding: gzip', ETAG)
    body, _download, requests = sent(first, WHOLE)
    assert body == GOOD and ranges(requests) == [False, False]


@pytest.mark.parametrize('at_once', [1, 1000, 1_000_000])
def test_a_bomb_is_unpacked_piece_by_piece(at_once):
    size = 20_000_000
    packed = gzip.compress(gzip.compress(b'x' * size))
    tracemalloc.start()
    try:
        chunks = iter([packed[start:start + at_once] for start in range(0, len(packed), at_once)])
        for unpack in unpackers('gzip, gzip'):
            chunks = unpack(chunks)
        assert sum(map(len, chunks)) == size and tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()
