"""What a supervisor has to know about an engine to run it."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from flowforge_local.engines.ports import read_ports

PASSED_ON = (
    "PATH",
    "HOME",
    "TMPDIR",
    "LANG",
    "LC_ALL",
    "LD_LIBRARY_PATH",
    "SSL_CERT_FILE",
    "COVERAGE_PROCESS_START",
)
"""Variables an engine inherits. Everything else is withheld: a query that manages to read the
process environment must find no secret in it."""


@dataclass(frozen=True)
class EngineSpec:
    """One engine: a process that serves a loopback port until it is told to stop."""

    name: str
    """Key of its port in ``ports.json``, and the name shown to people."""
    module: str
    """Module run as ``python -m <module> --home … --port …``; it may replace itself by a binary."""
    probe: Callable[[Path, int], Awaitable[bool]]
    """Whether the engine on this port answers with the credentials of this home."""
    stop_signal: signal.Signals
    """What makes it finish its work and leave."""
    stop_timeout: float = 20.0
    """Seconds to leave after the stop signal before it may be killed."""
    memory_limit: int | None = None
    """Bytes of memory beyond which it is started anew; None for an engine that limits itself."""
    start_timeout: float = 60.0
    """Seconds to become ready, the first start on an empty home included."""

    def command(self, home: Path, ports: Mapping[str, int]) -> tuple[list[str], dict[str, str]]:
        """Arguments and the whole environment of the process. Neither holds a secret."""
        argv = [sys.executable, "-I", "-m", self.module]
        argv += ["--home", str(home.expanduser().absolute()), "--port", str(ports[self.name])]
        environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        return argv, environment | {"TZ": "UTC"}

    async def ready(self, home: Path) -> bool:
        """Ask once; False while it is starting, or where another program answers on its port."""
        try:
            return await self.probe(home, read_ports(home)[self.name])
        except (OSError, EOFError, TimeoutError):
            return False
