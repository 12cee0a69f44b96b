# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Place what tests need of other collections where every job finds it: out of the last bundle on the package index that has them, checked by its hash."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from workspace import BUILD, NEIGHBOURS

REQUIREMENT = 'ansible==12.3.0 --hash=sha256:cd156f82fa87f7a899212b0efa9f7ca3a24d609212de9f78428a572eb01e5414\n'
NEEDED = (
    'ansible_collections/awx/awx/',
    'ansible_collections/community/general/plugins/modules/mail.py',  # alone, since the role is tested without this collection
)


def main() -> None:
    missing = tuple(name for name in NEEDED if not (NEIGHBOURS / name).exists())
    if not missing:
        return
    with tempfile.TemporaryDirectory(dir=BUILD) as name:
        place = Path(name)
        (place / 'bundle.txt').write_text(REQUIREMENT)
        command = [sys.executable, '-m', 'pip', 'download', '--quiet', '--no-deps', '--require-hashes', '--dest', name, '--requirement', name + '/bundle.txt']
        subprocess.run(command, check=True)
        with zipfile.ZipFile(next(place.glob('*.whl'))) as bundle:
            bundle.extractall(place, [member for member in bundle.namelist() if member.startswith(missing)])
        for needed in missing:
            (NEIGHBOURS / needed).parent.mkdir(parents=True, exist_ok=True)
            (place / needed).rename(NEIGHBOURS / needed)


if __name__ == '__main__':
    main()
