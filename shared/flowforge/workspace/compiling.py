"""What the nodes of a saved graph compile to, for whoever compares two of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from flowforge.errors import FlowForgeError
from flowforge.graph import Graph
from flowforge.records import dataclass
from flowforge.results import plan
from flowforge.results.shapes import ColumnShape
from flowforge.tenancy import Access
from flowforge.types import Schema, to_json


class TypeChange(BaseModel):
    """A column of both schemas whose type or nullability differs."""

    name: str
    before: ColumnShape
    after: ColumnShape


class SchemaDifference(BaseModel):
    """From one output schema to another; ``reordered`` says that the columns of both come in another order."""

    added: list[ColumnShape]
    removed: list[ColumnShape]
    changed: list[TypeChange]
    reordered: bool

    @property
    def empty(self) -> bool:
        """Whether nothing differs."""
        return not (self.added or self.removed or self.changed or self.reordered)


@dataclass(frozen=True, slots=True)
class Compiled:
    """What a node gives, or the problem that keeps it from giving anything."""

    columns: Schema | None = None
    plan_hash: str | None = None
    statements: tuple[tuple[str, str], ...] = ()
    """(dialect, SQL), in order."""
    problem: Mapping[str, Any] | None = None


async def compiled(graph: Graph, node_id: str, access: Access, as_of: datetime) -> Compiled:
    """The node as the tenant would run it; never raises for what is wrong with the graph."""
    try:
        found = await plan(graph, node_id, access=access, as_of=as_of)
    except FlowForgeError as error:
        if error.status >= 500:
            raise
        return Compiled(problem=error.problem())
    return Compiled(
        found.columns, found.plan_hash, tuple((each.dialect, each.sql) for each in found.statements)
    )


def schema_difference(before: Schema | None, after: Schema | None) -> SchemaDifference:
    """Columns that came, went and changed; a schema that is not known has none."""
    old = {column.name: column for column in before or ()}
    new = {column.name: column for column in after or ()}
    return SchemaDifference(
        added=[_shape(new[name].to_json()) for name in new if name not in old],
        removed=[_shape(old[name].to_json()) for name in old if name not in new],
        changed=[
            TypeChange(name=name, before=_shape(old[name].to_json()), after=_shape(new[name].to_json()))
            for name in new
            if name in old and old[name] != new[name]
        ],
        reordered=[name for name in old if name in new] != [name for name in new if name in old],
    )


def shown(columns: Schema | None) -> list[ColumnShape] | None:
    """A schema as the API shows it."""
    return None if columns is None else [_shape(each) for each in to_json(columns)]


def _shape(column: dict[str, Any]) -> ColumnShape:
    return ColumnShape.model_validate(column)
