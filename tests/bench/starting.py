"""Row 10: from exec to ``/healthz`` and to a first real answer, beside a bare uvicorn.

The first answer is one that some process has given before, as where a function comes back from zero. One that nobody
had before, which has to be compiled and asked of the engine, is reported without a target.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from itertools import count
from pathlib import Path

from bench.asking import body_of, request
from bench.measure import Contender, Row, Target, alternate
from bench.served import Served
from bench.stage import SYMBOLS, Stage, staged, trades

TO_HEALTH, TO_ANSWER = 2.2, 3.0
_BARE = """
async def app(scope, receive, send):
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"ok"})
"""
BARE = "bare uvicorn"


def rows(_: Path, rounds: int) -> list[Row]:
    """Seconds from exec; each round starts a process per contender."""
    with staged() as stage:
        (stage.home / "bare.py").write_text(_BARE)
        preview, dashboard = _preview(SYMBOLS[0]), _dashboard(stage)
        unheard = (_preview(f"NEW{number}") for number in count())
        return [
            _healthy(stage, rounds),
            _answered(stage, "preview", "a first answer", lambda: preview, rounds, TO_ANSWER),
            _answered(stage, "widget", "a first answer", lambda: dashboard, rounds, TO_ANSWER),
            _answered(
                stage, "preview", "a first answer that nobody had before", lambda: next(unheard), rounds
            ),
        ]


def _healthy(stage: Stage, rounds: int) -> Row:
    asked = request("GET", "/healthz")
    contenders: dict[str, Contender] = {
        "ours": lambda _: _function(stage, "preview", asked),
        BARE: _bare(stage),
    }
    return _row("preview: exec to /healthz", contenders, rounds, TO_HEALTH)


def _preview(symbol: str) -> bytes:
    graph = {"graph": trades(symbol), "target_node_id": "select"}
    return request("POST", "/api/v1/preview", json.dumps(graph).encode())


def _dashboard(stage: Stage) -> bytes:
    return request("POST", f"/api/v1/dashboards/{stage.dashboards[0][1]}/data", b"{}")


def _answered(
    stage: Stage, name: str, what: str, ask: Callable[[], bytes], rounds: int, ratio: float | None = None
) -> Row:
    contenders: dict[str, Contender] = {"ours": lambda _: _function(stage, name, ask()), BARE: _bare(stage)}
    return _row(f"{name}: exec to {what}", contenders, rounds, ratio)


def _row(what: str, contenders: Mapping[str, Contender], rounds: int, ratio: float | None) -> Row:
    medians, notes, ratios = alternate(contenders, rounds)
    targets = [] if ratio is None else [Target(f"≤ {ratio} × a bare uvicorn", BARE, ratio)]
    return Row(10, what, medians, targets, notes, ratios)


def _function(stage: Stage, name: str, asked: bytes) -> float:
    return _until_answered(stage.function(name), asked)


def _refuse_problems(answer: bytes) -> None:
    """A dashboard's answer is 200 whatever its widgets say."""
    for each in json.loads(answer).get("widgets", []) if answer.startswith(b"{") else []:
        if each["status"] != 200:
            raise RuntimeError(each["problem"])


def _bare(stage: Stage) -> Contender:
    options = ["--app-dir", str(stage.home), "--loop", "uvloop", "--http", "httptools", "--no-access-log"]
    command = [sys.executable, "-m", "uvicorn", "bare:app", *options]
    asked = request("GET", "/healthz")
    return lambda _: _until_answered(stage.server(command, dict(os.environ)), asked)


def _until_answered(server: AbstractContextManager[Served], asked: bytes) -> float:
    """Seconds from before exec."""
    started = time.perf_counter()
    with server as found:
        while True:
            try:
                answer = body_of(found.port, asked)
            except ConnectionError:
                if found.process.poll() is not None:
                    raise RuntimeError(f"a server left with {found.process.returncode}") from None
                time.sleep(0.002)
            else:
                seconds = time.perf_counter() - started
                _refuse_problems(answer)
                return seconds
