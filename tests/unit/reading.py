# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A page of HTML as a browser takes it: its elements with their attributes, and its text."""

from __future__ import annotations

from html.parser import HTMLParser

ELEMENTS = {
    'html', 'head', 'meta', 'title', 'style', 'body', 'main', 'header', 'section', 'footer', 'h1', 'h2', 'p', 'div', 'span', 'strong', 'code',
    'ul', 'ol', 'li', 'dl', 'dt', 'dd', 'table', 'thead', 'tbody', 'tr', 'th', 'td', 'figure', 'figcaption', 'svg', 'desc', 'line', 'rect', 'text',
}
ATTRIBUTES = {
    'lang', 'charset', 'http-equiv', 'content', 'name', 'class', 'scope', 'id', 'role', 'aria-hidden', 'aria-labelledby',
    'viewbox', 'x', 'y', 'x1', 'x2', 'y1', 'y2', 'width', 'height',
}


class Page(HTMLParser):
    """What is in a page; ``text`` is that of its body, with a space between elements."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self._texts: list[str] = []
        self._in_body = False
        self.feed(content.decode())
        self.close()
        self.text = ' '.join(' '.join(self._texts).split())

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        self._in_body = self._in_body or tag == 'body'

    def handle_data(self, data):
        if self._in_body:
            self._texts.append(data)

    def all(self, tag: str, class_: str | None = None) -> list[dict[str, str | None]]:
        return [found for name, found in self.elements if name == tag and class_ in (None, found.get('class'))]

    def is_inert(self) -> bool:
        """Whether it holds nothing but what the collection itself puts into a page."""
        return {tag for tag, _attributes in self.elements} <= ELEMENTS and {name for _tag, found in self.elements for name in found} <= ATTRIBUTES
