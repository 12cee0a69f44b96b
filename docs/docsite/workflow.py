# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The workflow of playbooks/vars/awx.yml as a picture: from top to bottom, and the failures in a lane of their own."""

from __future__ import annotations

from pathlib import Path

import yaml
from drawing import arrow, box, picture

DATA = Path('playbooks/vars/awx.yml')
WIDTH, HEIGHT = 136, 44  # of a box
LANE, STEP, MARGIN, BEND = 200, 72, 16, 12


class Loader(yaml.SafeLoader):
    """Takes text that Ansible must not template as it is."""


Loader.add_constructor('!unsafe', lambda loader, node: loader.construct_scalar(node))


def edges(nodes: list[dict]) -> list[tuple[str, str, str]]:
    """All links, as (from, to, success or failure)."""
    return [(node['identifier'], other, how) for node in nodes for how in ('success', 'failure') for other in node.get(f'{how}_nodes', [])]


def places(nodes: list[dict]) -> dict[str, tuple[int, int]]:
    """Lane and depth of each node: below all nodes that lead there; in the second lane what no success leads to."""
    links = edges(nodes)

    def depth(name: str) -> int:
        return max((depth(before) + 1 for before, after, _how in links if after == name), default=0)

    def is_usual(name: str) -> bool:
        ways = [(before, how) for before, after, how in links if after == name]
        return not ways or any(how == 'success' and is_usual(before) for before, how in ways)

    return {node['identifier']: (0 if is_usual(node['identifier']) else 1, depth(node['identifier'])) for node in nodes}


def draw(nodes: list[dict]) -> str:
    """The drawing."""
    where = {name: (MARGIN + lane * LANE, MARGIN + depth * STEP) for name, (lane, depth) in places(nodes).items()}
    width, height = (max(place[axis] for place in where.values()) + size + MARGIN for axis, size in ((0, WIDTH), (1, HEIGHT)))
    told = ', '.join(f'after {how} of {before} comes {after}' for before, after, how in edges(nodes)).replace('_', ' ')
    lines = [arrow(_line(where[before], where[after]), how) for before, after, how in edges(nodes)]
    boxes = [
        box(where[node['identifier']], (WIDTH, HEIGHT), [node['identifier'].replace('_', ' ')], 'approval' if 'approval_node' in node else 'job')
        for node in nodes
    ]
    return picture('The workflow of a month end', told, (width, height), [*lines, *boxes])


def _line(start: tuple[int, int], end: tuple[int, int]) -> str:
    """Straight down in a lane; else from the side of a box, around a bend, to the top of the other one."""
    (x, y), (to_x, to_y) = start, end
    middle = to_x + WIDTH // 2
    if x == to_x:
        return f'M{middle} {y + HEIGHT}V{to_y}'
    side, bend = (x + WIDTH, -BEND) if to_x > x else (x, BEND)
    across = y + HEIGHT // 2
    return f'M{side} {across}H{middle + bend}Q{middle} {across} {middle} {across + BEND}V{to_y}'


def workflow(data: Path = DATA) -> str:
    """The drawing of the workflow in the data of the set-up."""
    return draw(yaml.load(data.read_text(encoding='utf-8'), Loader)['controller_workflows'][0]['simplified_workflow_nodes'])
