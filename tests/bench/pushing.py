"""Row 9: one message to 1,000 viewers, beside socket.io; an event's whole way to 100 viewers, alone and of 1,000 a second."""

from __future__ import annotations

import json
import secrets
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import httpx
import psutil

from bench.measure import Contender, Row, Target, alternate
from bench.peers.environment import install
from bench.served import Served, free_port, until_open
from bench.stage import Stage, staged
from bench.sustained import sustained_rows
from bench.whole_way import whole_ways
from flowforge.live import channels
from flowforge.stores.live import Effect, LiveStore

VIEWERS = 1_000
AT_ONCE = 50
"""Streams that are opened together; a ticket must not grow old meanwhile."""
PEER = (
    "python-socketio==5.18.1",
    "uvicorn==0.54.0",
    "uvloop",
    "websockets==17.4",
    "redis==8.1.0",
    "hiredis==3.5.0",
)
_HERE = Path(__file__).parent
MICROSECONDS_A_DELIVERY = 15


@dataclass
class Crowd:
    """A process full of viewers of one server, and that server's process."""

    viewers: subprocess.Popen[str]
    server: psutil.Process

    def listen(self, marker: str) -> None:
        """Be ready for a marker."""
        self.ask(marker)
        assert self.line() == "listening"

    def arrivals(self) -> list[float]:
        """When each viewer saw it, in seconds of the monotonic clock."""
        return list(json.loads(self.line()))

    def ask(self, line: str) -> None:
        """Tell the process something."""
        assert self.viewers.stdin is not None
        self.viewers.stdin.write(line + "\n")
        self.viewers.stdin.flush()

    def line(self) -> str:
        """What it answers."""
        assert self.viewers.stdout is not None
        return self.viewers.stdout.readline().strip()


def rows(home: Path, rounds: int) -> list[Row]:
    """p99 over the viewers and CPU per delivery; p95 of whole ways, one by one and of 1,000 events/s."""
    with staged() as stage:
        return [
            *_fan_out(home, stage, rounds),
            _whole_way(stage, max(5, rounds)),
            *sustained_rows(stage),
        ]


def _fan_out(home: Path, stage: Stage, rounds: int) -> list[Row]:
    spent: dict[str, list[float]] = {}
    with ExitStack() as stack:
        contenders: dict[str, Contender] = {}
        missing = install(home / "socketio", PEER)
        relay = stack.enter_context(stage.function("relay")).listening()
        for name, dashboard, asking in (
            ("ours", stage.dashboards[0][1], _by_socket),
            ("ours, server-sent events", stage.dashboards[1][1], _by_events),
        ):
            requests = partial(asking, relay, dashboard)
            crowd = stack.enter_context(_crowd(relay.port, requests, None, relay.process.pid))
            contenders[name] = _ours(stage, crowd, dashboard, spent.setdefault(name, []))
        if not missing:
            peer = stack.enter_context(_peer(home / "socketio", stage))
            contenders["socket.io"] = _theirs(peer, spent.setdefault("socket.io", []))
        seconds, notes, ratios = alternate(contenders, rounds)
    cost = {name: statistics.median(each) for name, each in spent.items() if each}
    return [
        Row(
            9,
            f"one message to {VIEWERS:,} viewers, the 99th of a hundred",
            seconds,
            [Target("≤ socket.io", against="socket.io", ratio=1.0)],
            {**notes, **missing},
            ratios,
        ),
        Row(
            9,
            "CPU of the server per delivery",
            cost,
            [Target(f"≤ {MICROSECONDS_A_DELIVERY} µs", seconds=MICROSECONDS_A_DELIVERY / 1e6)],
        ),
    ]


def _ours(stage: Stage, crowd: Crowd, dashboard: str, spent: list[float]) -> Contender:
    channel = channels.dashboard("demo", dashboard)

    def once(_: int) -> float:
        marker = f"m{secrets.token_hex(6)}"
        message = json.dumps({"type": "invalidate", "widget_ids": [marker]})
        return _timed(crowd, marker, lambda: stage.run(_publish(stage.store, channel, message)), spent)

    return once


async def _publish(store: LiveStore, channel: str, message: str) -> None:
    await store.commit(500, [Effect(secrets.token_hex(16), messages=[(channel, message, True)])])


