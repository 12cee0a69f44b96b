# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rows of the benchmark as data: who runs, against what servers, and what the collection aims at."""

from __future__ import annotations

from dataclasses import dataclass, replace

import figures
from figures import START, Figure, Turn
from measure import Contender
from servers import Setting

OURS = 'collection'

MB = 10**6
PARTNERS = Setting(reports=100, first=8, every=8, together=10)
FORKS = ('--forks', '10')
PAIR = Setting(records=10**6)


@dataclass(frozen=True)
class Aim:
    """A figure of the collection, as a share of the rival's where there is one, is at most `limit`."""

    what: str
    figure: Figure
    limit: float
    rival: str = ''
    rival_figure: Figure | None = None
    unit: str = ''

    def value(self, turn: Turn) -> float:
        ours = self.figure(turn, OURS)
        return ours / (self.rival_figure or self.figure)(turn, self.rival) if self.rival else ours


@dataclass(frozen=True)
class Row:
    """What is measured side by side, one contender after the other, `turns` times over. `lead` is a sentence for the head of the page, of its medians."""

    name: str
    what: str
    turns: int
    contenders: dict[str, Contender]
    aims: tuple[Aim, ...]
    note: str = ''
    lead: str = ''

    def scaled(self, scale: float) -> Row:
        smaller = {name: replace(contender, setting=contender.setting.scaled(scale)) for name, contender in self.contenders.items()}
        return replace(self, contenders=smaller)


EMPTY = {START: Contender('floors/empty.yml')}

