# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Two files of made-up records to compare, `before.csv` and `after.csv`, each with its records in an order of its own."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

HEADER = (
    'billing_period,subscriber,customer,package,region,quantity,days,price,discount,amount,currency,site,department,order,started,note\r\n'
)
STEPS = 7919, 7907  # primes, by which the numbers of records are shuffled; no number of records has them as a factor


def pair(folder: Path, records: int) -> Path:
    """Write a pair below `folder` unless it is there, and return its folder. Of the newer file, 1 % are changed, and 0.5 % new in place of others."""
    place = folder / str(records)
    if not place.exists():
        place.mkdir(parents=True)
        before, after = ([number * step % records for number in range(records)] for step in STEPS)
        write(place / 'before.csv', (record(number) for number in before))
        write(place / 'after.csv', (record(number if number % 200 else number + records, more=int(number % 100 == 1)) for number in after))
    return place


def write(path: Path, records: Iterable[str]) -> None:
    with open(path, 'w', newline='', encoding='utf-8') as file:
        file.write(HEADER)
        file.writelines(records)


def record(number: int, more: int = 0) -> str:
    """About 200 bytes, each tenth with a comma in quotes."""
    name = f'"Made up {number % 5000}, Inc."' if number % 10 == 0 else f'Made up customer {number % 5000}'
    return (
        f'2026-10,{number:012},{name},made-up-package-{number % 40},made-up-region-{number % 7},{number % 3 + 1 + more},{number % 31},'
        f'{number % 13}.50,0.{number % 100:02},{number % 997}.{number % 100:02},EUR,made-up-site-{number % 900:06},made-up-department-{number % 90:04},'
        f'order-{number * STEPS[0] % 10**10:010},2026-10-{number % 30 + 1:02}T00:00:00Z,made-up note {number % 17}\r\n'
    )
