"""A supervised process: ready, crashed, started again later and later, stopped with all it started."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import psutil
import pytest

from flowforge_local import processes
from flowforge_local.supervisor import child as module
from flowforge_local.supervisor.child import Child, ChildFailedError, ChildSpec

FOREVER = "import time; open('ready', 'w').close(); time.sleep(600)"
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); open('ready', 'w').close(); time.sleep(600)"
WITH_GRANDCHILD = (
    "import subprocess, sys, time; p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']); "
    "open('grandchild', 'w').write(str(p.pid)); open('ready', 'w').close(); time.sleep(600)"
)


@asynccontextmanager
async def supervised(folder: Path, code: str, **options: float) -> AsyncIterator[tuple[Child, list[str]]]:
    said: list[str] = []

    async def ready() -> bool:
        return (folder / "ready").exists()

    spec = ChildSpec(
        name="worker",
        kind="pipeline",
        argv=[sys.executable, "-c", code],
        environment={"PATH": os.environ["PATH"]},
        cwd=folder,
        log=folder / "worker.log",
        ready=ready,
        **options,  # type: ignore[arg-type]
    )
    child = Child(spec, report=said.append)
    try:
        yield child, said
    finally:
        await child.stop()


async def until(condition: Callable[[], bool], within: float = 10) -> None:
    deadline = time.monotonic() + within
    while not condition():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.01)


async def test_a_crash_is_reported_and_the_process_comes_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BACKOFF_FIRST", 0.05)
    async with supervised(tmp_path, FOREVER) as (child, said):
        await child.wait_ready()
        first = child.status.pid
        assert first is not None
        os.kill(first, signal.SIGKILL)
        await until(lambda: child.status.state == "ready" and child.status.pid != first)
        assert child.status.restarts == 1
        assert said[0] == "worker ended (killed by SIGKILL); starting it again in 0.05 s"
        assert "worker is back" in said[1]


async def test_the_pause_doubles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BACKOFF_FIRST", 0.01)
    monkeypatch.setattr(module, "BACKOFF_MOST", 0.04)
    (tmp_path / "ready").touch()
    async with supervised(tmp_path, "import time; time.sleep(0.2); raise SystemExit(7)") as (_, said):
        await until(lambda: sum("ended" in line for line in said) >= 4)
    pauses = [line.rpartition(" in ")[2] for line in said if "ended" in line]
    assert pauses[:4] == ["0.01 s", "0.02 s", "0.04 s", "0.04 s"]
    assert "exit code 7" in said[0]


async def test_a_child_that_never_becomes_ready_fails_with_the_end_of_its_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BACKOFF_FIRST", 0.01)
    async with supervised(tmp_path, "raise SystemExit('no data directory')") as (child, _):
        with pytest.raises(ChildFailedError, match="no data directory"):
            await child.wait_ready()
        assert child.status.state == "stopped"


async def test_a_program_that_is_not_there_fails_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BACKOFF_FIRST", 0.01)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "nothing"))
    async with supervised(tmp_path, FOREVER) as (child, said):
        with pytest.raises(ChildFailedError, match="it could not be run"):
            await child.wait_ready()
    assert "worker cannot be run: " in said[0]


async def test_a_child_that_hangs_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BACKOFF_FIRST", 0.01)
    async with supervised(tmp_path, "import time; time.sleep(600)", start_timeout=0.1) as (child, said):
        with pytest.raises(ChildFailedError):
            await child.wait_ready()
    assert "not ready after 0.1 s" in said[0]


@pytest.mark.parametrize(
    "code", [FOREVER, STUBBORN, WITH_GRANDCHILD], ids=["plain", "stubborn", "grandchild"]
)
async def test_stopping_ends_the_process_and_all_that_it_started(tmp_path: Path, code: str) -> None:
    async with supervised(tmp_path, code, stop_timeout=0.3) as (child, _):
        await child.wait_ready()
        family = [
            psutil.Process(child.status.pid),
            *psutil.Process(child.status.pid).children(recursive=True),
        ]
    _, alive = psutil.wait_procs(family, timeout=3)
    assert not [each for each in alive if each.status() != psutil.STATUS_ZOMBIE]


async def test_stopping_during_the_pause(tmp_path: Path) -> None:
    (tmp_path / "ready").touch()
    async with supervised(tmp_path, "raise SystemExit(1)") as (child, said):
        await until(lambda: bool(said))
    assert child.status.state == "stopped"
    assert child.status.pid is None


@pytest.mark.skipif(sys.platform != "linux", reason="prctl is Linux's")
def test_a_killed_parent_takes_its_children_along(tmp_path: Path) -> None:
    code = (
        "import asyncio, os, pathlib, subprocess, sys\n"
        "from flowforge_local.processes import spawn\n"
        "async def main():\n"
        "    p = await spawn([sys.executable, '-c', 'import time; time.sleep(600)'], env=dict(os.environ),\n"
        "                    cwd=pathlib.Path('.'), output=subprocess.DEVNULL)\n"
        "    print(p.pid, flush=True)\n"
        "    await asyncio.sleep(600)\n"
        "asyncio.run(main())\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd=tmp_path)
    assert parent.stdout is not None
    child = psutil.Process(int(parent.stdout.readline()))
    parent.kill()
    parent.wait()
    with contextlib.suppress(psutil.NoSuchProcess):
        child.wait(5)
    assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE


def test_a_large_log_is_set_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "LOG_SIZE", 10)
    log = tmp_path / "worker.log"
    for text in (b"a" * 8, b"b" * 8, b"c"):
        with processes.open_log(log) as file:
            file.write(text)
    assert log.read_bytes() == b"c"
    assert (tmp_path / "worker.log.1").read_bytes() == b"a" * 8 + b"b" * 8


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
async def test_a_process_that_grows_too_large_is_started_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BACKOFF_FIRST", 0.05)
    monkeypatch.setattr(module, "WATCH_EVERY", 0.1)
    grows = f"import os; held = b'x' * (0 if os.path.exists('ready') else 200 << 20); {FOREVER}"
    async with supervised(tmp_path, grows, memory_limit=100 << 20) as (child, said):
        await child.wait_ready()
        first = child.status.pid
        await until(lambda: child.status.state == "ready" and child.status.pid not in (first, None))
        assert said[0].startswith("worker holds 2")
        assert said[0].endswith("MB, more than 100 MB")


async def test_one_that_is_not_needed_is_tried_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BACKOFF_FIRST", 0.01)
    async with supervised(tmp_path, "raise SystemExit(1)", needed=False) as (child, _):
        await until(lambda: child.status.restarts > module.TRIES_BEFORE_READY)
        assert child.status.state != "stopped"
