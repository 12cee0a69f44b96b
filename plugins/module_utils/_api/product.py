# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A product whose billing reports Webex makes, and the key that says which report is meant. The products themselves are in `products`."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from . import fields

ID_LIMIT = 1000  # characters; real ids have about 80


def is_id(value: str) -> bool:
    """Whether ``value`` can be an id at Webex: ids are opaque, but never empty."""
    return 0 < len(value) <= ID_LIMIT and ' ' not in value and value.isprintable()


class Scopes(t.NamedTuple):
    """The scopes that allow the calls of one product."""

    read: str
    write: str


class Part(t.NamedTuple):
    """A part of the key of a report. ``name`` is its name in results, ``option`` in options, ``sent`` at Webex.

    ``spec`` is its option as an argument spec has it; a part without one always has the value ``usual``.
    ``is_valid`` judges what an answer or an option says of it, ``meaning`` says what an option must be.
    ``is_period`` marks the parts that say the billing period. ``shown`` says whether answers hold it, and ``spelled`` how they may spell it beside ``sent``.
    If a list leaves out a part that is ``listed``, the report itself is read. ``filters`` says whether a list can be asked for it.
    ``words`` is what a sentence says of it.
    """

    name: str
    sent: str
    option: str = ''
    spec: dict[str, t.Any] | None = None
    usual: t.Any = None
    is_valid: t.Callable[[str], bool] = bool
    meaning: str = ''
    is_period: bool = False
    shown: bool = True
    spelled: str | None = None
    listed: bool = False
    filters: bool = False
    words: str = ''


@dataclass(frozen=True)
class Product:
    """All that distinguishes the reports of a product. ``path`` leads to them below ``api_url``.

    ``of_month`` returns the values of the period parts for a month, and ``month`` the month for those values, None if they are not a whole month.
    ``shelf`` names the directory of its reports in the archive of a partner, from the parts of the key in lower case; it is blank if they need none.
    ``is_default`` marks the product that plugins mean if no option names one.
    ``elsewhere`` is a hint for a create that Webex refused with one of the statuses in ``elsewhere_after``, each of which has a reason.
    """

    name: str
    title: str
    path: str
    scopes: Scopes
    parts: tuple[Part, ...]
    of_month: t.Callable[[str], tuple[str, ...]]
    month: t.Callable[..., str | None]
    shelf: str = ''
    is_default: bool = False
    elsewhere: str = ''
    elsewhere_after: t.Mapping[int, str] = field(default_factory=dict)

    @property
    def noun(self) -> str:
        """The name of the module that creates a report; the others begin with it, and the fact of one report has it too."""
        return f'{self.name}_billing_report'

    @property
    def module(self) -> str:
        """The module that creates and deletes reports."""
        return f'webex_partner.billing.{self.noun}'

    @property
    def options(self) -> dict[str, str]:
        """The options by which a plugin for several products means this one."""
        return {} if self.is_default else {'product': self.name}

    @property
    def permission(self) -> str:
        """What to do when Webex refuses a call of this product."""
        return (
            f'check that the token belongs to a partner administrator, carries the scope {self.scopes.read} (and ..._write to create or delete),'
            f' and that the organization is licensed for {self.title}'
        )

    @property
    def periods(self) -> tuple[Part, ...]:
        """The parts that say the billing period."""
        return tuple(part for part in self.parts if part.is_period)

    @property
    def on_shelf(self) -> tuple[Part, ...]:
        """The parts of the key that the shelf names."""
        return tuple(part for part in self.parts if f'{{{part.name}}}' in self.shelf)

    def key(self, **values: t.Any) -> Key:
        """Return the key with these values; what is not given is not known."""
        return Key(self, {part.name: values.get(part.name) for part in self.parts})

    def usual_key(self, **values: t.Any) -> Key:
        """Return the key with these values, and the usual ones for the rest."""
        return self.key(**{**{part.name: part.usual for part in self.parts}, **values})

    def of_period(self, month: str | None) -> dict[str, str]:
        """Return the values of the period parts for a month, none for None."""
        return dict(zip((part.name for part in self.periods), self.of_month(month))) if month else {}

    def key_of_month(self, month: str, **values: t.Any) -> Key:
        """Return the key of a month, in all other parts the usual one unless ``values`` say otherwise."""
        return self.usual_key(**self.of_period(month), **values)

    def key_in(self, document: t.Mapping[str, t.Any]) -> Key:
        """Return what an answer shows of the key of its report."""
        return self.key(**{
            part.name: fields.shortened(document.get(part.sent)) or (fields.shortened(document.get(part.spelled)) if part.spelled else None)
            for part in self.parts if part.shown
        })


