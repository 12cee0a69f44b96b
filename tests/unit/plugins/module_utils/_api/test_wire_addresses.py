# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A host of several addresses, some of which drop every packet: the next one has its turn within one exchange."""

from __future__ import annotations

import errno
import json
import socket
from contextlib import contextmanager

import pytest
from ansible_collections.webex_partner.billing.plugins.module_utils._api import wire
from ansible_collections.webex_partner.billing.plugins.module_utils._api.client import BillingClient
from ansible_collections.webex_partner.billing.plugins.module_utils._errors import ExchangeTimeout, NetworkFault
from ansible_collections.webex_partner.billing.plugins.module_utils._file.host import FileHost
from ansible_collections.webex_partner.billing.plugins.module_utils._secrets import Secrets
from ansible_collections.webex_partner.billing.plugins.module_utils._time import Time
from ansible_collections.webex_partner.billing.tests.unit.connecting import connection_to
from ansible_collections.webex_partner.billing.tests.unit.raw_server import RawServer, http

LIST = json.dumps({'items': [{'id': 'abc'}]}).encode()
_resolve = socket.getaddrinfo


@contextmanager
def dropping(port, address):
    """An address of which this port drops packets: Linux drops a SYN when nobody accepts what already waits."""
    with socket.create_server((address, port), backlog=0), socket.socket() as waits:
        waits.connect((address, port))
        for _try in range(3):
            with socket.socket() as late:
                late.settimeout(0.3)
                if late.connect_ex((address, port)) == errno.EAGAIN:
                    yield
                    return
        pytest.skip('this system lets connections wait although nobody accepts them')


@pytest.fixture
def localhost(monkeypatch):
    """Gives localhost other addresses."""
    def resolves_to(*addresses):
        def resolve(host, *args, **kwargs):
            return [found for name in (addresses if host == 'localhost' else [host]) for found in _resolve(name, *args, **kwargs)]
        monkeypatch.setattr(socket, 'getaddrinfo', resolve)
    return resolves_to


@pytest.fixture
def server():
    with RawServer(http(LIST)) as running:
        running.port = int(running.address.split(':')[1])
        yield running


def listed(port, **options):
    connection = connection_to(f'http://localhost:{port}/v1', **{'retry_timeout': 0, 'request_timeout': 2, **options})
    return BillingClient(connection, Secrets(), Time()).list_reports()


def test_the_next_address_has_its_turn(localhost, server):
    localhost('127.0.0.2', '127.0.0.1')
    with dropping(server.port, '127.0.0.2'):
        assert len(listed(server.port)) == 1


def test_of_the_file_host_too(localhost, server):
    localhost('127.0.0.2', '127.0.0.1')
    host = FileHost(connection_to('https://webexapis.example/v1', request_timeout=2), Time())
    with dropping(server.port, '127.0.0.2'), host.open(f'http://localhost:{server.port}/a') as stream:
        assert b''.join(stream.chunks()) == LIST


def test_the_third_address_has_its_turn(localhost, server):
    localhost('127.0.0.2', '127.0.0.3', '127.0.0.1')
    with dropping(server.port, '127.0.0.2'), dropping(server.port, '127.0.0.3'):
        assert len(listed(server.port)) == 1


def test_all_addresses_together_get_no_more_than_one_exchange(localhost, server):
    localhost('127.0.0.2', '127.0.0.3')
    start = Time().clock()
    with dropping(server.port, '127.0.0.2'), dropping(server.port, '127.0.0.3'), pytest.raises(ExchangeTimeout, match='within 2 s'):
        listed(server.port)
    assert Time().clock() - start < 4  # two for the exchange, less than two to fill the queues
    assert server.requests == []


def test_a_slow_answer_has_the_whole_time_whichever_address_gives_it(localhost):
    def slow(_request):
        Time().sleep(1.2)
        return http(LIST)

    with RawServer(slow) as running:
        localhost('127.0.0.2', '127.0.0.1')
        assert len(listed(int(running.address.split(':')[1]))) == 1


def test_families_alternate_and_a_single_address_gets_all_of_the_time(monkeypatch):
    tried = []

    class Connection:
        def _new_conn(self):
            tried.append((self._dns_host, self.timeout))
            raise wire.urllib3.exceptions.HTTPError

    class Sharing(wire._SharesTime, Connection):
        port = 443
        timeout = 16.0
        _dns_host = 'webexapis.invalid'

    def tries(*addresses):
        tried.clear()
        monkeypatch.setattr(socket, 'getaddrinfo', lambda *_args: [found for address in addresses for found in _resolve(address, 443, 0, socket.SOCK_STREAM)])
        connection = Sharing()
        with pytest.raises(wire.urllib3.exceptions.HTTPError):
            connection._new_conn()
        assert (connection._dns_host, connection.timeout) == ('webexapis.invalid', 16.0)
        return tried

    assert tries('127.0.0.1') == [('127.0.0.1', 16.0)]
    assert tries('::1', '::2', '127.0.0.1', '127.0.0.2') == [('::1', 8.0), ('127.0.0.1', 4.0), ('::2', 2.0), ('127.0.0.2', 2.0)]
    assert tries('127.0.0.1', '::1', '::2', '::3') == [('127.0.0.1', 8.0), ('::1', 4.0), ('::2', 2.0), ('::3', 2.0)]


def test_the_last_refusal_is_told(localhost):
    localhost('127.0.0.2', '127.0.0.1')
    with RawServer(b'') as gone:
        port = int(gone.address.split(':')[1])
    with pytest.raises(NetworkFault, match='refused.*is the sandbox still running'):
        listed(port)
