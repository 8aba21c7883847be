"""Who is given rows is written down: once per actor, plan and minute, with how often and how many."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from flowforge.serve.reads import reads

from .graphs import chain, per_symbol, source
from .test_embed import KEYS, pin

pytestmark = pytest.mark.engines


@pytest.fixture
async def told(stores) -> AsyncIterator[Any]:
    """What the outbox says of reads since the test began, each as (action, actor, count, rows)."""
    connection = await asyncpg.connect(stores.meta_dsn)
    await (await reads()).flush()
    start = await connection.fetchval("SELECT coalesce(max(sequence), 0) FROM outbox")

    async def entries() -> list[dict[str, Any]]:
        await (await reads()).flush()
        rows = await connection.fetch(
            "SELECT tenant_id, data FROM outbox WHERE sequence > $1 AND data->>'action' LIKE '%.read'"
            " ORDER BY sequence",
            start,
        )
        return [{"tenant": row["tenant_id"], **json.loads(row["data"])} for row in rows]

    yield entries
    await connection.close()


async def test_reads_of_a_minute_are_one_entry(call, told) -> None:
    body = {"graph": per_symbol(), "target_node_id": "sort"}
    for _ in range(3):
        assert (
            await call("preview", tenant="firm-alpha").post("/api/v1/preview", json=body)
        ).status_code == 200
    assert (await call("preview", tenant="firm-beta").post("/api/v1/preview", json=body)).status_code == 200
    found = await told()
    # A minute may end between two reads: then its reads are two entries.
    assert sum(each["count"] for each in found) == 4
    alpha = [each for each in found if each["tenant"] == "firm-alpha"]
    assert {each["actor"] for each in alpha} == {"dev-user"}
    assert {each["action"] for each in alpha} == {"preview.read"}
    assert all(each["object"].startswith("flowforge.raw_trades") for each in alpha)
    assert sum(each["count"] for each in alpha) == 3
    assert sum(each["rows"] for each in alpha) == 3 * 3  # AAPL, MSFT, SPY
    assert len({each["plan_hash"] for each in found}) == 2
    assert len(alpha) <= 2


async def test_every_way_to_rows_is_audited(call, told) -> None:
    widget = await pin(call, per_symbol())
    graph = chain(source(), ("limit", {"rows": 7}))
    question = {"graph": graph, "target_node_id": "limit"}
    key = (await call("embed-auth").post(KEYS, json={"name": "k", "widget_ids": [widget]})).json()
    execute = call("execute")
    answers = [
        await call("widget").get(f"/api/v1/widgets/{widget}/data"),
        await call("widget", tenant=None).get(
            f"/api/v1/embed/{widget}/data", headers={"X-API-Key": key["key"]}
        ),
        await execute.post("/api/v1/execute", json=question),
        await execute.post("/api/v1/execute", json=question),
        await execute.post("/api/v1/execute", json=question, headers={"Accept": "text/csv"}),
        await call("schema").get("/api/v1/schema/flowforge/raw_trades/values", params={"column": "symbol"}),
    ]
    assert {answer.status_code for answer in answers} == {200}
    sums: dict[tuple[str, str, str], tuple[int, int]] = {}
    for each in await told():
        key_ = (each["action"], each["actor"], each["object"].split(",")[0])
        count, rows = sums.get(key_, (0, 0))
        sums[key_] = (count + each["count"], rows + (each["rows"] or 0))
    assert sums == {
        ("widget.read", "dev-user", widget): (1, 6),
        ("widget.read", f"embed-key:{key['id']}", widget): (1, 6),
        ("execute.read", "dev-user", "flowforge.raw_trades"): (3, 14),  # an export's rows are not waited for
        ("schema.read", "dev-user", "flowforge.raw_trades"): (1, 6),
    }


async def test_who_is_refused_was_given_nothing(call, told) -> None:
    graph = chain(source("flowforge", "nothing"))
    body = {"graph": graph, "target_node_id": "data_source"}
    assert (await call("preview").post("/api/v1/preview", json=body)).status_code == 422
    assert await told() == []
