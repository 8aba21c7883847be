"""Servers that a bench starts: functions, and what they are held beside."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flowforge_local.paths import ROOT

READY_SECONDS = 60.0


@dataclass(frozen=True)
class Served:
    """A server's process, and the port that it listens on or soon will."""

    port: int
    process: subprocess.Popen[bytes]

    def listening(self) -> Served:
        """Itself, as soon as somebody listens."""
        until_open(self.port)
        return self


@contextmanager
def served(command: Sequence[str], environment: Mapping[str, str], log: Path) -> Iterator[Served]:
    """A server from exec until the block ends; functions and uvicorn read their port from the environment."""
    port = str(free_port())
    ports = {"PORT": port, "UVICORN_PORT": port}
    with log.open("ab") as output:
        process = subprocess.Popen(
            command, env={**environment, **ports}, cwd=ROOT, stdout=output, stderr=output
        )
    try:
        yield Served(int(port), process)
    finally:
        process.kill()
        process.wait()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def until_open(port: int) -> None:
    """Wait until somebody listens; ``TimeoutError`` after a minute."""
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError(f"nobody listens on port {port}")
