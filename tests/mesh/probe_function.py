"""A real function for the mesh's tests: it says what it was given, and misbehaves on request."""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections.abc import AsyncIterator
from pathlib import Path

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.types import Receive, Scope, Send

if Path(os.environ.get("REFUSE_TO_START", "/nowhere")).exists():
    raise SystemExit(3)


def _end_with(sign: Path) -> None:
    while not sign.exists():
        time.sleep(0.01)
    os._exit(3)


if "ENDS_WITH" in os.environ:
    threading.Thread(target=_end_with, args=(Path(os.environ["ENDS_WITH"]),), daemon=True).start()


async def probe(request: Request) -> Response:
    match request.url.path.removeprefix("/probe"):
        case "/echo":
            return _Echo()
        case "/sleep":
            await asyncio.sleep(float(request.query_params["seconds"]))
        case "/stream":
            return StreamingResponse(_endless(request), media_type="text/csv")
        case "/crash":
            os._exit(3)
        case "/crash-midway":
            return StreamingResponse(_crashing())
        case "/refuse":
            return Response("no", 401)
        case "/empty":
            return Response(status_code=204)
        case "/hop":
            return Response("x", headers={"Connection": "X-Hop", "X-Hop": "1", "Set-Cookie": "a=1"})
    return JSONResponse(
        {
            "pid": os.getpid(),
            "url": str(request.url),
            "path": request.scope["raw_path"].decode(),
            "query": request.scope["query_string"].decode(),
            "headers": dict(request.headers),
            "environment": dict(os.environ),
        }
    )


class _Echo(Response):
    """Answers each part of the body as it comes."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        more = True
        while more:
            message = await receive()
            more = message.get("more_body", False)
            await send({"type": "http.response.body", "body": message.get("body", b""), "more_body": more})


async def _endless(request: Request) -> AsyncIterator[bytes]:
    marker = Path(request.query_params["marker"])
    try:
        for number in range(int(request.query_params["lines"])):
            yield f"{number},{'x' * 1000}\n".encode()
            await asyncio.sleep(0)
        _mark(marker, "finished")
    finally:
        _mark(marker, "cancelled")


def _mark(marker: Path, word: str) -> None:
    """The first word stays."""
    if not marker.exists():
        marker.write_text(word)


async def _crashing() -> AsyncIterator[bytes]:
    yield b"half"
    await asyncio.sleep(0.1)
    os._exit(3)
