# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Prepare a release in the environment of the galaxy step, which has all that it takes."""

from __future__ import annotations

import os
import sys

from environments import environments
from run import build
from steps import Step
from workspace import ROOT, workspace


def main() -> int:
    step = Step('release', 'oldest', 'oldest', (), requirements='galaxy')
    (environment,) = step.environments('usual', list(environments().values()))
    place = step.place(environment)
    with workspace():
        place.prepare()
        if not environment.is_built() and not build(environment).passed:
            return 1
    python = environment.root / 'bin/python'
    variables = environment.variables(place) | {'HOME': os.environ['HOME']}  # where git knows who commits
    os.execve(python, [python, ROOT / 'tests/galaxy/prepare.py', *sys.argv[1:]], variables)


if __name__ == '__main__':
    sys.exit(main())
