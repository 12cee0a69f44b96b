# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A page of HTML that stands alone: its texts are inert, whoever wrote them, and it loads nothing and runs nothing."""

from __future__ import annotations

import base64
import hashlib
import typing as t
from xml.etree.ElementTree import Element, tostring

from .._api.fields import shortened

UNKNOWN = 'unknown'

_INLINE = ('span', 'code', 'strong', 'text', 'title', 'desc')


def shown(value: t.Any) -> str:
    """A text of somebody else as the page shows it."""
    return shortened(value) or UNKNOWN


def element(tag: str, *children: Element | str, **attributes: t.Any) -> Element:
    """An element, escaped when it is written; ``class_`` is the attribute class, ``aria_label`` is aria-label."""
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
    """The file. Its policy lets a browser take this one style sheet, and nothing else from anywhere."""
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
