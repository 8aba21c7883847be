"""embed_auth: keys by which other people's pages show widgets, and the tokens they are exchanged for."""

from __future__ import annotations

from flowforge.embed import create_key, issue_token, list_keys, read_key, revoke_key, shapes
from flowforge.results.paging import ListQuery
from flowforge.serve import Call, Function, Reply, object_id
from flowforge_events import WIRE

KEYS = "/api/v1/keys"

function = Function("embed-auth", wire=WIRE)


@function.post(KEYS, body=shapes.KeyCreate, answer=shapes.CreatedKey, status=201, role="admin")
async def make_key(call: Call, wanted: shapes.KeyCreate) -> Reply:
    """Make a key; the answer is the only one that holds its secret."""
    made = await create_key(call.caller, call.access, wanted)
    return Reply(made, 201, {"location": f"{KEYS}/{made.id}", "cache-control": "no-store"})


@function.get(KEYS, query=ListQuery, answer=shapes.KeyPage, role="admin")
async def all_keys(call: Call, query: ListQuery) -> shapes.KeyPage:
    """A page of the tenant's keys, newest first, without their secrets."""
    return await list_keys(call.caller.tenant_id, query)


@function.get(f"{KEYS}/{{id}}", answer=shapes.KeyShape, role="admin")
async def one_key(call: Call) -> shapes.KeyShape:
    """A key without its secret."""
    return await read_key(call.caller.tenant_id, object_id(call, "key"))


@function.delete(f"{KEYS}/{{id}}", status=204, role="admin")
async def end_key(call: Call) -> None:
    """Revoke a key; its tokens end with it."""
    await revoke_key(call.caller, object_id(call, "key"))


@function.post("/api/v1/embed/token", body=shapes.TokenRequest, answer=shapes.TokenAnswer, proof="key")
async def exchange_key(call: Call, wanted: shapes.TokenRequest) -> Reply:
    """Exchange a key (X-API-Key) for a token that the host's page hands to the frame."""
    return Reply(await issue_token(call.key, wanted), 200, {"cache-control": "no-store"})


embed_auth = function.target()
