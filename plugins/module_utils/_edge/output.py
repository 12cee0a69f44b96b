# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reports as results and facts, and when they may contain a signed URL."""

from __future__ import annotations

import typing as t

from .._api.product import Product
from .._api.report import Report

RESULT_IS_HIDDEN = '_webex_result_is_hidden'  # the action tells its module by this argument that it will hide the result
WITHHELD = 'The download URL is left out, since this result cannot be hidden from logs; set show_download_url to have it all the same.'


def withhold_urls(reports: list[Report], warn: t.Callable[[str], t.Any] = lambda text: None) -> list[Report]:
    """Return the reports without their signed URLs. ``warn`` gets a sentence if there was one."""
    if any(report.temp_download_url for report in reports):
        warn(WITHHELD)
    return [report.without_url() for report in reports]


def output(product: Product, reports: list[Report], *, single: bool, set_facts: bool) -> dict[str, t.Any]:
    """Return a result with ``reports``, for a ``single`` one also ``report``, and the same as facts if the task wants them."""
    results = [report.to_result() for report in reports]
    result: dict[str, t.Any] = {'reports': results}
    facts: dict[str, t.Any] = {f'{product.noun}s': results}
    if single:
        result['report'] = facts[product.noun] = results[0]
    if set_facts:
        result['ansible_facts'] = facts
    return result


def carries_url(result: t.Mapping[str, t.Any]) -> bool:
    """Return whether a result contains a signed download URL, which is a secret until it expires."""
    return any(report.get('temp_download_url') for report in result.get('reports') or ())
