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
from ansible_collections.webex_partner.billing.plugins.module_utils import _csv
from ansible_collections.webex_partner.billing.plugins.module_utils._csv import Table


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
], ids=repr)
@pytest.mark.parametrize('step', [1, 2, 3, None])
def test_records(monkeypatch, text, records, step):
    monkeypatch.setattr(_csv, 'LOOK', 9)
    table = table_of(text.encode(), step)
    assert (table.problem, table.records) == (None, records)


@pytest.mark.parametrize('line_end', ['\n', '\r\n'])
def test_records_are_those_of_pythons_csv_for_whatever_comes(line_end):
    dice = random.Random(20261105)
    pieces = ['"', '""', 'x', ',', line_end, 'y,', '",', '"' + line_end, ',"', ' ', 'ü']
    for _round in range(3000):
        text = f'h,i{line_end}' + ''.join(dice.choice(pieces) for _piece in range(dice.randrange(40)))
        expected = sum(1 for row in csv.reader(io.StringIO(text, newline='')) if row) - 1
        content, table = text.encode(), Table()
        table.feed(content[:3 + len(line_end)])
        table._begin(whole=False)
        step = dice.choice((1, 2, 3, 7, 50))
        for start in range(3 + len(line_end), len(content), step):
            table.feed(content[start:start + step])
        table.end()
        assert table.records == expected, (text, step)


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
    (b'\xff\xfea', None),
    (b'a,\xc3\x28\xff\n', ['a', 'Ã(ÿ']),
    (b'"a, b","c ""d"""\n', ['a, b', 'c "d"']),
    (b'a,,b,\n', ['a', '', 'b', '']),
], ids=repr)
def test_looking_never_fails_on_the_encoding(content, columns):
    table = table_of(content)
    assert table.columns == (columns or []) and table.records == 0


def test_a_line_end_in_utf_16_is_a_character_not_a_byte(monkeypatch):
    text = 'a,b\nĊ,"\n"\n\u0a0a,2\n'
    monkeypatch.setattr(_csv, 'LOOK', 4)
    assert table_of(codecs.BOM_UTF16_LE + text.encode('utf-16-le')).records == 2


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
    (b'PK\x03\x04 and, so, on', 'binary'),
    (b'\x1f\x8b\x08\x00', 'binary'),
    (b'a,b\n1,\x00\n', 'binary'),
    (b'Access Denied', 'without columns'),
    (b'Access Denied\r\n', 'without columns'),
    (b'x' * _csv.LOOK, 'without lines'),
], ids=lambda value: repr(value)[:30])
def test_what_is_no_csv(content, problem):
    table = table_of(content)
    assert problem in table.problem and (table.records, table.columns) == (0, [])


@pytest.mark.parametrize('step', [1, 100, _csv.LOOK, None])
def test_what_is_looked_at_first_is_the_same_however_it_comes(step):
    table = table_of(b'a,b\n' + b'1,2\n' * _csv.LOOK + b'\x00', step)
    assert (table.problem, table.records) == (None, _csv.LOOK + 1)


def test_a_problem_is_told_before_all_has_come():
    table = Table()
    table.feed(b'<html>' + b' ' * _csv.LOOK)
    assert 'HTML' in table.problem
    table.feed(b'a,b\n')


@pytest.mark.parametrize(('text', 'ends'), [('a,b\n1,"2', True), ('a,b\n1,"2"', False), ('a,b\n1,"2""', True), ('a,b\n', False)])
def test_an_end_amid_quotes_is_noticed(text, ends):
    assert table_of(text.encode()).ends_in_quotes is ends


def test_a_header_that_ends_between_cr_and_lf(monkeypatch):
    monkeypatch.setattr(_csv, 'LOOK', 4)
    assert table_of(b'a,b\r\n"1\r",2\r\n3,4\r\n', 4).records == 2


def test_memory_stays_flat_whatever_comes():
    for chunk in (b'"' * 65536, b'\n' * 65536, b'a' * 65536, b'",' * 32768):
        table = Table()
        table.feed(b'a,b\n' + b'1,2\n' * _csv.LOOK)
        for _round in range(50):
            table.feed(chunk)
        assert len(table._records._before) < 10 and table._head == b''
