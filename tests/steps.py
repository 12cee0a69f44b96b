# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What judges the tree: the steps as data, and on which cores each is worth its time."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass, replace
from typing import Literal

from environments import Environment
from workspace import BUILD, ROOT, TREE

PLAYS = BUILD / 'plays'
FIGURES = BUILD / 'figures'  # what the steps leave for docs/reliability.md


@dataclass(frozen=True)
class Step:
    """Shell commands, all of which must succeed; one that names {target} runs once for each integration target.

    ``at_once`` says on how many cores it may run side by side: ansible-test keeps one workplace for all of them, and system tests look at the clock.
    """

    name: str
    spread: Literal['every', 'many', 'ends', 'newest']
    commands: tuple[str, ...]
    requirements: str = 'test'
    program: str = ''
    refused: str = ''
    at_once: int = 1

    def environments(self, wanted: str, available: list[Environment]) -> list[Environment]:
        """Where it runs when the cores `wanted` are "usual", "all" or a version; "many" widens from the ends to all."""
        stable = [environment for environment in available if not environment.core.tolerated]
        if self.spread == 'newest':
            return [replace(environment, requirements=self.requirements) for environment in stable[-1:]]
        if wanted in ('usual', 'all') and (self.spread == 'every' or (self.spread, wanted) == ('many', 'all')):
            return available
        if wanted in ('usual', 'all'):
            return [environment for environment in available if environment in stable[:1] + stable[-1:]]
        return [environment for environment in available if environment.core.version == wanted]

    def expanded(self, environment: Environment) -> list[str]:
        """Its commands with everything filled in."""
        values = {
            'build': BUILD, 'plays': PLAYS, 'own': BUILD / self.name, 'python': environment.python,
            'figures': FIGURES / f'{self.name}-{environment.core.version}.xml',
        }
        quoted = {name: shlex.quote(str(value)) for name, value in values.items()}
        return [
            command.format(target=target, **quoted)
            for command in self.commands
            for target in (integration_targets() if '{target}' in command else [''])
        ]


PACKAGE = (
    'rm -rf {own}',
    'ansible-galaxy collection build --output-path {own}',
    'ANSIBLE_COLLECTIONS_PATH={own} ansible-galaxy collection install --offline {own}/*.tar.gz',
)

NEIGHBOURS = f'python {shlex.quote(str(ROOT / "tests/neighbours.py"))}'  # not the copy's, which has no .build

STEPS = (
    Step(
        'lint',
        'newest',
        (
            NEIGHBOURS,
            *PACKAGE,
            'ANSIBLE_COLLECTIONS_PATH={own} ansible-galaxy collection verify --offline webex_partner.billing',
            'ansible-lint --nocolor --profile production --offline --strict',
            'antsibull-changelog lint',
            'antsibull-docs lint-collection-docs --plugin-docs --validate-collection-refs=all .',
            'check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml',
            'pre-commit validate-config',
        ),
        requirements='lint',
    ),
    Step('galaxy', 'newest', ('pytest -q -p no:cacheprovider tests/galaxy',), requirements='lint'),
    Step(
        'docs',
        'newest',
        (
            'rm -rf {own} && mkdir {own}',
            'cp -r docs/docsite {own}/source && cp README.md docs/*.md docs/*.svg {own}/source && mkdir -m 755 {own}/source/reference',
            'python docs/docsite/workflow.py > {own}/source/awx_workflow.svg',
            'antsibull-changelog generate --output {own}/source/changelog.md --output-format md',
            'antsibull-docs collection --use-current --squash-hierarchy --fail-on-error --dest-dir {own}/source/reference webex_partner.billing',
            'sphinx-build --quiet --fail-on-warning --keep-going {own}/source {own}/html',
        ),
        requirements='docs',
    ),
    Step('units', 'every', ('PYTHONPATH={build} pytest -q -o junit_family=xunit1 --junitxml={figures} tests/unit',), at_once=2),
    Step('fuzz', 'newest', ('FUZZ_FIGURES={own}.json PYTHONPATH={build} pytest -q -p no:cacheprovider --show-capture=no tests/fuzz',)),
    Step('system', 'many', (NEIGHBOURS, 'PYTHONPATH={build} pytest -q -o junit_family=xunit1 --junitxml={figures} tests/system')),
    Step(
        'integration',
        'every',
        ('ANSIBLE_ROLES_PATH=tests/integration/targets ansible-playbook -i {plays}/inventory {plays}/{target}.json',),
        at_once=2,
    ),
    Step('ansible-test-units', 'newest', ('ansible-test units --venv --python {python}',)),
    Step('ansible-test-integration', 'ends', ('ansible-test integration --local --python {python}',), program='ssh-keygen'),
    Step('sanity', 'ends', ('ansible-test sanity --venv --python {python}',), refused='WARNING: (Skipping|Required program)'),
)


def integration_targets() -> list[str]:
    """The roles that test; those named setup_ are what they depend on."""
    folders = (TREE / 'tests/integration/targets').glob('*/tasks')
    return sorted(folder.parent.name for folder in folders if not folder.parent.name.startswith('setup_'))


def write_plays() -> None:
    """One play for each integration target, as ansible-test would make it."""
    PLAYS.mkdir(exist_ok=True)
    (PLAYS / 'inventory').write_text("testhost ansible_connection=local ansible_python_interpreter='{{ ansible_playbook_python }}'\n")
    for target in integration_targets():
        play = {'hosts': 'testhost', 'vars': {'output_dir': str(PLAYS / 'output')}, 'roles': [target]}
        (PLAYS / f'{target}.json').write_text(json.dumps([play]))
