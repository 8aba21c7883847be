"""The envelope of every message: ``event_id, event_time, ingest_time, source, schema_version,
entity_id, payload``.

``event_id`` names the event for ever: a source that sends an event again must send the same id.
``<stream>:<number>`` is the form for sources that count their events (files by row, the generator);
the normaliser remembers those in a bit each. ``entity_id`` is the key of the message: the symbol for
market data, ``<tenant>/<account>/<symbol>`` for orders.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson

SCHEMA_VERSION = 1
ENVELOPE_FIELDS = (
    "event_id",
    "event_time",
    "ingest_time",
    "source",
    "schema_version",
    "entity_id",
    "payload",
)

_NANOSECONDS = 1_000_000_000


def instant_text(nanoseconds: int) -> str:
    """Nanoseconds since 1970 as ISO 8601 in UTC with nine digits: every instant has one spelling."""
    seconds, rest = divmod(nanoseconds, _NANOSECONDS)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{rest:09d}Z"


def encode(
    event_id: str, event_time: str, ingest_time: str, source: str, entity_id: str, payload: Mapping[str, Any]
) -> bytes:
    """An envelope of the current schema version; times as :func:`instant_text` writes them."""
    return orjson.dumps(
        {
            "event_id": event_id,
            "event_time": event_time,
            "ingest_time": ingest_time,
            "source": source,
            "schema_version": SCHEMA_VERSION,
            "entity_id": entity_id,
            "payload": payload,
        }
    )


def order_entity(tenant_id: str, account: str, symbol: str) -> str:
    """``entity_id`` of an order: what a position belongs to."""
    return f"{tenant_id}/{account}/{symbol}"
