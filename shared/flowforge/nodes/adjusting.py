"""What adjusting for splits, or for splits and dividends, makes of a table's columns: their types.

``flowforge.nodes.adjusted`` says what their values are. The TypeScript twin is
``frontend/src/shared/schema/adjusting.ts``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from flowforge.catalog import ADJUSTMENT_FACTORS, Adjustable, Catalog, Table
from flowforge.errors import ErrorCode, GraphError
from flowforge.formula import rules
from flowforge.types import Column, Schema, decimal

Adjustment = Literal["none", "splits", "total_return"]

FACTOR = decimal(38, 12)
_FIELD = "adjust"


def adjustable(table: Table, catalog: Catalog) -> Adjustable:
    """What there is to adjust; ``INVALID_CONFIG`` on ``adjust`` where nothing can be."""
    found = table.adjustable
    if found is None:
        raise GraphError(
            ErrorCode.INVALID_CONFIG,
            f"{table.qualified_name} has no prices that could be adjusted.",
            field=_FIELD,
            hint="Set 'adjust' to 'none', or read a table of trades, quotes or bars.",
        )
    if ADJUSTMENT_FACTORS not in catalog.tables:
        raise GraphError(
            ErrorCode.INVALID_CONFIG,
            f"Adjusting needs the table {ADJUSTMENT_FACTORS}, which is not here.",
            field=_FIELD,
            hint="Set 'adjust' to 'none', or ask for access to that table.",
        )
    return found


def adjusted_columns(table: Table, catalog: Catalog, adjust: Adjustment) -> Schema:
    """The table's columns with the types that adjusting gives them."""
    if adjust == "none":
        return table.columns
    changed = adjustable(table, catalog)
    return tuple([_column(column, changed, adjust) for column in table.columns])


def _column(column: Column, changed: Adjustable, adjust: Adjustment) -> Column:
    if column.name in changed.prices:
        return replace(column, type=rules.multiply(column.type, FACTOR))
    if column.name in changed.quantities or (column.name in changed.amounts and adjust == "total_return"):
        return replace(column, type=rules.divide(column.type, FACTOR), nullable=True)
    return column
