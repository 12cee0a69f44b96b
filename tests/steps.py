# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What judges the tree: the steps as data, and on which cores each is worth its time."""

from __future__ import annotations

import json
import os
import shlex
from dataclasses import dataclass, replace
from typing import Literal

from environments import Environment
from workspace import BUILD, ROOT, Place

PLAYS = BUILD / 'plays'
FIGURES = BUILD / 'figures'  # what the steps leave for docs/reliability.md
CORES = os.cpu_count() or 1

Spread = Literal['newest', 'oldest', 'ends', 'between', 'every', 'none']


@dataclass(frozen=True)
class Step:
    """Shell commands, all of which must succeed; one that names {target} runs once for each integration target.

    ``usual`` and ``all`` say on which releases of ansible-core `make test` and `make test-all` run it: "ends" are the oldest and the newest stable one,
    "between" all others. Steps that are not ``wide`` run side by side; a wide one has workers for all processors, or judges the clock, and runs alone.
    ``tests`` is what {select} stands for, unless ARGS are given.
    A step that needs a ``program`` runs only where the shell command ``probe`` finds it.
    """

    name: str
    usual: Spread
    all: Spread
    commands: tuple[str, ...]
    requirements: str = 'test'
    program: str = ''
    probe: str = ''
    refused: str = ''
    wide: bool = False
    tests: str = ''

    def environments(self, wanted: str, available: list[Environment]) -> list[Environment]:
        """Where it runs when the cores `wanted` are "usual", "all" or a version."""
        stable = [environment for environment in available if not environment.core.tolerated]
        newest, oldest = stable[-1:], [environment for environment in stable[:1] if environment not in stable[-1:]]
        between = [environment for environment in available if environment not in oldest + newest]
        chosen = {'newest': newest, 'oldest': oldest, 'ends': oldest + newest, 'between': between, 'every': available, 'none': []}
        if self.requirements != 'test':
            return [replace(environment, requirements=self.requirements) for environment in chosen[self.all if wanted == 'all' else self.usual]]
        if wanted == 'usual' or self.all == 'newest':
            return chosen[self.usual]
        if wanted == 'all':
            return chosen[self.all]
        if self.all == 'between':
            return []  # its tests are among those of another step, which runs there
        return [environment for environment in available if environment.core.version == wanted]

    def place(self, environment: Environment) -> Place:
        return Place(f'{environment.root.name}-{self.name}')

    def expanded(self, environment: Environment, arguments: str = '') -> list[str]:
        """Its commands with everything filled in."""
        place = self.place(environment)
        values = {
            'root': place.root, 'scratch': place.scratch, 'plays': PLAYS, 'own': BUILD / self.name, 'python': environment.python,
            'figures': FIGURES / f'{self.name}-{environment.core.version}.xml',
        }
        filled = {name: shlex.quote(str(value)) for name, value in values.items()}
        select = self._narrowed(arguments) if arguments else self.tests.format(**filled)
        return [
            command.format(target=target, select=select, **filled)
            for command in self.commands
            for target in (integration_targets() if '{target}' in command else [''])
        ]

    def _narrowed(self, arguments: str) -> str:
        """Arguments for pytest; those that name no file select among all tests of the step."""
        named = any((ROOT / word.partition('::')[0]).exists() for word in shlex.split(arguments))
        return arguments if named else f'{arguments} {shlex.split(self.tests)[-1]}'


# A test waits a quarter of its time and more, so one worker more than there are processors keeps them busy; two more took longer.
SHARED = f'-n {CORES + 1} --dist loadgroup -m "not clock"'
BY_FILE = SHARED.replace('loadgroup', 'loadfile')  # for tests so short that handing them out one by one would cost more than it brings

PYTEST = 'pytest -q -rs -p no:cacheprovider --basetemp={scratch}'
IMPORTING = f'PYTHONPATH={{root}} {PYTEST}'
RUN = f'{IMPORTING} {{select}}'
RECORDED = '-o junit_family=xunit1 --junitxml={figures}'

PACKAGE = (
    'rm -rf {own}',
    'ansible-galaxy collection build --output-path {own}',
    'ANSIBLE_COLLECTIONS_PATH={own} ansible-galaxy collection install --offline {own}/*.tar.gz',
)

