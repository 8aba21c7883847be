"""Embedding: what a key and its tokens open, what they never open, and how soon a revoked one is worth nothing."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
from jose import jwt

from flowforge.auth.embed_keys import forget_key
from flowforge.auth.embed_tokens import AUDIENCE, ISSUER, TYPE
from flowforge.settings import settings

from .graphs import chain, per_symbol, source

pytestmark = pytest.mark.engines

KEYS, TOKEN = "/api/v1/keys", "/api/v1/embed/token"
ORIGIN = "https://portal.example.com"


def lock(column: str, value: Any, operator: str = "=") -> dict[str, Any]:
    return {"column": column, "operator": operator, "value": value}


async def pin(call: Callable[..., httpx.AsyncClient], graph: dict[str, Any], tenant: str = "demo") -> str:
    """A widget that shows the last node of the graph."""
    client = call("workspace", tenant=tenant)
    flow = (await client.post("/api/v1/workflows", json={"name": "embedded", "graph": graph})).json()
    board = (await client.post("/api/v1/dashboards", json={"name": "embedded"})).json()
    made = await client.post(
        f"/api/v1/dashboards/{board['id']}/widgets",
        json={"workflow_id": flow["id"], "output_node_id": graph["nodes"][-1]["id"], "widget_type": "table"},
    )
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


@pytest.fixture
async def widget(call) -> str:
    return await pin(call, per_symbol())


@pytest.fixture
def new_key(call, widget: str) -> Callable[..., Any]:
    async def make(tenant: str = "demo", **changed: Any) -> dict[str, Any]:
        body = {"name": "portal", "widget_ids": [widget], "allowed_origins": [ORIGIN]} | changed
        answer = await call("embed-auth", tenant=tenant).post(KEYS, json=body)
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    return make


@pytest.fixture
def exchange(call, widget: str) -> Callable[..., Any]:
    async def ask(raw: str, **body: Any) -> httpx.Response:
        return await call("embed-auth", tenant=None).post(
            TOKEN, json={"widget_id": widget} | body, headers={"X-API-Key": raw}
        )

    return ask


@pytest.fixture
def show(call, widget: str) -> Callable[..., Any]:
    async def ask(
        token: str | None = None, *, of: str = widget, filters: Any = None, params: Any = None, **headers: str
    ) -> httpx.Response:
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        query = {
            name: json.dumps(value)
            for name, value in (("filters", filters), ("params", params))
            if value is not None
        }
        return await call("widget", tenant=None).get(
            f"/api/v1/embed/{of}/data", params=query, headers=headers
        )

    return ask


def symbols(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [row[0] for row in answer.json()["rows"]]


async def test_a_key_is_shown_once_and_kept_as_a_hash(call, new_key, stores) -> None:
    made = await new_key()
    assert made["key"].startswith("sk_live_")
    client = call("embed-auth")
    listed = (await client.get(KEYS, params={"limit": 1})).json()
    assert listed["items"][0]["id"] == made["id"]
    assert "key" not in listed["items"][0]
    assert made["key"] not in (await client.get(f"{KEYS}/{made['id']}")).text
    connection = await asyncpg.connect(stores.meta_dsn)
    try:
        for table in ("embed_keys", "outbox"):
            stored = await connection.fetch(f"SELECT t::text AS line FROM {table} t")
            assert not any(made["key"][-43:] in row["line"] for row in stored)
    finally:
        await connection.close()


async def test_key_and_token_show_the_widget(new_key, exchange, show) -> None:
    made = await new_key()
    answer = await exchange(made["key"])
    assert answer.status_code == 200, answer.text
    assert 590 <= answer.json()["expires_in"] <= 600
    by_token, by_key = await show(answer.json()["token"]), await show(**{"X-API-Key": made["key"]})
    assert symbols(by_token) == symbols(by_key) == ["AAPL", "IBM", "JPM", "MSFT", "SPY", "TSLA"]


async def test_locks_are_joined_and_win_over_the_viewer(new_key, exchange, show) -> None:
    made = await new_key(locked_filters=[lock("symbol", ["AAPL", "MSFT", "SPY"], "IN")])
    answer = await exchange(made["key"], locked_filters=[lock("symbol", ["MSFT", "SPY", "TSLA"], "IN")])
    token = answer.json()["token"]
    assert symbols(await show(token)) == ["MSFT", "SPY"]
    assert symbols(await show(token, filters=[lock("symbol", "SPY")])) == ["SPY"]
    for wider in (["TSLA", "AAPL"], ["JPM"]):
        assert symbols(await show(token, filters=[lock("symbol", wider, "IN")])) == []
    assert symbols(await show(token, filters=[lock("symbol", "nothing", "!=")])) == ["MSFT", "SPY"]
    assert symbols(await show(**{"X-API-Key": made["key"]})) == ["AAPL", "MSFT", "SPY"]


async def test_only_filterable_columns_may_be_filtered(new_key, exchange, show) -> None:
    made = await new_key()
    token = (await exchange(made["key"])).json()["token"]
    hidden = await show(token, filters=[lock("price", 10, ">")])  # a column of the source, not shown
    assert (hidden.status_code, hidden.json()["column"]) == (403, "price")
    narrow = (await exchange(made["key"], filterable_columns=["symbol"])).json()["token"]
    assert symbols(await show(narrow, filters=[lock("symbol", "IBM")])) == ["IBM"]
    assert (await show(narrow, filters=[lock("count", 1, ">")])).status_code == 403
    listed = await new_key(filterable_columns=["symbol"])
    assert (await exchange(listed["key"], filterable_columns=["price"])).status_code == 403
    assert (await show(filters=[lock("count", 1, ">")], **{"X-API-Key": listed["key"]})).status_code == 403


async def test_parameters_are_the_host_s(call, new_key, exchange, show) -> None:
    graph = chain(
        source(),
        (
            "filter",
            {"filters": [{"column": "symbol", "operator": "=", "value": {"param": "which"}}], "logic": "AND"},
        ),
        ("select", {"columns": ["symbol"]}),
        ("limit", {"rows": 1}),
    ) | {"parameters": [{"name": "which", "type": "string", "default": "AAPL"}]}
    widget = await pin(call, graph)
    made = await new_key(widget_ids=[widget])
    answer = await exchange(made["key"], widget_id=widget, params={"which": "SPY"})
    assert answer.status_code == 200, answer.text
    token = answer.json()["token"]
    assert symbols(await show(token, of=widget)) == ["SPY"]
    assert (await show(token, of=widget, params={"which": "JPM"})).status_code == 403
    assert symbols(await show(of=widget, params={"which": "JPM"}, **{"X-API-Key": made["key"]})) == ["JPM"]
    assert (await exchange(made["key"], widget_id=widget, params={"other": 1})).status_code == 422


@pytest.mark.parametrize(
    ("changed", "status", "field"),
    [
        ({"locked_filters": [lock("nowhere", 1)]}, 422, "locked_filters"),
        ({"locked_filters": [lock("symbol", 5, ">")]}, 422, "locked_filters"),
        ({"allowed_origins": ["https://*.example.com"]}, 422, "allowed_origins[0]"),
        ({"allowed_origins": ["https://a.example; script-src *"]}, 422, "allowed_origins[0]"),
        ({"allowed_origins": ["https://a.example/path"]}, 422, "allowed_origins[0]"),
        ({"allowed_origins": ["http://a.example"]}, 422, "allowed_origins[0]"),
        ({"allowed_origins": ["null"]}, 422, "allowed_origins[0]"),
        ({"allowed_origins": ["https://user@a.example"]}, 422, "allowed_origins[0]"),
        ({"allowed_origins": ["https://a.example:99999"]}, 422, "allowed_origins[0]"),
        ({"expires_at": "2020-01-01T00:00:00Z"}, 422, "expires_at"),
        ({"expires_at": "2999-01-01T00:00:00"}, 422, "expires_at"),
        ({"expires_at": "9999-12-31T23:59:59-14:00"}, 422, "expires_at"),
        ({"expires_at": "0001-01-01T00:00:00+14:00"}, 422, "expires_at"),
        ({"widget_ids": []}, 422, "widget_ids"),
        ({"widget_ids": ["00000000-0000-0000-0000-000000000000"]}, 404, None),
        ({"name": "a\nb"}, 422, "name"),
        ({"secret": "mine"}, 422, "secret"),
    ],
)
async def test_what_no_key_may_say(
    call, widget: str, changed: dict[str, Any], status: int, field: str
) -> None:
    answer = await call("embed-auth").post(KEYS, json={"name": "k", "widget_ids": [widget]} | changed)
    assert (answer.status_code, answer.json().get("field")) == (status, field), answer.text


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "yesterday"])
async def test_a_cursor_that_is_not_ours_is_refused(call, moment: str) -> None:
    cursor = base64.urlsafe_b64encode(f"{moment}|{uuid4()}".encode()).decode()
    answer = await call("embed-auth").get(KEYS, params={"cursor": cursor})
    assert (answer.status_code, answer.json()["field"]) == (422, "cursor")


async def test_origins_are_kept_as_browsers_write_them(new_key) -> None:
    given = ["HTTPS://Portal.Example.com:443/", ORIGIN, "http://localhost:3000", "https://[::1]:8443"]
    made = await new_key(allowed_origins=given)
    assert made["allowed_origins"] == [ORIGIN, "http://localhost:3000", "https://[::1]:8443"]


async def test_a_lock_that_reaches_one_side_of_a_union_refuses(call, new_key) -> None:
    graph = {
        "nodes": [
            {"id": "a", "type": "data_source", "data": {"database": "flowforge", "table": "raw_trades"}},
            {
                "id": "b",
                "type": "data_source",
                "data": {"database": "materialize", "table": "live_positions"},
            },
            {"id": "one", "type": "select", "data": {"columns": ["symbol"]}},
            {"id": "two", "type": "select", "data": {"columns": ["symbol"]}},
            {"id": "both", "type": "union", "data": {}},
        ],
        "edges": [
            {"source": "a", "target": "one"},
            {"source": "b", "target": "two"},
            {"source": "one", "target": "both", "targetHandle": "0"},
            {"source": "two", "target": "both", "targetHandle": "1"},
        ],
    }
    widget = await pin(call, graph)
    answer = await call("embed-auth").post(
        KEYS, json={"name": "k", "widget_ids": [widget], "locked_filters": [lock("venue", "Q")]}
    )
    assert (answer.status_code, answer.json()["column"]) == (422, "venue"), answer.text
    await new_key(widget_ids=[widget], locked_filters=[lock("symbol", "AAPL")])


async def test_a_key_opens_its_own_widgets_only(call, new_key, exchange, show) -> None:
    made, other = await new_key(), await pin(call, per_symbol())
    foreign = await pin(call, per_symbol(), tenant="firm-beta")
    token = (await exchange(made["key"])).json()["token"]
    for widget in (other, foreign, "not-a-uuid"):
        assert (await show(token, of=widget)).status_code == 404
        assert (await show(of=widget, **{"X-API-Key": made["key"]})).status_code == 404
    for widget in (other, foreign):
        assert (await exchange(made["key"], widget_id=widget)).status_code == 404
        refused = await call("embed-auth", tenant="firm-alpha").post(
            KEYS, json={"name": "k", "widget_ids": [widget]}
        )
        assert refused.status_code == 404


async def test_a_key_is_no_user_and_a_user_is_no_key(call, new_key, exchange, show, widget: str) -> None:
    made = await new_key()
    token = (await exchange(made["key"])).json()["token"]
    for headers in ({"Authorization": f"Bearer {token}"}, {"X-API-Key": made["key"]}):
        assert (await call("workspace", tenant=None).get("/api/v1/me", headers=headers)).status_code == 401
        shown = await call("widget", tenant=None).get(f"/api/v1/widgets/{widget}/data", headers=headers)
        assert shown.status_code == 401
    assert (await show(**{"X-Dev-Tenant": "demo"})).status_code == 401
    assert (await call("embed-auth").post(TOKEN, json={"widget_id": widget})).status_code == 401


@pytest.mark.parametrize("role", ["viewer", "analyst"])
async def test_only_admins_handle_keys(call, widget: str, role: str) -> None:
    client = call("embed-auth", roles=role)
    assert (await client.post(KEYS, json={"name": "k", "widget_ids": [widget]})).status_code == 403
    assert (await client.get(KEYS)).status_code == 403


async def test_forged_tokens_and_keys_are_refused(
    call, identity, new_key, exchange, show, widget: str
) -> None:
    made = await new_key()
    good = (await exchange(made["key"])).json()["token"]
    claims, secret = jwt.get_unverified_claims(good), settings().embed_secret.get_secret_value()
    now = int(time.time())

    def signed(key: str = secret, headers: dict[str, Any] | None = None, **changed: Any) -> str:
        body = {name: value for name, value in (claims | changed).items() if value is not None}
        return str(jwt.encode(body, key, "HS256", headers={"typ": TYPE} | (headers or {})))

    assert symbols(await show(signed()))
    head, _, rest = good.partition(".")
    forged = {
        "another secret": signed(key="x" * 40),
        "none": ".".join([jwt.encode({}, "k" * 32, "HS256").split(".")[0], rest.split(".")[0], ""]),
        "another type": signed(headers={"typ": "JWT"}),
        "crit": signed(headers={"crit": ["b64"]}),
        "expired": signed(iat=now - 700, exp=now - 100),
        "no end": signed(exp=None),
        "lives too long": signed(exp=now + 7200),
        "another audience": signed(aud="flowforge"),
        "no audience": signed(aud=None),
        "another issuer": signed(iss="https://evil.example"),
        "another tenant": signed(tenant_id="firm-beta"),
        "unknown key": signed(sub="00000000-0000-0000-0000-000000000000"),
        "no widget": signed(widget_id=None),
        "a user's token": identity.token(),
        "the raw key": made["key"],
        "cut": head,
    }
    assert {ISSUER, AUDIENCE} == {claims["iss"], claims["aud"]}
    for title, token in forged.items():
        assert (await show(token)).status_code == 401, title
    wrong = made["key"][:-1] + ("A" if made["key"][-1] != "A" else "B")
    for raw in (wrong, made["key"] + "x", made["key"].upper(), "", "sk_live_", made["id"]):
        answer = await exchange(raw)
        assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated"), raw
    in_url = await call("widget", tenant=None).get(f"/api/v1/embed/{widget}/data?token={good}")
    assert in_url.status_code == 401


async def test_a_browser_s_page_must_be_listed(new_key, exchange, show) -> None:
    token = (await exchange((await new_key())["key"])).json()["token"]
    for origin in (ORIGIN, "http://127.0.0.1"):
        assert (await show(token, Origin=origin)).status_code == 200
    for origin in ("https://evil.example", "null", f"{ORIGIN}.evil.example"):
        assert (await show(token, Origin=origin)).status_code == 403


async def test_a_revoked_key_ends_with_its_tokens(call, new_key, exchange, show, stores) -> None:
    made = await new_key()
    token = (await exchange(made["key"])).json()["token"]
    assert symbols(await show(token))
    assert (await call("embed-auth", tenant="firm-beta").delete(f"{KEYS}/{made['id']}")).status_code == 404
    assert symbols(await show(token))
    assert (await call("embed-auth").delete(f"{KEYS}/{made['id']}")).status_code == 204
    assert (await show(token)).status_code == 401
    assert (await exchange(made["key"])).status_code == 401
    assert (await call("embed-auth").delete(f"{KEYS}/{made['id']}")).status_code == 404
    connection = await asyncpg.connect(stores.meta_dsn)
    try:
        told = await connection.fetchval(
            "SELECT count(*) FROM outbox WHERE kind = 'flowforge.embedkey.revoked.v1' AND subject = $1",
            made["id"],
        )
    finally:
        await connection.close()
    assert told == 1


async def test_an_expired_key_is_worth_nothing_and_its_tokens_live_no_longer(
    new_key, exchange, show, stores
) -> None:
    soon = datetime.now(UTC) + timedelta(seconds=60)
    made = await new_key(expires_at=soon.isoformat())
    answer = (await exchange(made["key"])).json()
    assert answer["expires_in"] <= 60
    connection = await asyncpg.connect(stores.meta_dsn)
    try:
        await connection.execute(
            "UPDATE embed_keys SET expires_at = now() - interval '1 s' WHERE id = $1", made["id"]
        )
    finally:
        await connection.close()
    forget_key(UUID(made["id"]))
    assert (await exchange(made["key"])).status_code == 401
    assert (await show(answer["token"])).status_code == 401


async def test_an_embedded_widget_obeys_its_tenant_s_entitlements(call, new_key, exchange, show) -> None:
    widget = await pin(call, per_symbol(), tenant="firm-beta")
    made = await new_key(tenant="firm-beta", widget_ids=[widget], allowed_origins=[])
    token = (await exchange(made["key"], widget_id=widget)).json()["token"]
    assert symbols(await show(token, of=widget)) == ["IBM", "JPM"]
    widened = [lock("symbol", ["AAPL", "JPM"], "IN")]
    assert symbols(await show(token, of=widget, filters=widened)) == ["JPM"]
