"""``rename``: other names for columns, in their places."""

from __future__ import annotations

from flowforge.nodes.base import NewColumnName, NodeConfig, NodeType, column_of, refuse_duplicates
from flowforge.relation import Relation
from flowforge.types import Schema


class RenameConfig(NodeConfig):
    """New names by the old ones, all given at once: two columns may change places."""

    renames: dict[str, NewColumnName]


def infer(config: RenameConfig, inputs: tuple[Schema, ...]) -> Schema:
    """The same columns; a name that another column has afterwards is refused."""
    for name in config.renames:
        column_of(inputs[0], name, f"renames.{name}")
    names = [config.renames.get(column.name, column.name) for column in inputs[0]]
    refuse_duplicates(names, lambda index: _field(config, inputs[0], names, index))
    return tuple(column.renamed(name) for column, name in zip(inputs[0], names, strict=True))


def _field(config: RenameConfig, schema: Schema, names: list[str], index: int) -> str:
    """Where the name at ``index``, which an earlier column has too, was given."""
    old = schema[index].name
    return f"renames.{old if old in config.renames else schema[names.index(names[index])].name}"


def apply(config: RenameConfig, relations: tuple[Relation, ...]) -> Relation:
    """Aliases."""
    return relations[0].rename(config.renames)


NODE = NodeType("rename", RenameConfig, infer, apply, "Other names for columns.")
