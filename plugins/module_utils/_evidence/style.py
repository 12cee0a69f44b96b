# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The style sheet of the page: for screens, phones, dark mode and paper."""

from __future__ import annotations

STYLE = """
:root { --ink: #16202b; --soft: #55606c; --line: #d5dbe1; --bar: #a9b8c7; --this: #14436f; --good: #1c7048; --bad: #a8321f; --paper: #fff; }
@media screen and (prefers-color-scheme: dark) {
  :root {
    --ink: #e8ecf0; --soft: #a3adb8; --line: #333d47; --bar: #54677a; --this: #8fc1f2; --good: #6cc799; --bad: #f08f7c; --paper: #14191f;
    color-scheme: dark;
  }
}
* { box-sizing: border-box; }
body {
  max-width: 58rem; margin: 0 auto; padding: 2rem 1.25rem 3rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, "Segoe UI", "Helvetica Neue", Arial, sans-serif; overflow-wrap: anywhere; font-variant-numeric: tabular-nums;
}
.running { display: none; }
h1 { margin: 0; font-size: 1.9rem; line-height: 1.2; }
h2 { margin: 2.2rem 0 .7rem; padding-bottom: .25rem; border-bottom: 2px solid var(--this); font-size: 1.15rem; break-after: avoid; }
p { margin: .5rem 0; }
.soft, footer, dt, th, figcaption { color: var(--soft); }
.soft, footer, figcaption, th { font-size: .875rem; }
code { font: .875em/1.5 ui-monospace, "DejaVu Sans Mono", Consolas, monospace; unicode-bidi: isolate; }
.short { display: inline-block; max-width: 13.5ch; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; vertical-align: bottom; }
.verdict { margin: 1.2rem 0 0; padding: .1rem 0 .1rem .8rem; border-left: .3rem solid; print-color-adjust: exact; }
.good { border-color: var(--good); }
.good strong { color: var(--good); }
.bad { border-color: var(--bad); }
.bad strong { color: var(--bad); }
ul.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: .75rem; margin: 1.1rem 0; padding: 0; list-style: none; }
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
th { border-color: var(--soft); font-weight: 500; overflow-wrap: normal; }
th:last-child, td:last-child { padding-right: 0; }
.count { text-align: right; white-space: nowrap; }
.long { white-space: normal; }
.bars { width: 38%; vertical-align: middle; }
tr { break-inside: avoid; }
tr.this td { font-weight: 600; }
td .digest { font-weight: 400; font-size: .75rem; color: var(--soft); }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)); gap: 1rem 2rem; }
figure { margin: 0; break-inside: avoid; }
table + figure, figure + figure { margin-top: 1.6rem; }
.charts figure { margin-top: 0; }
svg { display: block; width: 100%; height: auto; font-size: 10px; }
svg.difference { height: 1.4rem; overflow: visible; }
svg text { fill: var(--soft); text-anchor: middle; }
svg .number { text-anchor: end; }
svg .mark { font-size: 13px; }
svg .restated { fill: var(--this); font-size: 9px; font-weight: 600; }
svg .grid { stroke: var(--line); stroke-width: .8; }
svg .zero { stroke: var(--soft); }
svg .bar, svg .less { fill: var(--bar); }
svg .this, svg .more { fill: var(--this); }
footer { margin-top: 2.2rem; padding-top: .6rem; border-top: 1px solid var(--line); }
@media screen and (max-width: 34rem) {
  dl { grid-template-columns: 1fr; gap: 0; }
  dd { margin-bottom: .5rem; }
  h1 { font-size: 1.5rem; }
  ul.figures { grid-template-columns: 1fr 1fr; }
  .figures strong { font-size: 1.15rem; }
  table { font-size: .875rem; }
  th, td { padding-right: .5rem; }
  .bars { width: 22%; }
  .digest { display: inline-block; max-width: 13.5ch; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; vertical-align: bottom; }
}
@page { margin: 14mm 14mm 18mm; @bottom-right { content: counter(page) " / " counter(pages); font: 9pt sans-serif; } }
@media print {
  :root { font-size: 9pt; }
  body { display: table; width: 100%; max-width: none; padding: 0; line-height: 1.35; }
  .running { display: table-header-group; break-inside: avoid; color: var(--soft); font-size: .875rem; }
  .running::after { content: ""; display: block; height: 1rem; }
  main { display: table-row-group; }
  h2 { margin-top: 1.3rem; }
  dl { gap: .1rem 1rem; }
  header, footer, p, dl, ol, table { break-inside: avoid; }
  .charts, .charts + p { break-after: avoid; }
  table + p { break-before: avoid; }
  ol li { padding-bottom: .5rem; }
  td, th { padding-top: .2rem; padding-bottom: .2rem; }
}
"""
