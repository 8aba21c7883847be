"""One file per node type; each has ``evaluate(config, inputs, context) -> Relation``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from oracle.context import Context
from oracle.nodes import axes_chart, data_source, filter, formula, group_by, limit, select, sort, table_view  # noqa: A004
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
    "table_view": table_view.evaluate,
    "line_chart": axes_chart.evaluate,
    "bar_chart": axes_chart.evaluate,
}
