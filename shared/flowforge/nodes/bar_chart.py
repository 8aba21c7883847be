"""``bar_chart``: y over x, one bar group per series."""

from __future__ import annotations

from flowforge.nodes.base import NodeType
from flowforge.nodes.charts import AxesConfig, apply, infer


class BarChartConfig(AxesConfig):
    """The columns drawn on the axes."""


NODE = NodeType("bar_chart", BarChartConfig, infer, apply, "Values over x as bars.", terminal=True)
