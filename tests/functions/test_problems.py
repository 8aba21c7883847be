"""Every way a request can be wrong answers problem+json with its code and its place."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from flowforge.errors import ErrorCode

pytestmark = pytest.mark.engines

WORKFLOWS = "/api/v1/workflows"


def graph(nodes: Any = (), edges: Any = (), **more: Any) -> dict[str, Any]:
    return {"nodes": list(nodes), "edges": list(edges), **more}


def body(**changed: Any) -> bytes:
    return json.dumps({"name": "w", "graph": graph()} | changed).encode()


def loop() -> dict[str, Any]:
    nodes = [{"id": each, "type": "limit", "data": {"rows": 1}} for each in "ab"]
    edges = [{"source": "a", "target": "b"}, {"source": "b", "target": "a"}]
    return graph(nodes, edges)


REQUESTS: list[tuple[str, str, str, bytes | None, int, str, dict[str, Any]]] = [
    ("unknown path", "GET", "/api/v1/nothing", None, 404, "not_found", {}),
    ("path of another function", "POST", "/api/v1/preview", b"{}", 404, "not_found", {}),
    ("trailing slash", "GET", f"{WORKFLOWS}/", None, 404, "not_found", {}),
    ("method not offered", "PUT", WORKFLOWS, b"{}", 405, "method_not_allowed", {}),
    ("method nobody offers", "TRACE", WORKFLOWS, None, 405, "method_not_allowed", {}),
    ("empty body", "POST", WORKFLOWS, b"", 400, "bad_json", {"position": 0}),
    ("cut off", "POST", WORKFLOWS, b'{"name": "w"', 400, "bad_json", {"position": 11}),
    ("trailing comma", "POST", WORKFLOWS, b'{"name": "w",}', 400, "bad_json", {"position": 13}),
    ("second line", "POST", WORKFLOWS, b'{\n "name": w}', 400, "bad_json", {"position": 11}),
    ("not UTF-8", "POST", WORKFLOWS, b'{"name": "\xff"}', 400, "bad_json", {}),
    ("lone surrogate", "POST", WORKFLOWS, rb'{"name": "\ud800"}', 400, "bad_json", {}),
    ("nested without end", "POST", WORKFLOWS, b'{"graph":' + b"[" * 100_000, 400, "bad_json", {}),
    ("not an object", "POST", WORKFLOWS, b"[1]", 422, "invalid_request", {}),
    ("too large", "POST", WORKFLOWS, b'"' + b"x" * 2_000_001 + b'"', 413, "body_too_large", {}),
    ("missing field", "POST", WORKFLOWS, b'{"name": "w"}', 422, "invalid_request", {"field": "graph"}),
    ("unknown field", "POST", WORKFLOWS, body(colour="red"), 422, "invalid_request", {"field": "colour"}),
    ("wrong type", "POST", WORKFLOWS, body(name=5), 422, "invalid_request", {"field": "name"}),
    ("blank name", "POST", WORKFLOWS, body(name="  "), 422, "invalid_request", {"field": "name"}),
    ("long name", "POST", WORKFLOWS, body(name="n" * 256), 422, "invalid_request", {"field": "name"}),
    ("control character", "POST", WORKFLOWS, body(name="a\x07"), 422, "invalid_request", {"field": "name"}),
    ("NUL in a graph", "POST", WORKFLOWS, body(graph=graph(x="a\x00")), 422, "invalid_request", {}),
    ("NaN", "POST", WORKFLOWS, b'{"name":"w","graph":{"nodes":[],"x":NaN}}', 422, "invalid_request", {}),
    (
        "infinite number",
        "POST",
        WORKFLOWS,
        b'{"name":"w","graph":{"nodes":[],"x":1e999}}',
        422,
        "invalid_request",
        {},
    ),
    (
        "huge integer",
        "POST",
        WORKFLOWS,
        body(graph=graph(x=10**30)),
        422,
        "invalid_request",
        {"field": "graph.x"},
    ),
    ("no nodes", "POST", WORKFLOWS, body(graph={}), 422, "invalid_request", {"field": "graph.nodes"}),
    ("cycle", "POST", WORKFLOWS, body(graph=loop()), 422, "cycle", {"node_id": "a"}),
    (
        "duplicate node",
        "POST",
        WORKFLOWS,
        body(graph=graph([{"id": "a", "type": "limit"}] * 2)),
        422,
        "duplicate_node",
        {"node_id": "a"},
    ),
    (
        "wire to nowhere",
        "POST",
        WORKFLOWS,
        body(graph=graph([{"id": "a", "type": "limit"}], [{"source": "a", "target": "z"}])),
        422,
        "unknown_node",
        {"field": "graph.edges[0].target"},
    ),
    (
        "too many nodes",
        "POST",
        WORKFLOWS,
        body(graph=graph({"id": str(n), "type": "limit"} for n in range(501))),
        422,
        "graph_too_large",
        {},
    ),
    ("bad limit", "GET", f"{WORKFLOWS}?limit=0", None, 422, "invalid_request", {"field": "limit"}),
    ("bad cursor", "GET", f"{WORKFLOWS}?cursor=zzz", None, 422, "invalid_request", {"field": "cursor"}),
    ("unknown query", "GET", f"{WORKFLOWS}?colour=red", None, 422, "invalid_request", {"field": "colour"}),
    ("id that is none", "GET", f"{WORKFLOWS}/1", None, 404, "not_found", {}),
    ("unknown id", "GET", f"{WORKFLOWS}/00000000-0000-0000-0000-000000000000", None, 404, "not_found", {}),
]


@pytest.mark.parametrize(
    ("method", "path", "content", "status", "code", "place"),
    [each[1:] for each in REQUESTS],
    ids=[each[0] for each in REQUESTS],
)
async def test_a_wrong_request(
    call, method: str, path: str, content: bytes | None, status: int, code: str, place: dict[str, Any]
) -> None:
    headers = {"content-type": "application/json"} if content is not None else {}
    answer = await call("workspace").request(method, path, content=content, headers=headers)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["code"] == code
    assert code in set(ErrorCode)
    assert problem["status"] == status
    assert problem["detail"]
    assert problem["instance"] == path.partition("?")[0]
    assert re.fullmatch("[0-9a-f]{32}", problem["trace_id"])
    assert problem["trace_id"] == answer.headers["x-request-id"]
    for name, value in place.items():
        assert problem.get(name) == value, problem


async def test_a_body_that_is_no_json_by_its_own_word(call) -> None:
    answer = await call("workspace").post(WORKFLOWS, data={"name": "w"})
    assert answer.status_code == 415
    assert answer.json()["code"] == "unsupported_media_type"


async def test_an_unexpected_failure_tells_nothing(call, monkeypatch) -> None:
    from flowforge.workspace import workflows

    def burst(*_: object) -> None:
        raise RuntimeError("secret of firm-beta")

    monkeypatch.setattr(workflows, "listed", burst)
    answer = await call("workspace").get(WORKFLOWS)
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "internal"
    assert "secret" not in answer.text


async def test_the_trace_of_the_caller_goes_on(call) -> None:
    trace = "0af7651916cd43dd8448eb211c80319c"
    answer = await call("workspace").get(
        "/api/v1/me", headers={"traceparent": f"00-{trace}-b7ad6b7169203331-01"}
    )
    version, trace_id, span_id, flags = answer.headers["traceparent"].split("-")
    assert (version, trace_id, flags) == ("00", trace, "01")
    assert span_id != "b7ad6b7169203331"


@pytest.mark.parametrize("traceparent", ["", "00-zz-zz-00", f"00-{'0' * 32}-{'1' * 16}-00", "x" * 5000])
async def test_a_malformed_trace_begins_anew(call, traceparent: str) -> None:
    answer = await call("workspace").get("/api/v1/me", headers={"traceparent": traceparent})
    assert re.fullmatch("[0-9a-f]{32}", answer.headers["x-request-id"])
