"""The broker's part, played by hand: what the outbox holds is delivered to a function's ``/_events``."""

from __future__ import annotations

from typing import Any

import asyncpg
import httpx
import orjson

from flowforge.settings import settings
from flowforge_events import WIRE

from .conftest import MESH_SECRET

Headers = dict[str, str]


async def announced(*kinds: str) -> list[tuple[Headers, bytes]]:
    """Take the events of these types out of the outbox, oldest first, as the messages they are sent as."""
    connection = await asyncpg.connect(settings().meta_dsn.get_secret_value())
    try:
        rows = await connection.fetch(
            "DELETE FROM outbox WHERE kind = ANY($1) RETURNING *", [f"flowforge.{kind}.v1" for kind in kinds]
        )
    finally:
        await connection.close()
    return [
        WIRE.encode(
            row["kind"],
            orjson.loads(row["data"]),
            component=row["component"],
            subject=row["subject"],
            tenant=row["tenant_id"],
            id=str(row["id"]),
        )
        for row in sorted(rows, key=lambda row: row["sequence"])
    ]


async def told(*kinds: str) -> list[tuple[str, dict[str, Any]]]:
    """The same, as types and data."""
    events = [WIRE.decode(headers, body) for headers, body in await announced(*kinds)]
    return [(event.kind.split(".", 1)[1].removesuffix(".v1"), event.data) for event in events]


async def deliver(client: httpx.AsyncClient, message: tuple[Headers, bytes]) -> httpx.Response:
    """One delivery, with the mesh's credential."""
    headers, body = message
    return await client.post(
        "/_events", content=body, headers={**headers, "authorization": f"Bearer {MESH_SECRET}"}
    )
