"""Send an answer: when its headers go out, and how a failure after that is made visible.

The first part is held back, so that most failures still become a proper status. A failure later
adds ClickHouse's tagged exception block and breaks the connection off: the client sees a chunked
body without an end, never a short answer that looks complete.
"""

from __future__ import annotations

import json
import secrets
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from flowforge_local.engines.clickhouse.compression import Encoder
from flowforge_local.engines.clickhouse.errors import ClickHouseError
from flowforge_local.engines.clickhouse.execute import Summary

Send = Callable[[Mapping[str, Any]], Awaitable[None]]

HOLD = 1 << 20
"""Bytes held back before the headers are sent."""
MEMORY = 16 << 20
"""Bytes of a buffered answer (``wait_end_of_query``) in memory; the rest goes to a temporary file."""
PIECE = 1 << 20


class BrokenAnswerError(Exception):
    """Raised to the server after the headers were sent, so that it drops the connection."""


class Answer:
    """One answer on its way to the client."""

    def __init__(self, send: Send, headers: Mapping[str, str], version: str) -> None:
        self._send = send
        self._headers = dict(headers)
        self._version = version
        self._tag = secrets.token_hex(8)
        self._began = time.monotonic_ns()
        self.started = False
        self.ended = False

    def describe(self, output_format: str, content_type: str) -> None:
        """Say in the headers what the body is."""
        self._headers |= {"X-ClickHouse-Format": output_format, "Content-Type": content_type}

    async def stream(
        self,
        pieces: AsyncIterator[bytes],
        summary: Summary,
        *,
        encoder: Encoder,
        coding: str,
        buffered: bool,
        scratch: Path,
    ) -> None:
        """Send pieces as they come, or all at the end where ``buffered``.

        Raises:
            ClickHouseError: the statement failed before anything was sent.
            BrokenAnswerError: it failed afterwards.

        """
        if coding:
            self._headers["Content-Encoding"] = coding
        with tempfile.SpooledTemporaryFile(max_size=MEMORY, dir=str(scratch)) as held:
            try:
                async for piece in pieces:
                    if self.started:
                        await self._body(encoder.compress(piece), more=True)
                        continue
                    held.write(encoder.compress(piece))
                    if not buffered and held.tell() >= HOLD:
                        await self._start(summary)
                        await self._drain(held)
            except ClickHouseError as error:
                if not self.started:
                    raise
                await self._body(encoder.compress(self._exception(error)) + encoder.flush(), more=True)
                raise BrokenAnswerError(f"code {error.code} after the headers were sent") from None
            if not self.started:
                held.write(encoder.flush())
                self._headers["Content-Length"] = str(held.tell())
                await self._start(summary)
                await self._drain(held)
                await self._body(b"", more=False)
            else:
                await self._body(encoder.flush(), more=False)

    async def fail(self, error: ClickHouseError) -> None:
        """Answer with an exception, before anything was sent."""
        body = error.text(self._version).encode()
        self._headers |= {
            "X-ClickHouse-Exception-Code": str(error.code),
            "Content-Type": "text/plain; charset=UTF-8",
            "Content-Length": str(len(body)),
        }
        self._headers.pop("Content-Encoding", None)
        if error.status == 401 or error.status == 403:
            self._headers["WWW-Authenticate"] = 'Basic realm="ClickHouse server HTTP API"'
        await self._start(Summary(), status=error.status)
        await self._body(body, more=False)

    async def plain(self, status: int, text: str) -> None:
        """Answer with a line of text."""
        body = text.encode()
        self._headers |= {"Content-Type": "text/html; charset=UTF-8", "Content-Length": str(len(body))}
        await self._start(None, status=status)
        await self._body(body, more=False)

    async def _start(self, summary: Summary | None, status: int = 200) -> None:
        headers = dict(self._headers)
        if summary is not None:
            counters = {name: str(value) for name, value in vars(summary).items()}
            counters["elapsed_ns"] = str(time.monotonic_ns() - self._began)
            headers["X-ClickHouse-Summary"] = json.dumps(counters, separators=(",", ":"))
            headers["X-ClickHouse-Exception-Tag"] = self._tag
        raw = [
            (name.encode("latin-1"), value.encode("latin-1", "replace")) for name, value in headers.items()
        ]
        await self._send({"type": "http.response.start", "status": status, "headers": raw})
        self.started = True

    async def _body(self, data: bytes, *, more: bool) -> None:
        self.ended = not more
        await self._send({"type": "http.response.body", "body": data, "more_body": more})

    async def _drain(self, held: Any) -> None:
        held.seek(0)
        while data := held.read(PIECE):
            await self._body(data, more=True)
        held.seek(0)
        held.truncate()

    def _exception(self, error: ClickHouseError) -> bytes:
        """ClickHouse's block for exceptions in the middle of a body (since 25.11)."""
        text = error.text(self._version).encode()
        tag = self._tag.encode()
        return b"\r\n__exception__\r\n%b\r\n%b%d %b\r\n__exception__\r\n" % (tag, text, len(text), tag)