ROWS = (
    Row(
        'look', 'polling while waiting', 3,
        EMPTY | {
            'one poll': Contender('ours/wait_closely.yml'),
            OURS: Contender('ours/wait_closely.yml', Setting(first=12)),
            'uri, one poll': Contender('rivals/wait_closely.yml'),
            'uri, until': Contender('rivals/wait_closely.yml', Setting(first=8)),
            'pause': Contender('floors/pause.yml', Setting(first=12)),
        },
        tuple(
            Aim(what, figures.cpu_for_each_poll('one poll', idle), 1 / 300, 'uri, until', figures.cpu_for_each_poll('uri, one poll'))
            for what, idle in (('CPU per poll', ''), ("CPU per poll, without Ansible's own", 'pause'))
        ),
        note=(
            'Both poll as often as they can, the collection ten times a second. The cost of a play that polls once is subtracted. While any task runs, '
            'Ansible itself checks a thousand times a second whether the task has ended; `pause` shows the cost of that. At this pace, a poll takes 6 ms. '
            'Ansible itself uses 4 of them, so nothing that waits inside a task can reach the goal.'
        ),
    ),
    Row(
        'hour', 'a simulated wait of an hour', 1,
        {OURS: Contender('ours/hour.py', simulated=True), 'uri, until': Contender('rivals/hour.py', simulated=True)},
        (
            Aim('requests', figures.requests, 1 / 6, 'uri, until'),
            Aim('longest delay, as a share of the time waited', figures.late, 0.1),
        ),
        note=(
            'The collection runs its own code with a simulated clock; `until` with `delay: 10` is calculated. The delay is the longest one of all waits from a '
            'minute to an hour. From the tenth minute on, the default `max_poll_interval: 60` sends one request a minute. A value of 240 would send 59 '
            'requests instead of 89, would not increase the longest delay, and would reach the goal.'
        ),
    ),
    Row(
        'minute', 'a real wait of a minute', 1,
        EMPTY | {
            OURS: Contender('ours/wait.yml', Setting(first=60)),
            'uri, until': Contender('rivals/wait.yml', Setting(first=60)),
        },
        (Aim('delay, as a share of the time waited', figures.late, 0.1),),
    ),
    Row(
        'ready', 'a wait for a report that is ready', 15,
        EMPTY | {OURS: Contender('ours/wait.yml'), 'uri': Contender('rivals/info.yml')},
        (Aim('wall time', figures.wall, 1 / 5, 'uri'),),
        note=(
            'The collection takes 0.14 s: 0.04 for any task, 0.045 to import `requests`, 0.02 for its own code, which Ansible compiles in every run, '
            'and the rest for the poll and its result.'
        ),
    ),
    Row(
        'info', 'reading a report by its ID', 15,
        EMPTY | {OURS: Contender('ours/info.yml'), 'uri': Contender('rivals/info.yml'), 'ping': Contender('floors/ping.yml')},
        (Aim('wall time', figures.wall, 0.9, 'uri'),),
        note='`ping` is the lower limit: a module that does nothing.',
    ),
    Row(
        'many', '1,000 reports of one partner in one task', 2,
        EMPTY | {
            'one report': Contender('ours/wait_for_many.yml'),
            OURS: Contender('ours/wait_for_many.yml', Setting(reports=1000, first=5, every=0.02)),
            'uri, loop': Contender('rivals/wait_for_many.yml', Setting(reports=20, first=5, every=1), times=50),
        },
        (
            Aim('CPU', figures.cpu, 1 / 100, 'uri, loop'),
            Aim('reads per report, in addition to one list per poll', figures.reads_for_each_report, 1),
            Aim('more memory than for one report', figures.growth('one report'), 20, unit='MB'),
        ),
        lead='Waiting for 1,000 reports in one task takes {0} of the CPU time that a loop with `uri` takes.',
        note=(
            'The reports end one after the other within 20 seconds. The alternative is measured with 20 reports; '
            'the table of all figures multiplies its figures by 50.'
        ),
    ),
    Row(
        'partners', '100 partners with their own tokens, `forks: 10`', 1,
        EMPTY | {
            OURS: Contender('ours/wait_for_partners.yml', PARTNERS, FORKS),
            'uri, until': Contender('rivals/wait_for_partners.yml', PARTNERS, FORKS),
        },
        (
            Aim('CPU', figures.cpu, 1 / 50, 'uri, until'),
            Aim('longest delay, as a share of the time waited', figures.late, 0.1),
        ),
        note=(
            'Ten reports end every eight seconds. Such short waits need short pauses: `poll_interval: 0.5`, and `delay: 1` in favor of the alternative. '
            'Ansible itself uses most of the CPU time here. While hosts queue for a fork, it searches for a free one without a pause and uses 0.22 s of CPU '
            'in each second; otherwise it uses 0.03 s. A waiting host uses 2 ms in each second. On two cores, the alternative polls each report three times, '
            'because it cannot poll more often.'
        ),
    ),
    Row(
        'download', 'a download of 200 MB with SHA-256 and records', 5,
        EMPTY | {
            OURS: Contender('ours/download.yml', Setting(size=200 * MB)),
            'into the archive': Contender('ours/archive.yml', Setting(size=200 * MB)),
            'get_url': Contender('rivals/download.yml', Setting(size=200 * MB)),
            'curl': Contender('rivals/download.sh', Setting(size=200 * MB), program='curl'),
        },
        (
            Aim('wall time', figures.wall, 1, 'get_url'),
            Aim('wall time', figures.wall, 1.5, 'curl', figures.whole_wall),
            Aim('wall time into the archive', figures.wall_of('into the archive'), 1, 'get_url', figures.wall),
            Aim('wall time into the archive', figures.wall_of('into the archive'), 1.5, 'curl', figures.whole_wall),
        ),
        lead='Downloading 200 MB takes {0} times as long as with `get_url`, or {2} times as long if the role downloads into the archive.',
        note=(
            'The collection reads the report to get its link, counts records and writes the file to the disk (fsync). `get_url` gets link and checksum as '
            'options. `curl` pipes its output through `tee` into `sha256sum`; its figures include its start, because no play starts it. The role downloads '
            'into the archive: this copies no module, and includes the manifest. Copying and starting a module takes 0.5 s; each MB then takes 1.7 ms to '
            'count, 0.6 to hash and 0.4 to write.'
        ),
    ),
    Row(
        'memory', 'peak memory of a download, 2 GB compared with 1 MB', 1,
        {
            '1 MB': Contender('ours/download.yml', Setting(size=MB), weighed=True),
            OURS: Contender('ours/download.yml', Setting(size=2000 * MB), weighed=True),
            'get_url, 1 MB': Contender('rivals/download.yml', Setting(size=MB), weighed=True),
            'get_url': Contender('rivals/download.yml', Setting(size=2000 * MB), weighed=True),
        },
        (Aim('growth', figures.growth('1 MB'), 8, unit='MB'),),
        note='This is the memory of the process in which the module runs. Ansible itself uses more memory, which would hide the growth.',
    ),
    Row(
        'compare', 'comparing two files of 1,000,000 records, 200 MB each', 3,
        EMPTY | {
            OURS: Contender('ours/compare.yml', PAIR, weighed=True),
            'pandas': Contender('rivals/compare.py', PAIR),
            'pandas, guessed types': Contender('rivals/compare.py', PAIR, ('guess',)),
            'sort and comm': Contender('rivals/compare.sh', PAIR, program='comm'),
        },
        (
            Aim('wall time', figures.wall, 1, 'pandas', figures.whole_wall),
            Aim('wall time', figures.wall, 1, 'pandas, guessed types', figures.whole_wall),
            Aim('peak memory', figures.memory, 150, unit='MB'),
        ),
        note=(
            'The files have the same columns, and records in different orders: 1 % are changed, 0.5 % added and 0.5 % removed. The collection and pandas '
            'match records by a key, and add up a column by group. With guessed types, pandas takes `007` and `7` for equal, and adds up floats. '
            '`sort` and `comm` compare whole lines: they show no changed records, no sums, and a record whose quotes differ as two. '
            'The memory of the collection is that of the process in which the module runs. The other figures are of whole processes.'
        ),
    ),
    Row(
        'again', 'a second month end with nothing new', 5,
        EMPTY | {
            OURS: Contender('ours/month_end.yml', filed=True),
            'uri and shell': Contender('rivals/month_end.yml', filed=True),
        },
        (Aim('wall time', figures.wall, 0.5, 'uri and shell'),),
        lead='A second month end with nothing new takes {0} times as long as with `uri` and `shell`.',
    ),
    Row(
        'fleet', 'a job in AWX', 3,
        EMPTY | {
            'submit': Contender('ours/submit.yml', Setting(first=3600)),
            'collect, ready': Contender('ours/collect.yml', Setting(size=MB)),
            'collect, a minute': Contender('ours/collect.yml', Setting(first=60, size=MB)),
        },
        (),
        note='These are the figures for `fleet.md`, without a comparison. The file has a size of 1 MB.',
    ),
)