NEIGHBORS = f'python {shlex.quote(str(ROOT / "tests/neighbours.py"))}'  # not that of the copy, which has no .build

JAVA_17 = """java -version 2>&1 | grep -Eq 'version "(1[7-9]|[2-9][0-9])'"""  # or later

# The longest of those that run side by side come first, so that they end together.
STEPS = (
    Step('sanity', 'newest', 'ends', ('ansible-test sanity --venv --python {python}',), refused='WARNING: (Skipping|Required program)'),
    Step(
        'integration',
        'newest',
        'every',
        ('ANSIBLE_ROLES_PATH=tests/integration/targets ansible-playbook -i {plays}/inventory -e output_dir={root}/output {plays}/{target}.json',),
    ),
    Step('galaxy', 'oldest', 'oldest', (f'{PYTEST} {{select}}',), requirements='galaxy', tests='tests/galaxy'),
    Step('fuzz', 'newest', 'newest', (f'FUZZ_FIGURES={{own}}.json {IMPORTING} --show-capture=no {{select}}',), tests='tests/fuzz'),
    Step(
        'ansible-test-integration',
        'none',
        'ends',
        ('ansible-test integration --local --python {python}',),
        program='ssh-keygen',
        probe='command -v ssh-keygen',
    ),
    Step('events', 'none', 'newest', (RUN,), requirements='events', program='Java 17', probe=JAVA_17, tests='tests/events'),
    Step(
        'lint',
        'newest',
        'newest',
        (
            NEIGHBORS,
            *PACKAGE,
            'ANSIBLE_COLLECTIONS_PATH={own} ansible-galaxy collection verify --offline webex_partner.billing',
            'ansible-lint --nocolor --profile production --offline --strict',
            'antsibull-changelog lint',
            'antsibull-docs lint-collection-docs --plugin-docs --validate-collection-refs=all .',
            'check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml',
            'check-jsonschema --builtin-schema vendor.dependabot .github/dependabot.yml',
            'reuse lint --quiet',
            'pre-commit validate-config',
        ),
        requirements='lint',
    ),
    Step(
        'docs',
        'newest',
        'newest',
        (
            'rm -rf {own} && mkdir {own}',
            'cp -r docs/docsite {own}/source && cp README.md galaxy.yml docs/*.md docs/*.svg {own}/source && mkdir -m 755 {own}/source/reference',
            'ansible-playbook docs/docsite/evidence.yml -e folder={own}/source/example',
            'antsibull-docs collection --use-current --squash-hierarchy --fail-on-error --dest-dir {own}/source/reference webex_partner.billing',
            'sphinx-build --quiet --fail-on-warning --keep-going {own}/source {own}/html',
        ),
        requirements='docs',
    ),
    Step('units', 'ends', 'every', (RUN,), wide=True, tests=f'{RECORDED} {BY_FILE} tests/unit'),
    Step('ansible-test-units', 'none', 'ends', ('ansible-test units --venv --python {python}',), wide=True),
    Step('system', 'newest', 'ends', (NEIGHBORS, RUN), wide=True, tests=f'{RECORDED} {SHARED} tests/system'),
    Step('system-by-core', 'oldest', 'between', (NEIGHBORS, RUN), wide=True, tests=f'{RECORDED} {SHARED[:-1]} and by_core" tests/system'),
    Step('units-clock', 'ends', 'every', (RUN,), wide=True, tests=f'{RECORDED} -m clock tests/unit'),
    Step('system-clock', 'newest', 'every', (RUN,), wide=True, tests=f'{RECORDED} -m clock tests/system'),
)


def integration_targets() -> list[str]:
    """The roles that test; those named setup_ are what they depend on."""
    folders = (ROOT / 'tests/integration/targets').glob('*/tasks')
    return sorted(folder.parent.name for folder in folders if not folder.parent.name.startswith('setup_'))


def write_plays() -> None:
    """One play for each integration target, as ansible-test would make it."""
    PLAYS.mkdir(exist_ok=True)
    (PLAYS / 'inventory').write_text("testhost ansible_connection=local ansible_python_interpreter='{{ ansible_playbook_python }}'\n")
    for target in integration_targets():
        (PLAYS / f'{target}.json').write_text(json.dumps([{'hosts': 'testhost', 'roles': [target]}]))
