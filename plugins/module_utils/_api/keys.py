# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options that select a report of a product: their argument specs, and the key that their values give."""

from __future__ import annotations

import typing as t
from itertools import combinations
from itertools import product as each_of

from .._errors import InvalidInput
from .options import billing_period
from .product import Key, Product
from .products import DEFAULT, PRODUCTS


def spec(product: Product) -> dict[str, dict[str, t.Any]]:
    """Return the options that select a report of a product, without its ID."""
    return {'billing_period': {'type': 'str'}, **{part.option: part.spec for part in product.parts if part.spec}}


def filter_spec(product: Product) -> dict[str, dict[str, t.Any]]:
    """Return the same for existing reports: without defaults, and without parts that no answer shows."""
    told = {'billing_period', *(part.option for part in product.parts if part.shown or part.filters)}
    return {option: {name: value for name, value in entry.items() if name != 'default'} for option, entry in spec(product).items() if option in told}


def choice_spec() -> dict[str, dict[str, t.Any]]:
    """Return the options of a plugin for every product: the product, and each part of its key except the period."""
    parts = {part.option: {**part.spec} for product in PRODUCTS.values() for part in product.parts if part.spec and not part.is_period}
    for option in parts.values():
        option.pop('default', None)
    return {**product_spec(), **parts}


def product_spec() -> dict[str, dict[str, t.Any]]:
    """Return the option that selects the product."""
    return {'product': {'type': 'str', 'choices': list(PRODUCTS), 'default': DEFAULT.name}}


def shown() -> list[str]:
    """Return the result keys that only the reports of some products have."""
    return list(dict.fromkeys(part.name for product in PRODUCTS.values() for part in product.parts if part.shown and part.name != 'billing_period'))


def place_spec() -> dict[str, dict[str, t.Any]]:
    """Return the options of a plugin for the archive of every product: the product, and the parts of its key that name a directory."""
    named = {'product', *(part.option for product in PRODUCTS.values() for part in product.on_shelf)}
    return {option: entry for option, entry in choice_spec().items() if option in named}


def shelf(params: t.Mapping[str, t.Any]) -> str:
    """Return the directory that options select in the archive of a partner, blank if the product has none. Raises InvalidInput."""
    product = chosen(params)
    return product.usual_key(**values(product, params)).shelf


def place_filter_spec() -> dict[str, dict[str, t.Any]]:
    """Return the same options for a plugin that looks at all places which they do not exclude."""
    return {option: {name: value for name, value in entry.items() if name != 'default'} for option, entry in place_spec().items()}


def shelves(params: t.Mapping[str, t.Any]) -> list[str]:
    """Return the directories in a partner's archive that such options do not exclude, blank for the partner's own directory. Raises InvalidInput."""
    products = [chosen(params)] if params['product'] else PRODUCTS.values()
    found = []
    for product in products:
        choices = [[params[part.option]] if params[part.option] else part.spec['choices'] for part in product.on_shelf]
        found += [product.usual_key(**dict(zip((part.name for part in product.on_shelf), values))).shelf for values in each_of(*choices)]
    return sorted(found)


def in_manifest(manifest: t.Mapping[str, t.Any]) -> Key | None:
    """Return the key in an unchecked manifest, or None for an unknown product or shelf. Without a product, the default one counts."""
    product = PRODUCTS.get(str(manifest.get('product', DEFAULT.name)))
    key = product.key(**{part.name: manifest.get(part.name) for part in product.parts}) if product else None
    return key if key and all(part.is_valid(key.values[part.name] or '') for part in product.on_shelf) else None


def chosen(params: t.Mapping[str, t.Any]) -> Product:
    """Return the product that options select. Raises InvalidInput for an option of another product."""
    product = PRODUCTS[params['product']]
    known = {'product', *(part.option for part in product.parts)}
    for option in choice_spec():
        if params.get(option) is not None and option not in known:
            raise InvalidInput(f'{option} does not apply to the product {product.name}', remedy=f'leave out {option}, or set product')
    return product


def rules(product: Product) -> tuple[list[str], dict[str, list]]:
    """Return the options that can begin a period, and the rules between them, in the words of AnsibleModule."""
    begins, *others = (part.option for part in product.periods)
    names = list(dict.fromkeys(('billing_period', begins)))
    return names, {
        'mutually_exclusive': list(combinations(('id', *names), 2)),
        **({'required_together': [(begins, *others)]} if others else {}),
    }


def key(product: Product, params: t.Mapping[str, t.Any]) -> Key | None:
    """Return the key that options give, or None if they give no period. Raises InvalidInput."""
    given = values(product, params)
    month = params['billing_period']
    if month is not None:
        return product.key_of_month(billing_period(month), **given)
    days = [given.get(part.name) for part in product.periods]
    if None in days:
        return None
    if days != sorted(days):
        raise InvalidInput(f'{product.periods[0].option} {days[0]} is later than {product.periods[-1].option} {days[-1]}')
    return product.usual_key(**given)


def values(product: Product, params: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Return the parts of a key, except the month, that options give. Raises InvalidInput."""
    parts = [part for part in product.parts if part.option not in ('', 'billing_period') and params.get(part.option) is not None]
    for part in parts:
        if part.meaning and not part.is_valid(params[part.option]):
            raise InvalidInput(f'{part.option} must be {part.meaning}, not {params[part.option][:100]!r}')
    return {part.name: params[part.option] for part in parts}
