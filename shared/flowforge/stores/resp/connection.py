"""One connection: commands go out as they are asked, replies come back in the same order.

https://redis.io/docs/latest/develop/reference/protocol-spec/ — a reply does not say which command it answers;
its place in the order is all there is. So nothing may ever leave the queue but by its reply: somebody who stops
waiting leaves an empty place that the reply fills, and a connection that fails in any way – a time-out, a
malformed reply, one too many – is dropped with everybody who waits on it.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable
from typing import Any, cast

import hiredis

Word = str | bytes | int | float


class Connection(asyncio.Protocol):
    """``timeout`` (seconds) is for each reply, from its command on."""

    def __init__(self, timeout: float) -> None:
        self._dropped = False
        self._timeout = timeout
        self._reader = hiredis.Reader()
        self._waiting: deque[tuple[float, asyncio.Future[Any]]] = deque()
        self._watch: asyncio.TimerHandle | None = None
        self._loop = asyncio.get_running_loop()
        self._ended: asyncio.Future[None] = self._loop.create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The transport is open."""
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is none by inheritance

    @property
    def closed(self) -> bool:
        """Whether no further command is taken. The transport may know of an end before we are told of it."""
        return self._dropped or self._transport.is_closing()

    def ask(self, command: tuple[Word, ...]) -> asyncio.Future[Any]:
        """Send a command. Its reply; ``hiredis.ReplyError`` if it is an error, ``OSError`` if none will come."""
        return self.ask_all((command,))[0]

    def ask_all(self, commands: Iterable[tuple[Word, ...]]) -> list[asyncio.Future[Any]]:
        """Send commands in one piece: a write is a call of the system, and wakes the server. Their replies."""
        packed = [hiredis.pack_command(command) for command in commands]  # type: ignore[arg-type]  # its stub says tuples of one
        replies: list[asyncio.Future[Any]] = [self._loop.create_future() for _ in packed]
        if self.closed:
            for reply in replies:
                reply.set_exception(ConnectionResetError("the connection to Redis is closed"))
            return replies
        due = self._loop.time() + self._timeout
        self._waiting.extend([(due, reply) for reply in replies])
        if self._watch is None:
            self._watch = self._loop.call_at(due, self._check)
        self._transport.write(b"".join(packed))
        return replies

    def data_received(self, data: bytes) -> None:
        """Hand out the replies that are complete."""
        if self._dropped and not self._waiting:
            return
        self._reader.feed(data)
        try:
            while (found := self._reader.gets()) is not False:
                if not self._waiting:
                    raise hiredis.ProtocolError("a reply to no command")
                _, reply = self._waiting.popleft()
                if reply.done():  # whoever asked has stopped waiting
                    continue
                if isinstance(found, hiredis.ReplyError):
                    reply.set_exception(found)
                else:
                    reply.set_result(found)
        except hiredis.ProtocolError as malformed:
            self.drop(ConnectionAbortedError(f"Redis does not keep to its protocol: {malformed}"))

    def connection_lost(self, failure: Exception | None) -> None:
        """Nobody gets a reply any more."""
        self.drop(ConnectionResetError(str(failure or "Redis closed the connection")))
        if not self._ended.done():
            self._ended.set_result(None)

    def drop(self, reason: OSError) -> None:
        """Close at once; everybody who waits gets the reason."""
        self._dropped = True
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None
        waiting, self._waiting = self._waiting, deque()
        for _, reply in waiting:
            if not reply.done():
                reply.set_exception(type(reason)(*reason.args))
        self._transport.abort()

    async def aclose(self) -> None:
        """Take no further commands, wait for the replies that are due, and close."""
        self._dropped = True
        if due := [reply for _, reply in self._waiting if not reply.done()]:
            await asyncio.wait(due, timeout=self._timeout)
        self.drop(ConnectionAbortedError("the connection to Redis was closed"))
        await self._ended

    def _check(self) -> None:
        """Replies come in order, so that only the oldest can be late; one timer watches all of them."""
        self._watch = None
        if not self._waiting:
            return
        due = self._waiting[0][0]
        if self._loop.time() >= due:
            self.drop(TimeoutError(f"Redis did not answer within {self._timeout:g} s"))
        else:
            self._watch = self._loop.call_at(due, self._check)
