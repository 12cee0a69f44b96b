# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A product with billing reports, and the key that identifies a report. The products themselves are in `products`."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from . import fields

ID_LIMIT = 1000  # characters; real ids have about 80


def is_id(value: str) -> bool:
    """Return whether ``value`` can be an ID at Webex: IDs are opaque, but never empty."""
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
        """Return the name of the module that creates a report. The names of the other modules begin with it, and the fact of one report has it too."""
        return f'{self.name}_billing_report'

    @property
    def module(self) -> str:
        """Return the full name of the module that creates and deletes reports."""
        return f'webex_partner.billing.{self.noun}'

    @property
    def options(self) -> dict[str, str]:
        """Return the options that select this product in a plugin for several products."""
        return {} if self.is_default else {'product': self.name}

    @property
    def permission(self) -> str:
        """Return the advice for a call of this product that Webex refuses."""
        return (
            f'check that the token belongs to a partner administrator, carries the scope {self.scopes.read} (and ..._write to create or delete),'
            f' and that the organization is licensed for {self.title}'
        )

    @property
    def periods(self) -> tuple[Part, ...]:
        """Return the parts of the key that give the billing period."""
        return tuple(part for part in self.parts if part.is_period)

    @property
    def on_shelf(self) -> tuple[Part, ...]:
        """Return the parts of the key that the shelf names."""
        return tuple(part for part in self.parts if f'{{{part.name}}}' in self.shelf)

    def key(self, **values: t.Any) -> Key:
        """Return the key with these values; the other parts are unknown."""
        return Key(self, {part.name: values.get(part.name) for part in self.parts})

    def usual_key(self, **values: t.Any) -> Key:
        """Return the key with these values and the usual values for the other parts."""
        return self.key(**{**{part.name: part.usual for part in self.parts}, **values})

    def of_period(self, month: str | None) -> dict[str, str]:
        """Return the values of the period parts for a month, none for None."""
        return dict(zip((part.name for part in self.periods), self.of_month(month))) if month else {}

    def key_of_month(self, month: str, **values: t.Any) -> Key:
        """Return the key of a month, with ``values`` and the usual values for the other parts."""
        return self.usual_key(**self.of_period(month), **values)

    def key_in(self, document: t.Mapping[str, t.Any]) -> Key:
        """Return the parts of its report's key that an answer shows."""
        return self.key(**{
            part.name: fields.shortened(document.get(part.sent)) or (fields.shortened(document.get(part.spelled)) if part.spelled else None)
            for part in self.parts if part.shown
        })


