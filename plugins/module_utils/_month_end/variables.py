# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The variables of the role ``month_end``: valid values, defaults, and misspelled names."""

from __future__ import annotations

import difflib
import os
import re
import typing as t

from ansible.module_utils.parsing.convert_bool import boolean

from .._access.health import NEEDS
from .._api import keys
from .._api.access import SOON
from .._api.options import connection_spec, days, seconds
from .._api.product import Key
from .._api.products import DEFAULT
from .._compare.totals import DECIMALS
from .._errors import InvalidInput
from .._reports.ensure import ON_FAILED

PREFIX = 'month_end_'
RESULTS = ('plan', 'result', 'results')  # what a run leaves, for later tasks
RENAMED = {'billing_period': 'period'}  # options of plugins that the role calls otherwise

KEY = keys.choice_spec()  # also keys of an entry

Judge = t.Callable[[str, t.Any], t.Any]


class Variable(t.NamedTuple):
    """``judge`` converts a value or raises InvalidInput; ``default`` replaces a blank value."""

    judge: Judge
    default: t.Any


def is_blank(value: t.Any) -> bool:
    """Return whether a value counts as unset: AWX sends null or an empty text for a question without an answer."""
    return value is None or (isinstance(value, str) and not value.strip())


def text(name: str, value: t.Any) -> str:
    """Return a value as text; a label may be written as a number."""
    if isinstance(value, (dict, list, tuple)):
        raise InvalidInput(f'{name} must be a text, not a list or a dictionary')
    return str(value).strip()


def number(name: str, value: t.Any) -> float:
    """Return a number of seconds."""
    try:
        return seconds(name, float(text(name, value)))
    except ValueError:
        raise InvalidInput(f'{name} must be a number of seconds, not {text(name, value)[:100]!r}') from None


def yes_or_no(name: str, value: t.Any) -> bool:
    """Return a boolean, in any spelling that Ansible knows."""
    try:
        return boolean(text(name, value))
    except TypeError:
        raise InvalidInput(f'{name} must be true or false, not {text(name, value)[:100]!r}') from None


def on_failed(name: str, value: t.Any) -> str:
    """Return what to do about a month with only failed reports."""
    if text(name, value) not in ON_FAILED:
        raise InvalidInput(f'{name} must be {" or ".join(ON_FAILED)}, not {text(name, value)[:100]!r}')
    return text(name, value)


def decimal(name: str, value: t.Any) -> str:
    """Return the decimal mark of numbers in a report."""
    if text(name, value) not in DECIMALS:
        raise InvalidInput(f'{name} must be one of {" ".join(DECIMALS)}, not {text(name, value)[:100]!r}')
    return text(name, value)


def columns(name: str, value: t.Any) -> list[str]:
    """Return names of columns, from a list or a text with commas."""
    return [text(name, column) for column in (value if isinstance(value, (list, tuple)) else text(name, value).split(','))]


def needs(name: str, value: t.Any) -> list[str]:
    """Return what a partner must be allowed to do, from a list or a text with commas."""
    words = columns(name, value)
    if not set(words) <= set(NEEDS):
        raise InvalidInput(f'{name} must be a list of {" and ".join(NEEDS)}, not {words!r:.100}')
    return words


def number_of_days(name: str, value: t.Any) -> float:
    """Return a number of days."""
    try:
        return days(name, float(text(name, value)))
    except ValueError:
        raise InvalidInput(f'{name} must be a number of days, not {text(name, value)[:100]!r}') from None


def labels(name: str, value: t.Any) -> list[str]:
    """Return the labels in a list of partners. A message never quotes another value, which may be a secret."""
    if not isinstance(value, (list, tuple)) or not all(isinstance(entry, dict) for entry in value):
        raise InvalidInput(f'{name} must be a list of entries, each with the key partner and connection options')
    return [_label(f'entry {number} of {name}', entry) for number, entry in enumerate(value, 1)]


def _label(name: str, entry: dict[str, t.Any]) -> str:
    spec = connection_spec()
    for key, value in entry.items():
        if key not in ('partner', *KEY) and key not in spec:
            raise InvalidInput(f'{name} has the key {key}, which is not partner, {", ".join(KEY)} or a connection option ({", ".join(spec)})')
        kind = {**spec, **KEY}[key]['type'] if key != 'partner' else 'str'
        if not is_blank(value) and not _is_readable(kind, value):
            raise InvalidInput(f'{key} in {name} must be {_KINDS[kind]}')
    if is_blank(entry.get('partner')):
        raise InvalidInput(f'{name} does not name its partner', remedy='give each entry a label with the key partner')
    return text(name, entry['partner'])


def which(name: t.Callable[[str], str], given: t.Mapping[str, t.Any]) -> Key:
    """Return the key, without the month, in values of the role or of an entry; ``name`` returns the name of a value in messages. Raises InvalidInput."""
    options = {option: None if is_blank(given[option]) else text(name(option), given[option]) for option in KEY}
    for option, value in options.items():
        choices = KEY[option].get('choices')
        if choices and value not in (None, *choices):
            raise InvalidInput(f'{name(option)} must be {" or ".join(choices)}, not {value[:100]!r}')
        if KEY[option]['type'] == 'bool' and value is not None:
            options[option] = yes_or_no(name(option), value) or None
    product = keys.chosen({**options, 'product': options['product'] or DEFAULT.name})
    return product.usual_key(**keys.values(product, options))


