# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Records as they are read: as many as are counted, in any form that a file may have."""

from __future__ import annotations

import codecs
import os
import tempfile
import tracemalloc
from itertools import chain

import pytest
from ansible_collections.webex_partner.billing.plugins.module_utils._errors import InvalidInput
from ansible_collections.webex_partner.billing.plugins.module_utils._file import reader as reading
from ansible_collections.webex_partner.billing.plugins.module_utils._file.reader import LONGEST, Reader
from ansible_collections.webex_partner.billing.plugins.module_utils._file.table import Table


def read(content):
    """The reader of a content, after all its records were read, and the records."""
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.flush()
        reader = Reader('the file', file.fileno())
        return reader, list(chain.from_iterable(reader.batches()))


def counted(content):
    table = Table()
    table.feed(content)
    table.end()
    return table.records


ODD = [
    (b'a,b\n1,2\n', [['1', '2']]),
    (b'a,b\n1,2', [['1', '2']]),
    (b'a,b\r\n1,2\r\n\r\n\r\n3,4', [['1', '2'], ['3', '4']]),
    (b'a,b\r1,2\r"3\r\n",4\r', [['1', '2'], ['3\r\n', '4']]),
    (b'\n\na,b\n1,2\n', [['1', '2']]),
    (b'a,b\n', []),
    (b'a;b\n1,5;"2;3"\n', [['1,5', '2;3']]),
    (b'sep=;\r\na;b\r\n1;2,3\r\n', [['1', '2,3']]),
    (b'a,b\n"1","say ""no"""\n', [['1', 'say "no"']]),
    (b'a,b\n5" pipe,2\n', [['5" pipe', '2']]),
    (b'a,b\n1,2\n"3","4\n5,6\n"\n7,8\n\n9,"1"0\n', [['1', '2'], ['3', '4\n5,6\n'], ['7', '8'], ['9', '10']]),
    (b'a,b\n1,"never closed\n3,4\n', [['1', 'never closed\n3,4\n']]),
    (b'a,b\n1\n1,2,3\n', [['1', ''], ['1', '2']]),
    (b'a,b\n\x00,2\n', [[' ', '2']]),
    (codecs.BOM_UTF8 + 'a,b\nZürich,€\n'.encode(), [['Zürich', '€']]),
    ('a,b\nZürich,ß\n'.encode('latin-1'), [['Zürich', 'ß']]),
    ('a,b\nplain,1\nZürich,ß\n'.encode(), [['plain', '1'], ['Zürich', 'ß']]),
    (codecs.BOM_UTF16_LE + 'a\tb\nĊ,"\t"\n\u0a0a\n"'.encode('utf-16-le'), [['Ċ,"', '\n\u0a0a\n']]),
    ('a,b\nZürich,€\n'.encode('utf-16-be'), [['Zürich', '€']]),
    (codecs.BOM_UTF32_BE + 'a,b\nZürich,€\n'.encode('utf-32-be'), [['Zürich', '€']]),
]


@pytest.mark.parametrize(('content', 'records'), ODD, ids=repr)
@pytest.mark.parametrize('chunk', [1, 2, 3, 7, reading.CHUNK])
def test_records(monkeypatch, content, records, chunk):
    monkeypatch.setattr(reading, 'CHUNK', chunk)
    reader, found = read(content)
    assert found == records
    assert reader.records == len(found) == counted(content)


def test_columns_are_known_before_the_records():
    with tempfile.TemporaryFile() as file:
        file.write('Größe,"b\nc"\n1,2\n'.encode())
        file.flush()
        assert Reader('the file', file.fileno()).columns == ['Größe', 'b c']


def test_uneven_records_are_counted():
    reader, _found = read(b'a,b\n1\n1,2,3\n1,2\n')
    assert reader.uneven == 2


@pytest.mark.parametrize(('content', 'said'), [
    (b'<html>a,b</html>', 'the file is an HTML or XML page, not CSV'),
    (b'PK\x03\x04', 'a ZIP archive'),
    (b'Access Denied', 'one line of text without columns'),
    (b'a\n', 'one line of text without columns'),
    (b'a,"b\nc","d\n1,2\n', 'the header of the file cannot be read'),
    (b'a,b\n1,"' + b'x' * 200_000, 'a field of more than 131072 characters'),
    (b'a,b\n' + b'1,2\n' * 200_000 + b'"' + b'x\n","' * LONGEST, 'a record of more than 1048576 bytes'),
    (b'a,b\n' + b'1,' * LONGEST, 'a record of more than 1048576 bytes'),
    (b'a,' * LONGEST + b'\n1,2\n', 'a record of more than 1048576 bytes'),
], ids=lambda value: repr(value)[:30])
def test_what_cannot_be_read(content, said):
    with pytest.raises(InvalidInput, match=said):
        read(content)


def test_memory_does_not_grow_with_the_file(tmp_path):
    path = tmp_path / 'large.csv'
    path.write_bytes(b'a,b\n' + b'some text,"and\nmore"\n' * 500_000)
    descriptor = os.open(path, os.O_RDONLY)
    tracemalloc.start()
    try:
        assert sum(map(len, Reader('the file', descriptor).batches())) == 500_000
        assert tracemalloc.get_traced_memory()[1] < 4 * LONGEST
    finally:
        tracemalloc.stop()
        os.close(descriptor)
