"""An answer without an end: frames as server-sent events (WHATWG HTML § 9.2) until the feed ends or the reader goes."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Any, Protocol

import orjson
from starlette.types import Receive, Scope, Send

HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    # nginx would hold small answers back.
    (b"x-accel-buffering", b"no"),
]


class Ended(Protocol):
    """Why a feed is over."""

    @property
    def code(self) -> int: ...
    @property
    def reason(self) -> str: ...


class FeedFrame(Protocol):
    """A message, ready for either kind of connection."""

    @property
    def text(self) -> str: ...
    @property
    def event(self) -> bytes: ...


class Feed(Protocol):
    """What a connection carries. ``end_of`` says whether an exception of ``frames`` is its end."""

    def frames(self) -> AsyncIterator[FeedFrame]:
        """Frames as they come."""

    def end_of(self, error: Exception) -> Ended | None:
        """The end that an exception stands for; None for a failure."""

    def hear(self, text: str) -> None:
        """What the other side says."""

    def while_writing(self, give_up: Callable[[], object]) -> None:
        """How a write that does not end can be cut."""

    async def close(self) -> None:
        """It is carried no longer."""


class EventStream:
    """The ASGI answer over HTTP."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._answer(scope, receive, send)
        finally:
            await self._feed.close()

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        if scope["method"] == "HEAD":
            await send({"type": "http.response.body", "body": b""})
            return
        writing = asyncio.ensure_future(self._write(send))
        gone = asyncio.ensure_future(_gone(receive))
        self._feed.while_writing(writing.cancel)
        try:
            await asyncio.wait({writing, gone}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (writing, gone):
                task.cancel()
            await asyncio.gather(writing, gone, return_exceptions=True)
        if not writing.cancelled() and (failure := writing.exception()) is not None:
            raise failure

    async def _write(self, send: Send) -> None:
        async with contextlib.aclosing(self._feed.frames()) as frames:  # type: ignore[type-var]
            try:
                async for frame in frames:
                    await send({"type": "http.response.body", "body": frame.event, "more_body": True})
            except Exception as error:
                end = self._feed.end_of(error)
                if end is None:
                    raise
                last: dict[str, Any] = {"type": "end", "code": end.code, "reason": end.reason}
                await send({"type": "http.response.body", "body": b"data: %s\n\n" % orjson.dumps(last)})


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
