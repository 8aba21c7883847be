"""All node types, in the order of the palette."""

from collections.abc import Mapping

from flowforge.nodes import (
    asof_join,
    bar_chart,
    candlestick,
    data_source,
    filter,  # noqa: A004 – a node type is called what users call it
    formula,
    group_by,
    heatmap,
    join,
    kpi,
    limit,
    line_chart,
    pivot,
    pivot_table,
    rename,
    sample,
    scatter,
    select,
    sort,
    table_view,
    time_bucket,
    treemap,
    union,
    unique,
    window,
)
from flowforge.nodes.base import NodeConfig, NodeType, Port

NODES: tuple[NodeType, ...] = (
    data_source.NODE,
    filter.NODE,
    select.NODE,
    rename.NODE,
    formula.NODE,
    time_bucket.NODE,
    window.NODE,
    group_by.NODE,
    pivot.NODE,
    sort.NODE,
    unique.NODE,
    sample.NODE,
    limit.NODE,
    join.NODE,
    asof_join.NODE,
    union.NODE,
    table_view.NODE,
    line_chart.NODE,
    bar_chart.NODE,
    candlestick.NODE,
    scatter.NODE,
    heatmap.NODE,
    treemap.NODE,
    kpi.NODE,
    pivot_table.NODE,
)

BY_KIND: Mapping[str, NodeType] = {node.kind: node for node in NODES}

__all__ = ["BY_KIND", "NODES", "NodeConfig", "NodeType", "Port"]
