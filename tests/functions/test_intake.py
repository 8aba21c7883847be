"""Events into a function: who may deliver, what is handled once, and what each answer makes the broker do."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from starlette.requests import Request

from flowforge.auth.delivery import cluster
from flowforge.errors import ErrorCode, FlowForgeError
from flowforge.serve import EventAnswer, Function, ReceivedEvent
from flowforge.settings import settings
from flowforge.stores import handled
from flowforge.trace import current_tenant, current_trace
from flowforge_events import WIRE
from flowforge_events.envelope import uuid7

from .identity import Identity

pytestmark = pytest.mark.engines

SECRET = "the mesh's own"
SAVED = "flowforge.workflow.saved.v1"
DATA = {"workflow_id": "w", "version": 1, "content_hash": "h"}
CLUSTER_AUDIENCE = "flowforge-functions"
DISPATCHER = "system:serviceaccount:flowforge:oidc-trigger-x"


@dataclass
class Consumer:
    """A function that notes what it handles; ``script`` says what it does then."""

    handled: list[ReceivedEvent] = field(default_factory=list)
    script: list[Callable[[ReceivedEvent], Any]] = field(default_factory=list)
    contexts: list[tuple[str, str | None]] = field(default_factory=list)

    async def hear(self, event: ReceivedEvent) -> EventAnswer:
        self.handled.append(event)
        trace = current_trace.get()
        self.contexts.append((trace.trace_id if trace else "", current_tenant.get()))
        if not self.script:
            return None
        outcome = self.script.pop(0)(event)
        return await outcome if asyncio.iscoroutine(outcome) else outcome


def failing(error: Exception) -> Callable[[ReceivedEvent], Any]:
    def fail(_: ReceivedEvent) -> None:
        raise error

    return fail


@pytest.fixture
def environment(
    function_environment: dict[str, str], identity: Identity, monkeypatch: pytest.MonkeyPatch
) -> Iterator[pytest.MonkeyPatch]:
    """The settings of a function on a machine whose mesh has a secret, and of a cluster with an issuer."""
    given = function_environment | {
        "FLOWFORGE_EVENTS_SECRET": SECRET,
        "FLOWFORGE_EVENTS_ISSUER": identity.url,
        "FLOWFORGE_EVENTS_JWKS": json.dumps({"keys": [identity.public_jwk()]}),
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()
    cluster.cache_clear()
    yield monkeypatch
    monkeypatch.undo()
    settings.cache_clear()
    cluster.cache_clear()


@pytest.fixture
async def consumer(environment: pytest.MonkeyPatch) -> AsyncIterator[Consumer]:
    yield Consumer()
    await handled.marks.aclose()


@pytest.fixture
async def client(consumer: Consumer) -> AsyncIterator[httpx.AsyncClient]:
    function = Function("listener", wire=WIRE)
    function.event(SAVED)(consumer.hear)
    target = function.target()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await (await target(Request(scope, receive)))(scope, receive, send)

    transport = httpx.ASGITransport(app, raise_app_exceptions=False)  # type: ignore[arg-type]
    async with httpx.AsyncClient(
        transport=transport, base_url="http://127.0.0.1", headers={"authorization": f"Bearer {SECRET}"}
    ) as opened:
        yield opened


def saved(**changed: Any) -> tuple[dict[str, str], bytes]:
    options = {"component": "workspace", "subject": "w", "tenant": "demo", "id": uuid7()} | changed
    return WIRE.encode(options.pop("kind", SAVED), options.pop("data", DATA), **options)


async def post(
    client: httpx.AsyncClient, message: tuple[dict[str, str], bytes], **headers: str
) -> httpx.Response:
    return await client.post("/_events", headers=message[0] | headers, content=message[1])


async def test_an_event_is_handled_with_its_trace_and_tenant(
    client: httpx.AsyncClient, consumer: Consumer
) -> None:
    answer = await post(client, saved(traceparent=f"00-{'a' * 32}-{'b' * 16}-01"))
    assert (answer.status_code, answer.content) == (204, b"")
    assert consumer.handled[0].data == DATA
    assert consumer.contexts == [("a" * 32, "demo")]


async def test_structured_mode_is_read(client: httpx.AsyncClient, consumer: Consumer) -> None:
    event = {
        "specversion": "1.0",
        "type": SAVED,
        "source": "/x",
        "id": uuid7(),
        "tenant": "demo",
        "data": DATA,
    }
    answer = await client.post(
        "/_events", json=event, headers={"content-type": "application/cloudevents+json"}
    )
    assert answer.status_code == 204
    assert len(consumer.handled) == 1


async def test_an_event_is_handled_once_and_once_more_by_another_source(
    client: httpx.AsyncClient, consumer: Consumer
) -> None:
    same = uuid7()
    for component in ("workspace", "workspace", "other", "workspace"):
        assert (await post(client, saved(id=same, component=component))).status_code == 204
    assert [event.source for event in consumer.handled] == ["/flowforge/workspace", "/flowforge/other"]


async def test_a_failed_event_is_not_marked(client: httpx.AsyncClient, consumer: Consumer) -> None:
    message = saved()
    consumer.script = [
        failing(RuntimeError("no")),
        failing(FlowForgeError(ErrorCode.STORE_UNAVAILABLE, "away")),
    ]
    assert [(await post(client, message)).status_code for _ in range(4)] == [500, 503, 204, 204]
    assert len(consumer.handled) == 3


async def test_a_second_delivery_meanwhile_is_asked_to_come_again(
    client: httpx.AsyncClient, consumer: Consumer
) -> None:
    message, begun, finish = saved(), asyncio.Event(), asyncio.Event()

    async def slow(_: ReceivedEvent) -> None:
        begun.set()
        await finish.wait()

    consumer.script = [slow]
    first = asyncio.create_task(post(client, message))
    await begun.wait()
    assert (await post(client, message)).status_code == 409
    finish.set()
    assert (await first).status_code == 204
    assert (await post(client, message)).status_code == 204
    assert len(consumer.handled) == 1


async def test_the_claim_of_a_process_that_was_killed_ends(
    client: httpx.AsyncClient, consumer: Consumer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handled, "CLAIM_MS", 150)
    message = saved()
    event = WIRE.decode(*message)
    assert await handled._claim(handled._key("listener", event.source, event.id), b"killed")
    assert (await post(client, message)).status_code == 409
    async with asyncio.timeout(5):
        while (await post(client, message)).status_code != 204:  # noqa: ASYNC110 — the broker's tries
            await asyncio.sleep(0.05)
    assert len(consumer.handled) == 1


async def test_a_long_handler_keeps_its_claim(
    client: httpx.AsyncClient, consumer: Consumer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handled, "CLAIM_MS", 300)
    monkeypatch.setattr(handled, "RENEW_SECONDS", 0.05)
    message, finish = saved(), asyncio.Event()
    consumer.script = [lambda _: finish.wait()]
    first = asyncio.create_task(post(client, message))
    await asyncio.sleep(0.8)
    assert (await post(client, message)).status_code == 409
    finish.set()
    await first


async def test_poison_answers_what_is_never_tried_again(
    client: httpx.AsyncClient, consumer: Consumer
) -> None:
    good, body = saved()
    for headers, content in [
        (good, b"{"),
        (good, b'{"workflow_id": "w"}'),
        (good | {"ce-type": "flowforge.unknown.v1"}, body),
        ({name: value for name, value in good.items() if name != "ce-tenant"}, body),
        ({"content-type": "text/plain"}, b"\xff\xfe"),
        ({"content-type": "application/cloudevents+json"}, b"[" * 100_000),
        saved(kind="flowforge.workflow.deleted.v1", data={"workflow_id": "w"}),
    ]:
        answer = await post(client, (headers, content))
        assert answer.status_code == 422, content
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["code"] == "invalid_request"
    assert consumer.handled == []


async def test_what_a_handler_does_not_find_is_poison_and_not_tried_again(
    client: httpx.AsyncClient, consumer: Consumer
) -> None:
    consumer.script = [failing(FlowForgeError(ErrorCode.NOT_FOUND, "There is no workflow w."))]
    answer = await post(client, saved())
    assert (answer.status_code, answer.json()["detail"]) == (422, "There is no workflow w.")


async def test_a_handler_may_reply_with_an_event(client: httpx.AsyncClient, consumer: Consumer) -> None:
    reply = saved(component="listener")
    consumer.script = [lambda _: reply]
    answer = await post(client, saved())
    assert answer.status_code == 200
    assert WIRE.decode(answer.headers, answer.content).source == "/flowforge/listener"


@pytest.mark.parametrize("given", [None, "", "Bearer ", "Bearer wrong", f"Basic {SECRET}", "Bearer a.b.c"])
async def test_only_the_mesh_delivers(
    client: httpx.AsyncClient, consumer: Consumer, given: str | None
) -> None:
    del client.headers["authorization"]
    answer = await post(client, saved(), **({} if given is None else {"authorization": given}))
    assert answer.status_code == 401
    assert consumer.handled == []


async def test_a_dispatcher_of_the_cluster_delivers(
    client: httpx.AsyncClient, consumer: Consumer, identity: Identity
) -> None:
    good = {"aud": [CLUSTER_AUDIENCE], "sub": DISPATCHER}

    async def status(headers: dict[str, Any] | None = None, **claims: Any) -> int:
        token = identity.token(headers, **good | claims)
        return (await post(client, saved(), authorization=f"Bearer {token}")).status_code

    assert await status() == 204
    assert await status(aud="flowforge") == 401
    assert await status(iss="https://elsewhere") == 401
    assert await status(sub="system:serviceaccount:other:x") == 401
    assert await status(sub="alice") == 401
    assert await status(exp=1) == 401
    assert await status(exp=None) == 401
    assert await status({"kid": "unknown"}) == 401
    assert len(consumer.handled) == 1


async def test_without_configuration_nobody_delivers(
    environment: pytest.MonkeyPatch, client: httpx.AsyncClient, identity: Identity
) -> None:
    token = identity.token(aud=CLUSTER_AUDIENCE, sub=DISPATCHER)
    for name in ("SECRET", "ISSUER", "JWKS"):
        environment.delenv(f"FLOWFORGE_EVENTS_{name}")
    settings.cache_clear()
    cluster.cache_clear()
    for credential in ("", SECRET, token):
        assert (await post(client, saved(), authorization=f"Bearer {credential}")).status_code == 401


async def test_without_redis_the_event_comes_again(
    environment: pytest.MonkeyPatch, client: httpx.AsyncClient, consumer: Consumer
) -> None:
    environment.setenv("FLOWFORGE_REDIS_URL", "redis://127.0.0.1:9/0")
    settings.cache_clear()
    assert (await post(client, saved())).status_code == 503
    assert consumer.handled == []


async def test_a_function_that_hears_nothing_has_no_such_path(call: Callable[..., httpx.AsyncClient]) -> None:
    headers, body = saved()
    answer = await call("compile").post("/_events", headers=headers, content=body)
    assert answer.status_code == 404


async def test_events_are_posted(client: httpx.AsyncClient) -> None:
    assert (await client.get("/_events")).status_code == 405


def test_a_type_has_one_handler_and_a_handler_needs_a_wire() -> None:
    function = Function("listener", wire=WIRE)
    function.event(SAVED)(Consumer().hear)
    with pytest.raises(ValueError, match="twice"):
        function.event(SAVED)(Consumer().hear)
    with pytest.raises(ValueError, match="needs a wire"):
        Function("deaf").event(SAVED)
