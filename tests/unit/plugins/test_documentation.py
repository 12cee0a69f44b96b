# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is documented is what is accepted: options of modules and of the action against their argument specs."""

from __future__ import annotations

import ast
import importlib
import typing as t
from pathlib import Path

import pytest
import yaml
from ansible.module_utils.basic import AnsibleModule

COLLECTION = 'webex_partner.billing'
PLUGINS = Path(__file__).resolve().parents[3] / 'plugins'
IMPORTED_AS = 'ansible_collections.webex_partner.billing.plugins'
MODULES = sorted(path.stem for path in (PLUGINS / 'modules').glob('*.py') if path.stem != '__init__')
COMPARED = {'type': 'str', 'elements': None, 'default': None, 'required': False, 'aliases': [], 'choices': None}
VARIABLES = {
    'access_token': 'WEBEX_ACCESS_TOKEN',
    'client_id': 'WEBEX_CLIENT_ID',
    'client_secret': 'WEBEX_CLIENT_SECRET',
    'refresh_token': 'WEBEX_REFRESH_TOKEN',
    'token_file': 'WEBEX_TOKEN_FILE',
    'api_url': 'WEBEX_API_URL',
    'validate_certs': 'WEBEX_VALIDATE_CERTS',
    'ca_path': 'WEBEX_CA_PATH',
}


class Spec(BaseException):
    """An argument spec on its way out of a module."""


def strings(nodes: t.Iterable[ast.AST]) -> dict[str, str]:
    """The string constants that are assigned at this level, by name."""
    return {node.targets[0].id: ast.literal_eval(node.value) for node in nodes if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)}


def fragment(name: str) -> dict[str, t.Any]:
    """The documentation in a fragment of this collection; one of another place is not ours to compare."""
    if not name.startswith(f'{COLLECTION}.'):
        return {}
    file, _dot, variable = name[len(COLLECTION) + 1:].partition('.')
    tree = ast.parse((PLUGINS / 'doc_fragments' / f'{file}.py').read_text(encoding='utf-8'))
    body = next(node.body for node in tree.body if isinstance(node, ast.ClassDef) and node.name == 'ModuleDocFragment')
    return yaml.safe_load(strings(body)[(variable or 'DOCUMENTATION').upper()])


def documented(module: str) -> dict[str, dict]:
    tree = ast.parse((PLUGINS / 'modules' / f'{module}.py').read_text(encoding='utf-8'))
    documentation = yaml.safe_load(strings(tree.body)['DOCUMENTATION'])
    options: dict[str, dict] = {}
    for name in documentation.get('extends_documentation_fragment', []):
        options.update(fragment(name).get('options') or {})
    return {**options, **(documentation.get('options') or {})}


def accepted(module: str, monkeypatch) -> dict[str, dict]:
    """The spec of the module, or of the action where the module only documents it."""
    main = getattr(importlib.import_module(f'{IMPORTED_AS}.modules.{module}'), 'main', None)
    if main is None:
        return importlib.import_module(f'{IMPORTED_AS}.action.{module}').ActionModule.spec

    def tell(_self, argument_spec, **_others):
        raise Spec(argument_spec)

    with monkeypatch.context() as patch, pytest.raises(Spec) as caught:
        patch.setattr(AnsibleModule, '__init__', tell)
        main()
    return caught.value.args[0]


def calls_the_api(module: str, monkeypatch) -> bool:
    """Whether a module takes connection options; one that is only told where a report came from has an api_url alone."""
    return 'access_token' in accepted(module, monkeypatch)


def compared(options: dict[str, dict], suboptions: str) -> dict[str, dict]:
    """What a documented option and an accepted one must have in common."""
    result = {}
    for name, option in options.items():
        result[name] = {key: option.get(key, usual) for key, usual in COMPARED.items()}
        result[name]['aliases'] = sorted(result[name]['aliases'])
        result[name]['options'] = compared(option.get(suboptions) or {}, suboptions)
    return result


@pytest.mark.parametrize('module', MODULES)
def test_options_are_documented_as_they_are_accepted(module, monkeypatch):
    assert compared(documented(module), 'suboptions') == compared(accepted(module, monkeypatch), 'options')


@pytest.mark.parametrize('module', MODULES)
def test_variables_are_read_as_documented(module, monkeypatch):
    options = documented(module)
    spec = accepted(module, monkeypatch)
    connects = calls_the_api(module, monkeypatch)
    for name, option in spec.items():
        read = option['fallback'][1] if 'fallback' in option else []
        has_variable = connects or ('client_id' in spec and name != 'token_file')  # there it is what is written
        assert read == ([VARIABLES[name]] if name in VARIABLES and has_variable else []), name
        assert all(f'E({variable})' in str(options[name]['description']) for variable in read)


@pytest.mark.parametrize('module', MODULES)
def test_secrets_are_marked(module, monkeypatch):
    spec = accepted(module, monkeypatch)
    assert {name for name, option in spec.items() if option.get('no_log')} == {'access_token', 'client_secret', 'refresh_token'} & set(spec)


@pytest.mark.parametrize('option', sorted([*VARIABLES, 'request_timeout', 'retry_timeout']))
def test_every_module_that_calls_the_api_has_every_connection_option(option, monkeypatch):
    for module in MODULES:
        assert not calls_the_api(module, monkeypatch) or option in accepted(module, monkeypatch)


@pytest.mark.parametrize(('option', 'expected'), [
    ('wait_timeout', 3600), ('poll_interval', 5), ('max_poll_interval', 60), ('heartbeat_interval', 60), ('fail_on_failed', True),
    ('set_facts', True), ('show_download_url', False), ('api_url', 'https://webexapis.com/v1'), ('validate_certs', True),
    ('request_timeout', 30), ('retry_timeout', 60), ('id', None), ('ids', None), ('billing_period', None), ('access_token', None),
])
def test_defaults_of_the_wait_are_those_that_were_promised(option, expected):
    assert documented('billing_report_wait')[option].get('default') == expected