@dataclass(frozen=True)
class Key:
    """What a report is about, or should be: ``values`` by the names of its product's parts, None for what is not known or does not matter."""

    product: Product
    values: t.Mapping[str, t.Any]

    def __str__(self) -> str:
        """Return what a sentence calls it, for example ``2026-10``; nothing if the period is not known."""
        words = (part.words.format(self.values[part.name]) for part in self.product.parts if part.words and self.values[part.name])
        period = self.billing_period or ' to '.join(filter(None, self.period))
        return ''.join((period, *words)) if period else ''

    @property
    def period(self) -> tuple[str | None, ...]:
        """The values that say the billing period, in an order in which periods can be sorted."""
        return tuple(self.values[part.name] for part in self.product.periods)

    @property
    def billing_period(self) -> str | None:
        """The month, None if it is not known or if the period is not a whole month."""
        return self.product.month(*self.period)

    @property
    def stem(self) -> str | None:
        """What the name of a file says of the period: the month, or the first and the last day; None if it is not known."""
        parts = self.product.periods
        return self.billing_period or '_'.join(self.period) if all(part.is_valid(self.values[part.name] or '') for part in parts) else None

    @property
    def end(self) -> str:
        """The month or the day with which the period ends."""
        return self.period[-1] or ''

    @property
    def shelf(self) -> str:
        """The directory of reports of this key in the archive of a partner, blank if they need none."""
        return self.product.shelf.format(**{part.name: str(self.values[part.name]).lower() for part in self.product.on_shelf})

    @property
    def untold(self) -> tuple[str, ...]:
        """The options for which neither an answer nor a filter of the list tells whether a report has the value of this key."""
        return tuple(part.option for part in self.product.parts if not part.shown and not (part.filters and self.values[part.name]))

    @property
    def hidden(self) -> tuple[str, ...]:
        """The untold options in which this key differs from the usual one. If there is one, no listed report is known to have this key."""
        untold = self.untold
        return tuple(part.option for part in self.product.parts if part.option in untold and self.values[part.name] not in (None, part.usual))

    @property
    def further(self) -> dict[str, t.Any]:
        """The options beside the month that mean this key, less the usual ones."""
        parts = (part for part in self.product.parts if part.spec and not part.is_period)
        return {part.option: self.values[part.name] for part in parts if self.values[part.name] not in (None, part.usual)}

    @property
    def options(self) -> dict[str, t.Any]:
        """The options that mean this key, of a plugin for several products; the period is a month."""
        return {**self.product.options, 'billing_period': self.billing_period, **self.further}

    def loose(self) -> Key:
        """Return this key without what no option asks for."""
        return self.product.key(**{part.name: self.values[part.name] for part in self.product.parts if part.spec})

    @property
    def is_whole(self) -> bool:
        """Whether all that answers can show of it is known."""
        return all(self.values[part.name] is not None for part in self.product.parts if part.shown)

    def told_by(self, other: Key) -> bool:
        """Whether ``other`` says each part that a list should say, if this key says it."""
        wanted = [part for part in self.product.parts if part.listed and self.values[part.name] is not None]
        return all(part.is_valid(other.values[part.name] or '') for part in wanted)

    def fits(self, other: Key) -> bool:
        """Whether both can be the key of one report, as far as answers show it."""
        pairs = ((self.values[part.name], other.values[part.name]) for part in self.product.parts if part.shown)
        return all(None in pair or pair[0] == pair[1] for pair in pairs)

    def matches(self, other: Key) -> bool:
        """Whether a report with the key ``other`` counts as one of this key: its period is known, and the rest fits."""
        wanted = [part.name for part in self.product.periods if self.values[part.name] is not None]
        return all(other.values[name] is not None for name in wanted) and self.fits(other)

    def is_same(self, other: Key) -> bool:
        """Whether both are the same key, as far as answers show it and in all that they do not show."""
        return self.product == other.product and self.fits(other) and all(
            self.values[part.name] == other.values[part.name] for part in self.product.parts if not part.shown
        )

    def filled(self, other: Key) -> Key:
        """Return this key with the values of ``other`` where it has none."""
        return self.product.key(**{name: other.values[name] if value is None else value for name, value in self.values.items()})

    def body(self) -> dict[str, t.Any]:
        """Return what a create sends."""
        return {part.sent: self.values[part.name] for part in self.product.parts if part.spec and self.values[part.name]}

    def query(self) -> dict[str, str]:
        """Return what a list is asked for."""
        return {part.sent: self.values[part.name] for part in self.product.parts if part.filters and self.values[part.name]}

    def details(self) -> dict[str, str]:
        """Return what is known of it beside the period, by the names of its parts."""
        return {part.name: str(self.values[part.name]) for part in self.product.parts if not part.is_period and self.values[part.name]}

    def to_manifest(self) -> dict[str, t.Any]:
        """Return what a manifest says beside the month."""
        return {'product': self.product.name, **{name: value for name, value in self.values.items() if name != 'billing_period'}}

    def to_result(self) -> dict[str, str | None]:
        """Return the parts that answers show, as plugins return them."""
        return {'billing_period': self.billing_period, **{part.name: self.values[part.name] for part in self.product.parts if part.shown}}
