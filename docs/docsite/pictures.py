# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Draw the pictures of the guides into a folder: python docs/docsite/pictures.py docs"""

from __future__ import annotations

import sys
from pathlib import Path

from drawing import LINE, arrow, box, picture, text
from workflow import workflow

WIDTH = 372  # of a picture: a phone shows it without scaling

OVERVIEW = {
    'Webex': ('generates the', 'report and', 'its file'),
    'month end': ('creates, waits,', 'downloads,', 'verifies'),
    'archive': ('versions with', 'manifest and', 'evidence page'),
}
STEPS = {
    'plan': ('checks the month, the partners', 'and the settings'),
    'request': ('adopts the report of the month,', 'or creates one'),
    'wait': ('polls Webex, with progress', 'messages and a deadline'),
    'download': ('resumes after faults, verifies', 'the file, counts the records'),
    'archive': ('writes the next version;', 'the manifest comes last'),
    'deliver': ('runs your task file, and writes', 'to a room, if you want that'),
}
VERSIONS = {
    'v001/': ('billing-report-default-2026-10.csv', 'manifest.json', 'evidence.html'),
    'v002/, after a restatement': ('billing-report-default-2026-10.csv', 'manifest.json', 'changes.csv', 'evidence.html'),
}


def overview() -> str:
    """Webex, the month end and the archive, side by side."""
    width, height, gap = 107, 84, 24
    parts = []
    for number, (title, lines) in enumerate(OVERVIEW.items()):
        x = 1 + number * (width + gap)
        parts.append(box((x, 4), (width, height), [title, *lines], 'accent' if number == 1 else 'job', title=True))
        if number:
            parts.append(arrow(f'M{x - gap} {4 + height // 2}H{x}'))
    return picture('What the collection does', 'Webex generates the report, the month end downloads it, the archive keeps it', (WIDTH, height + 8), parts)


def month_end() -> str:
    """The steps of a month end from top to bottom, each with what it does."""
    left, width, height, step = 28, 92, 40, 64
    parts = []
    for number, (name, lines) in enumerate(STEPS.items()):
        y = 4 + number * step
        parts += [box((left, y), (width, height), [name])]
        parts += [text((left + width + 14, y + 16 + LINE * line), words, 'left muted') for line, words in enumerate(lines)]
        if number:
            parts.append(arrow(f'M{left + width // 2} {y - step + height}V{y}'))
    first, last = 4 + height // 2, 4 + height // 2 + (len(STEPS) - 1) * step
    parts.append(arrow(f'M{left} {last}H18Q6 {last} 6 {last - 12}V{first + 12}Q6 {first} 18 {first}H{left}', 'failure'))
    parts.append(text((6, last + 44), 'Run it again after a failure or a kill: it finishes the rest.', 'left muted'))
    return picture('The steps of a month end', ', then '.join(STEPS), (WIDTH, last + 56), parts)


def archive() -> str:
    """The versions of a month in the archive, with their files."""
    parts, y = [text((14, 22), 'archive / default / 2026-10', 'left title')], 36
    for version, files in VERSIONS.items():
        height = 34 + 30 * len(files)
        parts += [box((14, y), (WIDTH - 28, height), [], 'frame'), text((26, y + 20), version, 'left')]
        parts += [box((38, y + 30 + 30 * number), (WIDTH - 76, 24), [name]) for number, name in enumerate(files)]
        y += height + 12
    whole = box((1, 1), (WIDTH - 2, y), [], 'frame')
    return picture('The archive of a month', 'A directory for each version, with its file and manifest', (WIDTH, y + 2), [whole, *parts])


PICTURES = {'overview': overview, 'month_end': month_end, 'archive': archive, 'awx_workflow': workflow}


if __name__ == '__main__':
    for name, draw in PICTURES.items():
        Path(sys.argv[1], f'{name}.svg').write_text(draw(), encoding='utf-8')
