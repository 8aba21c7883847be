"""A connection that is opened when it is needed, and opened again when it was lost."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import field
from typing import Any

import hiredis

from flowforge.records import dataclass
from flowforge.settings import settings
from flowforge.stores.resp.address import Address, parse
from flowforge.stores.resp.connection import Connection, Word

FAILURES = (hiredis.HiredisError, OSError)
"""What a command may raise: the server refused it (``hiredis.ReplyError``), or is away (``OSError``, of which
``TimeoutError`` is one)."""


@dataclass(frozen=True, slots=True)
class Script:
    """A Lua script of the server's."""

    text: str
    digest: str = field(init=False)

    def __post_init__(self) -> None:
        digest = hashlib.sha1(self.text.encode(), usedforsecurity=False).hexdigest()
        object.__setattr__(self, "digest", digest)


class Client:
    """Commands of any number of tasks over one connection. ``timeout`` (seconds) bounds connecting and each reply.

    A command whose reply did not come may have been carried out all the same; nothing is sent twice.
    """

    def __init__(self, address: Address, timeout: float) -> None:
        self._address = address
        self._timeout = timeout
        self._connection: Connection | None = None
        self._opening: asyncio.Task[Connection] | None = None

    async def __call__(self, *command: Word) -> Any:
        """The reply: bytes, int, list or None. Raises one of ``FAILURES``."""
        return await (await self._connected()).ask(command)

    async def all(self, commands: Iterable[tuple[Word, ...]]) -> list[Any]:
        """The replies of several commands in one round trip; where one is refused, that is raised."""
        connection = await self._connected()
        return await asyncio.gather(*connection.ask_all(commands))

    async def each(self, commands: Iterable[tuple[Word, ...]]) -> list[Any]:
        """The same, where a command that is refused has its exception in the place of a reply."""
        connection = await self._connected()
        return await asyncio.gather(*connection.ask_all(commands), return_exceptions=True)

    async def transaction(self, commands: Iterable[tuple[Word, ...]]) -> list[Any]:
        """The replies of commands between which nobody else's are; one that is refused is raised, and does not
        undo the others.
        """
        *_, replies = await self.all([("MULTI",), *commands, ("EXEC",)])
        for reply in replies:
            if isinstance(reply, hiredis.ReplyError):
                raise reply
        return list(replies)

    async def run(self, script: Script, keys: Sequence[Word], *arguments: Word) -> Any:
        """The reply of a script; its text is only sent to a server that does not know it."""
        rest = (len(keys), *keys, *arguments)
        try:
            return await self("EVALSHA", script.digest, *rest)
        except hiredis.ReplyError as refused:
            if not str(refused).startswith("NOSCRIPT"):
                raise
        return await self("EVAL", script.text, *rest)

    async def aclose(self) -> None:
        """Close, once the replies that are due are there."""
        if self._opening is not None:
            self._opening.cancel()
            await asyncio.wait([self._opening])
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.aclose()

    async def _connected(self) -> Connection:
        connection = self._connection
        return await self._opened() if connection is None or connection.closed else connection

    async def _opened(self) -> Connection:
        """Whoever comes while a connection is being opened shares it, whoever leaves does not end it."""
        if self._opening is None or self._opening.done():
            self._opening = asyncio.get_running_loop().create_task(self._open())
        return await asyncio.shield(self._opening)

    async def _open(self) -> Connection:
        address, loop = self._address, asyncio.get_running_loop()
        connection = Connection(self._timeout)
        async with asyncio.timeout(self._timeout):
            if address.path is not None:
                await loop.create_unix_connection(lambda: connection, address.path)
            else:
                await loop.create_connection(lambda: connection, address.host, address.port, ssl=address.tls)
        try:
            if address.password is not None:
                names = () if address.username is None else (address.username,)
                await connection.ask(("AUTH", *names, address.password))
            if address.database:
                await connection.ask(("SELECT", address.database))
        except BaseException:
            connection.drop(ConnectionAbortedError("Redis did not let us in"))
            raise
        self._connection = connection
        return connection


def connect(timeout: float, url: str | None = None) -> Client:
    """A client of a Redis, by default the installation's; it connects with the first command."""
    return Client(parse(url or settings().redis_url.get_secret_value()), timeout)
