"""`flowforge up` with its live pipeline: messages flow by themselves, are counted, and survive what is killed."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from flowforge_local.engines import endpoints
from flowforge_pipeline.clickhouse import ClickHouse

FLOWFORGE = str(Path(sys.executable).with_name("flowforge"))
pytestmark = [
    pytest.mark.engines,
    pytest.mark.skipif(shutil.which(FLOWFORGE) is None, reason="the package is not installed"),
]
WITHIN = 120.0


PROCESSES = {"normalise", "sink", "hot", "vwap", "volatility", "anomaly", "generate"}


def flowforge(home: Path, *arguments: str) -> Any:
    """What a command answers in JSON."""
    command = [FLOWFORGE, *arguments, "--json", "--home", str(home)]
    answer = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    return json.loads(answer.stdout) if answer.returncode == 0 else None


def children(home: Path) -> dict[str, dict[str, Any]]:
    state = json.loads((home / "state.json").read_text())
    return {child["name"]: child for child in state["children"]}


def until(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + WITHIN
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.1)


@pytest.fixture
def home() -> Iterator[Path]:
    """A running `flowforge up` on a home of its own, of which nothing is left in the end."""
    with tempfile.TemporaryDirectory(prefix="flowforge-live-") as folder, socket.socket() as probe:
        Path(folder).chmod(0o711)
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        home = Path(folder) / "home"
        options = ["--home", str(home), "--port", str(port), "--no-samples", "--rate", "60"]
        process = subprocess.Popen(
            [FLOWFORGE, "up", *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        assert process.stdout is not None
        assert process.stdout.readline(), "it did not start"
        family = psutil.Process(process.pid).children(recursive=True)
        yield home
        process.send_signal(signal.SIGTERM)
        process.wait(60)
        _, alive = psutil.wait_procs(family, timeout=10)
        assert not [each for each in alive if each.status() != psutil.STATUS_ZOMBIE]


def test_messages_flow_whoever_is_killed(home: Path) -> None:
    clickhouse = ClickHouse(endpoints(home).clickhouse_admin_url)

    def stored() -> int:
        rows = clickhouse.rows("SELECT count() AS n, uniqExact(trade_id) AS ids FROM flowforge.raw_trades")[0]
        assert rows["n"] == rows["ids"]
        return int(rows["n"])

    until(
        lambda: {name for name, one in children(home).items() if one["kind"] == "pipeline"} == PROCESSES,
        "start",
    )
    until(lambda: stored() > 0, "the first trades")
    for victim in ("tansu", "normalise"):
        before, pid = stored(), children(home)[victim]["pid"]
        os.kill(pid, signal.SIGKILL)
        until(
            lambda victim=victim, pid=pid: children(home)[victim]["pid"] not in (pid, None), f"{victim} again"
        )
        until(lambda before=before: stored() > before, f"trades after {victim}")
    found = flowforge(home, "pipeline", "counts")
    total = found["total"]
    parts = ("normalised", "quarantined", "duplicates", "waiting")
    assert total["produced"] == sum(total[name] for name in parts)
    assert total["quarantined"] == 0
    assert {topic["topic"] for topic in found["topics"] if topic["normalised"]} == {
        "raw.trades", "raw.quotes", "raw.orders",
    }  # fmt: skip
