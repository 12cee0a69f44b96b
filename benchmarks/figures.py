# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The figures that an aim compares, each taken from one turn in which every contender ran once."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from measure import Usage

Turn = Mapping[str, Usage]
Figure = Callable[[Turn, str], float]

START = 'empty play'  # what Ansible needs to start and end, which is nobody's merit or fault


def cpu(turn: Turn, name: str) -> float:
    """Seconds of CPU beyond an empty play."""
    return (turn[name].cpu - turn[START].cpu) * turn[name].times


def cpu_for_each_poll(one_poll: str, idle: str = '') -> Figure:
    """Return the figure: seconds of CPU per poll after the first one, which `one_poll` makes, without what Ansible itself used in the play `idle`."""
    def figure(turn: Turn, name: str) -> float:
        more = turn[name].cpu - turn[one_poll].cpu - (cpu(turn, idle) if idle else 0)
        return more / (turn[name].requests - turn[one_poll].requests)

    return figure


def wall(turn: Turn, name: str) -> float:
    """Seconds beyond an empty play."""
    return turn[name].wall - turn[START].wall


def wall_of(other: str) -> Figure:
    """The same of another contender than the one the aim is about."""
    return lambda turn, name: wall(turn, other)


def whole_wall(turn: Turn, name: str) -> float:
    """Seconds, for what is no play."""
    return turn[name].wall


def requests(turn: Turn, name: str) -> float:
    return turn[name].requests * turn[name].times


def reads_for_each_report(turn: Turn, name: str) -> float:
    return (turn[name].requests - turn[name].lists) / turn[name].reports


def late(turn: Turn, name: str) -> float:
    """The part of the time waited by which the latest answer came late."""
    return turn[name].late


def memory(turn: Turn, name: str) -> float:
    """Megabytes of peak memory."""
    return turn[name].peak / 1e6


def growth(small: str) -> Figure:
    """Megabytes of peak memory beyond what the contender called `small` took."""
    return lambda turn, name: (turn[name].peak - turn[small].peak) / 1e6
