"""One request to one instance of a function, bodies streamed both ways.

A client that goes away cancels the handler (``handler_cancellation`` of the server), which closes the
connection to the function, which cancels its query. WebSockets take another way (``sockets``).
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import aiohttp
from aiohttp import web
from yarl import URL

from flowforge.errors import ErrorCode, FlowForgeError
from flowforge.trace import Trace
from flowforge_local.mesh.headers import to_client, to_function
from flowforge_local.mesh.instance import Instance
from flowforge_local.mesh.revision import Revision
from flowforge_local.mesh.sockets import SocketProxy, is_socket

# Shorter than the 5 s after which uvicorn closes an idle connection, so that none is used too late.
KEEP_ALIVE = 3.0
NO_BODY = frozenset({204, 304})


def client_session() -> aiohttp.ClientSession:
    """The client towards functions: bytes pass as they are, nothing is followed, stored or limited."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=KEEP_ALIVE, use_dns_cache=False),
        timeout=aiohttp.ClientTimeout(total=None),
        auto_decompress=False,
        cookie_jar=aiohttp.DummyCookieJar(),
        skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding", "Content-Type"),
    )


class _NotConnectedError(Exception):
    """Nothing was sent: the instance had ended, and another one may be asked."""


class Proxy:
    """Forwards requests; ``max_body`` bytes is what a request may carry."""

    def __init__(self, client: aiohttp.ClientSession, *, max_body: int, development: bool) -> None:
        self._client = client
        self._max_body = max_body
        self._development = development
        self._sockets = SocketProxy(client, development=development)

    async def forward(self, request: web.Request, revision: Revision, trace: Trace) -> web.StreamResponse:
        """The function's answer; FlowForgeError when there is none.

        ``revision.timeout`` bounds the whole request, waiting for an instance included.
        """
        if is_socket(request):
            return await self._sockets.forward(request, revision, trace)
        if (request.content_length or 0) > self._max_body:
            raise self._too_large()
        response: list[web.StreamResponse] = []
        try:
            async with asyncio.timeout(revision.timeout):
                while True:
                    async with revision.instance() as instance:
                        with contextlib.suppress(_NotConnectedError):
                            return await self._exchange(request, instance, trace, response)
        except TimeoutError:
            if response:
                _cut(request)
                return response[0]
            raise FlowForgeError(
                ErrorCode.FUNCTION_TIMEOUT, f"No answer within {revision.timeout:g} s."
            ) from None

    async def _exchange(
        self, request: web.Request, instance: Instance, trace: Trace, started: list[web.StreamResponse]
    ) -> web.StreamResponse:
        body = _Body(request, self._max_body) if request.can_read_body else None
        url = URL(instance.origin + request.raw_path, encoded=True)
        headers = to_function(request, trace, development=self._development)
        try:
            async with self._client.request(
                request.method, url, headers=headers, data=body and body.chunks(), allow_redirects=False
            ) as answer:
                response = web.StreamResponse(
                    status=answer.status, reason=answer.reason, headers=to_client(answer.headers, trace)
                )
                started.append(response)
                await response.prepare(request)
                if request.method != "HEAD" and answer.status not in NO_BODY:
                    async for chunk in answer.content.iter_any():
                        await response.write(chunk)
                await response.write_eof()
                return response
        except aiohttp.ClientError as error:
            if body is not None and body.too_large:
                raise self._too_large() from None
            await instance.suspect()
            if isinstance(error, aiohttp.ClientConnectorError):
                raise _NotConnectedError from error
            if started:  # too late for a status: a cut connection is not taken for a whole answer
                _cut(request)
                return started[0]
            raise FlowForgeError(
                ErrorCode.FUNCTION_FAILED,
                "The function ended while it was answering.",
                hint="Try again: the next request starts a new one.",
            ) from error

    def _too_large(self) -> FlowForgeError:
        return FlowForgeError(ErrorCode.BODY_TOO_LARGE, f"The body is larger than {self._max_body} bytes.")


class _Body:
    """A request body on its way, counted."""

    def __init__(self, request: web.Request, most: int) -> None:
        self._request = request
        self._left = most
        self.too_large = False

    async def chunks(self) -> AsyncIterator[bytes]:
        async for chunk in self._request.content.iter_any():
            self._left -= len(chunk)
            if self._left < 0:
                self.too_large = True
                raise aiohttp.ClientPayloadError("the body is too large")
            yield chunk


def _cut(request: web.Request) -> None:
    with contextlib.suppress(AttributeError):
        if request.transport is not None:
            request.transport.abort()
