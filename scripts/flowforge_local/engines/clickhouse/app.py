"""The ClickHouse HTTP interface as an ASGI application."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path
from typing import Any

from flowforge_local.engines.clickhouse import execute, sessions, statement
from flowforge_local.engines.clickhouse.body import Body, Receive
from flowforge_local.engines.clickhouse.compression import encoder
from flowforge_local.engines.clickhouse.engine import Engine, Options
from flowforge_local.engines.clickhouse.errors import (
    ACCESS_DENIED,
    SYNTAX_ERROR,
    ClickHouseError,
)
from flowforge_local.engines.clickhouse.formats import CONTENT_TYPES
from flowforge_local.engines.clickhouse.guard import Guard, allowed_settings
from flowforge_local.engines.clickhouse.kill import kill_target
from flowforge_local.engines.clickhouse.request import Request, parse
from flowforge_local.engines.clickhouse.respond import Answer, Send
from flowforge_local.engines.clickhouse.users import User, Users
from flowforge_local.engines.clickhouse.workers import Worker, Workers

log = logging.getLogger("flowforge.clickhouse")

GET_READONLY = 2
"""A GET may change nothing but settings, as in ClickHouse."""
KILL_INTERVAL = 0.1
BATCH = 1 << 18
HEAD_LIMIT = 1 << 20
"""Bytes within which an INSERT must have reached its data."""


class ClickHouseHttp:
    """Serves one engine. Every statement runs in a worker thread; this class only moves bytes."""

    def __init__(self, engine: Engine, users: Users, scratch: Path) -> None:
        self._engine = engine
        self._users = users
        self._scratch = scratch
        self._guard = Guard(engine)
        self._workers = Workers()
        self._sessions = sessions.Sessions()

    async def __call__(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        answer = Answer(send, self._headers(), self._engine.version)
        try:
            if any(name == b"origin" for name, _ in scope["headers"]):
                raise ClickHouseError(ACCESS_DENIED, "Requests from web pages are refused")
            request = parse(scope)
            answer = Answer(send, self._headers(request), self._engine.version)
            await self._route(request, receive, answer)
        except ClickHouseError as error:
            await answer.fail(error)

    async def _route(self, request: Request, receive: Receive, answer: Answer) -> None:
        match request.method, request.path:
            case "GET" | "HEAD", "/ping":
                await answer.plain(200, "Ok.\n")
            case "GET" | "HEAD", "/" if not request.query:
                await answer.plain(200, "Ok.\n")
            case "GET" | "POST", "/":
                user = self._users.authenticate(request.headers)
                async with self._sessions.use(user, request.session_id, request.session_timeout) as session:
                    await self._statement(request, user, session, receive, answer)
            case _, "/":
                await answer.plain(405, "Use GET or POST\n")
            case _:
                await answer.plain(404, "There is no handle for this path\n")

    async def _statement(
        self, request: Request, user: User, session: sessions.Session, receive: Receive, answer: Answer
    ) -> None:
        body = Body(receive, request.headers.get("content-encoding", ""))
        pieces = body.pieces()
        source = request.query.encode()
        in_url = bool(source)
        if not in_url:
            source = await anext(pieces, b"")
        async with self._workers.worker() as worker:
            if statement.kind(source) == "insert" and user == "admin" and request.method != "GET":
                while (
                    (head := statement.insert_head(source))
                    and not in_url
                    and not body.complete
                    and (head.data >= len(source) and len(source) < HEAD_LIMIT)
                ):
                    source += await anext(pieces, b"")
                if head is not None:
                    job = _job(
                        request, user, session, head.sql, head.format or _insert_format(request), readonly=0
                    )
                    await self._insert(job, worker, source[head.data :], pieces, request, answer)
                    return
            source = await body.rest(pieces, source + b"\n" if in_url and not body.complete else source)
            await self._run(source, request, user, session, worker, receive, answer)

    async def _insert(
        self,
        job: execute.Job,
        worker: Worker,
        begun: bytes,
        pieces: AsyncIterator[bytes],
        request: Request,
        answer: Answer,
    ) -> None:
        """Feed the data of an INSERT; it is acknowledged when the engine has committed it."""
        inserter = execute.insert(self._engine, job)
        try:
            await worker.run(lambda: next(inserter))
            if begun:
                await worker.run(lambda: inserter.send(begun))
            async for piece in pieces:
                await worker.run(lambda data=piece: inserter.send(data))  # type: ignore[misc]
            await worker.run(lambda: _finish(inserter))
        finally:
            await worker.run(inserter.close)
        await self._reply(_nothing(), job, request, answer)

    async def _run(
        self,
        source: bytes,
        request: Request,
        user: User,
        session: sessions.Session,
        worker: Worker,
        receive: Receive,
        answer: Answer,
    ) -> None:
        try:
            sql = source.decode()
        except UnicodeDecodeError:
            raise ClickHouseError(SYNTAX_ERROR, "The statement is not valid UTF-8") from None
        is_read = statement.kind(source) == "read"
        output = statement.output_format(sql, self._engine.output_formats) or request.default_format
        readonly = GET_READONLY if request.method == "GET" else 0
        if user == "app":
            readonly = await worker.run(lambda: self._guard.check(sql, request.database, request.parameters))
        job = _job(request, user, session, sql, output, readonly)
        if user == "admin":
            sessions.refuse_temporary_table(sql)
            if target := kill_target(sql):
                await worker.run(lambda: self._engine.kill(target))
                await self._reply(_nothing(), job, request, answer)
                return
        running = (execute.read if is_read else execute.other)(self._engine, job)
        async with self._cancelled_with_client(request.query_id, receive, answer, is_read):
            try:
                await self._reply(_steps(running, worker), job, request, answer)
            finally:
                await worker.run(running.close)  # type: ignore[attr-defined]
        if user == "admin" and request.session_id:
            session.remember(sql)

    async def _reply(
        self, pieces: AsyncIterator[bytes], job: execute.Job, request: Request, answer: Answer
    ) -> None:
        answer.describe(job.format, CONTENT_TYPES.get(job.format, "text/plain; charset=UTF-8"))
        coding, encode = encoder(request.headers.get("accept-encoding", "") if request.compressed else "")
        await answer.stream(
            pieces,
            job.summary,
            encoder=encode,
            coding=coding,
            buffered=request.buffered,
            scratch=self._scratch,
        )

    @contextlib.asynccontextmanager
    async def _cancelled_with_client(
        self, query_id: str, receive: Receive, answer: Answer, is_read: bool
    ) -> AsyncIterator[None]:
        """Kill the read when its client goes away; anything that writes runs to its end."""

        async def watch() -> None:
            while (await receive())["type"] != "http.disconnect":
                pass
            if answer.ended:
                return
            log.info("client of %s went away", query_id)
            while is_read:  # until the statement has registered, and has noticed
                await asyncio.to_thread(self._engine.kill, query_id)
                await asyncio.sleep(KILL_INTERVAL)

        watcher = asyncio.create_task(watch())
        try:
            yield
        finally:
            watcher.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await watcher

    def _headers(self, request: Request | None = None) -> dict[str, str]:
        headers = {
            "X-ClickHouse-Server-Display-Name": "flowforge",
            "X-ClickHouse-Timezone": self._engine.timezone,
        }
        if request is not None:
            headers["X-ClickHouse-Query-Id"] = request.query_id
        return headers

    async def close(self) -> None:
        """Let the threads go; statements that still run were cancelled with their clients."""
        self._workers.stop()


def _job(
    request: Request, user: User, session: sessions.Session, sql: str, output: str, readonly: int
) -> execute.Job:
    settings = allowed_settings(request.settings) if user == "app" else request.settings
    options = Options(request.query_id, request.database, settings, readonly)
    return execute.Job(sql, options, output, request.parameters, tuple(session.statements))


def _insert_format(request: Request) -> str:
    return "Values" if request.default_format == "TabSeparated" else request.default_format


def _finish(inserter: Any) -> None:
    with contextlib.suppress(StopIteration):
        inserter.send(None)


async def _steps(pieces: Iterator[bytes], worker: Worker) -> AsyncIterator[bytes]:
    """Pieces of a reader, made in the worker's thread; small ones together, a turn for each batch."""

    def batch() -> tuple[bytes, bool]:
        made: list[bytes] = []
        size = 0
        for piece in pieces:
            made.append(piece)
            size += len(piece)
            if size >= BATCH:
                return b"".join(made), True
        return b"".join(made), False

    more = True
    while more:
        data, more = await worker.run(batch)
        if data:
            yield data


async def _nothing() -> AsyncIterator[bytes]:
    return
    yield b""
