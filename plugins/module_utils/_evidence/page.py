# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the evidence page of a filed version says, and how it looks: manifests in, HTML out."""

from __future__ import annotations

import typing as t
from datetime import datetime, timedelta
from xml.etree.ElementTree import Element

from .._api import fields, keys
from .._api.report import moment
from .._archive.manifests import AWX, MEASURES, in_utc, whose
from .chart import Bar, chart
from .markup import UNKNOWN, document, element, shown

Manifest = t.Dict[str, t.Any]

COLUMNS_LIMIT = 500  # names of columns that are listed
NARROW = '\N{NARROW NO-BREAK SPACE}'
BELIEVABLE = 10**15  # numbers from here on, and negative ones, are no number of records or bytes

# the moments of a report, in their order: key, what happened, how the next one calls it, what the time says
MOMENTS = (
    ('created', 'Report created', 'its creation', 'as the API says'),
    ('requested_at', 'Report asked for', 'the request', 'by the month end'),
    ('completed_at', 'Found completed', 'that look', 'the first look that saw it completed, which may have been so a little earlier'),
    ('downloaded_at', 'File downloaded', 'the download', 'filed right after'),
)

UNMEASURED = 'The file host did not send the length of this file, so a truncated file would not have been noticed.'

STYLE = """
:root { --ink: #16202b; --soft: #55606c; --line: #c9d0d7; --bar: #a9b8c7; --this: #14436f; --paper: #fff; }
@media screen and (prefers-color-scheme: dark) {
  :root { --ink: #e8ecf0; --soft: #a3adb8; --line: #3b4651; --bar: #54677a; --this: #8fc1f2; --paper: #14191f; color-scheme: dark; }
}
* { box-sizing: border-box; }
body {
  max-width: 58rem; margin: 0 auto; padding: 2rem 1.25rem 3rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, "Segoe UI", "Helvetica Neue", Arial, sans-serif; overflow-wrap: anywhere; font-variant-numeric: tabular-nums;
}
h1 { margin: 0; font-size: 1.9rem; line-height: 1.2; }
h2 { margin: 2.2rem 0 .6rem; padding-bottom: .25rem; border-bottom: 2px solid var(--this); font-size: 1.15rem; break-after: avoid; }
p { margin: .5rem 0; }
.soft, footer, dt, th, figcaption { color: var(--soft); }
.soft, footer, figcaption, th { font-size: .875rem; }
code { font: .875em/1.5 ui-monospace, "DejaVu Sans Mono", Consolas, monospace; unicode-bidi: isolate; }
ul.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: .75rem; margin: 1.4rem 0 0; padding: 0; list-style: none; }
.figures li { padding: .7rem .9rem; border: 1px solid var(--line); border-radius: .4rem; break-inside: avoid; }
.figures strong { display: block; font-size: 1.4rem; line-height: 1.3; }
.figures span { display: block; color: var(--soft); font-size: .875rem; }
dl { display: grid; grid-template-columns: 10rem 1fr; gap: .3rem 1rem; margin: 0; }
dd { margin: 0; min-width: 0; }
ol { margin: .8rem 0; padding: 0; list-style: none; }
ol li { position: relative; margin-left: .4rem; padding: 0 0 1rem 1.5rem; border-left: 2px solid var(--line); break-inside: avoid; }
ol li:last-child { border-color: transparent; padding-bottom: 0; }
ol li::before {
  content: ""; position: absolute; left: -.45rem; top: .4rem; width: .75rem; height: .75rem; border: 2px solid var(--this); border-radius: 50%;
  background: var(--this); print-color-adjust: exact;
}
ol li.unknown::before { background: var(--paper); }
ol span { display: block; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: .35rem .8rem .35rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
th { border-color: var(--soft); overflow-wrap: normal; }
th:last-child, td:last-child { padding-right: 0; }
.count { text-align: right; white-space: nowrap; }
tr { break-inside: avoid; }
tr.this td { font-weight: 600; }
td code { font-weight: 400; font-size: .75rem; color: var(--soft); }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)); gap: 1rem 2rem; }
figure { margin: 0; break-inside: avoid; }
svg { display: block; width: 100%; height: auto; font-size: 10px; }
svg text { fill: var(--soft); text-anchor: middle; }
svg .number { text-anchor: end; }
svg .mark { font-size: 13px; }
svg .grid { stroke: var(--line); stroke-width: .8; }
svg .bar { fill: var(--bar); }
svg .this { fill: var(--this); }
footer { margin-top: 2.2rem; padding-top: .6rem; border-top: 1px solid var(--line); }
@media (max-width: 34rem) {
  dl { grid-template-columns: 1fr; gap: 0; }
  dd { margin-bottom: .5rem; }
  h1 { font-size: 1.5rem; }
  .figures strong { font-size: 1.15rem; }
  table { font-size: .875rem; }
  th, td { padding-right: .5rem; }
}
@page { margin: 16mm 14mm 18mm; @bottom-right { content: counter(page) " / " counter(pages); font: 9pt sans-serif; } }
@media print {
  :root { font-size: 9pt; }
  body { max-width: none; padding: 0; line-height: 1.35; }
  h2 { margin-top: 1.3rem; }
  dl { gap: .1rem 1rem; }
  ol, table { break-inside: avoid; }
  table + p { break-before: avoid; }
  ol li { padding-bottom: .5rem; }
  td, th { padding-top: .2rem; padding-bottom: .2rem; }
}
"""


