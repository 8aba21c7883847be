"""An event's whole way: posted to the real broker, seen by viewers behind the real gateway."""

from __future__ import annotations

import asyncio
import json
import time
from contextlib import AsyncExitStack

from bench.stage import SYMBOLS, Stage
from functions.live_mesh import LiveMesh, running_mesh, until

VIEWERS = 100
TABLE = "flowforge.raw_trades"
SILENCE_SECONDS = 0.5


async def whole_ways(stage: Stage, rounds: int) -> list[float]:
    """Seconds from the moment before each event is posted to each message about it, over all viewers.

    One event per round, binary and structured by turns, of one symbol: a widget of every dashboard.
    """
    folder = stage.home / "mesh"
    await asyncio.to_thread(folder.mkdir, mode=0o700)
    async with AsyncExitStack() as stack:
        mesh = await stack.enter_async_context(running_mesh(folder, stage.environment))
        heard: list[float] = []
        viewers = [
            asyncio.create_task(_watch(mesh, *stage.dashboards[number % len(stage.dashboards)], heard))
            for number in range(VIEWERS)
        ]
        for task in viewers:
            stack.callback(task.cancel)
        await until(lambda: len(heard) >= VIEWERS)
        took = []
        for number in range(rounds):
            heard.clear()
            began = time.monotonic()
            await mesh.post(
                {"table": TABLE, "symbols": [SYMBOLS[number % len(SYMBOLS)]]}, structured=number % 2 == 0
            )
            await until(lambda: len(heard) >= VIEWERS)
            await asyncio.sleep(SILENCE_SECONDS)
            if len(heard) != VIEWERS:
                raise RuntimeError(f"{len(heard)} messages of one event to {VIEWERS} viewers")
            took += [moment - began for moment in heard]
        return took


async def _watch(mesh: LiveMesh, tenant: str, dashboard: str, heard: list[float]) -> None:
    ticket = await mesh.ticket(tenant, dashboard_id=dashboard)
    protocols = ("flowforge.v1", f"flowforge.ticket.{ticket}")
    address = f"{mesh.url}/ws/dashboard/{dashboard}"
    async with mesh.client.ws_connect(address, protocols=protocols) as stream:
        async for frame in stream:
            if json.loads(frame.data)["type"] in ("hello", "invalidate"):
                heard.append(time.monotonic())  # noqa: PERF401 — others read it meanwhile
