# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The event source, loaded as ansible-rulebook loads it, on the sandbox."""

from __future__ import annotations

import asyncio
import gc
import json
import random
import runpy
import subprocess
import sys
import time as real_time
import tracemalloc
from contextlib import suppress
from pathlib import Path

import ansible
import pytest
import yaml
from ansible_collections.webex_partner.billing.plugins.module_utils._api.options import connection_spec
from ansible_collections.webex_partner.billing.plugins.module_utils._api.products import PRODUCTS
from ansible_collections.webex_partner.billing.tests.unit.connecting import asked, minting
from ansible_collections.webex_partner.billing.tests.unit.playing import Playing

FILE = Path(__file__).resolve().parents[4] / 'extensions/eda/plugins/event_source/billing_report.py'
sys.path_importer_cache[str(FILE)] = None  # ansible-test has a loader of collections that claims this path, ansible-rulebook has none
SOURCE = runpy.run_path(str(FILE))
LOOKS = 1000
LISTS = 'reports$'
SIGNED = 'https://127.0.0.1:9/report.csv?Expires=4102444800&Signature=canary-signed'
OURS = [tracemalloc.Filter(True, f'{FILE.parents[4]}/{folder}/*') for folder in ('extensions', 'plugins')]
GROWTH = 12 * 1024  # bytes; free lists of Python take some of them, a set that never forgets took 17 KiB


@pytest.fixture(params=PRODUCTS.values(), ids=list(PRODUCTS))
def playing(sandbox, request):
    return Playing(sandbox, request.param)


class Run:
    """A run of the source. ``between`` does something in each pause; when it is over, the run is cancelled."""

    def __init__(self, between, **args):
        self.events = []  # as text, so that they do not count as memory of the source
        self.pauses = []
        self._between = iter(between)
        with suppress(asyncio.CancelledError):
            asyncio.run(SOURCE['main'](self, args, self.sleep))

    async def put(self, event):
        self.events.append(json.dumps(event))

    async def sleep(self, seconds):
        self.pauses.append(seconds)
        if next(self._between, 'over') == 'over':
            raise asyncio.CancelledError

    @property
    def statuses(self):
        return [(report['id'], report['status']) for report in (json.loads(event)['billing_report'] for event in self.events)]


def leading_to(sandbox, **args):
    """The arguments that lead to a sandbox, with a token that the source renews."""
    return {'api_url': sandbox.api_url, **minting(sandbox), **getattr(sandbox, 'product', PRODUCTS['broadworks']).options, **args}


def refused(**args):
    """The sentence with which a run ends."""
    with pytest.raises(RuntimeError) as caught:
        Run([], **args)
    return str(caught.value)


def ticks(*calls):
    return (call() for call in calls)


@pytest.mark.parametrize('hidden', [False, True], ids=['core alone', 'beside the package ansible'])
def test_it_finds_its_collection_from_anywhere(tmp_path, hidden):
    bundle = tmp_path / 'bundle/ansible_collections'
    bundle.mkdir(parents=True)
    if hidden:
        (bundle / '__init__.py').touch()
    path = [str(bundle.parent), str(Path(ansible.__file__).parents[1])]
    code = f'import runpy, sys; sys.path[:0] = {path}; print(runpy.run_path({str(FILE)!r})["main"].__name__)'
    ran = subprocess.run([sys.executable, '-I', '-c', code], cwd=tmp_path, check=False, capture_output=True, text=True)
    assert ran.stdout == 'main\n', ran.stderr


def test_reports_make_events_from_their_creation_to_their_end(playing, time):
    found = Run(ticks(lambda: playing.add_report('2026-10', id='new', seconds=5), lambda: time.advance(5), list), **leading_to(playing, since='2026-10'))
    assert found.statuses == [('new', 'IN_PROGRESS'), ('new', 'COMPLETED')]
    assert found.pauses == [60] * 4


def test_events_of_a_type_are_about_reports_of_this_type(sandbox):
    for kind in ('PARTNER', 'CUSTOMER'):
        sandbox.add_report('2026-10', product='wholesale', type=kind, id=kind, seconds=0)
    found = Run([], **leading_to(sandbox, product='wholesale', type='CUSTOMER', since='2026-10'))
    assert found.statuses == [('CUSTOMER', 'COMPLETED')]


