# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Write a self-contained HTML page: all texts are escaped, and it loads nothing and runs nothing."""

from __future__ import annotations

import base64
import hashlib
import typing as t
from xml.etree.ElementTree import Element, tostring

from .._api.fields import shortened

UNKNOWN = 'unknown'
NAMES_LIMIT = 500  # names of columns that are listed

_INLINE = ('span', 'code', 'strong', 'text', 'title', 'desc')


def shown(value: t.Any) -> str:
    """Return a text from outside for display."""
    return shortened(value) or UNKNOWN


def element(tag: str, *children: Element | str, **attributes: t.Any) -> Element:
    """Return an element, which is escaped when it is written; ``class_`` is the attribute class, ``aria_label`` is aria-label."""
    made = Element(tag, {name.rstrip('_').replace('_', '-'): str(value) for name, value in attributes.items()})
    for child in children:
        if isinstance(child, Element):
            made.append(child)
        elif len(made):
            made[-1].tail = (made[-1].tail or '') + child
        else:
            made.text = (made.text or '') + child
    if tag not in _INLINE:
        made.tail = '\n'
    return made


def document(title: str, style: str, *body: Element) -> bytes:
    """Return the bytes of the file. Its policy allows a browser this one style sheet and nothing else."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    head = element(
        'head',
        element('meta', charset='utf-8'),
        element('meta', http_equiv='Content-Security-Policy', content=policy),
        element('meta', name='viewport', content='width=device-width, initial-scale=1'),
        element('title', title),
        element('style', style),
    )
    page = element('html', head, element('body', *body), lang='en')
    return b'<!DOCTYPE html>\n' + tostring(page, encoding='unicode', method='html').encode()


def section(title: str, *content: Element) -> Element:
    return element('section', element('h2', title), *content)


def facts(pairs: t.Iterable[tuple[str, Element | str]]) -> Element:
    return element('dl', *(part for name, value in pairs for part in (element('dt', name), element('dd', value))))


def figures(told: t.Iterable[tuple[str, str, str]]) -> Element:
    """Return numbers that a reader looks for first, each with its name and a note."""
    return element('ul', *(
        element('li', element('span', name), element('strong', value), *([element('span', note)] if note else [])) for name, value, note in told
    ), class_='figures')


def table(head: t.Sequence[tuple[str, str]], rows: t.Iterable[t.Iterable[Element | str]], last_is_this: bool = False) -> Element:
    """Return a table. ``head`` has the names of the columns and their classes; the last row may be what the page is about."""
    kinds = [{'class_': kind} if kind else {} for _name, kind in head]
    lines = [element('tr', *(element('td', cell, **kind) for cell, kind in zip(row, kinds))) for row in rows]
    if last_is_this:
        lines[-1].set('class', 'this')
    names = element('tr', *(element('th', name, scope='col', **kind) for (name, _kind), kind in zip(head, kinds)))
    return element('table', element('thead', names), element('tbody', *lines))


def name_of(column: t.Any) -> Element:
    return element('code', shown(column))


def names_of(columns: t.Sequence[t.Any]) -> list[Element | str]:
    """Return the names of columns, with commas between them."""
    parts: list[Element | str] = [part for column in columns[:NAMES_LIMIT] for part in (name_of(column), ', ')][:-1]
    return parts + ([f' and {len(columns) - NAMES_LIMIT} more'] if len(columns) > NAMES_LIMIT else [])


def digest(sha256: str, *kinds: str) -> Element:
    """Return a digest, which the style shortens to twelve digits at the width of a phone; the document has all of them."""
    return element('code', sha256, class_=' '.join(('digest', *kinds)))
