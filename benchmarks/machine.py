# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The machine, the versions and the commit that figures belong to."""

from __future__ import annotations

import os
import platform
import subprocess
from pathlib import Path

from environments import Environment
from workspace import tree

PROBE = "from importlib.metadata import version; print(*(f'{name} {version(name)}' for name in ('ansible-core', 'requests', 'urllib3', 'pandas')), sep=', ')"


def machine(environment: Environment) -> str:
    """In three lines."""
    memory = os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 1e9
    libraries = first_line(str(environment.root / 'bin/python'), '-c', PROBE)
    curl = ' '.join(first_line('curl', '--version').split()[:2])
    return (
        f'Machine: {model()}, {os.cpu_count()} cores, {memory:.0f} GB, {platform.system()} {platform.release()}.\n'
        f'Versions: Python {environment.python}, {libraries}, {curl or "no curl"}.\n'
        f'Collection: {tree()}.'
    )


def model() -> str:
    """What the kernel calls the processor, where it does."""
    try:
        lines = Path('/proc/cpuinfo').read_text().splitlines()
    except OSError:
        lines = []
    return next((line.partition(':')[2].strip() for line in lines if line.startswith('model name')), platform.machine())


def first_line(*command: str) -> str:
    try:
        return subprocess.run(command, check=True, capture_output=True, text=True, timeout=30).stdout.partition('\n')[0]
    except (OSError, subprocess.SubprocessError):
        return ''
