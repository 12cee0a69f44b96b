# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Any text as the value of an option: a value that can be used, or invalid_input."""

from __future__ import annotations

from functools import partial
from urllib.parse import quote, urlsplit

from ansible_collections.webex_partner.billing.plugins.module_utils._api import options
from ansible_collections.webex_partner.billing.plugins.module_utils._api.report import moment
from ansible_collections.webex_partner.billing.plugins.module_utils._archive import manifests
from ansible_collections.webex_partner.billing.plugins.module_utils._errors import InvalidInput
from ansible_collections.webex_partner.billing.tests.fuzz import documents
from ansible_collections.webex_partner.billing.tests.fuzz.judging import knowing, outcome
from ansible_collections.webex_partner.billing.tests.unit.filing import entries
from hypothesis import given
from hypothesis import strategies as st

texts = documents.texts
digests = st.text('0123456789abcdefABCDEF', min_size=63, max_size=65)
hosts = st.sampled_from((
    'webexapis.com', 'localhost', '127.0.0.1', '127.1', '[::1]', '[::ffff:127.0.0.1]', '[::1', 'localhost.', '0x7f.1', 'h@localhost', 'ſ',
))
urls = st.builds(
    '{0}://{1}{2}{3}'.format, st.sampled_from(('https', 'http', 'HTTP', 'ftp')), hosts | texts, st.sampled_from(('', ':', ':0', ':443', ':99999', ':٣')),
    st.sampled_from(('', '/', '/v1', '/v1/', '//', '/../', '?a', '#a', '\\', '\n')),
)
periods = st.from_regex(r'\A[0-9]{4}-[0-9]{2}\s?\Z') | texts


def judged(judge, *given_values):
    """The value, or None for one that is refused."""
    found = outcome(lambda: judge(*given_values), knowing())
    assert not isinstance(found, Exception) or isinstance(found, InvalidInput)
    return None if isinstance(found, InvalidInput) else found


@given(urls | texts)
def test_api_url(value):
    url = judged(options.api_url, value)
    if url is not None:
        parts = urlsplit(url)
        assert parts.scheme == 'https' or options.is_loopback(parts.hostname)
        assert parts.hostname and not (parts.username or parts.password or parts.query or parts.fragment) and parts.port != 0
        assert url.isascii() and url.isprintable()


@given(texts)
def test_report_id(value):
    found = judged(options.report_id, 'id', value)
    assert found is None or (found == value and found not in ('.', '..') and '/' not in quote(found, safe=''))


@given(periods)
def test_billing_period(value):
    found = judged(options.billing_period, value)
    assert found is None or (len(found) == 7 and 1 <= int(found[5:]) <= 12 and int(found[:4]) >= 1000)


@given(st.builds('{0}{1}'.format, st.sampled_from(('sha256:', 'SHA256:', 'md5:', '')), digests) | texts)
def test_checksum(value):
    for judge in (lambda: options.sha256('checksum', value, 'sha256:'), lambda: options.sha256('sha256', value)):
        found = judged(judge)
        assert found is None or (len(found) == 64 and found == found.lower() and int(found, 16) >= 0)


@given(st.from_regex(r'\A[A-Za-z0-9._-]{1,101}\Z') | texts)
def test_partner(value):
    found = judged(manifests.partner, value)
    assert found is None or (found == value and found not in ('.', '..') and not set(found) & set('/\\\0\n'))


@given(st.floats() | st.integers())
def test_seconds(value):
    found = judged(options.seconds, 'wait_timeout', value)
    assert found is None or 0 <= found <= options.LONGEST


@given(st.fixed_dictionaries({}, optional={
    **dict.fromkeys(manifests.TIMES, documents.moments | texts), 'report_created': texts, 'report_created_by': texts, 'report_id': texts | st.just('abc'),
    'records': st.integers(), 'columns': st.lists(texts, max_size=4), 'api_url': urls | texts,
}))
def test_entries(changes):
    found = judged(partial(entries, **changes))
    if found is None:
        return
    manifest = found.manifest(1, 8, 'ab' * 32, None)
    assert isinstance(manifests.to_bytes(manifest), bytes)
    assert all(manifest[name] is None or moment(manifest[name]) for name in manifests.TIMES)
