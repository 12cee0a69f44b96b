# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Progress messages, which a module cannot print: AWX ends a silent job."""

from __future__ import annotations

import os
import threading
import typing as t
from contextlib import contextmanager

from ansible.utils.display import Display

BEAT = 60  # seconds between two signs of life

display = Display()


@contextmanager
def signs_of_life(what: str) -> t.Iterator[None]:
    """Print a line every BEAT seconds of the block. The thread that prints it ends with the block, or with the process."""
    over = threading.Event()

    def beat() -> None:
        seconds = 0
        while not over.wait(BEAT):
            seconds += BEAT
            display.display(f'{what}: {seconds} s so far')

    threading.Thread(target=beat, daemon=True).start()
    try:
        yield
    finally:
        over.set()


def parent_check() -> t.Callable[[], None]:
    """End this process when its parent process has ended: nobody waits for the result."""
    parent = os.getppid()

    def check() -> None:
        if os.getppid() != parent:
            raise SystemExit(1)

    return check
