"""What a tenant may no longer see is gone at once: from caches, executions, exports and embedded widgets."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from flowforge.auth import access_of, forget_access
from flowforge.errors import AccessError
from flowforge.metadata.entitlements import grant
from flowforge.serve import Call, standing
from flowforge.tenancy import Caller

from ..graphs import chain, per_symbol, source
from .cases import keyed
from .world import SYMBOLS, Ask, Owned, World, question

pytestmark = pytest.mark.engines

TENANT = "matrix-withdrawn"
SYMBOLS[TENANT] = ["MSFT", "SPY"]


@pytest.fixture
async def owned(world: World) -> Owned:
    """A tenant with one of everything, whatever was withdrawn from it before."""
    await grant(TENANT, SYMBOLS[TENANT])
    forget_access(TENANT)
    await world.fill(TENANT)
    return world.owned.pop(TENANT)


async def test_withdrawn_symbols_are_gone_everywhere(world: World, owned: Owned) -> None:
    body = question(per_symbol())
    ways = {
        ("preview", "POST", "/api/v1/preview"): Ask(body),
        ("preview", "POST", "/api/v1/preview/profile"): Ask(body),
        ("execute", "POST", "/api/v1/execute"): Ask(body, headers={"Accept": "text/csv"}),
        ("widget", "GET", "/api/v1/widgets/{id}/data"): Ask(path={"id": owned.widget}),
        ("widget", "GET", "/api/v1/embed/{widget_id}/data"): keyed(owned, owned),
        ("schema", "GET", "/api/v1/schema/{database}/{table}/values"): Ask(
            path={"database": "flowforge", "table": "raw_trades"}, query={"column": "symbol"}
        ),
        ("execute", "GET", "/api/v1/executions/{id}/result"): Ask(path={"id": owned.execution}),
    }
    for route, ask in ways.items():
        for _ in range(2):  # the second time from the cache, where there is one
            answer = await world.ask(TENANT, *route, ask)
            assert answer.status_code == 200, answer.text
            assert "MSFT" in answer.text
            assert "SPY" in answer.text

    await grant(TENANT, ["SPY"])
    forget_access(TENANT)  # elsewhere it is remembered for a second

    *rows, _ = ways.items()
    for route, ask in rows:
        answer = await world.ask(TENANT, *route, ask)
        assert answer.status_code == 200, answer.text
        assert "MSFT" not in answer.text
        assert "SPY" in answer.text
    for path in ("/api/v1/executions/{id}", "/api/v1/executions/{id}/result"):
        gone = await world.ask(TENANT, "execute", "GET", path, Ask(path={"id": owned.execution}))
        assert gone.status_code == 404, gone.text
    listed = await world.ask(TENANT, "execute", "GET", "/api/v1/executions", Ask())
    assert owned.execution not in listed.text


async def test_a_tenant_whose_grant_is_empty_sees_nothing(world: World, owned: Owned) -> None:
    await grant(TENANT, [])
    forget_access(TENANT)
    answer = await world.ask(TENANT, "preview", "POST", "/api/v1/preview", Ask(question(per_symbol())))
    assert (answer.status_code, answer.json()["rows"]) == (200, [])
    embedded = await world.ask(TENANT, "widget", "GET", "/api/v1/embed/{widget_id}/data", keyed(owned, owned))
    assert (embedded.status_code, embedded.json()["rows"]) == (200, [])


async def test_a_tenant_that_may_see_no_table_does_not_see_its_own_uploads(
    world: World, owned: Owned
) -> None:
    body = question(chain(source("uploads", owned.table)))
    values = Ask(path={"database": "uploads", "table": owned.table}, query={"column": "symbol"})
    commit = Ask({"name": "later"}, path={"id": owned.upload})
    ways = {
        ("preview", "POST", "/api/v1/preview"): (Ask(body), 422),
        ("execute", "POST", "/api/v1/execute"): (Ask(body), 422),
        ("schema", "GET", "/api/v1/schema/{database}/{table}/values"): (values, 404),
        ("execute", "POST", "/api/v1/uploads/{id}/commit"): (commit, 403),
    }
    await grant(TENANT, ["MSFT"], ["flowforge.raw_trades"])
    forget_access(TENANT)
    assert (await world.ask(TENANT, *next(iter(ways)), Ask(body))).status_code == 200
    await grant(TENANT, ["MSFT"], [])
    forget_access(TENANT)
    for route, (ask, refused) in ways.items():
        answer = await world.ask(TENANT, *route, ask)
        assert answer.status_code == refused, answer.text
    assert owned.table not in (await world.ask(TENANT, "schema", "GET", "/api/v1/schema", Ask())).text


async def test_an_export_ends_when_what_it_is_made_of_is_withdrawn(
    world: World, owned: Owned, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standing, "CHECK_SECONDS", 0.0)
    caller = Caller(TENANT, "somebody", frozenset({"viewer"}))
    closed, sent = [], []

    async def rows() -> AsyncIterator[bytes]:
        try:
            for symbols in (["MSFT", "SPY"], ["SPY"], []):
                await grant(TENANT, symbols)
                forget_access(TENANT)
                yield ",".join(symbols).encode()
        finally:
            closed.append(True)

    await grant(TENANT, ["MSFT", "SPY"])
    forget_access(TENANT)
    call = Call(caller, await access_of(TENANT), {}, {}, {})
    export = standing.while_standing(call, rows())
    sent.append(await anext(export))
    with pytest.raises(AccessError) as withdrawn:
        await anext(export)
    assert withdrawn.value.status == 403
    assert sent == [b"MSFT,SPY"]
    assert closed
