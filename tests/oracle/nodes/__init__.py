"""One file per node type; each has ``evaluate(config, inputs, context) -> Relation``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from oracle.context import Context
from oracle.nodes import (
    asof_join,
    axes_chart,
    candlestick,
    data_source,
    filter,  # noqa: A004 - a node type is called what users call it
    formula,
    group_by,
    heatmap,
    join,
    kpi,
    limit,
    pivot,
    pivot_table,
    rename,
    sample,
    select,
    sort,
    table_view,
    time_bucket,
    treemap,
    union,
    unique,
    window,
)
from oracle.relation import Relation

Evaluate = Callable[[Mapping[str, Any], Sequence[Relation], Context], Relation]

KINDS: Mapping[str, Evaluate] = {
    "data_source": data_source.evaluate,
    "filter": filter.evaluate,
    "select": select.evaluate,
    "formula": formula.evaluate,
    "group_by": group_by.evaluate,
    "sort": sort.evaluate,
    "limit": limit.evaluate,
    "rename": rename.evaluate,
    "union": union.evaluate,
    "unique": unique.evaluate,
    "sample": sample.evaluate,
    "time_bucket": time_bucket.evaluate,
    "window": window.evaluate,
    "pivot": pivot.evaluate,
    "join": join.evaluate,
    "asof_join": asof_join.evaluate,
    "table_view": table_view.evaluate,
    "line_chart": axes_chart.evaluate,
    "bar_chart": axes_chart.evaluate,
    "scatter": axes_chart.evaluate,
    "kpi": kpi.evaluate,
    "candlestick": candlestick.evaluate,
    "heatmap": heatmap.evaluate,
    "treemap": treemap.evaluate,
    "pivot_table": pivot_table.evaluate,
}
