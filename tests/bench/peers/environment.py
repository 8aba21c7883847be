"""The peers' environment and the process that compiles in it."""

from __future__ import annotations

import json
import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from bench.chains import Chain

PACKAGES = ("ibis-framework[duckdb]==12.0.0", "prqlc==0.13.14", "sqlglot==30.30.0")
_WORKER = Path(__file__).with_name("worker.py")


class PeerError(Exception):
    """A peer that could not be installed, or could not compile; the message says why."""


def install(home: Path, packages: Sequence[str] = PACKAGES) -> dict[str, str]:
    """Make the environment where it is missing; what could not be installed, with the reason."""
    python = home / "bin" / "python"
    stamp = home / "installed.json"
    wanted = list(packages)
    if stamp.exists():
        known: dict[str, Any] = json.loads(stamp.read_text())
        if known["packages"] == wanted and not known["missing"]:
            return {}
    if not python.exists():
        venv.EnvBuilder(with_pip=True).create(home)
    missing = {}
    for package in wanted:
        command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", package]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            lines = done.stderr.strip().splitlines() or ["pip failed"]
            missing[package.split("[")[0].split("==")[0]] = lines[-1][:200]
    stamp.write_text(json.dumps({"packages": wanted, "missing": missing}))
    return missing


class Peers:
    """The worker process; a context manager."""

    def __init__(self, home: Path) -> None:
        sys.stderr.write("· peers\n")
        self.missing = install(home)
        self._python = home / "bin" / "python"
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Peers:
        self._process = subprocess.Popen(
            [str(self._python), "-I", str(_WORKER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process is not None
        self._process.communicate()

    def seconds(self, peer: str, chain: Chain) -> float:
        """CPU seconds to compile the chain; ``PeerError`` with the peer's own words."""
        assert self._process is not None
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"peer": peer, "chain": chain.to_json()}) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline() or '{"error": "the worker died"}')
        if "error" in answer:
            raise PeerError(str(answer["error"]))
        return float(answer["seconds"])