def _keys(found: t.Mapping[str, t.Any], entries: t.Any, prefix: str) -> list[Key]:
    """Return the key of each entry, completed from the role's, or only the role's key if there are no entries."""
    if not found['partners']:
        return [which(lambda option: f'{prefix}{option}', found)]
    merged = [_completed(found, entry) for entry in entries]
    return [which(lambda option: f'{option} in entry {number} of {prefix}partners', values) for number, values in enumerate(merged, 1)]


def _completed(found: t.Mapping[str, t.Any], entry: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Return the parts of the key of an entry. Those of the role complete it if it is about the same product; a blank part means the usual one."""
    product = found['product'] if is_blank(entry.get('product')) else str(entry['product']).strip()
    inherited = {option: found[option] for option in KEY} if product == found['product'] else dict.fromkeys(KEY)
    return {**inherited, **{option: entry[option] for option in KEY if option in entry}, 'product': product}


_KINDS = {'str': 'a text', 'path': 'a path', 'bool': 'true or false', 'float': 'a number'}


def _is_readable(kind: str, value: t.Any) -> bool:
    if isinstance(value, (dict, list, tuple)):
        return False
    try:
        return kind in ('str', 'path') or (boolean(value) if kind == 'bool' else float(value)) is not None
    except (TypeError, ValueError):
        return False


VARIABLES = {
    'period': Variable(text, None),
    'time_zone': Variable(text, 'UTC'),
    'partner': Variable(text, 'default'),
    'partners': Variable(labels, []),
    'product': Variable(text, DEFAULT.name),
    'type': Variable(text, ''),
    'sub_partner_org_id': Variable(text, ''),
    'internal': Variable(yes_or_no, False),
    'archive': Variable(text, None),
    'on_failed': Variable(on_failed, 'fail'),
    'force_new': Variable(yes_or_no, False),
    'retry': Variable(yes_or_no, False),
    'wait_timeout': Variable(number, 3600),
    'poll_interval': Variable(number, 5),
    'max_poll_interval': Variable(number, 60),
    'heartbeat_interval': Variable(number, 60),
    'evidence': Variable(yes_or_no, False),
    'compare': Variable(yes_or_no, False),
    'key': Variable(columns, []),
    'group_by': Variable(columns, []),
    'sum': Variable(columns, []),
    'decimal': Variable(decimal, '.'),
    'deliver_tasks': Variable(text, ''),
    'notify_room': Variable(text, ''),
    'notify_token': Variable(text, ''),
    'delete_after': Variable(yes_or_no, False),
    'preflight_needs': Variable(needs, list(NEEDS)),
    'preflight_days': Variable(number_of_days, SOON),
}


def settled(raw: t.Mapping[str, t.Any], prefix: str = PREFIX) -> dict[str, t.Any]:
    """Return every variable, converted, or its default; ``keys`` are those of the partners. Raises InvalidInput, which names a variable with ``prefix``."""
    found = {
        name: variable.default if is_blank(raw.get(name)) else variable.judge(f'{prefix}{name}', raw[name]) for name, variable in VARIABLES.items()
    }
    if found['retry']:
        found.update(on_failed='recreate', force_new=False)
    found['keys'] = _keys(found, raw.get('partners'), prefix)
    return found


def delivery(value: str, playbook_dir: str, collection_dir: str) -> str:
    """Return the absolute path of the delivery task file, or ''. A relative path starts at the user's playbook. Raises InvalidInput."""
    if not value:
        return ''
    name, path = f'{PREFIX}deliver_tasks', os.path.expanduser(value)
    if not os.path.isabs(path):
        playbooks, collection = os.path.realpath(playbook_dir), os.path.realpath(collection_dir)
        if os.path.commonpath([playbooks, collection]) == collection:
            raise InvalidInput(
                f'{name} is the relative path {value!r}, but the playbook is one of this collection, where your file cannot be',
                remedy='give an absolute path',
            )
        path = os.path.join(playbooks, path)
    if not os.path.isfile(path):
        raise InvalidInput(f'The file {path} does not exist', remedy=f'correct {name} and run the playbook again')
    return path


def unknown(names: t.Iterable[str], used_by: str) -> dict[str, str]:
    """Return names that look like variables of the role but are not, each with the nearest one. Names in the text ``used_by`` are the user's own."""
    known = [f'{PREFIX}{name}' for name in (*VARIABLES, *RESULTS)]
    strangers = sorted(name for name in names if name.startswith(PREFIX) and name not in known and name not in used_by)
    return {name: difflib.get_close_matches(name, known, n=1, cutoff=0)[0] for name in strangers}


_OPTION = re.compile(r'(?<![\w.])(billing_period|{})(?=:? )'.format('|'.join(name for name in VARIABLES if '_' in name)))


def in_words_of_the_role(message: str) -> str:
    """Return a plugin's message with the role's variables in place of the plugin's options, as in ``set month_end_on_failed: recreate``."""
    return _OPTION.sub(lambda found: PREFIX + RENAMED.get(found[1], found[1]), message)
