"""What a node type is: one configuration, one schema rule, one step in the relation algebra."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, StringConstraints

from flowforge.catalog import Store
from flowforge.errors import ErrorCode, GraphError
from flowforge.formula.errors import nearest
from flowforge.nodes.ordering import Ordering, kept
from flowforge.records import dataclass
from flowforge.relation import Relation
from flowforge.types import Column, Schema

ColumnName = Annotated[str, StringConstraints(min_length=1, max_length=128)]
"""A column that is only referred to."""

NEW_NAME = r'^[^\x00-\x1f\x7f"`\\\[\]]{1,128}$'
NewColumnName = Annotated[str, StringConstraints(pattern=NEW_NAME)]
"""A column that is made: no control characters, quotes, backslashes or brackets."""


class NodeConfig(BaseModel):
    """Base of all configurations: unknown keys are refused, values are not converted."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, defer_build=True)


C = TypeVar("C", bound=NodeConfig)


@dataclass(frozen=True, slots=True)
class Port:
    """An input. ``handle`` is the edge's ``targetHandle`` (None: the only port)."""

    handle: str | None = None
    least: int = 1
    most: int = 1


ONE_INPUT = (Port(),)


@dataclass(frozen=True, slots=True)
class NodeType:
    """One node type: everything that the compiler, propagation and the code generator need.

    ``infer(config, inputs)`` gives the output schema or raises ``GraphError`` with field and column;
    ``apply(config, relations)`` is only called where ``infer`` succeeded. A source's single input is
    the table it names. ``apply_checks``: ``apply`` raises what ``infer`` would (both analyse the same
    expression, which the compiler then need not do twice). ``orders(config, inputs)`` gives what orders
    the rows that come out, or raises ``GraphError`` where the node needs an order that its input lacks.
    ``stores``: the stores that can run it, where not all can.
    """

    kind: str
    config: type[NodeConfig]
    infer: Callable[[Any, tuple[Schema, ...]], Schema]
    apply: Callable[[Any, tuple[Relation, ...]], Relation]
    doc: str
    ports: tuple[Port, ...] = ONE_INPUT
    terminal: bool = False
    apply_checks: bool = False
    orders: Callable[[Any, tuple[Ordering, ...]], Ordering] = kept
    stores: frozenset[Store] | None = None


def column_of(schema: Schema, name: str, field: str) -> Column:
    """The column of that name; ``UNKNOWN_COLUMN`` names the configuration field and near names."""
    for column in schema:
        if column.name == name:
            return column
    raise GraphError(
        ErrorCode.UNKNOWN_COLUMN,
        f"There is no column {name!r} here.",
        field=field,
        column=name,
        hint=nearest(name, [column.name for column in schema]),
    )


def refuse_duplicates(names: Sequence[str], field: Callable[[int], str]) -> None:
    """``DUPLICATE_COLUMN`` at the first name that was there before."""
    seen: set[str] = set()
    for index, name in enumerate(names):
        if name in seen:
            raise GraphError(
                ErrorCode.DUPLICATE_COLUMN,
                f"The column {name!r} would be there twice.",
                field=field(index),
                column=name,
                hint="Take one away or give it another name.",
            )
        seen.add(name)
