# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Draw the workflow of playbooks/vars/awx.yml as an SVG, on standard output: a column for each step, and the failures in a row of their own."""

from __future__ import annotations

import sys
from pathlib import Path
from xml.sax.saxutils import escape

import yaml

DATA = Path('playbooks/vars/awx.yml')
WIDTH, HEIGHT = 104, 44  # of a box
COLUMN, ROW, MARGIN = 132, 108, 16
STYLE = """
text { font: 13px sans-serif; text-anchor: middle; fill: #1f2933 }
rect { fill: #e8f0fa; stroke: #3d6ea5; stroke-width: 1.5 }
.approval rect { fill: #fff6e0; stroke: #a97400 }
path { fill: none; stroke: #2e7d4f; stroke-width: 2; marker-end: url(#success) }
.failure { stroke: #b3372f; stroke-dasharray: 6 4; marker-end: url(#failure) }
"""


class Loader(yaml.SafeLoader):
    """Takes text that Ansible must not template as it is."""


Loader.add_constructor('!unsafe', lambda loader, node: loader.construct_scalar(node))


def edges(nodes: list[dict]) -> list[tuple[str, str, str]]:
    """All links, as (from, to, success or failure)."""
    return [(node['identifier'], other, how) for node in nodes for how in ('success', 'failure') for other in node.get(f'{how}_nodes', [])]


def places(nodes: list[dict]) -> dict[str, tuple[int, int]]:
    """Column and row of each node: after all nodes that lead there; in the second row what no success leads to."""
    links = edges(nodes)

    def column(name: str) -> int:
        return max((column(before) + 1 for before, after, _how in links if after == name), default=0)

    def is_usual(name: str) -> bool:
        ways = [(before, how) for before, after, how in links if after == name]
        return not ways or any(how == 'success' and is_usual(before) for before, how in ways)

    return {node['identifier']: (column(node['identifier']), 0 if is_usual(node['identifier']) else 1) for node in nodes}


def draw(nodes: list[dict]) -> str:
    """The drawing."""
    where = {name: (MARGIN + x * COLUMN, MARGIN + y * ROW) for name, (x, y) in places(nodes).items()}
    width, height = (max(place[axis] for place in where.values()) + size + MARGIN for axis, size in ((0, WIDTH), (1, HEIGHT)))
    told = ', '.join(f'after {how} of {before} comes {after}' for before, after, how in edges(nodes)).replace('_', ' ')
    heads = ''.join(
        f'<marker id="{how}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto">'
        f'<path d="M0 0L8 4L0 8Z" style="fill: {color}; stroke: none; marker-end: none"/></marker>'
        for how, color in (('success', '#2e7d4f'), ('failure', '#b3372f'))
    )
    lines = [f'<path class="{how}" d="{_line(where[before], where[after])}"/>' for before, after, how in edges(nodes)]
    boxes = [_box(node, *where[node['identifier']]) for node in nodes]
    return '\n'.join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" aria-labelledby="title told">',
        '<title id="title">The workflow of a month end</title>', f'<desc id="told">{escape(told)}</desc>',
        f'<style>{STYLE}</style>', f'<defs>{heads}</defs>', *lines, *boxes, '</svg>', '',
    ])


def _line(start: tuple[int, int], end: tuple[int, int]) -> str:
    """From the right edge to the left one in a row; else from edge to edge of the rows."""
    (x, y), (to_x, to_y) = start, end
    if y == to_y:
        return f'M{x + WIDTH} {y + HEIGHT // 2}H{to_x}'
    leaves, arrives = (y + HEIGHT, to_y) if to_y > y else (y, to_y + HEIGHT)
    half = (leaves + arrives) // 2
    return f'M{x + WIDTH // 2} {leaves}C{x + WIDTH // 2} {half} {to_x + WIDTH // 2} {half} {to_x + WIDTH // 2} {arrives}'


def _box(node: dict, x: int, y: int) -> str:
    words = node['identifier'].split('_')
    lines = [' '.join(words)] if len(words) < 3 else [' '.join(words[:2]), ' '.join(words[2:])]
    kind, corner = ('approval', HEIGHT // 2) if 'approval_node' in node else ('job', 4)
    first = y + HEIGHT // 2 + 5 - 8 * (len(lines) - 1)
    texts = ''.join(f'<text x="{x + WIDTH // 2}" y="{first + 16 * number}">{escape(line)}</text>' for number, line in enumerate(lines))
    return f'<g class="{kind}"><rect x="{x}" y="{y}" width="{WIDTH}" height="{HEIGHT}" rx="{corner}"/>{texts}</g>'


def workflow(data: Path = DATA) -> str:
    """The drawing of the workflow in the data of the set-up."""
    return draw(yaml.load(data.read_text(encoding='utf-8'), Loader)['controller_workflows'][0]['simplified_workflow_nodes'])


if __name__ == '__main__':
    sys.stdout.write(workflow())