def test_credentials_come_from_the_environment(sandbox, monkeypatch):
    monkeypatch.setenv('WEBEX_API_URL', sandbox.api_url)
    monkeypatch.setenv('WEBEX_ACCESS_TOKEN', sandbox.access_token)
    assert Run([], access_token='', type='', since='', poll_interval='5').pauses == [5.0]


def test_a_list_that_shows_too_much_gives_nothing_away(sandbox):
    entry = {'id': 'new', 'billingPeriod': '2026-10', 'status': sandbox.access_token, 'tempDownloadURL': SIGNED, 'createdBy': 'canary-person'}
    sandbox.trouble(path=LISTS, status=200, json={'items': [entry]}, times=0)
    event, = Run([], **leading_to(sandbox, access_token=sandbox.access_token)).events
    assert 'new' in event and not [secret for secret in ('canary', sandbox.access_token) if secret in event]


@pytest.mark.parametrize(('args', 'sentence'), [
    ({'poll_intervall': 5}, 'Unsupported parameters for the event source webex_partner.billing.billing_report: poll_intervall'),
    ({'poll_interval': 'often'}, 'poll_interval'),
    ({'poll_interval': -1}, 'poll_interval must be a number of seconds from 0 to'),
    ({'since': 'October'}, "since must be a month as YYYY-MM, for example 2026-10, not 'October'"),
    ({'type': 'CUSTOMER'}, 'type does not apply to the product broadworks'),
    ({'product': 'meetings'}, 'value of product must be one of: broadworks, wholesale'),
    ({'refresh_token': ''}, 'The credentials are incomplete: client_id and client_secret without refresh_token'),
    ({'api_url': 'http://example.org'}, 'api_url must begin with https://'),
    ({'access_token': 'given', 'token_file': '/nowhere'}, 'token_file and access_token and refresh_token are set together'),
])
def test_arguments_that_cannot_be_meant_end_it_with_a_sentence(sandbox, args, sentence):
    said = refused(**leading_to(sandbox, **args))
    assert sentence in said and '\n' not in said and asked(sandbox) == []


@pytest.mark.parametrize(('status', 'sentence'), [(401, '401'), (403, '403')])
def test_a_refusal_ends_it_with_a_sentence_that_hides_the_token(sandbox, status, sentence):
    token = sandbox.access_token
    sandbox.trouble(path=LISTS, status=status, json={'message': f'{token} may not have {SIGNED}'}, times=0)
    said = refused(api_url=sandbox.api_url, access_token=token)
    assert said.startswith('Listing the billing reports failed: ') and sentence in said
    assert token not in said and 'canary' not in said


def test_a_cancelled_source_ends_at_once_and_leaves_no_thread(sandbox):
    async def cancelled():
        task = asyncio.create_task(SOURCE['main'](asyncio.Queue(), leading_to(sandbox, access_token=sandbox.access_token)))
        while not sandbox.requests:
            await asyncio.sleep(0.01)
        task.cancel()
        start = real_time.monotonic()
        with pytest.raises(asyncio.CancelledError):
            await task
        return real_time.monotonic() - start

    sandbox.trouble(path=LISTS, delay=60, times=0)
    start = real_time.monotonic()
    assert asyncio.run(cancelled()) < 5
    assert real_time.monotonic() - start < 10, 'the thread held up the end of the loop'


def test_the_loop_goes_on_while_a_request_takes_long(sandbox):
    beats = []

    async def beating():
        task = asyncio.create_task(SOURCE['main'](asyncio.Queue(), leading_to(sandbox, access_token=sandbox.access_token)))
        while not sandbox.requests:
            await asyncio.sleep(0.01)
        for _beat in range(5):
            await asyncio.sleep(0.01)
            beats.append(task.done())
        task.cancel()

    sandbox.trouble(path=LISTS, delay=60, times=0)
    asyncio.run(beating())
    assert beats == [False] * 5


