"""The pipeline's backbone for tests: broker, normaliser and sink as processes that may be killed at any time."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import redis

from flowforge_local.engines import BROKER, choose_ports
from flowforge_local.engines.home import prepare_home
from flowforge_pipeline import lag
from flowforge_pipeline.broker import confirmations

Command = tuple[list[str], dict[str, str]]
RESTART_SECONDS = 0.1


class Kept:
    """A process that is started again whenever it ends, as a supervisor does."""

    def __init__(self, command: Command, log: Path) -> None:
        self._command, self._log = command, log
        self._ending = threading.Event()
        self.starts = 0
        self._process = self._start()
        self._thread = threading.Thread(target=self._keep, daemon=True)
        self._thread.start()

    def kill(self) -> None:
        """``kill -9``; returns when the next one runs."""
        before = self.starts
        self._process.kill()
        wait_for(lambda: self.starts > before, 10, "a restart")

    def ask_to_end(self) -> None:
        """Let it stop while others do."""
        self._ending.set()
        self._process.send_signal(signal.SIGTERM)

    def end(self) -> None:
        """Stop for good."""
        self.ask_to_end()
        self._thread.join(10)
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()

    def _start(self) -> subprocess.Popen[bytes]:
        self.starts += 1
        argv, environment = self._command
        with self._log.open("ab") as log:
            return subprocess.Popen(argv, env=environment, stdout=log, stderr=log)

    def _keep(self) -> None:
        while not self._ending.is_set():
            self._process.wait()
            if not self._ending.wait(RESTART_SECONDS):
                self._process = self._start()


class Backbone:
    """``processes`` are normalise and sink, and the broker as ``tansu``."""

    def __init__(self, home: Path, environment: Mapping[str, str]) -> None:
        home = prepare_home(home)
        ports = choose_ports(home, ["tansu"])
        self.place = home / "pipeline"
        self.place.mkdir(exist_ok=True)
        self.environment = {
            **environment,
            "FLOWFORGE_BROKERS": f"127.0.0.1:{ports['tansu']}",
            "FLOWFORGE_PIPELINE_DIR": str(self.place),
        }
        self.environment.pop("K_SINK", None)
        self.processes = {
            "tansu": Kept(BROKER.command(home, ports), home / "tansu.log"),
            **{name: Kept(self.command(name), home / f"{name}.log") for name in ("normalise", "sink")},
        }

    def command(self, *arguments: object) -> Command:
        """``python -m flowforge_pipeline`` with the addresses of this backbone."""
        return [sys.executable, "-m", "flowforge_pipeline", *map(str, arguments)], self.environment

    def run(self, *arguments: object, timeout: float = 300) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        argv, environment = self.command(*arguments)
        return subprocess.run(
            argv, env=environment, capture_output=True, text=True, check=False, timeout=timeout
        )

    def start(self, *arguments: object) -> subprocess.Popen[str]:
        """Run a command beside the test."""
        argv, environment = self.command(*arguments)
        return subprocess.Popen(
            argv, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )

    def end(self) -> None:
        """Stop all."""
        end_all(process for name, process in self.processes.items() if name != "tansu")
        self.processes["tansu"].end()  # the others tell it what they have when they stop


@contextlib.contextmanager
def running_backbone(home: Path, environment: Mapping[str, str]) -> Iterator[Backbone]:
    """A backbone for the length of the block. Nobody waits for consumers of one before it."""
    redis.Redis.from_url(environment["FLOWFORGE_REDIS_URL"]).delete(confirmations.KEY, lag.READ)
    backbone = Backbone(home, environment)
    try:
        yield backbone
    finally:
        backbone.end()


def end_all(processes: Iterable[Kept]) -> None:
    """Stop them at the same time."""
    ending = list(processes)
    for process in ending:
        process.ask_to_end()
    for process in ending:
        process.end()


def wait_for(condition: Callable[[], bool], seconds: float, what: str) -> None:
    """Poll until true; fails with what was waited for."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"{what} did not happen within {seconds} s"
        time.sleep(0.05)


def values_of(rows: Sequence[Mapping[str, str]], *names: str) -> list[tuple[str, ...]]:
    """Some columns of rows, sorted."""
    return sorted(tuple(str(row[name]) for name in names) for row in rows)
