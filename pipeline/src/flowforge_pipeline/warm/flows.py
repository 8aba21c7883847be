"""The flows by name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from flowforge_pipeline.warm import volatility_flow, vwap
from flowforge_pipeline.warm.logic import Memory
from flowforge_pipeline.warm.revisions import Revisions
from flowforge_pipeline.warm.run import Flow, raw_position
from flowforge_pipeline.warm.sinks import Outlets, TableSink

_REVISIONS = Revisions()


def _vwap(outlets: Outlets, dumped: bytes | None) -> Memory:
    return vwap.VwapMemory(outlets.clickhouse, raw_position, _REVISIONS, dumped)


def _volatility(outlets: Outlets, dumped: bytes | None) -> Memory:
    return volatility_flow.VolatilityMemory(outlets.clickhouse, raw_position, _REVISIONS, dumped)


FLOWS: Mapping[str, Flow] = {
    flow.name: flow
    for flow in (
        Flow("vwap", ("trades",), _vwap, lambda outlets: TableSink(vwap.TARGET, outlets)),
        Flow(
            "volatility",
            ("trades",),
            _volatility,
            lambda outlets: TableSink(volatility_flow.TARGET, outlets),
            epoch=timedelta(seconds=5),  # its memory is two days of minutes
        ),
    )
}
