# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A plot of points and the straight line through them, as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from growth import Line

WIDTH, HEIGHT, EDGE = 420, 260, 56
TICKS = 4

STYLE = 'text{font:12px sans-serif;fill:#333}.axis{stroke:#999}.line{stroke:#07c;stroke-width:1.5}.point{fill:#c30}'


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
        f'<path class="axis" fill="none" d="M{zero_x:.1f} {end_y:.1f}V{zero_y:.1f}H{end_x:.1f}"/>',
        f'<path class="line" d="M{left_x:.1f} {left_y:.1f}L{right_x:.1f} {right_y:.1f}"/>',
    ]
    for step in range(TICKS + 1):
        at_x, at_y = place(right * step / TICKS, top * step / TICKS)
        parts += [text(at_x, zero_y + 16, number(right * step / TICKS), 'middle'), text(zero_x - 6, at_y + 4, number(top * step / TICKS), 'end')]
    parts += ['<circle class="point" cx="{0:.1f}" cy="{1:.1f}" r="3"/>'.format(*place(*point)) for point in points]
    return '\n'.join(parts)


def page(panels: Sequence[str], columns: int = 2) -> str:
    """Panels side by side."""
    rows = -(-len(panels) // columns)
    placed = [
        f'<g transform="translate({index % columns * WIDTH} {index // columns * HEIGHT})">\n{panel}\n</g>' for index, panel in enumerate(panels)
    ]
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {columns * WIDTH} {rows * HEIGHT}">'
    return '\n'.join([head, f'<style>{STYLE}</style>', '<rect width="100%" height="100%" fill="#fff"/>', *placed, '</svg>', ''])


def text(x: float, y: float, words: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'


def number(value: float) -> str:
    return f'{value:,.0f}' if value >= 10 or not value else f'{value:.2g}'
