"""schema: the tables that a tenant may see, and the values to choose from in filters."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flowforge.schema import refresh, refresh_everywhere, snapshot
from flowforge.schema.listing import SchemaListing, listing
from flowforge.serve import Call, Function, ReceivedEvent
from flowforge.values import ValuesQuery, ValuesResponse, distinct_values
from flowforge_events import WIRE

function = Function("schema", wire=WIRE)


@function.get("/api/v1/schema", answer=SchemaListing)
async def list_tables(call: Call) -> SchemaListing:
    """All tables and columns, with their types, stores and freshness."""
    return listing(await snapshot(), call.access)


@function.post("/api/v1/schema/refresh", answer=SchemaListing)
async def refresh_tables(call: Call) -> SchemaListing:
    """Ask the engines again, now."""
    return listing(await refresh(), call.access)


@function.event("flowforge.schema.changed.v1", once=False)  # reading twice does no harm
async def schema_changed(_: ReceivedEvent) -> None:
    """Somebody changed tables: read them now, and have the other processes do so."""
    await refresh_everywhere()


@function.get(
    "/api/v1/schema/{database}/{table}/values", query=ValuesQuery, answer=ValuesResponse, cancellable=True
)
async def list_values(call: Call, query: ValuesQuery) -> bytes:
    """Distinct values of a column, in order, at most 1,000."""
    return await distinct_values(call.access, call.path["database"], call.path["table"], query)


@function.get("/api/v1/openapi.json", public=True)
async def describe_api() -> dict[str, Any]:
    """The OpenAPI 3.1 document of all functions."""
    from flowforge.serve.openapi import document, load_functions

    return document(load_functions(Path(__file__).parent.parent))


schema = function.target()
