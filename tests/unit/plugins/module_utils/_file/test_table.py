# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""CSV by the byte: columns and records in any form that a file may have, at any cut of the stream."""

from __future__ import annotations

import codecs
import csv
import io
import random

import pytest
from ansible_collections.webex_partner.billing.plugins.module_utils._file.records import Records
from ansible_collections.webex_partner.billing.plugins.module_utils._file.table import LONGEST_LOOK, LOOK, Table


def table_of(content, step=None):
    table = Table()
    step = step or len(content) or 1
    for start in range(0, len(content), step):
        table.feed(content[start:start + step])
    table.end()
    return table


@pytest.mark.parametrize(('text', 'records'), [
    ('a,b\n1,2\n', 1),
    ('a,b\n1,2', 1),
    ('a,b\r\n1,2\r\n3,4\r\n', 2),
    ('a,b\r1,2\r3,4\r', 2),
    ('a,b\n', 0),
    ('a,b', 0),
    ('a,b\n\n\n1,2\n\n', 1),
    ('\n\na,b\n1,2\n', 1),
    ('a,b\n"one\nrecord",2\n', 1),
    ('a,b\n"one\r\n\r\nrecord",2\r\n"",""\r\n', 2),
    ('a,b\n"say ""no""\nor",2\n', 1),
    ('a,b\n"""quoted""\n",2\n3,4\n', 2),
    ('"a\nb",c\n1,2\n', 1),
    ('"a\nb",c', 0),
    ('a,b\n5" pipe,2\n6" pipe,3\n', 2),
    ('a,b\n"x" tail,2\n3,4\n', 2),
    ('a,b\n"never closed,2\n3,4\n', 1),
    ('a"b,c\n1,2\n3,4\n', 2),
    ('one\n1\n2\n', 2),
    ('a,b\r\r\n1,2\r\r\n3,4\r\r\n', 2),
    ('a,b\n1,2\r3,4\r5,6\r', 3),
    ('a"a\r\r,"a,', 1),
    ('a,b\r1,"2\n3"\r4,5\r', 2),
    ('sep=;\r\na;b\r\n1,"5;2\r\n', 1),
], ids=repr)
@pytest.mark.parametrize('step', [1, 2, 3, None])
def test_records(monkeypatch, text, records, step):
    monkeypatch.setattr('ansible_collections.webex_partner.billing.plugins.module_utils._file.table.LOOK', 9)
    table = table_of(text.encode(), step)
    assert (table.problem, table.records) == (None, records)


def test_each_column_name_is_one_line():
    table = table_of('"a\r\nTASK [forged]",b\x9b\u202e\u2028,\u200b, d \x1b[2J\n1,2,3,4\n'.encode())
    assert table.columns == ['a TASK [forged]', 'b', '', ' d  [2J']


@pytest.mark.parametrize('line_ends', [['\n'], ['\r\n'], ['\r'], ['\r\r\n'], ['\n', '\r\n', '\r']])
def test_records_are_those_of_pythons_csv_for_whatever_comes(line_ends):
    dice = random.Random(20261105)
    pieces = ['"', '""', 'x', ',', 'y,', '",', ',"', ' ', 'ü', *line_ends, *(f'"{end}' for end in line_ends)]
    for _round in range(2000):
        text = ''.join(dice.choice(pieces) for _piece in range(dice.randrange(40)))
        content, records, step = text.encode(), Records(b','), dice.choice((1, 2, 3, 7, 50))
        for start in range(0, len(content), step):
            records.feed(content[start:start + step])
        records.end()
        assert records.count == sum(1 for row in csv.reader(io.StringIO(text, newline='')) if row), (text, step)