class Year:
    """What happens at Webex between the looks: reports are created, end and are deleted, tokens expire, and requests meet faults."""

    def __init__(self, sandbox, time):
        self.sandbox = sandbox
        self.ended = set()
        self.measured = []  # bytes
        self._time = time
        self._dice = random.Random(16)
        self._look = 0
        self._reports = []  # (id, end, look of its end), the oldest first

    def run_of(self, looks):
        """The pauses of one run of the source."""
        for number in range(looks):
            yield self._pause()
            if number in (100, looks - 1):
                gc.collect()
                snapshot = tracemalloc.take_snapshot().filter_traces(OURS)
                self.measured.append(sum(trace.size for trace in snapshot.traces))

    def _pause(self):
        self._look += 1
        self._time.advance(60)
        self.sandbox.clear_requests()
        if self._dice.random() < 0.3:
            text = {'json': {'message': f'{self.sandbox.minted[-1]} or {self.sandbox.refresh_token} cannot have {SIGNED}'}}
            self.sandbox.trouble(path=LISTS, **self._dice.choice((
                {'status': 503, **text}, {'status': 429, 'headers': {'Retry-After': '90'}}, {'cut': 'before'}, {'status': 200, **text},
            )))
        if self._look % 50 == 0:
            self.sandbox.expire_tokens()
        if self._look % 4 == 0 and self._look < LOOKS - 30:
            self._create()
        while self._reports and self._reports[0][2] < self._look - 60:
            self.sandbox.forget_report(self._reports.pop(0)[0])

    def _create(self):
        """Add a report that ends before one of the next looks, or has ended already."""
        month = 1 + self._look * 12 // LOOKS
        looks, ends = self._dice.randrange(5), self._dice.choice(('COMPLETED', 'FAILED'))
        report = self.sandbox.add_report(f'2026-{month:02}', seconds=60 * looks, ends=ends)
        self._reports.append((report, ends, self._look + looks))
        self.ended.add((report, ends))


@pytest.fixture
def log(monkeypatch, tmp_path):
    """The file to which the source logs: pytest would keep the records, which would count as memory of the source."""
    with (tmp_path / 'log').open('w+', encoding='utf-8') as file:
        monkeypatch.setattr(SOURCE['logger'], 'filters', [lambda record: print(record.getMessage(), file=file)])
        yield file


def test_a_year_with_restarts_faults_and_a_thousand_looks(sandbox, time, log):
    args = leading_to(sandbox, since='2026-01')
    year = Year(sandbox, time)
    runs = []
    tracemalloc.start()
    try:
        for looks in (1, 99, 50, 150, LOOKS - 300):
            runs.append(Run(year.run_of(looks), **args))
    finally:
        tracemalloc.stop()
    assert sum(len(run.pauses) for run in runs) >= LOOKS
    said = [each for run in runs for each in run.statuses]
    assert year.ended and {each for each in said if each[1] != 'IN_PROGRESS'} == year.ended
    for run in runs:
        assert len(run.statuses) == len(set(run.statuses))
    uuids = {(each, json.loads(event)['meta']['uuid']) for run in runs for each, event in zip(run.statuses, run.events)}
    assert len(uuids) == len(set(said)) == len({uuid for _each, uuid in uuids})
    log.seek(0)
    everything = log.read() + ''.join(event for run in runs for event in run.events)
    secrets = ('canary', sandbox.refresh_token, sandbox.client_secret, *sandbox.minted)
    assert len(sandbox.minted) > 15 and 'failed: ' in everything and not [secret for secret in secrets if secret in everything]
    assert year.measured[-1] - year.measured[-2] < GROWTH, year.measured


def test_the_documentation_has_the_arguments_as_they_are_accepted():
    documented = yaml.safe_load(SOURCE['DOCUMENTATION'])['options']
    parts = ('type', 'choices', 'default')
    assert {name: {part: option.get(part) for part in parts} for name, option in documented.items()} == {
        name: {part: option.get(part) for part in parts} for name, option in SOURCE['SPEC'].items()
    }
    for name, option in connection_spec().items():
        assert f'C({option["fallback"][1][0]})' in documented[name]['description'] if 'fallback' in option else True, name


@pytest.mark.parametrize('example', yaml.safe_load(SOURCE['EXAMPLES']), ids=lambda example: example['name'])
def test_the_examples_work(sandbox, example):
    args = {**example['webex_partner.billing.billing_report'], 'api_url': sandbox.api_url, 'access_token': sandbox.access_token}
    assert Run([], **args).pauses == [args.get('poll_interval', 60)]
