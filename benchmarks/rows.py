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
    """What is measured side by side, one contender after the other, `turns` times over."""

    name: str
    what: str
    turns: int
    contenders: dict[str, Contender]
    aims: tuple[Aim, ...]
    note: str = ''

    def scaled(self, scale: float) -> Row:
        smaller = {name: replace(contender, setting=contender.setting.scaled(scale)) for name, contender in self.contenders.items()}
        return replace(self, contenders=smaller)


EMPTY = {START: Contender('floors/empty.yml')}

ROWS = (
    Row(
        'look', 'looking while waiting', 3,
        EMPTY | {
            'one look': Contender('ours/wait_closely.yml'),
            OURS: Contender('ours/wait_closely.yml', Setting(first=12)),
            'uri, one look': Contender('rivals/wait_closely.yml'),
            'uri, until': Contender('rivals/wait_closely.yml', Setting(first=8)),
            'pause': Contender('floors/pause.yml', Setting(first=12)),
        },
        tuple(
            Aim(what, figures.cpu_for_each_look('one look', idle), 1 / 300, 'uri, until', figures.cpu_for_each_look('uri, one look'))
            for what, idle in (('CPU for each look', ''), ('the same, less what Ansible uses meanwhile', 'pause'))
        ),
        note=(
            'Both look as often as they can, the collection ten times a second; a play that looks once is taken off. While any task runs, Ansible itself '
            'asks a thousand times a second whether it has ended. `pause` shows what that takes. Of the 6 ms that a look takes at this pace 4 are '
            "Ansible's own, so the aim is out of reach for whatever waits inside a task."
        ),
    ),
    Row(
        'hour', "an hour's wait, simulated", 1,
        {OURS: Contender('ours/hour.py'), 'uri, until': Contender('rivals/hour.py')},
        (
            Aim('requests', figures.requests, 1 / 6, 'uri, until'),
            Aim('latest answer, part of the time waited', figures.late, 0.1),
        ),
        note=(
            'The collection by its own code with a simulated clock, `until` with `delay: 10` by arithmetic. Late is the worst wait of a minute to an hour. '
            'From the tenth minute on the default `max_poll_interval: 60` makes a request a minute; 240 would make 59 of the 89, no later, and meet the aim.'
        ),
    ),
    Row(
        'minute', "a minute's wait, on a real clock", 1,
        EMPTY | {
            OURS: Contender('ours/wait.yml', Setting(first=60)),
            'uri, until': Contender('rivals/wait.yml', Setting(first=60)),
        },
        (Aim('answer, part of the time waited', figures.late, 0.1),),
    ),
    Row(
        'ready', 'a wait on a report that is ready', 15,
        EMPTY | {OURS: Contender('ours/wait.yml'), 'uri': Contender('rivals/info.yml')},
        (Aim('wall time', figures.wall, 1 / 5, 'uri'),),
        note=(
            "Of the collection's 0.14 s any task takes 0.04, importing `requests` 0.045, its own code 0.02, since Ansible compiles that of a collection "
            'in every run, and the look with its result the rest.'
        ),
    ),
    Row(
        'info', 'broadworks_billing_report_info by id', 15,
        EMPTY | {OURS: Contender('ours/info.yml'), 'uri': Contender('rivals/info.yml'), 'ping': Contender('floors/ping.yml')},
        (Aim('wall time', figures.wall, 0.9, 'uri'),),
        note='`ping` is the floor: a module that does nothing.',
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
            Aim('reads for each report, beside one list a round', figures.reads_for_each_report, 1),
            Aim('growth of memory against one report', figures.growth('one report'), 20, unit='MB'),
        ),
        note='The reports end one after the other within 20 seconds. The rival is measured with 20 reports, and taken times 50.',
    ),
    Row(
        'partners', '100 partners with their own tokens, `forks: 10`', 1,
        EMPTY | {
            OURS: Contender('ours/wait_for_partners.yml', PARTNERS, FORKS),
            'uri, until': Contender('rivals/wait_for_partners.yml', PARTNERS, FORKS),
        },
        (
            Aim('CPU', figures.cpu, 1 / 50, 'uri, until'),
            Aim('latest answer, part of the time waited', figures.late, 0.1),
        ),
        note=(
            'Ten reports end every eight seconds. Such short waits have short pauses: `poll_interval: 0.5`, and `delay: 1` in favour of the rival. '
            "Most of the collection's CPU is Ansible's here: as long as hosts queue for a fork, it looks for a free one without a rest, for 0.22 s of CPU "
            'in each second, and for 0.03 s otherwise. A host that waits takes 2 ms in each second. On two cores the rival looks at each report three times, '
            'since it cannot more often.'
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
        note=(
            'The collection reads the report for its link, counts records and brings the file to the disk (fsync). `get_url` is told link and checksum. '
            '`curl` writes by `tee` into `sha256sum`, and has no play whose start could be taken off. Into the archive is the way of the role: no module is '
            'sent, and the manifest comes with it. To be sent and started takes a module 0.5 s; then each MB takes 1.7 ms to count, 0.6 to hash '
            'and 0.4 to write.'
        ),
    ),
    Row(
        'memory', 'peak memory of a download, 1 MB against 2 GB', 1,
        {
            '1 MB': Contender('ours/download.yml', Setting(size=MB), weighed=True),
            OURS: Contender('ours/download.yml', Setting(size=2000 * MB), weighed=True),
            'get_url, 1 MB': Contender('rivals/download.yml', Setting(size=MB), weighed=True),
            'get_url': Contender('rivals/download.yml', Setting(size=2000 * MB), weighed=True),
        },
        (Aim('growth', figures.growth('1 MB'), 8, unit='MB'),),
        note='The memory is that of the process in which the module runs: that of Ansible is larger, and would hide it.',
    ),
    Row(
        'again', 'month_end for the second time, nothing new', 5,
        EMPTY | {
            OURS: Contender('ours/month_end.yml', filed=True),
            'uri and shell': Contender('rivals/month_end.yml', filed=True),
        },
        (Aim('wall time', figures.wall, 0.5, 'uri and shell'),),
    ),
    Row(
        'fleet', 'what a job of AWX holds', 3,
        EMPTY | {
            'submit': Contender('ours/submit.yml', Setting(first=3600)),
            'collect, ready': Contender('ours/collect.yml', Setting(size=MB)),
            'collect, a minute': Contender('ours/collect.yml', Setting(first=60, size=MB)),
        },
        (),
        note='Nothing is compared here: these are figures for `fleet.md`. The file has a megabyte.',
    ),
)
