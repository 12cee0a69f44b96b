# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plots as SVG: points and the straight line through them, and bars against a mark."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from growth import Line

WIDTH, HEIGHT, EDGE = 420, 260, 56
TICKS = 4

STYLE = """
text { font: 12px sans-serif; fill: #333 }
.title { font-weight: bold }
.axis { stroke: #999; fill: none }
.line { stroke: #07c; stroke-width: 1.5 }
.point, .more { fill: #c30 }
.less { fill: #2e7d4f }
@media (prefers-color-scheme: dark) {
text { fill: #ddd }
.line { stroke: #6bf }
.point, .more { fill: #f86 }
.less { fill: #6cc08b }
}
"""

Group = tuple[str, Sequence[tuple[str, float]]]  # a title, and bars with their labels


def plot(title: str, x: str, y: str, points: Sequence[tuple[float, float]], line: Line) -> str:
    """One panel, both axes from zero and linear, so that a straight line is seen to be one."""
    right, top = max(amount for amount, _value in points), 1.15 * max(value for _amount, value in points)

    def place(amount: float, value: float) -> tuple[float, float]:
        return EDGE + amount / right * (WIDTH - EDGE - 24), HEIGHT - EDGE - value / top * (HEIGHT - EDGE - 32)

    (left_x, left_y), (right_x, right_y) = place(0, max(0, line.start)), place(right, line.start + line.each * right)
    zero_x, zero_y = place(0, 0)
    end_x, end_y = place(right, top)
    parts = [
        text(WIDTH / 2, 18, title, 'middle'),
        text(WIDTH / 2, HEIGHT - 8, x, 'middle'),
        text(4, 34, y, 'start'),
        f'<path class="axis" d="M{zero_x:.1f} {end_y:.1f}V{zero_y:.1f}H{end_x:.1f}"/>',
        f'<path class="line" d="M{left_x:.1f} {left_y:.1f}L{right_x:.1f} {right_y:.1f}"/>',
    ]
    for step in range(TICKS + 1):
        at_x, at_y = place(right * step / TICKS, top * step / TICKS)
        parts += [text(at_x, zero_y + 16, number(right * step / TICKS), 'middle'), text(zero_x - 6, at_y + 4, number(top * step / TICKS), 'end')]
    parts += ['<circle class="point" cx="{0:.1f}" cy="{1:.1f}" r="3"/>'.format(*place(*point)) for point in points]
    return '\n'.join(parts)


def page(panels: Sequence[str]) -> str:
    """Panels one below the other, so that a phone shows them in a readable size."""
    return svg(len(panels) * HEIGHT, [f'<g transform="translate(0 {index * HEIGHT})">\n{panel}\n</g>' for index, panel in enumerate(panels)])


def bars(groups: Sequence[Group]) -> str:
    """Bars from zero, and a mark at one: a bar that ends before the mark is less than the alternative."""
    scale = (WIDTH - 16) / max([1.2, *(value for _title, rows in groups for _label, value in rows)])
    parts, y = [text(8 + scale, 14, 'as much as the alternative', 'middle'), f'<path class="axis" d="M{8 + scale:.1f} 18v8"/>'], 30
    for title, rows in groups:
        parts.append(text(8, y + 10, title, 'start', 'title'))
        for label, value in rows:
            parts.append(text(8, y + 27, label, 'start'))
            parts.append(f'<rect class="{"less" if value <= 1 else "more"}" x="8" y="{y + 32}" width="{max(1, value * scale):.1f}" height="8"/>')
            parts.append(f'<path class="axis" d="M{8 + scale:.1f} {y + 30}v12"/>')
            y += 32
        y += 26
    return svg(y, parts)


def svg(height: int, parts: Sequence[str]) -> str:
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}">'
    return '\n'.join([head, f'<style>{STYLE}</style>', *parts, '</svg>', ''])


def text(x: float, y: float, words: str, anchor: str, kind: str = '') -> str:
    style = f' class="{kind}"' if kind else ''
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{style}>{escape(words)}</text>'


def number(value: float) -> str:
    return f'{value:,.0f}' if value >= 10 or not value else f'{value:.2g}'
