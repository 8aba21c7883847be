"""Acknowledged writes survive ``kill -9`` of each engine, and nothing stale prevents the next start."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import psutil
import pytest
import redis

from flowforge_local.engines import ENGINES, EngineSpec, choose_ports, endpoints
from flowforge_local.engines.testing import RunningEngine, start

pytestmark = pytest.mark.engines

SPECS = {spec.name: spec for spec in ENGINES}


def kill(engine: RunningEngine) -> None:
    engine.process.send_signal(signal.SIGKILL)
    engine.process.wait()


@pytest.fixture
def running(home: Path) -> Iterator[dict[str, RunningEngine]]:
    """Engines started by a test, stopped at its end."""
    engines: dict[str, RunningEngine] = {}
    yield engines
    for engine in engines.values():
        engine.stop()


def restart(home: Path, running: dict[str, RunningEngine], spec: EngineSpec) -> float:
    began = time.monotonic()
    running |= start(home, (spec,))
    return time.monotonic() - began


def test_clickhouse(home: Path, running: dict[str, RunningEngine], http_client: Any) -> None:
    """Inserts and DDL that were answered are there, with inserts under way when the blow falls."""
    spec = SPECS["clickhouse"]
    choose_ports(home, SPECS)
    restart(home, running, spec)
    admin = http_client(endpoints(home).clickhouse_admin_url)
    assert admin("CREATE TABLE default.t (n UInt64) ENGINE = MergeTree ORDER BY n").status == 200
    acknowledged: list[int] = []

    def write() -> None:
        for number in range(1_000_000):
            try:
                reply = admin("INSERT INTO default.t FORMAT CSV", body=b"%d\n" % number)
            except OSError:
                return
            if reply.status == 200:
                acknowledged.append(number)

    for round_ in range(2):
        writer = threading.Thread(target=write)
        writer.start()
        time.sleep(1.0)
        kill(running["clickhouse"])
        writer.join()
        restart(home, running, spec)
        assert len(acknowledged) > 20
        rows = set(admin("SELECT DISTINCT n FROM default.t").text.split())
        assert {str(number) for number in acknowledged} <= rows, round_
        acknowledged.clear()
        assert admin("TRUNCATE TABLE default.t").status == 200


def test_postgres(home: Path, running: dict[str, RunningEngine]) -> None:
    spec = SPECS["postgres"]
    choose_ports(home, SPECS)
    restart(home, running, spec)
    dsn = endpoints(home).meta_dsn

    async def write(numbers: list[int]) -> None:
        connection = await asyncpg.connect(dsn)
        await connection.execute("CREATE TABLE IF NOT EXISTS t (n bigint)")
        kill_soon = asyncio.get_running_loop().call_later(0.5, kill, running["postgres"])
        try:
            for number in range(1_000_000):
                await connection.execute("INSERT INTO t VALUES ($1)", number)
                numbers.append(number)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError):
            return
        finally:
            kill_soon.cancel()

    async def read() -> set[int]:
        connection = await asyncpg.connect(dsn)
        rows = await connection.fetch("SELECT n FROM t")
        await connection.close()
        return {row["n"] for row in rows}

    acknowledged: list[int] = []
    asyncio.run(write(acknowledged))
    assert acknowledged
    # A pid file that names a living process of the same user must not matter either.
    restart(home, running, spec)
    assert set(acknowledged) <= asyncio.run(read())
    kill(running["postgres"])
    data = (home / "postgres").resolve() / "data" / "postmaster.pid"
    sleeper = subprocess.Popen(["sleep", "60"], **_as_owner(data))
    try:
        lines = data.read_text().splitlines(keepends=True)
        data.write_text("".join([f"{sleeper.pid}\n", *lines[1:]]))
        restart(home, running, spec)
        assert set(acknowledged) <= asyncio.run(read())
    finally:
        sleeper.kill()
        sleeper.wait()


def _as_owner(path: Path) -> dict[str, object]:
    owner = path.stat()
    return (
        {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": []}
        if psutil.Process().uids().effective == 0
        else {}
    )


def test_valkey(home: Path, running: dict[str, RunningEngine]) -> None:
    spec = SPECS["valkey"]
    choose_ports(home, SPECS)
    restart(home, running, spec)
    url = endpoints(home).redis_url
    acknowledged: list[bytes] = []

    def write() -> None:
        client = redis.Redis.from_url(url, retry=None)
        try:
            while True:
                acknowledged.append(client.xadd("stream", {"n": len(acknowledged)}))
        except redis.ConnectionError:
            return

    writer = threading.Thread(target=write)
    writer.start()
    time.sleep(0.5)
    kill(running["valkey"])
    writer.join()
    assert acknowledged
    restart(home, running, spec)
    stored = {entry for entry, _ in redis.Redis.from_url(url).xrange("stream")}
    assert set(acknowledged) <= stored


def test_a_second_start_on_the_same_home_says_who_is_in_the_way(
    home: Path, running: dict[str, RunningEngine]
) -> None:
    running |= start(home)
    ports = {name: port + 1 for name, port in choose_ports(home, ()).items()}
    seconds = []
    for spec in ENGINES:
        argv, environment = spec.command(home, ports)
        seconds.append(subprocess.Popen(argv, env=environment, stderr=subprocess.PIPE, text=True))
    for second in seconds:
        _, said = second.communicate(timeout=60)
        assert second.returncode != 0
        assert "is in use by another process" in said


def test_engines_leave_with_the_process_that_started_them(home: Path) -> None:
    """Even when that process is killed outright."""
    import sys

    script = f"""
import os, signal
from pathlib import Path
from flowforge_local.engines.testing import start
print(*[engine.process.pid for engine in start(Path({str(home)!r})).values()], flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False
    )
    processes = [int(pid) for pid in done.stdout.split()]
    assert len(processes) == len(ENGINES), done.stderr
    deadline = time.monotonic() + 20
    while any(
        psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE for pid in processes
    ):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    again = start(home)
    for engine in again.values():
        assert engine.stop() == 0


def test_a_restart_is_quick(home: Path, running: dict[str, RunningEngine], record_property: object) -> None:
    running |= start(home)
    for engine in running.values():
        assert engine.stop() == 0
    began = time.monotonic()
    running |= start(home)
    assert callable(record_property)
    record_property("second_start_seconds", round(time.monotonic() - began, 3))
    assert urlsplit(endpoints(home).clickhouse_admin_url).hostname == "127.0.0.1"
