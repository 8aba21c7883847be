"""``window``: one more column, worked out from the rows around each row.

    lag, lead          the value ``offset`` rows before or after; NULL beyond the partition
    row_number         1, 2, 3 …        rank   equal rows share a rank and leave a gap behind it
    rolling_*          an aggregate over the last ``frame.rows`` rows, the current one included
    cumulative_sum     the sum so far   pct_change   (value − the one before) ÷ the one before

Rows are ordered in their partition by ``order_by``, then by the incoming order; NULL is last in either
direction. Rows that are still equal are told apart by the table's trade order where there is one, else by the
values of all columns – except by ``rank``, for which they are equal. Types and rounding are those of the
aggregates of a group by: NULLs are left out, and a frame that holds nothing else gives NULL.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from flowforge.errors import ErrorCode, GraphError
from flowforge.formula.tree import Expression, Reference
from flowforge.nodes import window_functions
from flowforge.nodes.base import ColumnName, NewColumnName, NodeConfig, NodeType, column_of, refuse_duplicates
from flowforge.nodes.limit import MAX_ROWS
from flowforge.nodes.ordering import Ordering, kept
from flowforge.nodes.sort import SortTerm
from flowforge.relation import Relation, windowing
from flowforge.types import Column, Schema

WindowFunction = Literal[
    "lag", "lead", "row_number", "rank", "rolling_avg", "rolling_sum", "rolling_min", "rolling_max",
    "rolling_stddev", "cumulative_sum", "pct_change",
]  # fmt: skip


class Frame(NodeConfig):
    """How many rows a rolling aggregate looks at, the current one included."""

    rows: int = Field(ge=1, le=MAX_ROWS)


class WindowConfig(NodeConfig):
    """The function, the column it reads, and the order and the partitions it reads it in.

    ``order_by`` may be left out where the input is sorted. ``frame`` is that of the rolling functions,
    ``offset`` that of ``lag`` and ``lead``. The new column is called ``function_column`` by default.
    """

    function: WindowFunction
    column: ColumnName | None = None
    partition_by: list[ColumnName] = Field(default_factory=list, max_length=100)
    order_by: list[SortTerm] = Field(default_factory=list, max_length=100)
    frame: Frame | None = None
    offset: int = Field(default=1, ge=1, le=MAX_ROWS)
    output_column: NewColumnName | None = None

    @property
    def output(self) -> str:
        """The given name, or ``function_column`` (``row_number`` and ``rank`` read none)."""
        if self.output_column is not None:
            return self.output_column
        return self.function if self.column is None else f"{self.function}_{self.column}"


def infer(config: WindowConfig, inputs: tuple[Schema, ...]) -> Schema:
    """The input and one typed column."""
    (schema,) = inputs
    operand = _operand(config, schema)
    for index, name in enumerate(config.partition_by):
        column_of(schema, name, f"partition_by.{index}")
    refuse_duplicates(config.partition_by, lambda index: f"partition_by.{index}")
    for index, term in enumerate(config.order_by):
        column_of(schema, term.column, f"order_by.{index}.column")
    refuse_duplicates([term.column for term in config.order_by], lambda index: f"order_by.{index}.column")
    _check_options(config)
    refuse_duplicates([*[each.name for each in schema], config.output], lambda _: "output_column")
    made = window_functions.build(config.function, operand, lambda function, _: function)
    return (*schema, Column(config.output, made.type, made.nullable))


def _operand(config: WindowConfig, schema: Schema) -> Reference | None:
    function, takes = config.function, window_functions.TAKES[config.function]
    if config.column is None:
        if takes is not None:
            raise GraphError(
                ErrorCode.INVALID_CONFIG, f"{function} needs a column.", field="column", hint="Choose one."
            )
        return None
    if takes is None:
        raise GraphError(
            ErrorCode.INVALID_CONFIG,
            f"{function} takes no column.",
            field="column",
            hint="Take it away: rows are counted in their order.",
        )
    column = column_of(schema, config.column, "column")
    if column.type.kind not in takes.accepts:
        raise GraphError(
            ErrorCode.TYPE_MISMATCH,
            f"{function} needs {takes.wants}, but {column.name!r} is {column.type}.",
            field="column",
            column=column.name,
            hint="Choose another column, or convert it in a formula node first.",
        )
    return Reference(column.name, column.type, column.nullable)


def _check_options(config: WindowConfig) -> None:
    """``frame`` and ``offset`` are given where they mean something, and only there."""
    rolling = config.function.startswith("rolling_")
    if rolling != (config.frame is not None):
        raise GraphError(
            ErrorCode.INVALID_CONFIG,
            f"{config.function} {'needs a' if rolling else 'takes no'} frame.",
            field="frame",
            hint='Say over how many rows: {"rows": 20}.' if rolling else "Take it away.",
        )
    if config.offset != 1 and config.function not in ("lag", "lead"):
        raise GraphError(
            ErrorCode.INVALID_CONFIG,
            f"{config.function} takes no offset.",
            field="offset",
            hint="Only lag and lead look so many rows away.",
        )


def apply(config: WindowConfig, relations: tuple[Relation, ...]) -> Relation:
    """A field with an OVER clause."""
    (relation,) = relations
    _require_order(config, is_sorted=any(not term.choosing for term in relation.order))
    looks = windowing.Looks(
        config.partition_by,
        [(term.column, term.direction == "desc") for term in config.order_by],
        tells_equal_rows_apart=config.function != "rank",
    )
    rows = None if config.frame is None else config.frame.rows

    def build(operand: Expression | None, over: windowing.Over) -> Expression:
        return window_functions.build(config.function, operand, over, offset=config.offset, rows=rows)

    return windowing.extend(relation, config.output, config.column, looks, build)


def orders(config: WindowConfig, inputs: tuple[Ordering, ...]) -> Ordering:
    """That of the input, which must have one where none is given."""
    _require_order(config, is_sorted=inputs[0].sorted)
    return kept(config, inputs)


def _require_order(config: WindowConfig, *, is_sorted: bool) -> None:
    if not config.order_by and not is_sorted:
        raise GraphError(
            ErrorCode.INVALID_CONFIG,
            f"{config.function} needs an order of the rows, and they have none.",
            field="order_by",
            hint="Choose the columns that order the rows, for example the time, or sort them before.",
        )


NODE = NodeType(
    "window", WindowConfig, infer, apply, "A column worked out from the rows around each row.", orders=orders
)