def page(versions: t.Sequence[Manifest], months: t.Mapping[str, Manifest | None]) -> bytes:
    """The page of the last of ``versions``, which are those of its month so far, beside ``months``, the last one its own; None where none is filed."""
    filed = versions[-1]
    before = versions[-2] if len(versions) > 1 else None
    partner, period, version, key = filed['partner'], filed['billing_period'], filed['version'], keys.in_manifest(filed)
    return document(
        f'Billing evidence: {whose(filed)}, version {version}',
        STYLE,
        element(
            'header',
            element('p', f'{key.product.title} billing report', class_='soft'),
            element('h1', f'Billing period {period}'),
            element('p', f'Partner {partner}, version {version}'),
            _figures(filed, before),
        ),
        _section('Report', _origin(filed), element('p', 'The API reports no amounts; columns are not interpreted here.', class_='soft')),
        _section('Timeline', _timeline(filed)),
        _section('The file', _file(filed)),
        _section('Versions of the month', _versions(versions), *map(_change, versions, versions[1:])),
        _section('The last twelve months', *_months(months)),
        element(
            'footer',
            f'Evidence of {whose(filed)}, version {version}, made only from the manifests that existed when it was filed. '
            'A later version is beside it in the archive and has its own page. All times are in UTC.',
        ),
    )


def _section(title: str, *content: Element) -> Element:
    return element('section', element('h2', title), *content)


def _figures(filed: Manifest, before: Manifest | None) -> Element:
    """The numbers that a reader looks for first."""
    columns = _columns(filed)
    told = [
        ('Records', _number(_count(filed, 'records')), _against(before, filed, 'records')),
        ('Bytes', _number(_count(filed, 'size')), _against(before, filed, 'size')),
        ('Columns', _number(None if columns is None else len(columns)), ''),
        *([('Wait', _wait(filed), 'from request to completion')] if _was_asked_for(filed) else []),
    ]
    return element('ul', *(
        element('li', element('span', name), element('strong', value), element('span', note)) for name, value, note in told
    ), class_='figures')


def _origin(filed: Manifest) -> Element:
    report, awx = _dict(filed.get('report')), _dict(filed.get('awx'))
    return _facts([
        ('Partner', filed['partner']),
        ('Billing period', filed['billing_period']),
        *((name.replace('_', ' ').capitalize(), shown(value)) for name, value in keys.in_manifest(filed).details().items()),
        ('Report', element('code', shown(report.get('id')))),
        ('Created by', element('code', shown(report.get('created_by')))),
        ('API', element('code', shown(filed.get('api_url')))),
        ('Filed by', f'webex_partner.billing {shown(filed.get("collection_version"))}'),
        *((f'AWX {name}', shown(awx[name])) for name in AWX if awx.get(name)),
    ])


