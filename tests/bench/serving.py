"""Rows 4 to 6: chart data cached and not, and a dashboard of four widgets, at the function itself."""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

import redis

from bench.asking import body_of, load, request, seconds_of
from bench.measure import Contender, Row, Target, alternate
from bench.served import Served
from bench.stage import SYMBOLS, Stage, staged, trades

SUPERSET_SECONDS, SUPERSET_RPS, CUBE_SECONDS = 0.026, 28, 0.006
"""Measured once on two cores: cached chart data one at a time, and requests per second with 32 clients."""
FLOOR = "Starlette and Redis"
FLOOR_SECONDS, FLOOR_RPS = 0.00029, 12_200
"""The floor beside them: no two machines are alike, so the peers are held against ours by their distance from it."""
REQUESTS = 400
CLIENTS = 32
A_ROUND = 20
"""Requests of a round of what is not cached."""
FLOOR_KEY = "bench:floor"
CHANGES = "flowforge:data:flowforge.raw_trades"
"""The counter that whoever writes trades raises."""


def rows(_: Path, rounds: int) -> list[Row]:
    """Seconds per request; the median of a round's requests unless it says otherwise."""
    with staged() as stage, ExitStack() as stack:
        widget = stack.enter_context(stage.function("widget")).listening().port
        dashboard = stage.dashboards[0][1]
        whole = request("POST", f"/api/v1/dashboards/{dashboard}/data", b"{}")
        shown = json.loads(body_of(widget, whole))["widgets"]
        one = request("GET", f"/api/v1/widgets/{shown[0]['widget_id']}/data")
        store = redis.Redis.from_url(stage.redis)
        store.set(FLOOR_KEY, body_of(widget, one))
        floor = stack.enter_context(_floor(stage)).listening().port
        compiler = stack.enter_context(stage.function("compile")).listening().port
        return [
            _one_client(widget, floor, one, rounds),
            _many_clients(widget, floor, one, rounds),
            _cold(stage, store, widget, compiler, one, rounds),
            *_dashboard(store, widget, whole, rounds),
        ]


def _one_client(widget: int, floor: int, asked: bytes, rounds: int) -> Row:
    contenders: dict[str, Contender] = {
        "ours": lambda _: statistics.median(load(widget, 1, REQUESTS, asked)[0]),
        FLOOR: lambda _: statistics.median(load(floor, 1, REQUESTS, asked)[0]),
    }
    targets = [
        _beside_the_floor("Superset ÷ 50", SUPERSET_SECONDS / 50 / FLOOR_SECONDS),
        _beside_the_floor("Cube ÷ 10", CUBE_SECONDS / 10 / FLOOR_SECONDS),
    ]
    return _row(4, "chart data, cached, one client", contenders, rounds, targets)


def _many_clients(widget: int, floor: int, asked: bytes, rounds: int) -> Row:
    def each(port: int) -> float:
        latencies, seconds = load(port, CLIENTS, REQUESTS * 8, asked)
        return seconds / len(latencies)

    contenders: dict[str, Contender] = {
        "ours": lambda _: each(widget),
        FLOOR: lambda _: each(floor),
    }
    targets = [_beside_the_floor("Superset ÷ 200", FLOOR_RPS / (200 * SUPERSET_RPS))]
    what = f"chart data, cached, {CLIENTS} clients, per request"
    return _row(4, what, contenders, rounds, targets)


def _beside_the_floor(peer: str, ratio: float) -> Target:
    return Target(f"≤ {ratio:.2f} × the floor, which is {peer}", FLOOR, ratio)


def _cold(stage: Stage, store: redis.Redis, widget: int, compiler: int, asked: bytes, rounds: int) -> Row:
    """The rows changed since: the plan is known, the answer is not."""
    statement = _statement(compiler)

    def engine(_: int) -> float:
        return statistics.median([_queried(stage, statement) for _ in range(A_ROUND)])

    allowed = "engine + 1 ms ÷ 1.15"
    contenders: dict[str, Contender] = {
        "ours": lambda _: statistics.median([_changed(store, widget, asked) for _ in range(A_ROUND)]),
        "engine": engine,
        allowed: lambda each: engine(each) + 0.001 / 1.15,
    }
    targets = [Target("≤ 1.15 × the engine + 1 ms", against=allowed, ratio=1.15)]
    return _row(5, "chart data after a change", contenders, rounds, targets)


def _dashboard(store: redis.Redis, widget: int, asked: bytes, rounds: int) -> Iterator[Row]:
    cached: dict[str, Contender] = {"ours": lambda _: _p95(load(widget, 1, REQUESTS // 4, asked)[0])}
    yield _row(6, "four widgets, cached, p95", cached, rounds, [Target("≤ 10 ms", seconds=0.010)])
    cold: dict[str, Contender] = {
        "ours": lambda _: _p95([_changed(store, widget, asked) for _ in range(A_ROUND)])
    }
    yield _row(6, "four widgets after a change, p95", cold, rounds, [Target("≤ 50 ms", seconds=0.050)])


def _p95(times: Sequence[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


def _row(
    number: int, what: str, contenders: Mapping[str, Contender], rounds: int, targets: Sequence[Target]
) -> Row:
    medians, notes, ratios = alternate(contenders, rounds)
    return Row(number, what, medians, targets, notes, ratios)


def _changed(store: redis.Redis, port: int, asked: bytes) -> float:
    store.incr(CHANGES)
    return seconds_of(port, asked)


def _statement(compiler: int) -> str:
    graph = {"graph": trades(SYMBOLS[0]), "target_node_id": "select"}
    answer = json.loads(body_of(compiler, request("POST", "/api/v1/compile", json.dumps(graph).encode())))
    return str(answer["statements"][0]["sql"])


def _queried(stage: Stage, statement: str) -> float:
    """The engine alone, asked over HTTP for the same rows in the same format."""
    body = f"{statement} LIMIT 10001 FORMAT JSONCompact".encode()
    url = urllib.parse.urlsplit(stage.environment["FLOWFORGE_CLICKHOUSE_URL"])
    user = {"X-ClickHouse-User": url.username or "", "X-ClickHouse-Key": url.password or ""}
    asked = urllib.request.Request(f"{url.scheme}://{url.hostname}:{url.port}/", body, user)
    started = time.perf_counter()
    with urllib.request.urlopen(asked) as answer:
        answer.read()
    return time.perf_counter() - started


def _floor(stage: Stage) -> AbstractContextManager[Served]:
    command = [sys.executable, "-m", "uvicorn", "bench.peers.redis_floor:app", "--no-access-log"]
    more = {"REDIS_URL": stage.redis, "FLOOR_KEY": FLOOR_KEY, "PYTHONPATH": os.environ["PYTHONPATH"]}
    return stage.server(command, {**os.environ, **more})
