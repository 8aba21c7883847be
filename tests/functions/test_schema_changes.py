"""A column that comes or goes is announced once, whoever notices, and every process soon knows it."""

from __future__ import annotations

import asyncio
import urllib.parse
import urllib.request
from collections.abc import Iterator

import pytest

from flowforge.catalog import Catalog
from flowforge.schema import changes, registry
from flowforge_events import WIRE
from flowforge_local.engines import Endpoints

from .deliveries import deliver, told

pytestmark = pytest.mark.engines

TABLE = "metrics.rolling_volatility"
REFRESH = "/api/v1/schema/refresh"


def alter(engines: Endpoints, clause: str) -> None:
    url = urllib.parse.urlsplit(engines.clickhouse_admin_url)
    request = urllib.request.Request(
        f"{url.scheme}://{url.hostname}:{url.port}/",
        data=f"ALTER TABLE {TABLE} {clause}".encode(),
        headers={"X-ClickHouse-User": url.username or "", "X-ClickHouse-Key": url.password or ""},
    )
    urllib.request.urlopen(request, timeout=30).read()


@pytest.fixture
def altered(stores: Endpoints) -> Iterator[Endpoints]:
    yield stores
    alter(stores, "DROP COLUMN IF EXISTS another")


async def columns(client) -> set[str]:
    tables = (await client.get("/api/v1/schema")).json()["tables"]
    (found,) = [each for each in tables if f"{each['database']}.{each['table']}" == TABLE]
    return {column["name"] for column in found["columns"]}


async def test_a_refresh_that_finds_a_difference_announces_it_once(call, altered: Endpoints) -> None:
    client = call("schema")
    await client.post(REFRESH)
    await told("schema.changed")
    await client.post(REFRESH)
    assert await told("schema.changed") == []
    alter(altered, "ADD COLUMN another String")
    assert "another" in {
        column["name"]
        for table in (await client.post(REFRESH)).json()["tables"]
        if table["table"] == "rolling_volatility"
        for column in table["columns"]
    }
    ((kind, data),) = await told("schema.changed")
    assert kind == "schema.changed"
    assert data == {
        "database": "metrics",
        "added": [],
        "removed": [],
        "altered": ["rolling_volatility.another"],
    }
    found = await registry.snapshot()
    late = await changes.announce_changes(Catalog(), found.missing_stores, found.refreshed_at)
    assert late == [], "nothing is known of databases that were not looked at"
    alter(altered, "DROP COLUMN another")
    await client.post(REFRESH)
    assert [data["altered"] for _, data in await told("schema.changed")] == [["rolling_volatility.another"]]


async def test_an_old_reading_says_nothing_about_a_newer_one(altered: Endpoints) -> None:
    before = await registry.refresh()
    alter(altered, "ADD COLUMN another String")
    await registry.refresh()
    await told("schema.changed")
    assert await changes.announce_changes(before.catalog, frozenset(), before.refreshed_at) == []
    assert await told("schema.changed") == []


async def test_told_of_a_change_the_others_read_again(call, altered: Endpoints) -> None:
    client = call("schema")
    await client.post(REFRESH)
    alter(altered, "ADD COLUMN another String")
    headers, body = WIRE.encode(
        "flowforge.schema.changed.v1",
        {"database": "metrics", "altered": ["rolling_volatility.another"]},
        component="dbt",
        subject="metrics",
    )
    seen = await changes.mark()
    assert (await deliver(client, (headers, body))).status_code == 204
    assert "another" in await columns(client)
    assert await changes.mark() != seen
    alter(altered, "DROP COLUMN another")  # another process finds it …
    await changes.renew_mark()
    registry._state.look_again = 0.0
    for _ in range(100):  # … and this one notices without being told to refresh
        if "another" not in await columns(client):
            return
        await asyncio.sleep(0.05)
    raise AssertionError("the catalogue stayed as it was")


def test_a_difference_names_tables_and_columns() -> None:
    before = {"a": {"x": "string", "y": "int64"}, "b": {"x": "string"}}
    after = {"a": {"x": "string?", "z": "int64"}, "c": {}}
    found = changes.change("d", before, after)
    assert found == changes.Change("d", ("c",), ("b",), ("a.x", "a.y", "a.z"))
    assert changes.change("d", before, before) is None
