"""The peer of the relay: python-socketio behind uvicorn, rooms fed through Redis, as its manual has it.

``python socketio_server.py PORT REDIS_URL``; a line on standard input is emitted to the room of all viewers
by a second, write-only client of Redis, as another process would do it.
"""

from __future__ import annotations

import asyncio
import sys

import socketio
import uvicorn


async def main(port: int, redis_url: str) -> None:
    server = socketio.AsyncServer(
        async_mode="asgi", client_manager=socketio.AsyncRedisManager(redis_url), cors_allowed_origins=[]
    )

    @server.event
    async def connect(sid: str, environ: object, auth: object = None) -> None:
        await server.enter_room(sid, "viewers")

    config = uvicorn.Config(
        socketio.ASGIApp(server), port=port, loop="uvloop", log_level="warning", ws_per_message_deflate=False
    )
    running = asyncio.create_task(uvicorn.Server(config).serve())
    outside = socketio.AsyncRedisManager(redis_url, write_only=True)
    while line := await asyncio.to_thread(sys.stdin.readline):
        await outside.emit("invalidate", {"widget_ids": [line.strip()]}, room="viewers")
    running.cancel()


if __name__ == "__main__":
    import uvloop

    uvloop.run(main(int(sys.argv[1]), sys.argv[2]))