def _timeline(filed: Manifest) -> Element:
    items: list[Element] = []
    last: tuple[datetime, str] | None = None
    for time, moments in _points(filed):
        keys, names, called, meanings = zip(*moments)
        since = f', {_span(time - last[0])} {"after" if time >= last[0] else "before"} {last[1]}' if time and last else ''
        last = (time, called[-1]) if time else last
        items.append(element(
            'li', element('strong', ' · '.join(names)), element('span', f'{_clock(_said(filed, keys[0]))}{since}'),
            element('span', '; '.join(meanings), class_='soft'), class_='known' if time else 'unknown',
        ))
    return element('ol', *items)


def _points(filed: Manifest) -> list[tuple[datetime | None, list[tuple[str, str, str, str]]]]:
    """The points of the timeline, each a time with what happened then; moments of the same time are one point."""
    points: list[tuple[datetime | None, list[tuple[str, str, str, str]]]] = []
    for each in MOMENTS:
        time = _time(filed, each[0])
        if each[0] == 'requested_at' and not _was_asked_for(filed):
            continue
        if points and time and time == points[-1][0]:
            points[-1][1].append(each)
        else:
            points.append((time, [each]))
    return points


def _was_asked_for(filed: Manifest) -> bool:
    """Whether there may have been a request; for a report that existed already, its creation stands in the manifest instead."""
    asked = _time(filed, 'requested_at')
    return asked is None or asked != _time(filed, 'created')


def _wait(filed: Manifest) -> str:
    asked, completed = _time(filed, 'requested_at'), _time(filed, 'completed_at')
    return _span(completed - asked) if asked and completed and completed >= asked else UNKNOWN


def _file(filed: Manifest) -> Element:
    file, columns = filed['file'], _columns(filed)
    names: list[Element | str] = [UNKNOWN]
    if columns is not None:
        names = [part for name in columns[:COLUMNS_LIMIT] for part in (element('code', shown(name)), ', ')][:-1]
        names += [f' and {len(columns) - COLUMNS_LIMIT} more'] if len(columns) > COLUMNS_LIMIT else []
    return _facts([
        ('Name', element('code', shown(file['name']))),
        ('Size', f'{_number(_count(filed, "size"))} bytes'),
        *([('Length', UNMEASURED)] if file.get('length_told') is False else []),
        ('SHA-256', element('code', file['sha256'])),
        ('Records', _number(_count(filed, 'records'))),
        ('Columns', element('span', *names)),
    ])


def _versions(versions: t.Sequence[Manifest]) -> Element:
    rows = [(
        str(manifest['version']), element('div', _clock(_said(manifest, 'downloaded_at')), element('div', element('code', manifest['file']['sha256']))),
        _number(_count(manifest, 'records')), _number(_count(manifest, 'size')),
    ) for manifest in versions]
    return _table([('Version', ''), ('Downloaded, SHA-256', ''), ('Records', 'count'), ('Bytes', 'count')], rows)


def _change(before: Manifest, after: Manifest) -> Element:
    """What a version has changed, in a sentence."""
    old, new = _columns(before), _columns(after)
    numbers = {unit: _difference(before, after, key) for key, unit in MEASURES}
    said = [
        *(f'{number} {unit}' for unit, number in numbers.items()),
        *(['other content'] if set(numbers.values()) <= {'+0', UNKNOWN} else []),
        'columns unknown' if old is None or new is None else 'the same columns' if old == new else 'other columns',
    ]
    parts: list[Element | str] = [element('strong', f'Version {after["version"]} against version {before["version"]}:'), f' {", ".join(said)}']
    for verb, names in (('added', _beyond(new, old)), ('gone', _beyond(old, new))):
        for place, name in enumerate(names):
            parts += [', ' if place else f'; {verb}: ', element('code', shown(name))]
    reports = [_dict(manifest.get('report')).get('id') for manifest in (before, after)]
    return element('p', *parts, '; from the same report.' if reports[0] == reports[1] else '; from another report.')