@pytest.mark.parametrize(('text', 'columns', 'records'), [
    ('Name, first;Amt, EUR, net\n"a\nb";1,5\n"c\nd";2,5\n', ['Name, first', 'Amt, EUR, net'], 2),
    ('"\n",aa"\n"1\n",2\n', ['', 'aa"'], 1),
    ('a"b,c\n1,2\n', ['a"b', 'c'], 1),
    ('"a;b","c;d","e;f"\n1,2,3\n', ['a;b', 'c;d', 'e;f'], 1),
    ('sep=;\na,b;c,d\n1;"2\n"\n', ['a,b', 'c,d'], 1),
    ('"SEP=^"\r\na^b\r\n1^"2\r\n"\r\n', ['a', 'b'], 1),
    ('sep=x\n1\n', ['sep=x'], 1),
    ('a,"b\n1,2\n', ['a', 'b'], 0),
    ('[CustomerId],[Users]\n1,2\n', ['[CustomerId]', '[Users]'], 1),
    ('["a"],[2]\n1,2\n', ['["a"]', '[2]'], 1),
    ('{Name},{Users}\n1,2\n', ['{Name}', '{Users}'], 1),
    ('<Name>,<Users>\n1,</2\n', ['<Name>', '<Users>'], 1),
    ('Name,Note\nA,"\x0b"\nB\x1b[1m,\x00\n', ['Name', 'Note'], 2),
    ('Name\x00,Note\nA,B\n', ['Name ', 'Note'], 1),
], ids=repr)
def test_csv_as_it_comes(text, columns, records):
    table = table_of(text.encode())
    assert (table.problem, table.columns, table.records) == (None, columns, records)


@pytest.mark.parametrize('step', [1000, LOOK, None])
@pytest.mark.parametrize('width', [10_000, 30_000])
def test_a_header_longer_than_what_is_looked_at_first(step, width):
    names = [f'column {number}' for number in range(width)]
    table = table_of((','.join(names) + '\n' + '1,2\n' * 50_000).encode(), step)
    assert (table.problem, table.columns, table.records) == (None, names, 50_000)


def test_of_a_header_that_hardly_ends_the_names_that_fit_are_told():
    table = table_of(b'name,' * LONGEST_LOOK + b'\n1,2\n')
    assert table.records == 1 and set(table.columns) == {'name'}


@pytest.mark.parametrize('delimiter', [',', ';', '\t', '|'])
def test_the_delimiter_is_the_one_of_the_header(delimiter):
    table = table_of(delimiter.join(['a', '"b,;|x"', 'c', 'd,;']).encode() + b'\n1\n')
    assert len(table.columns) == (5 if delimiter == ',' else 5 if delimiter == ';' else 4) and table.records == 1


def test_a_quote_opens_a_field_after_the_delimiter_only():
    assert table_of(b'a;b\n1,"x;2\n3,"y;4\n').records == 2


@pytest.mark.parametrize(('content', 'columns'), [
    ('Größe,b\n'.encode(), ['Größe', 'b']),
    (codecs.BOM_UTF8 + 'Größe,b\n'.encode(), ['Größe', 'b']),
    ('Größe,b\n'.encode('latin-1'), ['Größe', 'b']),
    (codecs.BOM_UTF16_LE + 'Größe,b\n'.encode('utf-16-le'), ['Größe', 'b']),
    (codecs.BOM_UTF16_BE + 'Größe,b\n'.encode('utf-16-be'), ['Größe', 'b']),
    (codecs.BOM_UTF32_LE + 'Größe,b\n'.encode('utf-32-le'), ['Größe', 'b']),
    (codecs.BOM_UTF32_BE + 'Größe,b\n'.encode('utf-32-be'), ['Größe', 'b']),
    (codecs.BOM_UTF16_LE + 'a,b\n'.encode('utf-16-le') + b'\x00', ['a', 'b']),
    ('Größe,b\n'.encode('utf-16-le'), ['Größe', 'b']),
    ('Größe,b\n'.encode('utf-16-be'), ['Größe', 'b']),
    ('Größe,b\n'.encode('utf-32-le'), ['Größe', 'b']),
    ('Größe,b\n'.encode('utf-32-be'), ['Größe', 'b']),
    (b'\xff\xfea', None),
    (b'a,\xc3\x28\xff\n', ['a', 'Ã(ÿ']),
    (b'"a, b","c ""d"""\n', ['a, b', 'c "d"']),
    (b'a,,b,\n', ['a', '', 'b', '']),
], ids=repr)
def test_looking_never_fails_on_the_encoding(content, columns):
    table = table_of(content)
    assert table.columns == (columns or []) and table.records == 0


