"""``treemap``: a number per path of one to three levels, drawn as the area of a rectangle."""

from __future__ import annotations

from pydantic import Field

from flowforge.nodes.base import ColumnName, NodeConfig, NodeType, column_of, refuse_duplicates
from flowforge.nodes.charts import require_number
from flowforge.relation import Relation
from flowforge.types import Schema

MAX_LEVELS = 3


class TreemapConfig(NodeConfig):
    """The columns from the outermost to the innermost rectangle, and the number of the area."""

    path: list[ColumnName] = Field(min_length=1, max_length=MAX_LEVELS)
    value: ColumnName


def infer(config: TreemapConfig, inputs: tuple[Schema, ...]) -> Schema:
    """The path, then the value, which must be a number."""
    path = [column_of(inputs[0], name, f"path.{index}") for index, name in enumerate(config.path)]
    value = column_of(inputs[0], config.value, "value")
    require_number(value, "value", "the area")
    fields = [*[f"path.{index}" for index in range(len(path))], "value"]
    refuse_duplicates([*config.path, config.value], lambda index: fields[index])
    return (*path, value)


def apply(config: TreemapConfig, relations: tuple[Relation, ...]) -> Relation:
    """Only the path and the value are read."""
    return relations[0].project([*config.path, config.value])


NODE = NodeType("treemap", TreemapConfig, infer, apply, "Shares of a whole as areas.", terminal=True)
