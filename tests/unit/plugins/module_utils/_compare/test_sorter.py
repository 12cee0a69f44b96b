# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sorting beyond memory: the order of sorted(), and files that nobody can reach."""

from __future__ import annotations

import os
import random
import tracemalloc

import pytest
from ansible_collections.webex_partner.billing.plugins.module_utils._compare import sorter as sorting
from ansible_collections.webex_partner.billing.plugins.module_utils._compare.sorter import Sorter


@pytest.mark.parametrize('memory', [1, 100, 1000, 100_000])
@pytest.mark.parametrize('runs', [2, 3, 64])
def test_the_order_is_that_of_sorted(monkeypatch, tmp_path, memory, runs):
    for name, value in (('MEMORY', memory), ('BLOCK', 90), ('RUNS', runs), ('TOGETHER', 5)):
        monkeypatch.setattr(sorting, name, value)
    dice = random.Random(20261126)
    for number in (0, 1, 2, 5, 6, 200):
        texts = [dice.choice(('', 'a', 'ü', '\0', 'abc\0' * 9)).encode() + str(dice.randrange(50)).encode() for _text in range(number)]
        sorter = Sorter(str(tmp_path))
        sorter.feed(texts[:number // 2])
        for text in texts[number // 2:]:
            sorter.add(text)
        assert list(sorter) == sorted(texts) == list(sorter)


def test_its_files_have_no_name_and_are_for_their_owner_alone(monkeypatch, tmp_path):
    monkeypatch.setattr(sorting, 'MEMORY', 1)
    sorter = Sorter(str(tmp_path))
    sorter.feed(b'%d' % number for number in range(1000))
    assert sorter._runs and os.listdir(tmp_path) == []
    assert {os.fstat(run.fileno()).st_mode & 0o777 for run in sorter._runs} == {0o600}


def test_memory_is_bounded(monkeypatch, tmp_path):
    for name, value in (('MEMORY', 1024 * 1024), ('BLOCK', 16 * 1024)):
        monkeypatch.setattr(sorting, name, value)
    tracemalloc.start()
    try:
        sorter = Sorter(str(tmp_path))
        sorter.feed(b'%09d of a text of some length' % (number * 7919 % 1_000_003) for number in range(200_000))
        assert sum(1 for _text in sorter) == 200_000
        assert tracemalloc.get_traced_memory()[1] < 3 * 1024 * 1024
    finally:
        tracemalloc.stop()
