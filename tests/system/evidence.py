# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An archive that a month end fills, and what is in it."""

from __future__ import annotations

import json

PERIOD = '2026-10'


class Archive:
    """The archive below a folder; versions of a month are told as numbers."""

    def __init__(self, folder):
        self.root = folder / 'archive'

    def month(self, partner='default', period=PERIOD):
        return self.root / partner / period

    def manifests(self, partner='default', period=PERIOD):
        """The manifests of the versions that count, by version."""
        found = [json.loads(path.read_text(encoding='utf-8')) for path in sorted(self.month(partner, period).glob('v*/manifest.json'))]
        return {manifest['version']: manifest for manifest in found}

    def file(self, version=1, partner='default', period=PERIOD):
        manifest = self.manifests(partner, period)[version]
        return self.month(partner, period) / f'v{version:03}' / manifest['file']['name']

    def tree(self):
        """Every path with its content; a directory has none."""
        paths = sorted(self.root.rglob('*')) if self.root.exists() else []
        return {str(path.relative_to(self.root)): path.read_bytes() if path.is_file() else None for path in paths}

    def names(self):
        """The paths of all files but the locks, which stay."""
        return [name for name, content in self.tree().items() if content is not None and not name.endswith('/.lock')]
