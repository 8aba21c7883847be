"""``scatter``: one point per row and y, one colour per series."""

from __future__ import annotations

from flowforge.nodes.base import NodeType
from flowforge.nodes.charts import AxesConfig, apply, infer


class ScatterConfig(AxesConfig):
    """The columns drawn on the axes."""


NODE = NodeType("scatter", ScatterConfig, infer, apply, "Values against x as points.", terminal=True)
