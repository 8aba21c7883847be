"""`flowforge up` as a person uses it: real engines, real functions, signals, a second one beside it."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

FLOWFORGE = str(Path(sys.executable).with_name("flowforge"))
pytestmark = [
    pytest.mark.engines,
    pytest.mark.skipif(shutil.which(FLOWFORGE) is None, reason="the package is not installed"),
]


def free_port() -> int:
    """A port whose successor is free as well."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port: int = first.getsockname()[1]
            try:
                second.bind(("127.0.0.1", port + 1))
            except (OSError, OverflowError):
                continue
            return port


def flowforge(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([FLOWFORGE, *arguments], capture_output=True, text=True, check=False, timeout=60)


def get(port: int, path: str) -> tuple[int, Any]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path, headers={"X-Dev-Tenant": "demo"})
    answer = connection.getresponse()
    return answer.status, json.loads(answer.read())


class Up:
    """A running `flowforge up`; standard output has been read up to the address."""

    def __init__(self, home: Path, port: int) -> None:
        self.home, self.port = home, port
        self.process = subprocess.Popen(
            [FLOWFORGE, "up", "--home", str(home), "--port", str(port), "--no-pipeline", "--no-samples"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        assert self.process.stdout is not None
        self.address = self.process.stdout.readline().strip()
        assert self.address, self.process.communicate()[1]
        self.family = psutil.Process(self.process.pid).children(recursive=True)

    def ps(self) -> dict[str, Any]:
        rows = json.loads(flowforge("ps", "--json", "--home", str(self.home)).stdout)
        return {row["service"]: row for row in rows}

    def gone(self) -> None:
        """Nothing is left of it: no process, no lock."""
        _, alive = psutil.wait_procs(self.family, timeout=10)
        assert not [each for each in alive if each.status() != psutil.STATUS_ZOMBIE]
        assert flowforge("status", "--home", str(self.home)).returncode == 1


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Up]]:
    """What was started last; a test that ends it leaves the next start to the next test."""
    started = [Up(tmp_path_factory.mktemp("up") / "home", free_port())]
    yield started
    if started[-1].process.poll() is None:
        started[-1].process.send_signal(signal.SIGTERM)
        started[-1].process.wait(30)


@pytest.fixture
def up(running: list[Up]) -> Up:
    if running[-1].process.poll() is not None:
        running.append(Up(running[-1].home, free_port()))
    return running[-1]


def test_it_serves_and_an_idle_function_has_no_process(up: Up) -> None:
    assert up.address == f"http://localhost:{up.port}"
    status, health = get(up.port, "/api/v1/health")
    assert (status, health["status"]) == (200, "ok")
    assert health["services"] == {
        "postgres": True,
        "clickhouse": True,
        "materialize": True,
        "redis": True,
        "broker": True,
    }
    assert {name for name, row in up.ps().items() if row["instances"]} <= {"relay"}, "streams keep the relay"
    assert get(up.port, "/api/v1/me")[1]["tenant_id"] == "demo"
    after = up.ps()["workspace"]
    assert after["instances"] == 1
    assert len(after["cold_start_ms"]) == 1
    state = json.loads(flowforge("status", "--json", "--home", str(up.home)).stdout)
    assert state["phase"] == "ready"
    assert {row["state"] for row in (*state["engines"], state["mesh"])} == {"ready"}


def test_a_second_one_on_the_same_home_or_port_says_so(up: Up, tmp_path: Path) -> None:
    same_home = flowforge("up", "--home", str(up.home), "--port", str(free_port()))
    assert same_home.returncode == 1
    assert f"is in use by `flowforge up` (process {up.process.pid})" in same_home.stderr
    for port in (up.port, up.port - 1):
        taken = flowforge("up", "--home", str(tmp_path / "other"), "--port", str(port))
        assert taken.returncode == 1
        assert f"port {up.port} on 127.0.0.1 is taken" in taken.stderr
        assert "Traceback" not in taken.stderr


def test_the_mesh_s_own_interface_is_for_the_owner(up: Up) -> None:
    token = (up.home / "admin-token").read_text()
    assert (up.home / "admin-token").stat().st_mode & 0o777 == 0o600
    for headers, expected in (
        ({}, 401),
        ({"Authorization": "Bearer wrong"}, 401),
        ({"Authorization": f"Bearer {token}", "Origin": "http://evil.example"}, 401),
        ({"Authorization": f"Bearer {token}"}, 200),
    ):
        connection = http.client.HTTPConnection("127.0.0.1", up.port + 1, timeout=10)
        connection.request("GET", "/ps", headers=headers)
        assert connection.getresponse().status == expected


