# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Move the repository: galaxy.yml has its address, and every other file that contains it or its owner as an author follows."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ADDRESS = re.compile('(?P<address>https://[^/ ]+/(?P<owner>[^/ ]+)/[^/ ]+)/?')


def main() -> int:
    wanted = ADDRESS.fullmatch(' '.join(sys.argv[1:]))
    if not wanted:
        print('usage: make repository URL=https://github.com/OWNER/NAME', file=sys.stderr)
        return 2
    lines = (ROOT / 'galaxy.yml').read_text(encoding='utf-8').splitlines()
    before = ADDRESS.fullmatch(next(line.partition(': ')[2] for line in lines if line.startswith('repository: ')))
    moved = {before['address']: wanted['address'], f"(@{before['owner']})": f"(@{wanted['owner']})"}
    patterns = [part for word in moved for part in ('-e', word)]
    holders = subprocess.run(['git', 'grep', '--files-with-matches', '--fixed-strings', *patterns], cwd=ROOT, check=True, capture_output=True, text=True)
    for name in holders.stdout.splitlines():
        text = (ROOT / name).read_text(encoding='utf-8')
        for old, new in moved.items():
            text = text.replace(old, new)
        (ROOT / name).write_text(text, encoding='utf-8')
        print(name)
    return 0


if __name__ == '__main__':
    sys.exit(main())