def _months(months: t.Mapping[str, Manifest | None]) -> list[Element]:
    def bars(key: str) -> list[Bar]:
        return [Bar(month, manifest is not None, manifest and _count(manifest, key)) for month, manifest in months.items()]

    rows = [
        (month, str(manifest['version']), _number(_count(manifest, 'records')), _number(_count(manifest, 'size'))) if manifest
        else (month, 'no report filed', '–', '–')
        for month, manifest in months.items()
    ]
    return [
        element('div', chart('Records', bars('records')), chart('Bytes', bars('size')), class_='charts'),
        element('p', 'The strong bar is this month; – no report filed, ? not known; k thousand, M million, G billion.', class_='soft'),
        _table([('Month', ''), ('Version', ''), ('Records', 'count'), ('Bytes', 'count')], rows),
    ]


def _facts(facts: t.Iterable[tuple[str, Element | str]]) -> Element:
    return element('dl', *(part for name, value in facts for part in (element('dt', name), element('dd', value))))


def _table(head: t.Sequence[tuple[str, str]], rows: t.Sequence[t.Sequence[Element | str]]) -> Element:
    """A table whose last row is what the page is about; ``head`` has the names of the columns and their classes."""
    kinds = [{'class_': kind} if kind else {} for _name, kind in head]
    lines = [
        element('tr', *(element('td', cell, **kind) for cell, kind in zip(row, kinds)), **({'class_': 'this'} if row is rows[-1] else {})) for row in rows
    ]
    names = element('tr', *(element('th', name, scope='col', **kind) for (name, _kind), kind in zip(head, kinds)))
    return element('table', element('thead', names), element('tbody', *lines))


def _dict(value: t.Any) -> dict[str, t.Any]:
    return value if isinstance(value, dict) else {}


def _columns(manifest: Manifest) -> list | None:
    columns = manifest['file'].get('columns')
    return columns if isinstance(columns, list) else None


def _beyond(names: list | None, others: list | None) -> list:
    return [name for name in names or [] if name not in others][:COLUMNS_LIMIT] if others is not None else []


def _count(manifest: Manifest, key: str) -> int | None:
    number = manifest['file'][key]
    return number if number is not None and 0 <= number < BELIEVABLE else None


def _number(number: int | None, sign: str = '') -> str:
    """In groups of three, which no locale reads as a fraction."""
    return UNKNOWN if number is None else format(number, f'{sign},').replace(',', NARROW).replace('-', '−')


def _difference(before: Manifest, after: Manifest, key: str) -> str:
    numbers = _count(before, key), _count(after, key)
    return UNKNOWN if None in numbers else _number(numbers[1] - numbers[0], '+')


def _against(before: Manifest | None, after: Manifest, key: str) -> str:
    return f'{_difference(before, after, key)} against version {before["version"]}' if before else ''


def _said(manifest: Manifest, key: str) -> t.Any:
    return _dict(manifest.get('report')).get('created') if key == 'created' else manifest.get(key)


def _time(manifest: Manifest, key: str) -> datetime | None:
    return moment(in_utc(fields.text(_said(manifest, key))))


def _clock(said: t.Any) -> str:
    """A time as people read it; one that cannot be read as it was said."""
    utc = in_utc(fields.text(said))
    return f'{utc[:10]} {utc[11:-1]} UTC' if utc else shown(said)


def _span(length: timedelta) -> str:
    """A length of time in its two largest units."""
    minutes, seconds = divmod(round(abs(length).total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    parts = [f'{number}{NARROW}{unit}' for number, unit in ((days, 'd'), (hours, 'h'), (minutes, 'min'), (seconds, 's')) if number]
    return ' '.join(parts[:2]) or f'less than 1{NARROW}s'
