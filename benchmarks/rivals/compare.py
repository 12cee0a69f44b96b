# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Compare two files by subscriber, and add up a column by package, as an operator would with pandas. `guess` lets pandas guess the types of columns."""

from __future__ import annotations

import os
import sys

import pandas

KEY, GROUP, AMOUNT = 'subscriber', 'package', 'amount'

options = {} if 'guess' in sys.argv else {'dtype': str, 'keep_default_na': False}
before, after = (pandas.read_csv(os.path.join(os.environ['PAIR'], f'{name}.csv'), **options) for name in ('before', 'after'))
merged = before.merge(after, on=KEY, how='outer', suffixes=('_before', '_after'), indicator=True)
both = merged[merged['_merge'] == 'both']
changed = sum(both[f'{column}_before'] != both[f'{column}_after'] for column in before.columns if column != KEY) > 0
totals = pandas.DataFrame({
    name: pandas.to_numeric(file[AMOUNT]).groupby(file[GROUP]).sum() for name, file in (('before', before), ('after', after))
})
print((merged['_merge'] == 'right_only').sum(), 'added,', (merged['_merge'] == 'left_only').sum(), 'removed,', changed.sum(), 'changed')
print(totals)