def test_commands_attach_to_what_runs(up: Up, tmp_path: Path) -> None:
    at = ("--home", str(up.home))
    nodes = [{"id": "s", "type": "data_source", "data": {"database": "flowforge", "table": "raw_trades"}}]
    file = tmp_path / "graph.json"
    file.write_text(json.dumps({"name": "trades", "graph": {"nodes": nodes, "edges": []}}))

    assert "no problems" in flowforge("check", str(file), *at).stdout
    compiled = flowforge("compile", str(file), "--node", "s", *at)
    assert compiled.returncode == 0
    assert "FROM flowforge.raw_trades" in compiled.stdout
    assert (
        "AAPL"
        in json.loads(
            flowforge("compile", str(file), "--node", "s", "--tenant", "firm-alpha", "--json", *at).stdout
        )["reads"]["symbols"]
    )
    rows = flowforge("run", str(file), "--node", "s", *at)
    assert rows.returncode == 0
    assert rows.stdout.startswith('"trade_id"')
    unknown = flowforge("run", str(file), "--node", "x", *at)
    assert (unknown.returncode, unknown.stdout) == (1, "")
    assert "node 'x'" in unknown.stderr

    file.write_text(json.dumps({"nodes": [{"id": "s", "type": "frobnicate", "data": {}}], "edges": []}))
    refused = flowforge("check", str(file), *at)
    assert refused.returncode == 1
    assert f"{file}:1:32: error: node 's', type: There is no" in refused.stdout

    granted = [
        flowforge("tenant", "grant", "acme", "--symbols", symbols, *at) for symbols in ("AAPL", "AAPL", "*")
    ]
    assert [each.stdout.rpartition("version ")[2] for each in granted] == ["1)\n", "1)\n", "2)\n"]
    assert flowforge("tenant", "grant", "Not A Tenant", "--symbols", "*", *at).returncode == 2


@pytest.mark.parametrize("text", [None, "", "{", "[]", "[" * 100_000])
def test_a_file_that_is_no_graph_is_named(tmp_path: Path, text: str | None) -> None:
    file = tmp_path / "graph.json"
    if text is not None:
        file.write_text(text)
    finished = flowforge("check", str(file), "--home", str(tmp_path / "home"))
    assert finished.returncode == (2 if text is None else 1)
    assert str(file) in finished.stdout + finished.stderr
    assert "Traceback" not in finished.stdout + finished.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_and_all_it_started(up: Up, number: signal.Signals) -> None:
    get(up.port, "/api/v1/me")
    up.family = psutil.Process(up.process.pid).children(recursive=True)
    up.process.send_signal(number)
    assert up.process.wait(30) == 0
    up.gone()
    left = {path.name for path in up.home.iterdir()}
    assert not left & {"owner.lock", "state.json", "admin-token"}


def test_killed_outright_it_leaves_no_process_and_starts_again(up: Up, running: list[Up]) -> None:
    get(up.port, "/api/v1/me")
    up.family = psutil.Process(up.process.pid).children(recursive=True)
    up.process.kill()
    up.process.wait()
    up.gone()
    running.append(Up(up.home, up.port))
    assert get(up.port, "/api/v1/health")[0] == 200


def test_a_crashed_engine_comes_back(up: Up) -> None:
    engines = json.loads(flowforge("status", "--json", "--home", str(up.home)).stdout)["engines"]
    victim = next(row for row in engines if row["name"] == "clickhouse")
    os.kill(victim["pid"], signal.SIGKILL)
    deadline = time.monotonic() + 30
    seen = set()
    while seen < {200, 503} or get(up.port, "/api/v1/health")[0] != 200:
        assert time.monotonic() < deadline, seen
        seen.add(get(up.port, "/api/v1/health")[0])
        time.sleep(0.05)


def test_down_ends_it(up: Up) -> None:
    assert flowforge("down", "--home", str(up.home)).stdout == "stopped\n"
    assert up.process.wait(5) == 0
    up.gone()
    assert flowforge("down", "--home", str(up.home)).returncode == 1


@pytest.mark.parametrize(
    "arguments", [["up", "--port", "0"], ["nonsense"], ["compile", "x.json"], ["ps", "--what"]]
)
def test_a_wrong_command_line_exits_with_2(arguments: list[str]) -> None:
    assert flowforge(*arguments).returncode == 2
