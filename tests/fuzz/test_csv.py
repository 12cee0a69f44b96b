# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Any bytes as a file: never a failure, no matter how they are cut, and Python's csv agrees where they are regular."""

from __future__ import annotations

import csv
import io
import tempfile
from contextlib import contextmanager
from itertools import chain

import pytest
from ansible_collections.webex_partner.billing.plugins.module_utils._errors import InvalidInput
from ansible_collections.webex_partner.billing.plugins.module_utils._file import reader as reading
from ansible_collections.webex_partner.billing.plugins.module_utils._file.reader import Reader
from ansible_collections.webex_partner.billing.plugins.module_utils._file.records import Records
from ansible_collections.webex_partner.billing.plugins.module_utils._file.table import BOMS, DELIMITERS, Table
from ansible_collections.webex_partner.billing.tests.fuzz.judging import judge_result, judge_texts
from hypothesis import example, given
from hypothesis import strategies as st

KEPT = 8  # bytes that may be held of what came, once it is known what it is

fields = st.text('ab"\'\n ,;\t|ü€') | st.text(st.characters(exclude_categories=('Cc', 'Cs')), max_size=8)
cuts = st.lists(st.integers(0, 400), max_size=6)
pieces = st.sampled_from((b'"', b'""', b',', b';', b'\r\n', b'\n', b'\r', b'x', b' ', b'\xff', b'\xc3', b'\x00', b'<', b'a,b\n')) | st.binary(max_size=4)
contents = st.builds(bytes.__add__, st.sampled_from((b'', b'', b'h,i\n', *BOMS)), st.lists(pieces, max_size=60).map(b''.join) | st.binary(max_size=300))


line_ends = st.sampled_from(('\n', '\r\n', '\r', '\r\r\n'))
pieces = st.sampled_from(('"', '""', ',', ';', '\r\n', '\n', '\r', 'x', ' ', 'ü'))
loose = st.lists(pieces | st.text(st.characters(exclude_categories=('Cs',)), max_size=2)).map(''.join)


@st.composite
def _tables(draw):
    """A text as a writer of CSV makes it, or several of them, each with its own line ends, and its rows."""
    width, delimiter = draw(st.integers(2, 4)), draw(st.sampled_from(DELIMITERS))
    header = [f'column {number}' for number in range(width)]
    rows = [header, *draw(st.lists(st.lists(fields, min_size=width, max_size=width), max_size=6))]
    sink, quoting = io.StringIO(), draw(st.sampled_from((0, 1)))
    ends = draw(line_ends.map(lambda end: [end] * len(rows)) | st.lists(line_ends, min_size=len(rows), max_size=len(rows)))
    for row, end in zip(rows, ends):
        csv.writer(sink, delimiter=delimiter, lineterminator=end, quoting=quoting).writerow(row)
    return sink.getvalue(), rows


tables = _tables()


def parts_of(content, at):
    """A content cut at these places."""
    edges = sorted({0, len(content), *(cut for cut in at if cut < len(content))})
    return [content[start:end] for start, end in zip(edges, edges[1:])]


def table_of(content, at=()):
    """The table of a content that comes cut at these places."""
    table = Table()
    for part in parts_of(content, at):
        table.feed(part)
    table.end()
    return table


def told(table):
    return table.problem, table.records, table.columns, table.ends_in_quotes


@contextmanager
def looking_at(size):
    """Few bytes are looked at first, so that examples go beyond them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr('ansible_collections.webex_partner.billing.plugins.module_utils._file.table.LOOK', size)
        yield


@given(tables, cuts, st.integers(1, 100))
def test_pythons_csv_agrees(table, at, beyond_the_header):
    text, rows = table
    with looking_at(len(','.join(rows[0])) + beyond_the_header):
        assert told(table_of(text.encode(), at)) == (None, len(rows) - 1, rows[0], False)


@given(loose, cuts, st.sampled_from(DELIMITERS))
def test_pythons_csv_counts_as_many_records_of_whatever_comes(text, at, delimiter):
    text = text.replace('\0', '')  # which csv refuses before Python 3.11
    records = Records(delimiter.encode())
    for part in parts_of(text.encode(), at):
        records.feed(part)
    records.end()
    assert records.count == sum(1 for row in csv.reader(io.StringIO(text, newline=''), delimiter=delimiter) if row)


@given(contents, cuts, st.integers(1, 300))
@example(b'\xff\xfe\x00\x00', [1], 1)
def test_whatever_comes_and_however_it_is_cut(content, at, look):
    with looking_at(look):
        table, uncut = table_of(content, at), table_of(content)
    assert told(table) == told(uncut)
    assert table.records >= 0 and (not table.problem or (table.records, table.columns) == (0, []))
    assert not table._head and (table._records is None or len(table._records._before) <= KEPT)
    judge_texts(table.columns)
    judge_result({'columns': table.columns, 'records': table.records, 'problem': table.problem})


@given(contents | tables.map(lambda table: table[0].encode()), st.integers(1, 50))
def test_as_many_records_are_read_as_are_counted(content, chunk):
    counted = table_of(content)
    with tempfile.TemporaryFile() as file, pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, 'CHUNK', chunk)
        file.write(content)
        file.flush()
        try:
            reader = Reader('the file', file.fileno())
            rows = list(chain.from_iterable(reader.batches()))
        except InvalidInput as error:
            assert counted.problem or 'the header' in str(error)
        else:
            assert (reader.records, reader.columns) == (counted.records, counted.columns)
            assert len(rows) == reader.records and {len(row) for row in rows} <= {len(reader.columns)}
