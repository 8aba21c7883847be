"""Hostile text over HTTP: every call answers in its own words, with the caller's rows or with none."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import pytest

from flowforge.catalog import Table
from flowforge_local.workflow.snapshot import SHIPPED, catalog_from
from hostile.graphs import Setting, settings, variants
from hostile.texts import HOSTILE, SURROGATES

from .graphs import chain, source
from .market import SYMBOLS

pytestmark = pytest.mark.engines

TABLE: Table = catalog_from(SHIPPED.read_text()).tables["flowforge.raw_trades"]
TENANT = "firm-alpha"
MINE = ("AAPL", "MSFT", "SPY")
FORBIDDEN = [symbol for symbol in SYMBOLS if symbol not in MINE]
TEXTS = [text for text in HOSTILE if text not in SURROGATES]

PER_SETTING = 6
"""Texts tried per setting over HTTP, other ones for each; without HTTP all are (``isolation``)."""

EXPECTED = {200, 400, 413, 422}


def chosen(setting: Setting) -> list[str]:
    random = Random(setting.name)
    return [random.choice(variants(setting, text)) for text in random.sample(TEXTS, PER_SETTING)]


def check(answer: Any, text: str, *, sent: str) -> None:
    """A status that was meant, a problem in our words, and no symbol of others that was not sent along."""
    assert answer.status_code in EXPECTED, (answer.status_code, answer.text[:500], ascii(text))
    if answer.status_code != 200 and answer.headers["content-type"] == "application/problem+json":
        assert answer.json()["code"] not in ("internal", "plan_not_verified"), ascii(text)
    for symbol in FORBIDDEN:
        assert symbol in sent or symbol not in answer.text, ascii(text)


@pytest.mark.parametrize("kind", sorted({setting.kind for setting in settings(TABLE)}))
async def test_every_setting_of_every_node(call: Any, kind: str) -> None:
    clients = {name: call(name, tenant=TENANT) for name in ("compile", "preview", "execute")}
    for setting in settings(TABLE):
        if setting.kind != kind:
            continue
        for text in chosen(setting):
            graph = setting.document(TABLE, text)
            question = {"graph": graph, "target_node_id": "node"}
            sent = json.dumps(graph, ensure_ascii=False)
            check(await clients["compile"].post("/api/v1/validate", json={"graph": graph}), text, sent=sent)
            for name in ("compile", "preview", "execute"):
                check(await clients[name].post(f"/api/v1/{name}", json=question), text, sent=sent)


async def test_halves_of_surrogate_pairs_are_no_json(call: Any) -> None:
    for text in SURROGATES:
        body = json.dumps(
            {
                "graph": chain(
                    source(), ("filter", {"filters": [{"column": text, "operator": "=", "value": text}]})
                )
            }
        )
        answer = await call("compile", tenant=TENANT).post(
            "/api/v1/validate", content=body, headers={"content-type": "application/json"}
        )
        assert answer.status_code == 400, answer.text
        assert answer.json()["code"] == "bad_json"


async def test_filters_of_a_dashboard(call: Any) -> None:
    graph = chain(source(), ("group_by", {"group_by": ["symbol"], "aggregations": [{"function": "count"}]}))
    workspace = call("workspace", tenant=TENANT)
    dashboard = (await workspace.post("/api/v1/dashboards", json={"name": "d"})).json()["id"]
    workflow = (await workspace.post("/api/v1/workflows", json={"name": "w", "graph": graph})).json()["id"]
    body = {
        "workflow_id": workflow,
        "output_node_id": "group_by",
        "widget_type": "table",
        "config": {},
        "position": {},
    }
    widget = (await workspace.post(f"/api/v1/dashboards/{dashboard}/widgets", json=body)).json()["id"]
    client = call("widget", tenant=TENANT)
    for text in TEXTS:
        for filters in (
            [{"column": "symbol", "operator": "=", "value": text}],
            [{"column": "symbol", "operator": "IN", "value": [text, "JPM"]}],
            [{"column": "symbol", "operator": "LIKE", "value": text}],
            [{"column": text, "operator": "=", "value": text}],
            [{"column": "count", "operator": text, "value": text}],
        ):
            given = json.dumps(filters)
            if len(given) > 50_000:
                continue
            answer = await client.get(f"/api/v1/widgets/{widget}/data", params={"filters": given})
            assert answer.status_code in EXPECTED, (answer.text, ascii(text[:80]))
            if answer.status_code == 200:
                assert {row[0] for row in answer.json()["rows"]} <= set(MINE)


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: ascii(text[:20]))
async def test_names_of_parameters_nodes_and_targets(call: Any, text: str) -> None:
    graph = chain(source(), ("limit", {"rows": {"param": text}}))
    graph["parameters"] = [{"name": text, "default": 3}]
    graph["nodes"][1]["id"] = graph["edges"][0]["target"] = text
    answer = await call("preview", tenant=TENANT).post(
        "/api/v1/preview", json={"graph": graph, "target_node_id": text}
    )
    check(answer, text, sent="")
