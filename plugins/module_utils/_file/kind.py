# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Recognize files that are not CSV by their first bytes."""

from __future__ import annotations

import re

_JSON_STRING = rb'"(?:[^"\\]|\\.)*"'
_JSON_VALUE = rb'(?:' + _JSON_STRING + rb'|-?\d[\d.eE+-]*|true|false|null)'

FORMATS = (  # the first match counts
    (rb'%PDF-\d', 'a PDF document'),
    (rb'PK\x03\x04.*xl/\w', 'an Excel workbook (XLSX), which is a ZIP archive'),
    (rb'PK(?:\x03\x04|\x05\x06|\x07\x08)', 'a ZIP archive'),
    (rb'\x1f\x8b', 'a gzip file'),
    (rb'\x28\xb5\x2f\xfd', 'a zstd file'),
    (rb'BZh\d1AY&SY', 'a bzip2 file'),
    (rb'\xfd7zXZ\x00', 'an xz file'),
    (rb'7z\xbc\xaf\x27\x1c', 'a 7-Zip archive'),
    (rb'\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', 'an old Office document, such as XLS'),
    (rb'\x89PNG\r\n|\xff\xd8\xff', 'an image'),
    (rb'\{\\rtf\d', 'an RTF document'),
    (rb'<(?:!doctype|html|head|body)\b|<!--|<\?xml\b', 'an HTML or XML page'),
    # A tag before a delimiter is a column name, and a tag that is never closed does not make a page.
    (rb'<[a-z][\w:.-]*(?:\s[^<>]*)?>(?!\s*[,;\t|]).*</', 'an HTML or XML page'),
    (rb'\{\s*(?:\}\s*\Z|' + _JSON_STRING + rb'\s*:)', 'JSON'),
    # An array before a delimiter is a column name: [1],[2] is CSV, [1, 2] is not.
    (rb'\[\s*(?:\]\s*\Z|\{\s*["}]|' + _JSON_VALUE + rb'\s*(?:,|\]\s*(?:\Z|\[))|\[\s*(?:[]\[{]|' + _JSON_VALUE + rb'))', 'JSON'),
)
_FORMATS = tuple((re.compile(pattern, re.IGNORECASE | re.DOTALL), name) for pattern, name in FORMATS)

_CONTROLS = bytes(set(range(1, 32)) - set(b'\t\n\r\f\x1a'))  # bytes that texts do not use; NUL pads fields, and \x1a ended files on old systems
_STRAY = 8  # control characters that a short text may have by accident
_SHARE = 20  # one control character in so many bytes of a long text is tolerated; random bytes have two


def other_kind(text: bytes) -> str | None:
    """Return the format of a text that begins like this, or None if it may be CSV."""
    start = text.lstrip()
    if not start:
        return 'an empty file'
    name = next((name for pattern, name in _FORMATS if pattern.match(start)), None)
    controls = len(text) - len(text.translate(None, _CONTROLS))
    return name or ('binary data' if controls > max(_STRAY, len(text) // _SHARE) else None)
