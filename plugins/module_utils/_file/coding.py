# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Decode a file that the file host sends with a Content-Encoding, piece by piece, so that memory stays bounded."""

from __future__ import annotations

import typing as t
import zlib
from functools import partial

from .._errors import DownloadFailed, DownloadInterrupted

PIECE = 64 * 1024  # bytes that are decoded at once, however well they are compressed

UNPACKED = {  # HTTP has several names for some encodings
    'gzip': 'gzip',
    'x-gzip': 'gzip',
    'deflate': 'deflate',
}

REFUSED = {  # encodings that Python's standard library does not know, or that no HTTP client requests
    'br', 'zstd', 'compress', 'x-compress', 'dcb', 'dcz', 'exi', 'pack200-gzip', 'aes128gcm', 'bzip2', 'xz', 'lzma',
}

Chunks = t.Iterator[bytes]


def unpackers(header: str) -> list[t.Callable[[Chunks], Chunks]]:
    """Return the decoders for a body with this Content-Encoding, in the order of use. Raises DownloadFailed for an encoding that is refused.

    Any other word, such as utf-8 or aws-chunked, is a mistake in the metadata of a storage and says nothing about the bytes.
    """
    names = [name.strip() for name in header.lower().split(',')]
    for name in REFUSED.intersection(names):
        raise DownloadFailed(
            f'the file host sent the file packed with {name}, which cannot be unpacked here', http_status=200,
            remedy='check the proxy, ask Webex support for a file without Content-Encoding, and run the task again: nothing was replaced',
        )
    return [partial(_unpacked, UNPACKED[name]) for name in reversed(names) if name in UNPACKED]


def _unpacked(name: str, chunks: Chunks) -> Chunks:
    """Yield the decoded chunks. Raises DownloadInterrupted unless they hold exactly one stream (gzip: one or more) and nothing else."""
    unpacker, packed, ended = None, b'', False
    for chunk in chunks:
        packed += chunk
        while unpacker or len(packed) > 1:  # two bytes tell how a stream is encoded
            if not unpacker and ended and name == 'deflate':
                raise _damaged(name, 'goes on after its end')
            unpacker = unpacker or zlib.decompressobj(_window(name, packed))
            try:
                piece = unpacker.decompress(packed, PIECE)
            except zlib.error:
                raise _damaged(name, 'cannot be unpacked') from None
            packed = unpacker.unconsumed_tail
            if piece:
                yield piece
            if unpacker.eof:
                unpacker, packed, ended = None, unpacker.unused_data, True
            elif not packed and len(piece) < PIECE:
                break
    if unpacker or packed or not ended:
        raise _damaged(name, 'ends too early')


def _window(name: str, head: bytes) -> int:
    """Return the wbits for zlib. A deflate stream should have a zlib header, but often has none."""
    if name == 'gzip':
        return 16 + zlib.MAX_WBITS
    has_header = head[0] & 0x0f == zlib.DEFLATED and int.from_bytes(head[:2], 'big') % 31 == 0
    return zlib.MAX_WBITS if has_header else -zlib.MAX_WBITS


def _damaged(name: str, how: str) -> DownloadInterrupted:
    return DownloadInterrupted(f'the file host sent the file packed with {name}, and it {how}', http_status=200)
