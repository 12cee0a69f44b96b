# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Certificates for 127.0.0.1: one that is good until 2126, and the same one, signed anew, as it would be had it expired."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

GOOD = str(Path(__file__).resolve().parents[1] / 'plugins/module_utils/loopback.pem')

GOOD_SINCE, EXPIRED_SINCE = b'261123170148Z', b'200101000000Z'
GOOD_UNTIL, EXPIRED_UNTIL = b'21261030170148Z', b'20210101000000Z'

# of the curve P-256
GENERATOR_X = 0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def expired() -> str:
    """Key and certificate as PEM."""
    with open(GOOD, encoding='ascii') as file:
        text = file.read()
    key, certificate = _decoded(text, 'PRIVATE KEY'), _decoded(text, 'CERTIFICATE')
    length = 4 + int.from_bytes(certificate[6:8], 'big')
    signed, algorithm = certificate[4:4 + length], certificate[4 + length:4 + length + 12]
    signed = signed.replace(GOOD_SINCE, EXPIRED_SINCE).replace(GOOD_UNTIL, EXPIRED_UNTIL)
    secret = int.from_bytes(re.search(rb'\x02\x01\x01\x04\x20(.{32})', key, re.DOTALL)[1], 'big')
    proof = (int.from_bytes(hashlib.sha256(signed).digest(), 'big') + GENERATOR_X * secret) % ORDER  # ECDSA with a nonce of 1: this key is no secret
    signature = _der(0x03, b'\0' + _der(0x30, _number(GENERATOR_X) + _number(proof)))
    return re.sub('(-----BEGIN CERTIFICATE-----).*(-----END)', rf'\1\n{_base64(_der(0x30, signed + algorithm + signature))}\2', text, flags=re.DOTALL)


def _decoded(text: str, label: str) -> bytes:
    return base64.b64decode(re.search(f'-----BEGIN {label}-----(.*)-----END {label}-----', text, re.DOTALL)[1])


def _base64(value: bytes) -> str:
    return base64.encodebytes(value).decode()


def _number(value: int) -> bytes:
    return _der(0x02, value.to_bytes(value.bit_length() // 8 + 1, 'big'))


def _der(tag: int, content: bytes) -> bytes:
    size = len(content)
    length = bytes([size]) if size < 128 else bytes([0x81, size]) if size < 256 else b'\x82' + size.to_bytes(2, 'big')
    return bytes([tag]) + length + content
