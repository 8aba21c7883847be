"""Run a flow as a process: ``python -m flowforge_pipeline vwap``.

source → one :class:`Memory` per partition → sink. Why Bytewax's own recovery is enough for "exactly once":
offsets and memory are one snapshot, messages keep their number over restarts of the broker, and everything
written carries its key and a revision, so that what is written again after a crash replaces itself.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import bytewax.operators as op
from bytewax.dataflow import Dataflow
from bytewax.outputs import Sink
from bytewax.recovery import RecoveryConfig, init_db_dir
from bytewax.testing import run_main

from flowforge_pipeline.broker import BrokerLostError, Cluster, Confirmations, Outgoing, Producer
from flowforge_pipeline.clickhouse import ClickHouse
from flowforge_pipeline.latest import Latest
from flowforge_pipeline.loading.announcer import Announcer
from flowforge_pipeline.messages import Kind, encode, normalized
from flowforge_pipeline.messages.topics import ALL
from flowforge_pipeline.process import Process, running
from flowforge_pipeline.warm.logic import FlowLogic, Memory
from flowforge_pipeline.warm.sinks import Outlets, Row, plain, text
from flowforge_pipeline.warm.source import Normalized

log = logging.getLogger(__name__)

FORMAT = 2
"""Of the memories' dumps and the graph. Another number begins a new recovery store, and with it anew from raw."""


@dataclass(frozen=True)
class Flow:
    """A flow. ``memory`` makes that of a partition from its dump, None for a new one."""

    name: str
    kinds: tuple[Kind, ...]
    memory: Callable[[Outlets, bytes | None], Memory[Any]]
    sinks: Callable[[Outlets], Sequence[Sink[Any]]]
    epoch: timedelta = timedelta(seconds=2)


def run(flow: Flow) -> int:
    """Run until SIGTERM."""
    with running(flow.name) as process, ExitStack() as stack:
        cluster = Cluster()
        cluster.wait()
        cluster.ensure(ALL)
        partitions = cluster.partitions()[normalized(flow.kinds[0])]
        producer = stack.enter_context(Producer())
        outlets = Outlets(
            clickhouse=ClickHouse.from_environment(),
            latest=Latest(),
            publish=lambda topic, rows: _publish(producer, topic, rows),
            announcer=stack.enter_context(Announcer(flow.name)),
        )
        run_main(  # type: ignore[no-untyped-call] # generated stubs without types
            dataflow(flow, outlets, process, partitions),
            epoch_interval=flow.epoch,
            recovery_config=RecoveryConfig(_recovery(process, partitions)),  # type: ignore[no-untyped-call]
        )
    return 0


def dataflow(flow: Flow, outlets: Outlets, process: Process, partitions: int) -> Dataflow:
    """The graph that Bytewax runs."""
    graph = Dataflow(flow.name)
    pieces = op.input("pieces", graph, Normalized(flow.kinds, flow.name, partitions, process.stopping))
    rows = op.stateful_batch("memory", pieces, lambda dumped: FlowLogic(flow.memory(outlets, dumped)))
    for number, sink in enumerate(flow.sinks(outlets)):
        op.output(f"sink-{number}", rows, sink)
    return graph


def raw_position(partition: int) -> int:
    """Number of the last trade that the raw sink has stored."""
    known = Confirmations().of(normalized("trades"), partition).get(RAW_SINK)
    return known.seq if known is not None else -1


RAW_SINK = "sink"
"""Name under which the sink of ``flowforge.raw_trades`` confirms."""


def _recovery(process: Process, partitions: int) -> Path:
    """The store's folder. Bytewax cannot go on with fewer partitions than it stored: each number has its own."""
    folder = process.place / "recovery" / f"{process.name}-{FORMAT}-{partitions}"
    if not any(folder.glob("*.sqlite3")):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        init_db_dir(folder, 1)  # type: ignore[no-untyped-call]
    return folder


def _publish(producer: Producer, topic: str, rows: Sequence[tuple[str, Row]]) -> None:
    """The topic carries news for whoever listens; the tables are the record, so that a broker that is away
    costs readers of the topic a row and nobody else.
    """
    try:
        producer.send(topic, (_message(topic, key, row) for key, row in rows))
    except BrokerLostError as lost:
        log.warning("%s Rows of %s are in their table and not on the topic.", lost, topic)


def _message(topic: str, key: str, row: Row) -> Outgoing:
    """A row in an envelope; the same row has the same id whenever it is sent."""
    at = text(row["window_end"])
    name = ":".join(part for part in (topic, key, row.get("kind", ""), at, str(row["revision"])) if part)
    value = encode(
        event_id=name,
        event_time=at,
        ingest_time=text(datetime.now(UTC)),
        source=f"/flowforge/{topic}",
        entity_id=key,
        payload={name: plain(value) for name, value in row.items()},
    )
    return Outgoing(key.encode(), value)
