# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Any bytes where a manifest should be: one that is believed, or a conflict; what is filed beside it is filed, or refused; its page is inert."""

from __future__ import annotations

import hashlib
import json
import tempfile
from pathlib import Path

from ansible_collections.webex_partner.billing.plugins.module_utils._archive import manifests
from ansible_collections.webex_partner.billing.plugins.module_utils._archive.month import Month
from ansible_collections.webex_partner.billing.plugins.module_utils._errors import BillingError, Conflict
from ansible_collections.webex_partner.billing.plugins.module_utils._evidence import evidence
from ansible_collections.webex_partner.billing.plugins.module_utils._time import Time
from ansible_collections.webex_partner.billing.tests.fuzz import documents
from ansible_collections.webex_partner.billing.tests.fuzz.documents import mostly, texts, values
from ansible_collections.webex_partner.billing.tests.fuzz.judging import judge_result, judge_texts, knowing, outcome
from ansible_collections.webex_partner.billing.tests.unit.filing import NAME, PERIOD, Filing, entries
from ansible_collections.webex_partner.billing.tests.unit.reading import Page
from hypothesis import example, given, settings
from hypothesis import strategies as st

CONTENT = b'a,b\n1,2\n'
RIGHT = entries().manifest(1, len(CONTENT), hashlib.sha256(CONTENT).hexdigest(), None)

described = st.fixed_dictionaries({
    'name': mostly(st.just(NAME), st.sampled_from(('..', 'a/b', 'a\0b', '\ud800', 'x' * 300)) | texts),
    'size': mostly(st.just(len(CONTENT))), 'sha256': mostly(st.just(RIGHT['file']['sha256'])),
    'records': mostly(st.none() | st.integers()), 'columns': values,
})
on_disk = st.fixed_dictionaries({
    'schema': mostly(st.just(1), st.sampled_from((True, 1.0, 2, '1', None))), 'partner': mostly(st.just('default')), 'billing_period': mostly(st.just(PERIOD)),
    'version': mostly(st.just(1), st.sampled_from((True, 1.0, 2)) | values), 'file': mostly(described),
}).map(lambda wrong: {**RIGHT, **wrong})
contents = on_disk.map(json.dumps).map(str.encode) | on_disk.map(json.dumps).map(str.encode) | documents.bodies()


@given(contents)
@example(json.dumps({**RIGHT, 'schema': True}).encode())
@example(json.dumps({**RIGHT, 'version': True}).encode())
def test_read(content):
    with tempfile.NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        manifest = outcome(lambda: manifests.read(file.name, entries(), 1), knowing())
    if isinstance(manifest, BillingError):
        assert isinstance(manifest, Conflict)
        return
    assert [type(manifest[name]) for name in ('schema', 'version')] == [int, int]
    judge_texts(manifest)
    judge_result(manifests.summary(manifest))


@settings(max_examples=60)
@given(contents, st.sampled_from((CONTENT, CONTENT + b'3,4\n')))
@example(json.dumps({**RIGHT, 'file': {**RIGHT['file'], 'name': 'a\0b'}}).encode(), CONTENT)
def test_filing_beside_it(content, new):
    with tempfile.TemporaryDirectory() as folder:
        filing = Filing(Path(folder))
        version = filing.month / 'v001'
        version.mkdir(parents=True)
        (version / 'manifest.json').write_bytes(content)
        (version / NAME).write_bytes(CONTENT)
        filed = outcome(lambda: filing.file(new), knowing())
        assert (version / 'manifest.json').read_bytes() == content and (version / NAME).read_bytes() == CONTENT
    if isinstance(filed, BillingError):
        assert isinstance(filed, Conflict)
    else:
        assert filed.to_result()['version'] == (2 if filed.changed else 1)
        json.dumps(filed.to_result(), ensure_ascii=False).encode()


told = {name: mostly(st.sampled_from((None, '2026-11-02T10:00:00Z', '0001-01-01T00:00:00+14:00', '<script>')), values) for name in manifests.TIMES}
page_of = st.fixed_dictionaries({
    **told, 'report': values | st.fixed_dictionaries(dict.fromkeys(('id', 'created', 'created_by'), texts | values)), 'api_url': texts | values,
    'collection_version': texts | values, 'awx': values | st.fixed_dictionaries(dict.fromkeys(manifests.AWX, texts | values)), 'file': described,
}).map(lambda wrong: json.dumps({**RIGHT, **wrong}).encode())


@given(page_of | contents, page_of | contents)
def test_the_page_of_it(content, earlier):
    """Written, or a conflict; never an element that is not the collection's own."""
    with tempfile.TemporaryDirectory() as folder:
        filing = Filing(Path(folder))
        for month, found in ((PERIOD, content), ('2026-09', earlier.replace(PERIOD.encode(), b'2026-09'))):
            version = filing.root / 'default' / month / 'v001'
            version.mkdir(parents=True)
            (version / 'manifest.json').write_bytes(found)
        month = Month(str(filing.root), 'default', PERIOD)
        written = outcome(lambda: evidence.write(month, None, Time(), lock_timeout=0), knowing())
        if isinstance(written, BillingError):
            assert isinstance(written, Conflict)
        else:
            assert Page(Path(written['evidence_path']).read_bytes()).is_inert()
