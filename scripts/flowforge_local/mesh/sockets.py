"""A WebSocket through the gateway: refused, opened and closed as the function says, frames passed both ways.

It counts as a request in flight from its handshake to its end, and the revision's timeout cuts it like any
other. A slow reader slows the function's writes: nothing is gathered here.
"""

from __future__ import annotations

import asyncio
import contextlib

import aiohttp
from aiohttp import web
from yarl import URL

from flowforge.errors import STATUS, ErrorCode, FlowForgeError
from flowforge.trace import Trace
from flowforge_local.mesh.headers import to_function
from flowforge_local.mesh.instance import Instance
from flowforge_local.mesh.revision import Revision

HEARTBEAT_SECONDS = 20.0
"""A browser that answers no ping for this long is gone."""
MAX_FRAME = 65_536
CLOSE_SECONDS = 2.0
TIME_IS_UP = (1001, "The stream's time is up; resume it.")
RESTARTING = (1012, "The function ended; resume the stream.")
_OF_THE_HANDSHAKE = ("sec-websocket-key", "sec-websocket-version", "sec-websocket-extensions")
_CODES = {status: code for code, status in STATUS.items()}

Ending = tuple[int, str]


def is_socket(request: web.Request) -> bool:
    """Whether this asks for a WebSocket."""
    return request.method == "GET" and request.headers.get("Upgrade", "").lower() == "websocket"


def require_same_origin(request: web.Request) -> None:
    """Refuse (403) pages of other origins: a browser lets any page open a WebSocket to anywhere."""
    origin = request.headers.get("Origin")
    if origin is None:
        return
    with contextlib.suppress(ValueError):
        url = URL(origin)
        if url.scheme in ("http", "https") and url.authority.lower() == request.host.lower():
            return
    raise FlowForgeError(
        ErrorCode.FORBIDDEN, f"Pages of {origin[:100]!r} may not open streams here.", field="Origin"
    )


class SocketProxy:
    """Carries WebSockets to the instances of a function."""

    def __init__(self, client: aiohttp.ClientSession, *, development: bool) -> None:
        self._client = client
        self._development = development

    async def forward(self, request: web.Request, revision: Revision, trace: Trace) -> web.StreamResponse:
        """The finished WebSocket; FlowForgeError where the function did not let it in."""
        require_same_origin(request)
        until = asyncio.get_running_loop().time() + revision.timeout
        while True:
            async with revision.instance() as instance:
                try:
                    async with asyncio.timeout_at(until):
                        upstream = await self._open(request, instance, trace)
                except aiohttp.ClientConnectorError:
                    await instance.suspect()
                    continue
                except TimeoutError:
                    raise FlowForgeError(
                        ErrorCode.FUNCTION_TIMEOUT, f"No answer within {revision.timeout:g} s."
                    ) from None
                async with upstream:
                    return await self._carry(request, upstream, until)

    async def _open(
        self, request: web.Request, instance: Instance, trace: Trace
    ) -> aiohttp.ClientWebSocketResponse:
        headers = to_function(request, trace, development=self._development)
        for name in (*_OF_THE_HANDSHAKE, "sec-websocket-protocol"):
            headers.popall(name, None)
        url = URL(instance.origin + request.raw_path, encoded=True)
        try:
            return await self._client.ws_connect(
                url, protocols=_protocols(request), headers=headers, max_msg_size=MAX_FRAME, compress=0
            )
        except aiohttp.WSServerHandshakeError as refused:
            code = _CODES.get(refused.status, ErrorCode.FUNCTION_FAILED)
            raise FlowForgeError(code, f"The stream was refused: {code.value.replace('_', ' ')}.") from None
        except aiohttp.ClientConnectorError:
            raise
        except aiohttp.ClientError as broken:
            await instance.suspect()
            raise FlowForgeError(
                ErrorCode.FUNCTION_FAILED, "The function ended while it was answering.", hint="Try again."
            ) from broken

    async def _carry(
        self, request: web.Request, upstream: aiohttp.ClientWebSocketResponse, until: float
    ) -> web.WebSocketResponse:
        chosen = (upstream.protocol,) if upstream.protocol else ()
        downstream = web.WebSocketResponse(
            protocols=chosen,
            heartbeat=HEARTBEAT_SECONDS,
            max_msg_size=MAX_FRAME,
            compress=False,
            timeout=CLOSE_SECONDS,
        )
        await downstream.prepare(request)
        down = asyncio.ensure_future(_pass(upstream, downstream))
        up = asyncio.ensure_future(_pass(downstream, upstream))
        try:
            async with asyncio.timeout_at(until):
                await asyncio.wait({down, up}, return_when=asyncio.FIRST_COMPLETED)
            code, reason = down.result() if down.done() else (1000, "")
        except TimeoutError:
            code, reason = TIME_IS_UP
        finally:
            for task in (down, up):
                task.cancel()
            await asyncio.gather(down, up, return_exceptions=True)
        if not downstream.closed:
            await downstream.close(code=code, message=reason.encode())
        return downstream


Side = aiohttp.ClientWebSocketResponse | web.WebSocketResponse


async def _pass(source: Side, target: Side) -> Ending:
    """Pass frames on until one side ends; how the source ended."""
    while True:
        frame = await source.receive()
        match frame.type:
            case aiohttp.WSMsgType.TEXT:
                with contextlib.suppress(ConnectionError):
                    await target.send_str(frame.data)
            case aiohttp.WSMsgType.BINARY:
                with contextlib.suppress(ConnectionError):
                    await target.send_bytes(frame.data)
            case aiohttp.WSMsgType.CLOSE:
                return int(frame.data or 1000), str(frame.extra or "")
            case aiohttp.WSMsgType.CLOSING | aiohttp.WSMsgType.CLOSED | aiohttp.WSMsgType.ERROR:
                return RESTARTING


def _protocols(request: web.Request) -> tuple[str, ...]:
    offered = request.headers.getall("Sec-WebSocket-Protocol", [])
    return tuple(each.strip() for line in offered for each in line.split(",") if each.strip())
