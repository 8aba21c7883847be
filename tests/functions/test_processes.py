"""Functions as the mesh runs them: real processes, real ports, SIGTERM."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from .conftest import FUNCTIONS, ROOT, source_of

pytestmark = pytest.mark.engines


@contextmanager
def running(function: str, environment: dict[str, str]) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """A function's process and its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "flowforge.serve", str(source_of(function))],
        env={"PATH": os.environ["PATH"], "PORT": str(port), "K_SERVICE": function} | environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield f"http://127.0.0.1:{port}", process
    finally:
        process.kill()
        process.wait()
        assert process.stderr is not None
        process.stderr.close()


def until_ready(address: str, path: str = "/readyz") -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            if httpx.get(address + path, timeout=10).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.01)
    raise AssertionError("not ready in time")


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_starts_serves_and_leaves(
    stores, function_environment: dict[str, str], function: str
) -> None:
    with running(function, function_environment) as (address, process):
        until_ready(address, "/healthz")
        until_ready(address)
        unknown = httpx.get(f"{address}/api/v1/nothing", headers={"X-Dev-Tenant": "demo"})
        assert unknown.status_code == 404
        assert unknown.headers["content-type"] == "application/problem+json"
        process.send_signal(signal.SIGTERM)
        _, logged = process.communicate(timeout=10)
        assert process.returncode in (0, -signal.SIGTERM)
    entries = [json.loads(line) for line in logged.splitlines()]
    # A probe that came too early has its line, too.
    asked = [each for each in entries if each["logger"] == "flowforge.access" and each.get("status") == 404]
    assert [each["service"] for each in asked] == [function]
    assert asked[0]["trace_id"] == unknown.json()["trace_id"]


def test_the_tenant_and_the_trace_are_in_the_log(stores, function_environment: dict[str, str]) -> None:
    with running("schema", function_environment) as (address, process):
        until_ready(address)
        httpx.get(f"{address}/api/v1/schema", headers={"X-Dev-Tenant": "firm-beta"}, timeout=20)
        process.send_signal(signal.SIGTERM)
        _, logged = process.communicate(timeout=10)
    entries: list[dict[str, Any]] = [json.loads(line) for line in logged.splitlines()]
    access = next(entry for entry in entries if "/api/v1/schema" in entry["message"])
    assert access["tenant"] == "firm-beta"
    assert access["ms"] > 0


def test_a_running_request_is_finished_before_leaving(stores, function_environment: dict[str, str]) -> None:
    with running("schema", function_environment) as (address, process):
        until_ready(address)
        with socket.create_connection(("127.0.0.1", httpx.URL(address).port or 0), timeout=20) as connection:
            connection.sendall(
                b"POST /api/v1/schema/refresh HTTP/1.1\r\nHost: localhost\r\nX-Dev-Tenant: demo\r\n"
                b"Content-Length: 0\r\nConnection: close\r\n\r\n"
            )
            time.sleep(0.01)
            process.send_signal(signal.SIGTERM)
            assert connection.recv(12) == b"HTTP/1.1 200"
        process.wait(timeout=10)


def test_production_listens_everywhere_but_knows_no_development_header(
    stores, function_environment: dict[str, str]
) -> None:
    with running("workspace", function_environment | {"APP_ENV": "production"}) as (address, _):
        until_ready(address)
        answer = httpx.get(f"{address}/api/v1/me", headers={"X-Dev-Tenant": "demo"})
        assert answer.status_code == 401


@pytest.mark.parametrize("source", ["functions/nothing/main.py", "pyproject.toml"])
def test_what_is_no_function_does_not_start(source: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "flowforge.serve", source],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "PORT": "0", "APP_ENV": "development"},
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert done.returncode != 0
    assert done.stderr
