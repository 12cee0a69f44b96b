# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The sections about earlier versions: those of the month, and the last twelve months."""

from __future__ import annotations

import typing as t
from xml.etree.ElementTree import Element

from .._archive.manifests import MEASURES
from .chart import Bar, chart
from .claims import Manifest, as_dict, columns, count, moment_said
from .markup import UNKNOWN, digest, element, names_of, table
from .notation import clock, difference, number

LEGEND = 'The strong bar is this month. v2 is a restated month, with its version; – no report filed, ? not known; k thousand, M million, G billion.'


def versions(manifests: t.Sequence[Manifest]) -> list[Element]:
    """Return the versions of a month, and what each of them changed."""
    rows = [(
        str(manifest['version']), element('div', clock(moment_said(manifest, 'downloaded_at')), element('div', digest(manifest['file']['sha256']))),
        number(count(manifest, 'records')), number(count(manifest, 'size')),
    ) for manifest in manifests]
    head = [('Version', ''), ('Downloaded, SHA-256', ''), ('Records', 'count'), ('Bytes', 'count')]
    return [table(head, rows, last_is_this=True), *map(_change, manifests, manifests[1:])]


def months(manifests: t.Mapping[str, Manifest | None]) -> list[Element]:
    """Return the twelve months as charts and as a table. A month without a version is None."""
    def bars(key: str) -> list[Bar]:
        return [Bar(month, manifest['version'], count(manifest, key)) if manifest else Bar(month) for month, manifest in manifests.items()]

    rows = [
        (month, str(manifest['version']), number(count(manifest, 'records')), number(count(manifest, 'size'))) if manifest
        else (month, 'no report filed', '–', '–')
        for month, manifest in manifests.items()
    ]
    return [
        element('div', chart('Records', bars('records')), chart('Bytes', bars('size')), class_='charts'),
        element('p', LEGEND, class_='soft'),
        table([('Month', ''), ('Version', ''), ('Records', 'count'), ('Bytes', 'count')], rows, last_is_this=True),
    ]


def _change(before: Manifest, after: Manifest) -> Element:
    """Return a sentence about what a version changed."""
    old, new = columns(before), columns(after)
    numbers = {unit: difference(before, after, key) for key, unit in MEASURES}
    said = [
        *(f'{value} {unit}' for unit, value in numbers.items()),
        *(['other content'] if set(numbers.values()) <= {'+0', UNKNOWN} else []),
        'columns unknown' if old is None or new is None else 'the same columns' if old == new else 'other columns',
    ]
    parts: list[Element | str] = [element('strong', f'Version {after["version"]} against version {before["version"]}:'), f' {", ".join(said)}']
    for verb, names in (('added', _beyond(new, old)), ('gone', _beyond(old, new))):
        parts += [f'; {verb}: ', *names_of(names)] if names else []
    reports = [as_dict(manifest.get('report')).get('id') for manifest in (before, after)]
    return element('p', *parts, '; from the same report.' if reports[0] == reports[1] else '; from another report.')


def _beyond(names: list | None, others: list | None) -> list:
    return [name for name in names or [] if name not in others] if others is not None else []
