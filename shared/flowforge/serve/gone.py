"""Work that ends with its client: whoever goes away needs no answer, and must not keep an engine busy."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from starlette.types import Receive

from flowforge.errors import ErrorCode, FlowForgeError

T = TypeVar("T")

UNWATCHED_SECONDS = 0.03
"""Most answers are there before this: watching the client would cost as much as they do."""


async def until_gone(work: Awaitable[T], receive: Receive) -> T:
    """What ``work`` gives, unless the client goes away first: then it is cancelled, engine query included.

    ``FlowForgeError`` (``QUERY_CANCELLED``) in that case, which nobody reads but the log. The request's body must
    have been read.
    """
    watch = _Watch(receive)
    try:
        return await work
    except asyncio.CancelledError:
        if watch.gone:
            raise FlowForgeError(
                ErrorCode.QUERY_CANCELLED, "The client went away; the query was cancelled."
            ) from None
        raise
    finally:
        watch.end()


class _Watch:
    """Cancels the task that makes it when the client goes away; ``gone`` says that it has."""

    def __init__(self, receive: Receive) -> None:
        owner = asyncio.current_task()
        assert owner is not None, "requests are answered in tasks"
        self.gone = False
        self._owner, self._receive = owner, receive
        self._watching: asyncio.Task[None] | None = None
        self._begin = asyncio.get_running_loop().call_later(UNWATCHED_SECONDS, self._start)

    def end(self) -> None:
        """Watch no longer; a cancellation of ours has been seen to."""
        self._begin.cancel()
        if self._watching is not None:
            self._watching.cancel()
        if self.gone:
            self._owner.uncancel()

    def _start(self) -> None:
        self._watching = asyncio.get_running_loop().create_task(self._watch())

    async def _watch(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self.gone = True
        self._owner.cancel()