@pytest.mark.parametrize('bom', [codecs.BOM_UTF16_LE, b''])
def test_a_line_end_in_utf_16_is_a_character_not_a_byte(monkeypatch, bom):
    text = 'a,b\nĊ,"\n"\n\u0a0a,2\n'
    monkeypatch.setattr('ansible_collections.webex_partner.billing.plugins.module_utils._file.table.LOOK', 8)
    assert table_of(bom + text.encode('utf-16-le')).records == 2


@pytest.mark.parametrize(('content', 'problem'), [
    (b'', 'empty'),
    (b' \r\n\t\n', 'empty'),
    (codecs.BOM_UTF8, 'empty'),
    (b'<!DOCTYPE html><html>a,b</html>', 'HTML'),
    (b'\r\n  <?xml version="1.0"?><Error>', 'HTML or XML'),
    (codecs.BOM_UTF8 + b'<html>', 'HTML'),
    (codecs.BOM_UTF16_LE + '<html>'.encode('utf-16-le'), 'HTML'),
    (b'{"message": "no", "errors": []}', 'JSON'),
    (b'[1, 2]', 'JSON'),
    (b'[["a"], ["b"]]', 'JSON'),
    (b'["made up"]\n["made up"]\n', 'JSON'),
    (b'<Error><Code>AccessDenied</Code></Error>', 'HTML or XML'),
    (b'PK\x03\x04 and, so, on', 'a ZIP archive'),
    (b'PK\x03\x04\x14\x00[Content_Types].xml, xl/workbook.xml', 'XLSX'),
    (b'\x1f\x8b\x08\x00', 'gzip'),
    (b'%PDF-1.4\n1 0 obj, made of text\n2 0 obj, alone\n', 'PDF'),
    (bytes(range(256)), 'binary'),
    (random.Random(20261126).randbytes(LOOK), 'binary'),
    (b'\x00' * 5000, 'without columns'),
    (b'sep=;\n', 'empty'),
    (b'Access Denied', 'without columns'),
    (b'Access Denied\r\n', 'without columns'),
    (b'x' * LONGEST_LOOK, 'without lines'),
    (b'"' + b'x,y\n' * LOOK, 'without columns'),
], ids=lambda value: repr(value)[:30])
def test_what_is_no_csv(content, problem):
    table = table_of(content)
    assert problem in table.problem and (table.records, table.columns) == (0, [])


@pytest.mark.parametrize('step', [1, 100, LOOK, None])
def test_what_is_looked_at_first_is_the_same_however_it_comes(step):
    table = table_of(b'a,b\n' + b'1,2\n' * LOOK + b'\x00', step)
    assert (table.problem, table.records) == (None, LOOK + 1)


def test_a_problem_is_told_before_all_has_come():
    table = Table()
    table.feed(b'<html>' + b' ' * LOOK)
    assert 'HTML' in table.problem
    table.feed(b'a,b\n')


@pytest.mark.parametrize(('text', 'ends'), [('a,b\n1,"2', True), ('a,b\n1,"2"', False), ('a,b\n1,"2""', True), ('a,b\n', False)])
def test_an_end_amid_quotes_is_noticed(text, ends):
    assert table_of(text.encode()).ends_in_quotes is ends


def test_a_header_that_ends_between_cr_and_lf(monkeypatch):
    monkeypatch.setattr('ansible_collections.webex_partner.billing.plugins.module_utils._file.table.LOOK', 4)
    assert table_of(b'a,b\r\n"1\r",2\r\n3,4\r\n', 4).records == 2


def test_memory_stays_flat_whatever_comes():
    for chunk in (b'"' * 65536, b'\n' * 65536, b'a' * 65536, b'",' * 32768):
        table = Table()
        table.feed(b'a,b\n' + b'1,2\n' * LOOK)
        for _round in range(50):
            table.feed(chunk)
        assert len(table._records._before) < 10 and table._head == b''
