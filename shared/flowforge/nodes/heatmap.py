"""``heatmap``: a number per pair of x and y, drawn as the colour of a cell."""

from __future__ import annotations

from flowforge.nodes.base import ColumnName, NodeConfig, NodeType, column_of, refuse_duplicates
from flowforge.nodes.charts import require_number
from flowforge.relation import Relation
from flowforge.types import Schema

_FIELDS = ("x", "y", "value")


class HeatmapConfig(NodeConfig):
    """The columns of the two axes, and the number that is coloured."""

    x: ColumnName
    y: ColumnName
    value: ColumnName


def encoded(config: HeatmapConfig) -> list[str]:
    """The columns that are drawn: x, y, value."""
    return [config.x, config.y, config.value]


def infer(config: HeatmapConfig, inputs: tuple[Schema, ...]) -> Schema:
    """The encoded columns; the value must be a number."""
    columns = [
        column_of(inputs[0], name, field) for name, field in zip(encoded(config), _FIELDS, strict=True)
    ]
    require_number(columns[-1], "value", "the value")
    refuse_duplicates(encoded(config), lambda index: _FIELDS[index])
    return tuple(columns)


def apply(config: HeatmapConfig, relations: tuple[Relation, ...]) -> Relation:
    """Only the encoded columns are read."""
    return relations[0].project(encoded(config))


NODE = NodeType("heatmap", HeatmapConfig, infer, apply, "Values of pairs as colours.", terminal=True)
