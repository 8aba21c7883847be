"""A thousand events a second, told to 100 viewers of 20 dashboards; and the same while the relay is killed.

Most events concern three of four widgets of every dashboard, or nobody. Now and then one concerns only the fourth,
more rarely than a window is long: it must reach each viewer once, and its way is what is measured. The others' are
gathered in windows that overlap, so that nobody could say which telling is whose.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from bisect import bisect_left
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

from bench.measure import Row, Target
from bench.posting import Poster, request
from bench.stage import SYMBOLS, Stage
from functions.live_mesh import LiveMesh, Message, Viewer, running_mesh, until

VIEWERS = 100
RATE, SECONDS = 1_000, 30
RARE_SECONDS = 1.1
KILL_SECONDS = 13.5 * RARE_SECONDS - 0.02
"""Just before a rare event, which then waits for all of the relay's start and its viewers' return."""
TABLE = "flowforge.raw_trades"
*OFTEN, RARE = SYMBOLS
SETTLED_SECONDS = 3.0
TAKEN_WITHIN = 1.02
"""Of the time in which they are sent: a broker that cannot keep up is later with each."""


@dataclass
class Timed(Viewer):
    """Notes when each message came."""

    moments: list[float] = field(default_factory=list)

    def _hear(self, message: Message) -> None:
        super()._hear(message)
        if message["type"] != "end":
            self.moments.append(time.monotonic())

    def moments_of(self, widget: str) -> list[float]:
        """When it was told that the widget is stale."""
        told = zip(self.messages, self.moments, strict=True)
        return [moment for each, moment in told if widget in each.get("widget_ids", ())]


@dataclass
class Sustained:
    """What became of a run: seconds until all were taken, and of each telling of a rare event."""

    taken: float
    told: list[float]


def sustained_rows(stage: Stage) -> list[Row]:
    """Both modes, each also across a kill of the relay."""
    runs = (
        ("binary", {"structured": False}),
        ("structured", {"structured": True}),
        ("binary, and the relay killed", {"structured": False, "kill": True}),
        ("structured, and the relay killed", {"structured": True, "kill": True}),
    )
    return [row for name, options in runs for row in _rows(name, stage.run(_sustained(stage, **options)))]


def _rows(name: str, run: Sustained) -> list[Row]:
    run.told.sort()
    what = f"{RATE:,} events/s for {SECONDS} s, {name}"
    seconds = {
        "ours": run.told[int(0.95 * len(run.told))],
        "ours, median": statistics.median(run.told),
        "ours, the 99th": run.told[int(0.99 * len(run.told))],
        "ours, the last": run.told[-1],
    }
    within = SECONDS * TAKEN_WITHIN
    return [
        Row(9, f"{what}: all are taken", {"ours": run.taken}, [Target(f"≤ {within:g} s", seconds=within)]),
        Row(9, f"{what}: told, the 95th of a hundred", seconds, [Target("≤ 1 s", seconds=1.0)]),
    ]


async def _sustained(stage: Stage, *, structured: bool, kill: bool = False) -> Sustained:
    folder = stage.home / f"mesh-{structured}-{kill}"
    await asyncio.to_thread(folder.mkdir, mode=0o700)
    async with AsyncExitStack() as stack:
        mesh = await stack.enter_async_context(running_mesh(folder, stage.environment))
        viewers = [
            Timed(mesh, *stage.dashboards[number % len(stage.dashboards)]) for number in range(VIEWERS)
        ]
        for viewer in viewers:
            stack.callback(asyncio.create_task(viewer.watch()).cancel)
        await until(lambda: all(viewer.messages for viewer in viewers))
        symbols = _symbols()
        port = mesh.port + 1
        requests = [
            request(port, {"table": TABLE, "symbols": [each], "columns": ["price"]}, structured=structured)
            for each in symbols
        ]
        poster = Poster(port)
        killing = asyncio.create_task(_kill(mesh)) if kill else None
        taken = await poster.post(requests, RATE)
        await asyncio.sleep(SETTLED_SECONDS)
        if killing is not None:
            await killing
        rare = [moment for moment, each in zip(poster.sent, symbols, strict=True) if each == RARE]
        told = [each for viewer in viewers for each in _told(viewer, stage, rare, exactly=not kill)]
        return Sustained(taken, told)


def _symbols() -> list[str]:
    """The symbol of each event, in their order; of ``NONE`` nobody sees anything."""
    often, every = [*OFTEN, "NONE"], int(RATE * RARE_SECONDS)
    return [
        RARE if number % every == every // 2 else often[number % len(often)]
        for number in range(RATE * SECONDS)
    ]


async def _kill(mesh: LiveMesh) -> None:
    await asyncio.sleep(KILL_SECONDS)
    await mesh.kill_relay()


def _told(viewer: Timed, stage: Stage, rare: list[float], *, exactly: bool) -> list[float]:
    """Seconds from each rare event to its telling; ``RuntimeError`` for one lost, doubled or told without cause.

    Across a restart two of them may be told at once.
    """
    mine = {symbol: stage.widgets[viewer.dashboard, symbol] for symbol in SYMBOLS}
    ids = [each["id"] for each in viewer.messages if each["type"] == "invalidate"]
    if len(set(ids)) != len(ids) or not viewer.told().keys() <= set(mine.values()):
        raise RuntimeError("a viewer was told something twice, or of what is not on its dashboard")
    moments = viewer.moments_of(mine[RARE])
    if len(moments) > len(rare) or (exactly and len(moments) != len(rare)):
        raise RuntimeError(f"{len(rare)} events were told as {len(moments)}")
    places = [bisect_left(moments, sent) for sent in rare]
    if places[-1] == len(moments):
        raise RuntimeError("an event was told to a viewer never")
    return [moments[place] - sent for place, sent in zip(places, rare, strict=True)]
