"""The embedded engines: real ones from PyPI, each a small process on loopback.

::

    clickhouse   chDB behind the ClickHouse HTTP protocol   admin, app (read-only)
    postgres     PostgreSQL 18, databases meta and live     flowforge_app, pipeline, flowforge_reader
    valkey       Valkey 9                                   one password
    tansu        Kafka-compatible broker, in memory         none; only where the live pipeline runs

A supervisor runs them like this::

    ports = choose_ports(home, [spec.name for spec in ENGINES])     # before anything runs
    for spec in ENGINES:
        argv, environment = spec.command(home, ports)               # start it; keep its stderr
    ...
    await spec.ready(home)                                          # poll until True
    process.send_signal(spec.stop_signal)                           # wait spec.stop_timeout

and hands ``endpoints(home)`` to whoever talks to them. Restarting one after a crash means running
the same command again: ports, credentials and data are those of the home. A directory is locked
while its engine lives, and the engines leave when the process that started them dies.
"""

from __future__ import annotations

import signal

from flowforge_local.engines import probes
from flowforge_local.engines.endpoints import Endpoints, endpoints
from flowforge_local.engines.home import DirectoryInUseError
from flowforge_local.engines.ports import choose_ports
from flowforge_local.engines.spec import EngineSpec

ENGINES: tuple[EngineSpec, ...] = (
    EngineSpec("clickhouse", "flowforge_local.engines.clickhouse", probes.clickhouse, signal.SIGTERM),
    # SIGINT is PostgreSQL's fast shutdown; SIGTERM would wait for every client to leave.
    EngineSpec("postgres", "flowforge_local.engines.postgres", probes.postgres, signal.SIGINT),
    EngineSpec("valkey", "flowforge_local.engines.valkey", probes.valkey, signal.SIGTERM),
)
"""In the order in which they start: the slowest first."""

BROKER = EngineSpec(
    "tansu", "flowforge_local.engines.tansu", probes.kafka, signal.SIGTERM, memory_limit=768 << 20
)
"""Needed by the live pipeline only. It keeps every message in memory and forgets none, so it is started
anew when it has grown: what was not stored by then is sent to the new one (``flowforge_pipeline.broker``).
"""

__all__ = ["BROKER", "ENGINES", "DirectoryInUseError", "Endpoints", "EngineSpec", "choose_ports", "endpoints"]
