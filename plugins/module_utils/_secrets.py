# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The secrets of one task, and how they are masked in every text that leaves it."""

from __future__ import annotations

import re
import typing as t
from urllib.parse import quote, quote_plus

from ._line import one_line

try:
    from ansible.module_utils.secrets import register_secret  # ansible-core 2.22 and later masks these itself
except ImportError:
    register_secret = None

MASK = '********'
CUT_OFF = '…'  # where a text was cut
_TELLING = 8  # characters of a secret that are masked where a text was cut amid it; fewer could be chance

_URL = re.compile(r'(?P<scheme>https?:(?:\\?/){2})(?:[^\s/?#"<>]*@)?(?P<rest>[^\s?#"<>]*)(?P<query>[?#][^\s"<>]*)?', re.IGNORECASE)


def bare_urls(text: str) -> str:
    """Cut user info, query and fragment off every URL in ``text``: the query of a signed URL is the secret."""
    return _URL.sub(lambda url: url['scheme'] + url['rest'] + (f'?{CUT_OFF}' if url['query'] else ''), text)


class Secrets:
    """The secret values seen so far. ``tell`` gets each new one, so that a module's own masking knows it too."""

    def __init__(self, tell: t.Callable[[str], t.Any] = lambda value: None) -> None:
        self._forms: set[str] = set()
        self._tell = tell

    def add(self, value: str | None) -> None:
        """Remember a secret value, unless it is None or empty."""
        if not value:
            return
        self._forms.update((value, quote(value, safe='', errors='surrogatepass'), quote_plus(value, errors='surrogatepass')))
        self._tell(value)
        if register_secret is not None:
            register_secret(value)

    def mask(self, text: str) -> str:
        """Return ``text`` for display: one line of printable characters, without secrets and queries of URLs."""
        return one_line(bare_urls(self.scrub(text))).strip()

    def scrub(self, value: t.Any) -> t.Any:
        """Return a result, or any part of one, with its secrets masked and everything else unchanged, including signed URLs."""
        if isinstance(value, dict):
            return {name: self.scrub(item) for name, item in value.items()}
        if isinstance(value, list):
            return [self.scrub(item) for item in value]
        if isinstance(value, str):
            for form in sorted(self._forms, key=len, reverse=True):
                value = re.sub(re.escape(form), MASK, value, flags=re.IGNORECASE)
                if CUT_OFF in value:
                    value = _without_beginning(form, value)
        return value


def _without_beginning(form: str, text: str) -> str:
    """Mask the rest of a secret where a text was cut."""
    def masked(found: re.Match) -> str:
        return MASK + CUT_OFF if form.lower().startswith(found['cut'].lower()) else found[0]

    return re.sub(f'(?P<cut>{re.escape(form[:_TELLING])}[^{CUT_OFF}]*){CUT_OFF}', masked, text, flags=re.IGNORECASE)
