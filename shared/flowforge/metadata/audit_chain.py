"""The arithmetic of an audit chain: what each entry's code covers, and the seal of the last one.

``mac(n) = HMAC-SHA256(key, [tenant, n, …every column…, mac(n-1)])`` with 32 zero bytes before the first.
Keyed (RFC 2104), because who can write to the database could compute a plain hash again behind a change.
``seal = HMAC-SHA256(key, ["head", tenant, n, mac(n)])`` says where the chain ends.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import astuple
from datetime import UTC, datetime

import orjson

from flowforge.records import dataclass

BEGINNING = bytes(32)


@dataclass(frozen=True, slots=True)
class Entry:
    """One audited act. ``at`` is when it happened, ``recorded_at`` when it was written down."""

    tenant_id: str
    number: int
    event_id: str
    source: str
    at: datetime
    recorded_at: datetime
    actor: str
    action: str
    object: str
    plan_hash: str | None
    count: int
    rows: int | None
    elapsed_ms: float | None


def mac_of(key: bytes, entry: Entry, previous: bytes) -> bytes:
    """The code of an entry behind the one whose code is ``previous``."""
    columns = [
        each.astimezone(UTC).isoformat() if isinstance(each, datetime) else each for each in astuple(entry)
    ]
    return _hmac(key, orjson.dumps([*columns, previous.hex()]))


def seal_of(key: bytes, tenant_id: str, number: int, mac: bytes) -> bytes:
    """The seal of a chain that ends with entry ``number``."""
    return _hmac(key, orjson.dumps(["head", tenant_id, number, mac.hex()]))


def same(left: bytes, right: bytes) -> bool:
    """Whether two codes are equal, in constant time."""
    return hmac.compare_digest(left, right)


def _hmac(key: bytes, message: bytes) -> bytes:
    return hmac.new(key, message, hashlib.sha256).digest()
