"""One mesh, one function: what crosses the gateway and what it answers itself."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest

if TYPE_CHECKING:
    from .conftest import RunningMesh

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
TRACEPARENT = f"00-{TRACE}-00f067aa0ba902b7-01"


async def seen(mesh: RunningMesh, path: str = "/probe", **headers: str) -> Any:
    """What the function was given."""
    async with mesh.client.get(mesh.url + path, headers=headers) as answer:
        assert answer.status == 200, await answer.text()
        return await answer.json()


async def test_the_function_gets_the_knative_environment(shared_mesh: RunningMesh) -> None:
    environment = (await seen(shared_mesh))["environment"]
    assert environment["K_SERVICE"] == environment["K_CONFIGURATION"] == "probe"
    assert environment["K_REVISION"] == "probe-00001"
    assert int(environment["PORT"]) > 0


@pytest.mark.parametrize(
    "name", ["ce-id", "Ce-Type", "K-Anything", "X-Real-IP", "Keep-Alive", "Proxy-Authorization", "TE"]
)
async def test_nobody_outside_may_set(shared_mesh: RunningMesh, name: str) -> None:
    headers = (await seen(shared_mesh, **{name: "forged"}))["headers"]
    assert "forged" not in headers.values()


async def test_forwarded_headers_are_our_own(shared_mesh: RunningMesh) -> None:
    forged = {
        "Forwarded": "for=1.2.3.4",
        "X-Forwarded-For": "1.2.3.4",
        "X-Forwarded-Prefix": "/x",
        "X-Forwarded-Host": "evil",
    }
    headers = (await seen(shared_mesh, **forged))["headers"]
    host = shared_mesh.url.removeprefix("http://")
    assert headers["x-forwarded-for"] == "127.0.0.1"
    assert headers["x-forwarded-proto"] == "http"
    assert headers["x-forwarded-host"] == headers["host"] == host
    assert headers["forwarded"] == f'for="127.0.0.1";host="{host}";proto=http'
    assert "x-forwarded-prefix" not in headers


async def test_a_long_token_comes_to_whoever_refuses_it(shared_mesh: RunningMesh) -> None:
    token = "Bearer " + "a" * 20_000
    assert (await seen(shared_mesh, Authorization=token))["headers"]["authorization"] == token


async def test_a_header_named_by_connection_stays_here(shared_mesh: RunningMesh) -> None:
    headers = (await seen(shared_mesh, Connection="X-Private", **{"X-Private": "1"}))["headers"]
    assert "x-private" not in headers
    async with shared_mesh.client.get(shared_mesh.url + "/probe/hop") as answer:
        assert "X-Hop" not in answer.headers
        assert answer.headers["Set-Cookie"] == "a=1"


async def test_development_headers_pass_in_development_only(mesh: Any, shared_mesh: RunningMesh) -> None:
    assert (await seen(shared_mesh, **{"X-Dev-Tenant": "demo"}))["headers"]["x-dev-tenant"] == "demo"
    production = await mesh(development=False)
    assert "x-dev-tenant" not in (await seen(production, **{"X-Dev-Tenant": "demo"}))["headers"]


async def test_a_trace_is_continued(shared_mesh: RunningMesh) -> None:
    async with shared_mesh.client.get(
        shared_mesh.url + "/probe", headers={"traceparent": TRACEPARENT}
    ) as answer:
        given = (await answer.json())["headers"]
        assert given["traceparent"].startswith(f"00-{TRACE}-")
        assert given["traceparent"] != TRACEPARENT
        assert answer.headers["X-Request-Id"] == given["x-request-id"] == TRACE


async def test_a_path_and_query_arrive_as_they_were_sent(shared_mesh: RunningMesh) -> None:
    path = "/probe/a%20b%C3%A9/item?x=%2F&y=1+2&x=%7B%7D"
    async with shared_mesh.client.get(aiohttp.client.URL(shared_mesh.url + path, encoded=True)) as answer:
        body = await answer.json()
    assert body["path"] == "/probe/a%20b%C3%A9/item"
    assert body["query"] == "x=%2F&y=1+2&x=%7B%7D"


@pytest.mark.parametrize(
    "path",
    [
        "/probe/..%2Fprobe/item",
        "/probe/%2e%2e/item",
        "/probe/a%5Cb/item",
        "/probe/%00/item",
        "/probe/../probe",
    ],
)
async def test_a_path_with_two_readings_is_not_routed(shared_mesh: RunningMesh, path: str) -> None:
    async with shared_mesh.client.get(aiohttp.client.URL(shared_mesh.url + path, encoded=True)) as answer:
        assert answer.status == 404


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost.", "", "evil.example:8080"]
)
async def test_another_host_is_refused(shared_mesh: RunningMesh, host: str) -> None:
    for path in ("/probe", "/", "/config.json", "/api/v1/health"):
        async with shared_mesh.client.get(shared_mesh.url + path, headers={"Host": host}) as answer:
            assert answer.status == 421
            assert (await answer.json())["code"] == "misdirected"


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:1234", "[::1]:80", "127.0.0.1"])
async def test_our_hosts_are_served(shared_mesh: RunningMesh, host: str) -> None:
    await seen(shared_mesh, Host=host)


async def test_an_unknown_path_is_a_problem_document(shared_mesh: RunningMesh) -> None:
    async with shared_mesh.client.get(
        shared_mesh.url + "/api/v1/nope", headers={"traceparent": TRACEPARENT}
    ) as answer:
        assert answer.status == 404
        assert answer.content_type == "application/problem+json"
        problem = await answer.json()
    assert problem["code"] == "not_found"
    assert problem["instance"] == "/api/v1/nope"
    assert problem["trace_id"] == TRACE


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("PATCH", "/probe", "DELETE, GET, HEAD, POST"),
        ("POST", "/api/v1/health", "GET, HEAD"),
        ("PUT", "/config.json", "GET, HEAD"),
    ],
)
async def test_a_wrong_method_says_which_are_right(
    shared_mesh: RunningMesh, method: str, path: str, allow: str
) -> None:
    async with shared_mesh.client.request(method, shared_mesh.url + path) as answer:
        assert answer.status == 405
        assert answer.headers["Allow"] == allow
        assert (await answer.json())["code"] == "method_not_allowed"


async def test_an_empty_answer_stays_empty(shared_mesh: RunningMesh) -> None:
    async with shared_mesh.client.delete(shared_mesh.url + "/probe/empty") as answer:
        assert answer.status == 204
        assert await answer.read() == b""
    async with shared_mesh.client.head(shared_mesh.url + "/probe") as answer:
        assert answer.status == 200
        assert int(answer.headers["Content-Length"]) > 0
        assert await answer.read() == b""


async def test_a_body_streams_both_ways(shared_mesh: RunningMesh) -> None:
    """The function answers with what it has read before the client has sent the rest."""
    first_answered = asyncio.Event()

    async def body() -> Any:
        yield b"first"
        await asyncio.wait_for(first_answered.wait(), 5)
        yield b"second"

    async with shared_mesh.client.post(shared_mesh.url + "/probe/echo", data=body()) as answer:
        assert await answer.content.readany() == b"first"
        first_answered.set()
        assert await answer.content.read() == b"second"


async def test_a_body_with_a_length_keeps_it(shared_mesh: RunningMesh) -> None:
    async with shared_mesh.client.post(shared_mesh.url + "/probe", data=b"x" * 5000) as answer:
        assert (await answer.json())["headers"]["content-length"] == "5000"


@pytest.mark.parametrize("chunked", [False, True])
async def test_a_body_over_the_limit_is_refused_even_when_it_is_sent_whole(
    shared_mesh: RunningMesh, chunked: bool
) -> None:
    async def chunks() -> Any:
        for _ in range(300):
            yield b"x" * 1000

    data = chunks() if chunked else b"x" * 300_000
    async with shared_mesh.client.post(shared_mesh.url + "/probe/echo", data=data) as answer:
        if chunked and answer.status == 200:  # the echo had begun: its end is missing
            with pytest.raises(aiohttp.ClientError):
                await answer.read()
            return
        assert answer.status == 413
        assert (await answer.json())["code"] == "body_too_large"


async def test_an_answer_that_came_before_the_whole_body_is_passed_on(shared_mesh: RunningMesh) -> None:
    for _ in range(10):
        async with shared_mesh.client.post(shared_mesh.url + "/probe/refuse", data=b"x" * 99_000) as answer:
            assert (answer.status, await answer.text()) == (401, "no")


async def test_a_client_that_goes_away_ends_the_function_s_work(shared_mesh: RunningMesh) -> None:
    marker = shared_mesh.folder / "marker"
    url = f"{shared_mesh.url}/probe/stream?lines=1000000&marker={marker}"
    async with shared_mesh.client.get(url) as answer:
        await answer.content.readany()
    for _ in range(200):
        if marker.exists():
            break
        await asyncio.sleep(0.02)
    assert marker.read_text() == "cancelled"
    assert shared_mesh.revision.in_flight == 0


async def test_a_long_stream_arrives_whole(shared_mesh: RunningMesh) -> None:
    url = f"{shared_mesh.url}/probe/stream?lines=20000&marker={shared_mesh.folder / 'whole'}"
    async with shared_mesh.client.get(url) as answer:
        lines = (await answer.read()).splitlines()
    assert len(lines) == 20_000
    assert lines[-1].startswith(b"19999,")


async def test_the_app_is_served_with_its_paths_and_headers(shared_mesh: RunningMesh) -> None:
    dist = shared_mesh.folder / "dist"
    async with shared_mesh.client.get(shared_mesh.url + "/") as answer:
        assert answer.status == 503
        assert "scripts/up" in await answer.text()
    (dist / "index.html").write_text("<html>app</html>")
    (dist / "assets").mkdir()
    (dist / "assets" / "app-abc123.js").write_text("let x = 1;\n" * 500)
    (dist.parent / "secret").write_text("secret")
    for path in ("/", "/canvas", "/canvas/7f", "/dashboards", "/dashboards/9", "/runs", "/runs/9", "/admin"):
        async with shared_mesh.client.get(shared_mesh.url + path) as answer:
            assert await answer.text() == "<html>app</html>"
            assert answer.headers["Cache-Control"] == "no-cache"
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Referrer-Policy"] == "no-referrer"
            assert "Content-Security-Policy" in answer.headers
            etag = answer.headers["ETag"]
    async with shared_mesh.client.get(shared_mesh.url + "/", headers={"If-None-Match": etag}) as answer:
        assert answer.status == 304
    async with shared_mesh.client.get(shared_mesh.url + "/assets/app-abc123.js") as answer:
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.headers["Content-Encoding"] == "gzip"
        assert (await answer.text()).startswith("let x = 1;")
    for path in ("/canvasx", "/secret", "/assets/../../secret", "/assets/none.js", "/embed/x/y"):
        async with shared_mesh.client.get(aiohttp.client.URL(shared_mesh.url + path, encoded=True)) as answer:
            assert answer.status == 404


async def test_health_and_configuration(shared_mesh: RunningMesh) -> None:
    async with shared_mesh.client.get(shared_mesh.url + "/api/v1/health") as answer:
        assert (answer.status, await answer.json()) == (200, {"status": "ok", "services": {"yes": True}})
    async with shared_mesh.client.get(shared_mesh.url + "/config.json") as answer:
        assert await answer.json() == {"environment": "development"}
