"""The chart spec of a widget: what its output node encodes, as far as the widget does not say otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flowforge.graph import Node

TABLE_ROWS = 1_000
CHART_ROWS = 10_000
"""More points than this no screen resolves; ``truncated`` says that some are missing."""

BARS = 50_000
"""Candlesticks are moved along: only some of the bars are in view at a time."""


def chart_spec(widget_type: str, node: Node, config: Mapping[str, Any]) -> dict[str, Any]:
    """``{"type": …, **encodings}``; the widget's own config wins over the node's."""
    return {**node.data, **config, "type": widget_type}


def rows_shown(widget_type: str) -> int:
    """How many rows a widget of this type gets."""
    if widget_type == "candlestick":
        return BARS
    return TABLE_ROWS if widget_type in ("table", "table_view") else CHART_ROWS
