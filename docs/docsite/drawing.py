# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Shapes of an SVG that is readable on a phone, by day and by night."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape

LINE = 16  # height of a line of text
STYLE = """
text { font: 13px sans-serif; text-anchor: middle; fill: #1f2933 }
text.left { text-anchor: start }
text.muted { fill: #5b6773; font-size: 12px }
text.title { font-weight: bold }
rect { fill: #e8f0fa; stroke: #3d6ea5; stroke-width: 1.5 }
:is(.approval, .accent) rect { fill: #fff6e0; stroke: #a97400 }
.frame rect { fill: none; stroke: #8894a0; stroke-width: 1 }
path { fill: none; stroke: #2e7d4f; stroke-width: 2; marker-end: url(#success) }
marker path { fill: #2e7d4f; stroke: none; marker-end: none }
.failure { stroke: #b3372f; stroke-dasharray: 6 4; marker-end: url(#failure) }
#failure path { fill: #b3372f }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3 }
text.muted { fill: #a3b0bd }
rect { fill: #1d2f45; stroke: #7fa8d9 }
:is(.approval, .accent) rect { fill: #3a2e12; stroke: #d9a441 }
path { stroke: #6cc08b }
marker path { fill: #6cc08b }
.failure { stroke: #f08a80 }
#failure path { fill: #f08a80 }
}
"""
HEADS = ''.join(
    f'<marker id="{how}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto">'
    '<path d="M0 0L8 4L0 8Z"/></marker>'
    for how in ('success', 'failure')
)


def picture(title: str, description: str, size: tuple[int, int], parts: Sequence[str]) -> str:
    """A whole SVG, in its natural size where there is room."""
    width, height = size
    return '\n'.join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" aria-labelledby="title told">',
        f'<title id="title">{escape(title)}</title>', f'<desc id="told">{escape(description)}</desc>',
        f'<style>{STYLE}</style>', f'<defs>{HEADS}</defs>', *parts, '</svg>', '',
    ])


def box(place: tuple[int, int], size: tuple[int, int], lines: Sequence[str], kind: str = 'job', title: bool = False) -> str:
    """A box with lines in its middle, of which the first may be a title; only an approval is round."""
    (x, y), (width, height) = place, size
    first = y + height // 2 + 5 - LINE // 2 * (len(lines) - 1)
    texts = ''.join(
        text((x + width // 2, first + LINE * number), line, 'title' if title and not number else '') for number, line in enumerate(lines)
    )
    return f'<g class="{kind}"><rect x="{x}" y="{y}" width="{width}" height="{height}" rx="{height // 2 if kind == "approval" else 4}"/>{texts}</g>'


def text(place: tuple[int, int], words: str, kind: str = '') -> str:
    style = f' class="{kind}"' if kind else ''
    return f'<text x="{place[0]}" y="{place[1]}"{style}>{escape(words)}</text>'


def arrow(path: str, how: str = 'success') -> str:
    return f'<path class="{how}" d="{path}"/>'
