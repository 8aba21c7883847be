"""The catalogue as a tenant sees it, and the values of columns."""

from __future__ import annotations

import pytest

from .market import SYMBOLS, TRADES_PER_SYMBOL

pytestmark = pytest.mark.engines

VALUES = "/api/v1/schema/flowforge/raw_trades/values"


async def test_declared_tables_are_listed_with_types(call) -> None:
    listed = (await call("schema").post("/api/v1/schema/refresh")).json()
    tables = {f"{each['database']}.{each['table']}": each for each in listed["tables"]}
    trades = tables["flowforge.raw_trades"]
    types = {column["name"]: (column["type"], column["nullable"]) for column in trades["columns"]}
    assert types["price"] == ("decimal(18,6)", False)
    assert types["event_time"] == ("datetime", False)
    assert types["side"] == ("string", False)
    assert types["sequence"] == ("int64", False)
    assert (trades["store"], trades["symbol_column"], trades["time_column"]) == (
        "clickhouse",
        "symbol",
        "event_time",
    )
    assert trades["rows"] == len(SYMBOLS) * TRADES_PER_SYMBOL
    live = tables["materialize.live_quotes"]
    assert (live["store"], live["freshness"]) == ("postgres", "live")
    assert {column["name"]: column["type"] for column in live["columns"]}["bid"] == "decimal(18,6)"


async def test_what_is_not_declared_is_invisible(call) -> None:
    listed = (await call("schema").get("/api/v1/schema")).json()["tables"]
    names = {f"{each['database']}.{each['table']}" for each in listed}
    assert not {"flowforge.imports", "metrics.hourly_rollup_state", "metrics.hourly_rollup_mv"} & names
    assert not any(each["database"] in ("system", "hot", "public") for each in listed)


async def test_row_counts_are_for_those_who_see_every_row(call) -> None:
    listed = (await call("schema", tenant="firm-alpha").get("/api/v1/schema")).json()["tables"]
    assert listed
    assert all(each["rows"] is None for each in listed)


async def test_values_are_the_tenants(call) -> None:
    async def symbols(tenant: str) -> list[str]:
        answer = await call("schema", tenant=tenant).get(VALUES, params={"column": "symbol"})
        assert answer.status_code == 200, answer.text
        return answer.json()["values"]

    for _ in ("cold", "cached"):
        assert await symbols("demo") == sorted(SYMBOLS)
        assert await symbols("firm-alpha") == ["AAPL", "MSFT", "SPY"]
        assert await symbols("firm-beta") == ["IBM", "JPM"]


async def test_values_are_bounded_and_searched(call) -> None:
    client = call("schema")
    few = (await client.get(VALUES, params={"column": "trade_id", "limit": 5})).json()
    assert (len(few["values"]), few["truncated"]) == (5, True)
    found = (await client.get(VALUES, params={"column": "trade_id", "search": "IBM:11"})).json()
    assert "IBM:110" in found["values"]
    assert all("IBM:11" in value for value in found["values"])
    assert (await client.get(VALUES, params={"column": "trade_id", "search": "%"})).json()["values"] == []


@pytest.mark.parametrize(
    ("path", "params", "status", "code"),
    [
        (VALUES, {"column": "nope"}, 422, "unknown_column"),
        (VALUES, {}, 422, "invalid_request"),
        (VALUES, {"column": "symbol", "limit": 5000}, 422, "invalid_request"),
        ("/api/v1/schema/flowforge/imports/values", {"column": "file"}, 404, "not_found"),
        ("/api/v1/schema/system/processes/values", {"column": "query"}, 404, "not_found"),
    ],
)
async def test_values_that_cannot_be(
    call, path: str, params: dict[str, object], status: int, code: str
) -> None:
    answer = await call("schema").get(path, params=params)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
