# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sort any number of texts in bounded memory: sorted runs of them go to files that have no name, and are merged."""

from __future__ import annotations

import struct
import tempfile
import typing as t
from bisect import bisect_right
from itertools import chain, islice
from sys import getsizeof

MEMORY = 16 * 1024 * 1024  # bytes of texts that wait for their turn; below, nothing is written at all
BLOCK = 128 * 1024  # bytes of texts that are read at once from each run
TOGETHER = 100  # texts that are taken at once
RUNS = 64  # that are merged at once, each an open file

Block = t.List[bytes]

_END = b'\xff'  # between two texts in a file; no UTF-8 holds this byte
_LENGTH = struct.Struct('>Q')


class Sorter:
    """Takes texts in UTF-8, and yields them in their order, as often as asked.

    Its files lie in ``folder``. Only this process can reach them, and they are gone when it ends, however it ends.
    """

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._runs: list[t.BinaryIO] = []
        self._waiting: Block = []
        self._size = 0

    def feed(self, texts: t.Iterable[bytes]) -> None:
        texts = iter(texts)
        while more := list(islice(texts, TOGETHER)):
            self._waiting += more
            self._size += sum(map(getsizeof, more))
            if self._size >= MEMORY:
                self._write_run()

    def add(self, text: bytes) -> None:
        self._waiting.append(text)
        self._size += getsizeof(text)
        if self._size >= MEMORY:
            self._write_run()

    def __iter__(self) -> t.Iterator[bytes]:
        self._waiting.sort()
        return chain.from_iterable(_merged([*map(_blocks, self._runs), iter([self._waiting] if self._waiting else [])]))

    def _write_run(self) -> None:
        if len(self._runs) == RUNS:
            self._runs = [self._written(_merged(list(map(_blocks, self._runs))))]
        self._waiting.sort()
        self._runs.append(self._written([self._waiting]))
        self._waiting, self._size = [], 0

    def _written(self, blocks: t.Iterable[Block]) -> t.BinaryIO:
        file = tempfile.TemporaryFile(dir=self._folder)
        for block in blocks:
            for start, end in _cuts(block):
                data = _END.join(block[start:end])
                file.write(_LENGTH.pack(len(data)) + data)
        file.flush()
        return file


def _cuts(texts: Block) -> t.Iterator[tuple[int, int]]:
    """Yield where to cut texts into pieces of at most BLOCK bytes each, or of one text."""
    start = size = 0
    for place, more in enumerate(map(getsizeof, texts)):
        if size and size + more > BLOCK:
            yield start, place
            start, size = place, 0
        size += more
    yield start, len(texts)


def _blocks(run: t.BinaryIO) -> t.Iterator[Block]:
    run.seek(0)
    while head := run.read(_LENGTH.size):
        yield run.read(*_LENGTH.unpack(head)).split(_END)


def _merged(runs: list[t.Iterator[Block]]) -> t.Iterator[Block]:
    """Yield the texts of sorted runs in their order, in new blocks: of the blocks at hand, all that come before the first end of a block."""
    heads = [(block, run) for run in runs for block in [next(run, None)] if block]
    while heads:
        bound = min(block[-1] for block, _run in heads)
        due: Block = []
        left = []
        for block, run in heads:
            end = bisect_right(block, bound)
            due += block[:end]
            rest = block[end:] or next(run, None)
            if rest:
                left.append((rest, run))
        heads = left
        due.sort()
        yield due
