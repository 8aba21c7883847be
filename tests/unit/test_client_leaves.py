"""A client that goes away cancels the work of a cancellable endpoint, and only of such."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from flowforge.serve import Function
from flowforge.serve import router as routing
from flowforge.serve.router import router
from flowforge.tenancy import EVERYTHING, Access, Caller


@pytest.fixture(autouse=True)
def known_caller(monkeypatch: pytest.MonkeyPatch) -> None:
    async def authenticate(*_: Any, **__: Any) -> Caller:
        return Caller("demo", "somebody", frozenset({"admin"}))

    async def access_of(tenant: str) -> Access:
        return Access(tenant, EVERYTHING, EVERYTHING, 1)

    monkeypatch.setattr(routing, "authenticate", authenticate)
    monkeypatch.setattr(routing, "access_of", access_of)


async def ask_and_leave(*, cancellable: bool) -> tuple[list[dict[str, Any]], list[str]]:
    """What was sent, and what the handler went through, when the client leaves after 20 ms."""
    function, seen = Function("waiting"), []

    @function.get("/wait", cancellable=cancellable)
    async def wait(_: Any) -> dict[str, bool]:
        """Wait."""
        try:
            await asyncio.sleep(0.1)
        except asyncio.CancelledError:
            seen.append("cancelled")
            raise
        seen.append("finished")
        return {"done": True}

    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        if not seen and not hasattr(receive, "asked"):
            receive.asked = True  # type: ignore[attr-defined]
            return {"type": "http.request", "body": b"", "more_body": False}
        await asyncio.sleep(0.02)
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "GET",
        "path": "/wait",
        "headers": [],
        "query_string": b"",
        "app": None,
    }
    await router(function.endpoints)(scope, receive, send)
    await asyncio.sleep(0.01)
    return sent, seen


async def test_cancellable_work_is_cancelled() -> None:
    sent, seen = await ask_and_leave(cancellable=True)
    assert seen == ["cancelled"]
    assert sent[0]["status"] == 499


async def test_other_work_is_finished() -> None:
    sent, seen = await ask_and_leave(cancellable=False)
    assert seen == ["finished"]
    assert sent[0]["status"] == 200
