# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tarball of the collection, the same bytes from the same commit."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

MANIFEST, FILES = 'MANIFEST.json', 'FILES.json'


def build(tree: Path, folder: Path) -> Path:
    """Have ansible-galaxy build it, and take out what differs from one build to the next: times, and the order in which a file system lists."""
    date = int(os.environ.get('SOURCE_DATE_EPOCH') or git(tree, 'log', '-1', '--format=%ct'))
    with tempfile.TemporaryDirectory() as scratch:
        subprocess.run(['ansible-galaxy', 'collection', 'build', '--output-path', scratch], cwd=tree, check=True, stdout=subprocess.DEVNULL)
        (built,) = Path(scratch).iterdir()
        with tarfile.open(built) as tar:
            members = {member.name: (member, tar.extractfile(member).read() if member.isfile() else b'') for member in tar}
        tarball = folder / built.name
    contents = {name: content for name, (_member, content) in members.items()} | in_order(members[MANIFEST][1], members[FILES][1])
    with tarball.open('wb') as file, gzip.GzipFile('', 'wb', fileobj=file, mtime=date) as packed, tarfile.open(fileobj=packed, mode='w') as tar:
        for name in sorted(members, key=lambda name: (name not in (MANIFEST, FILES), name)):
            member = tarfile.TarInfo(name)
            member.type, member.linkname, member.mode = members[name][0].type, members[name][0].linkname, members[name][0].mode
            member.size, member.mtime = len(contents[name]), date
            tar.addfile(member, io.BytesIO(contents[name]))
    return tarball


def in_order(manifest: bytes, files: bytes) -> dict[str, bytes]:
    """The two lists of a collection: FILES.json sorted by name, and MANIFEST.json, which vouches for it."""
    listed, vouching = json.loads(files), json.loads(manifest)
    listed['files'].sort(key=lambda entry: entry['name'])
    written = json.dumps(listed, indent=1).encode()
    vouching['file_manifest_file']['chksum_sha256'] = hashlib.sha256(written).hexdigest()
    return {MANIFEST: json.dumps(vouching, indent=1).encode(), FILES: written}


def git(tree: Path, *arguments: str) -> str:
    return subprocess.run(['git', '-C', str(tree), *arguments], check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


if __name__ == '__main__':
    print(build(Path.cwd(), Path(sys.argv[1])))
