# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Move the repository: galaxy.yml has its address, and every other file that contains it follows."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    if len(sys.argv) != 2 or not sys.argv[1].startswith('https://'):
        print('usage: make repository URL=https://git.example.com/billing', file=sys.stderr)
        return 2
    lines = (ROOT / 'galaxy.yml').read_text(encoding='utf-8').splitlines()
    before = next(line.partition(': ')[2] for line in lines if line.startswith('repository: '))
    holders = subprocess.run(['git', 'grep', '--files-with-matches', '--fixed-strings', before], cwd=ROOT, check=True, capture_output=True, text=True)
    for name in holders.stdout.splitlines():
        text = (ROOT / name).read_text(encoding='utf-8')
        (ROOT / name).write_text(text.replace(before, sys.argv[1].rstrip('/')), encoding='utf-8')
        print(name)
    return 0


if __name__ == '__main__':
    sys.exit(main())