@dataclass(frozen=True)
class Key:
    """Identifies a report, or the report to create: ``values`` by the names of the product's parts, None for a part that is unknown or irrelevant."""

    product: Product
    values: t.Mapping[str, t.Any]

    def __str__(self) -> str:
        """Return the name of the key in messages, for example ``2026-10``, or an empty text if the period is unknown."""
        words = (part.words.format(self.values[part.name]) for part in self.product.parts if part.words and self.values[part.name])
        period = self.billing_period or ' to '.join(filter(None, self.period))
        return ''.join((period, *words)) if period else ''

    @property
    def period(self) -> tuple[str | None, ...]:
        """Return the values that give the billing period, such that periods sort by them."""
        return tuple(self.values[part.name] for part in self.product.periods)

    @property
    def billing_period(self) -> str | None:
        """Return the month, or None if it is unknown or the period is not a whole month."""
        return self.product.month(*self.period)

    @property
    def stem(self) -> str | None:
        """Return the period for the name of a file: the month, or the first and the last day, or None if it is unknown."""
        parts = self.product.periods
        return self.billing_period or '_'.join(self.period) if all(part.is_valid(self.values[part.name] or '') for part in parts) else None

    @property
    def end(self) -> str:
        """Return the month or the day with which the period ends."""
        return self.period[-1] or ''

    @property
    def shelf(self) -> str:
        """Return the directory for reports of this key in the archive of a partner, blank if they need none."""
        return self.product.shelf.format(**{part.name: str(self.values[part.name]).lower() for part in self.product.on_shelf})

    @property
    def untold(self) -> tuple[str, ...]:
        """Return the options that no answer shows and no filter of the list supports, so that a report's value for them is unknown."""
        return tuple(part.option for part in self.product.parts if not part.shown and not (part.filters and self.values[part.name]))

    @property
    def hidden(self) -> tuple[str, ...]:
        """Return the untold options in which this key differs from the usual one. If there is one, no listed report is known to have this key."""
        untold = self.untold
        return tuple(part.option for part in self.product.parts if part.option in untold and self.values[part.name] not in (None, part.usual))

    @property
    def further(self) -> dict[str, t.Any]:
        """Return the options, except the month, that select this key, without the usual values."""
        parts = (part for part in self.product.parts if part.spec and not part.is_period)
        return {part.option: self.values[part.name] for part in parts if self.values[part.name] not in (None, part.usual)}

    @property
    def options(self) -> dict[str, t.Any]:
        """Return the options that select this key in a plugin for several products. The period is a month."""
        return {**self.product.options, 'billing_period': self.billing_period, **self.further}

    def loose(self) -> Key:
        """Return this key without the parts that have no option."""
        return self.product.key(**{part.name: self.values[part.name] for part in self.product.parts if part.spec})

    @property
    def is_whole(self) -> bool:
        """Return whether every part that answers can show is known."""
        return all(self.values[part.name] is not None for part in self.product.parts if part.shown)

    def told_by(self, other: Key) -> bool:
        """Return whether ``other`` has each part of this key that a list should show."""
        wanted = [part for part in self.product.parts if part.listed and self.values[part.name] is not None]
        return all(part.is_valid(other.values[part.name] or '') for part in wanted)

    def fits(self, other: Key) -> bool:
        """Return whether both can be the key of one report, as far as answers show it."""
        pairs = ((self.values[part.name], other.values[part.name]) for part in self.product.parts if part.shown)
        return all(None in pair or pair[0] == pair[1] for pair in pairs)

    def matches(self, other: Key) -> bool:
        """Return whether a report with the key ``other`` counts as one of this key: its period is known, and the other parts fit."""
        wanted = [part.name for part in self.product.periods if self.values[part.name] is not None]
        return all(other.values[name] is not None for name in wanted) and self.fits(other)

    def is_same(self, other: Key) -> bool:
        """Return whether both are the same key, including the parts that answers do not show."""
        return self.product == other.product and self.fits(other) and all(
            self.values[part.name] == other.values[part.name] for part in self.product.parts if not part.shown
        )

    def filled(self, other: Key) -> Key:
        """Return this key, with unknown values filled from ``other``."""
        return self.product.key(**{name: other.values[name] if value is None else value for name, value in self.values.items()})

    def body(self) -> dict[str, t.Any]:
        """Return the body of a create request."""
        return {part.sent: self.values[part.name] for part in self.product.parts if part.spec and self.values[part.name]}

    def query(self) -> dict[str, str]:
        """Return the query of a list request."""
        return {part.sent: self.values[part.name] for part in self.product.parts if part.filters and self.values[part.name]}

    def details(self) -> dict[str, str]:
        """Return the known parts except the period, by their names."""
        return {part.name: str(self.values[part.name]) for part in self.product.parts if not part.is_period and self.values[part.name]}

    def to_manifest(self) -> dict[str, t.Any]:
        """Return the entries of a manifest for this key, except the month."""
        return {'product': self.product.name, **{name: value for name, value in self.values.items() if name != 'billing_period'}}

    def to_result(self) -> dict[str, str | None]:
        """Return the parts that answers show, as plugins return them."""
        return {'billing_period': self.billing_period, **{part.name: self.values[part.name] for part in self.product.parts if part.shown}}
