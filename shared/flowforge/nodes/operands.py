"""What an aggregate reads, checked: its column, and the weight or the order that it may take."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flowforge.errors import ErrorCode, GraphError
from flowforge.formula.tree import Expression, Reference
from flowforge.nodes import aggregates
from flowforge.nodes.base import column_of
from flowforge.types import Schema


def operands(
    function: str, given: Mapping[str, str | None], schema: Schema, field: Callable[[str], str]
) -> list[Expression]:
    """The operands as references, in the order of ``given`` (column, then weight or by).

    ``field`` names the configuration field of an operand. ``INVALID_CONFIG`` where one is missing or
    not taken, ``UNKNOWN_COLUMN`` and ``TYPE_MISMATCH`` where it cannot be read.
    """
    takes = aggregates.TAKES[function]
    found: list[Expression] = []
    for name, chosen in given.items():
        place = field(name)
        called = place.rpartition(".")[2]
        if chosen is None:
            if name in takes.required:
                raise GraphError(
                    ErrorCode.INVALID_CONFIG, f"{function} needs a {called}.", field=place, hint="Choose one."
                )
            continue
        if name not in takes.required and name not in takes.optional:
            raise GraphError(ErrorCode.INVALID_CONFIG, f"{function} takes no {called}.", field=place)
        column = column_of(schema, chosen, place)
        if name != "by" and column.type.kind not in takes.accepts:
            raise GraphError(
                ErrorCode.TYPE_MISMATCH,
                f"{function} needs {takes.wants}, but {column.name!r} is {column.type}.",
                field=place,
                column=column.name,
                hint="Choose another column, or convert it in a formula node first.",
            )
        found.append(Reference(column.name, column.type, column.nullable))
    return found


def require_order(function: str, by: str | None, field: str, *, ordered: bool) -> None:
    """``first`` and ``last`` need an order: ``by``, or the rows' own (``ordered``)."""
    if function in ("first", "last") and by is None and not ordered:
        raise GraphError(
            ErrorCode.INVALID_CONFIG,
            f"{function} needs an order, and these rows have none of their own.",
            field=field,
            hint="Choose the column that orders the rows, for example the time.",
        )