def _theirs(peer: tuple[Crowd, subprocess.Popen[str]], spent: list[float]) -> Contender:
    crowd, server = peer

    def once(_: int) -> float:
        marker = f"m{secrets.token_hex(6)}"

        def emit() -> None:
            assert server.stdin is not None
            server.stdin.write(marker + "\n")
            server.stdin.flush()

        return _timed(crowd, marker, emit, spent)

    return once


def _timed(crowd: Crowd, marker: str, say: Callable[[], None], spent: list[float]) -> float:
    """p99 of one message over all viewers, from before it is said."""
    crowd.listen(marker)
    before, began = _cpu(crowd.server), time.monotonic()
    say()
    arrivals = sorted(crowd.arrivals())
    spent.append((_cpu(crowd.server) - before) / len(arrivals))
    return arrivals[int(0.99 * len(arrivals)) - 1] - began


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def _by_socket(relay: Served, dashboard: str) -> list[str]:
    port = relay.port
    with httpx.Client(
        base_url=f"http://127.0.0.1:{port}", headers={"X-Dev-Tenant": "demo"}, timeout=30
    ) as client:
        asked = [_ticket(client, dashboard) for _ in range(AT_ONCE)]
    protocols = [f"Sec-WebSocket-Protocol: flowforge.v1, flowforge.ticket.{ticket}\r\n" for ticket in asked]
    return [_upgrade(f"/ws/dashboard/{dashboard}", port, each) for each in protocols]


def _ticket(client: httpx.Client, dashboard: str) -> str:
    answer = client.post("/api/v1/stream/ticket", json={"dashboard_id": dashboard})
    if answer.status_code != 200:
        raise RuntimeError(f"no ticket: {answer.text}")
    return str(answer.json()["ticket"])


def _by_events(relay: Served, dashboard: str) -> list[str]:
    head = f"GET /api/v1/stream?dashboard={dashboard} HTTP/1.1\r\nHost: 127.0.0.1:{relay.port}\r\n"
    return [head + "X-Dev-Tenant: demo\r\n\r\n"] * AT_ONCE


def _upgrade(path: str, port: int, more: str = "") -> str:
    return (
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{more}\r\n"
    )


@contextmanager
def _crowd(port: int, requests: Callable[[], list[str]], hello: str | None, server: int) -> Iterator[Crowd]:
    process = subprocess.Popen(
        [sys.executable, str(_HERE / "viewers.py")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        crowd = Crowd(process, psutil.Process(server))
        crowd.ask(json.dumps({"port": port, "hello": hello}))
        for _ in range(VIEWERS // AT_ONCE):
            crowd.ask(json.dumps(requests()))
            if (answer := crowd.line()) != "ready":
                raise RuntimeError(f"the viewers are not let in: {answer}")
        crowd.ask("[]")
        time.sleep(1)  # every stream has its hello
        yield crowd
    finally:
        process.kill()
        process.communicate()


@contextmanager
def _peer(environment: Path, stage: Stage) -> Iterator[tuple[Crowd, subprocess.Popen[str]]]:
    port = free_port()
    server = subprocess.Popen(
        [
            str(environment / "bin" / "python"),
            "-I",
            str(_HERE / "peers" / "socketio_server.py"),
            str(port),
            stage.redis,
        ],
        stdin=subprocess.PIPE,
        text=True,
    )
    try:
        until_open(port)
        requests = [_upgrade("/socket.io/?EIO=4&transport=websocket", port)] * AT_ONCE
        with _crowd(port, lambda: requests, "40", server.pid) as crowd:
            yield crowd, server
    finally:
        server.kill()
        server.communicate()


def _whole_way(stage: Stage, rounds: int) -> Row:
    """Posted to the broker → told to each of 100 viewers of 20 dashboards, through the gateway: p95."""
    took = stage.run(whole_ways(stage, rounds))
    took.sort()
    seconds = {"ours": took[int(0.95 * len(took))], "ours, median": statistics.median(took)}
    what = f"an event's way from the broker to 100 viewers of 20 dashboards, the 95th of a hundred ({len(took):,} deliveries)"
    return Row(9, what, seconds, [Target("≤ 1 s, with a window of 0.5 s", seconds=1.0)])
