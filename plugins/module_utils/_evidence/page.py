# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The sections of the evidence page of a filed version, in their order."""

from __future__ import annotations

import typing as t
from xml.etree.ElementTree import Element

from .._api import keys
from .._archive.manifests import AWX, whose
from . import history
from .changes import Changes, changes
from .claims import Manifest, as_dict, columns, count
from .markup import UNKNOWN, digest, document, element, facts, figures, names_of, section, shown
from .notation import difference, number
from .style import STYLE
from .timeline import timeline, wait, was_asked_for

UNMEASURED = 'The file host did not send the length of this file, so a truncated file would not have been noticed.'


def page(versions: t.Sequence[Manifest], months: t.Mapping[str, Manifest | None], is_verified: bool, changed: Changes | None = None) -> bytes:
    """Return the page of the last of ``versions``, those of its month so far. ``months`` ends with its own; a month without a version is None.

    ``is_verified`` says whether the file matches its manifest; ``changed`` is the difference from the previous file, if there is one.
    """
    filed = versions[-1]
    partner, period, version, key = filed['partner'], filed['billing_period'], filed['version'], keys.in_manifest(filed)
    what_changed = changes(changed) if changed else []
    return document(
        f'Billing evidence: {whose(filed)}, version {version}',
        STYLE,
        element('div', f'Partner {partner} · Billing period {period} · Version {version}', class_='running', aria_hidden='true'),
        element(
            'main',
            element(
                'header',
                element('p', f'{key.product.title} billing report', class_='soft'),
                element('h1', f'Billing period {period}'),
                element('p', f'Partner {partner}, version {version}'),
                _verdict(filed, is_verified),
                _figures(filed, versions[-2] if len(versions) > 1 else None),
            ),
            *([section('What changed', *what_changed)] if what_changed else []),
            section('Report', _origin(filed), element('p', 'The API reports no amounts; columns are not interpreted here.', class_='soft')),
            section('Timeline', timeline(filed)),
            section('The file', _file(filed)),
            section('Versions of the month', *history.versions(versions)),
            section('The last twelve months', *history.months(months)),
            element(
                'footer',
                f'Evidence of {whose(filed)}, version {version}, made only from the files and manifests that existed when it was filed. '
                'A later version is beside it in the archive and has its own page. All times are in UTC.',
            ),
        ),
    )


def _verdict(filed: Manifest, is_verified: bool) -> Element:
    """Return the line that says whether the archived file matches its manifest."""
    kind, verdict, says = 'good', 'Archived and verified.', 'The file is what its manifest says'
    if not is_verified:
        kind, verdict, says = 'bad', 'Archived, but not verified.', 'The file is missing, or is not what its manifest says'
    elif filed['file'].get('length_told') is False:
        kind, verdict, says = 'fair', 'Archived.', f'{says}; its length was not checked'
    return element('p', element('strong', verdict), f' {says}, SHA-256 ', digest(filed['file']['sha256'], 'short'), class_=f'verdict {kind}')


def _figures(filed: Manifest, before: Manifest | None) -> Element:
    found = columns(filed)
    return figures([
        *((name, number(count(filed, key)), _against(before, filed, key)) for name, key in (('Records', 'records'), ('Bytes', 'size'))),
        ('Columns', number(None if found is None else len(found)), ''),
        *([('Wait', wait(filed), 'from request to completion')] if was_asked_for(filed) else []),
    ])


def _against(before: Manifest | None, after: Manifest, key: str) -> str:
    return f'{difference(before, after, key)} against version {before["version"]}' if before else ''


def _origin(filed: Manifest) -> Element:
    report, awx = as_dict(filed.get('report')), as_dict(filed.get('awx'))
    return facts([
        ('Partner', filed['partner']),
        ('Billing period', filed['billing_period']),
        *((name.replace('_', ' ').capitalize(), shown(value)) for name, value in keys.in_manifest(filed).details().items()),
        ('Report', element('code', shown(report.get('id')))),
        ('Created by', element('code', shown(report.get('created_by')))),
        ('API', element('code', shown(filed.get('api_url')))),
        ('Filed by', f'webex_partner.billing {shown(filed.get("collection_version"))}'),
        *((f'AWX {name}', shown(awx[name])) for name in AWX if awx.get(name)),
    ])


def _file(filed: Manifest) -> Element:
    file, found = filed['file'], columns(filed)
    return facts([
        ('Name', element('code', shown(file['name']))),
        ('Size', f'{number(count(filed, "size"))} bytes'),
        *([('Length', UNMEASURED)] if file.get('length_told') is False else []),
        ('SHA-256', digest(file['sha256'])),
        ('Records', number(count(filed, 'records'))),
        ('Columns', UNKNOWN if found is None else element('span', *names_of(found))),
    ])
