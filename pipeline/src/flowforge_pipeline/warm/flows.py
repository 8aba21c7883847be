"""The flows by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from bytewax.outputs import Sink

from flowforge_pipeline.warm import anomaly_flow, volatility_flow, vwap
from flowforge_pipeline.warm.logic import Memory
from flowforge_pipeline.warm.revisions import Revisions
from flowforge_pipeline.warm.run import Flow, raw_position
from flowforge_pipeline.warm.sinks import Outlets, TableSink, Target

_REVISIONS = Revisions()


def _vwap(outlets: Outlets, dumped: bytes | None) -> Memory[Any]:
    return vwap.VwapMemory(outlets.clickhouse, raw_position, _REVISIONS, dumped)


def _volatility(outlets: Outlets, dumped: bytes | None) -> Memory[Any]:
    return volatility_flow.VolatilityMemory(outlets.clickhouse, raw_position, _REVISIONS, dumped)


def _anomaly(_: Outlets, dumped: bytes | None) -> Memory[Any]:
    return anomaly_flow.AnomalyMemory(_REVISIONS, dumped)


def _table(target: Target) -> Callable[[Outlets], Sequence[Sink[Any]]]:
    return lambda outlets: (TableSink(target, outlets),)


FLOWS: Mapping[str, Flow] = {
    flow.name: flow
    for flow in (
        Flow("vwap", ("trades",), _vwap, _table(vwap.TARGET)),
        Flow(
            "volatility",
            ("trades",),
            _volatility,
            _table(volatility_flow.TARGET),
            epoch=timedelta(seconds=5),  # its memory is two days of minutes
        ),
        Flow(
            "anomaly",
            ("trades", "quotes"),
            _anomaly,
            lambda outlets: (TableSink(anomaly_flow.TARGET, outlets), anomaly_flow.AlertSink()),
        ),
    )
}
