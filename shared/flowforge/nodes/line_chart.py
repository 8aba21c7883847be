"""``line_chart``: y over x, one line group per series."""

from __future__ import annotations

from flowforge.nodes.base import NodeType
from flowforge.nodes.charts import AxesConfig, apply, infer


class LineChartConfig(AxesConfig):
    """The columns drawn on the axes."""


NODE = NodeType("line_chart", LineChartConfig, infer, apply, "Values over x as lines.", terminal=True)
