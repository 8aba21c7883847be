"""What orders a node's rows, as far as a node behind it may rely on it.

It travels beside the schema: ``first`` of rows that nothing orders is refused while the graph is
drawn, not only when it is compiled. The TypeScript twin is ``frontend/src/shared/schema/ordering.ts``.
"""

from __future__ import annotations

from typing import Any

from flowforge.catalog import Table
from flowforge.records import dataclass


@dataclass(frozen=True, slots=True)
class Ordering:
    """``trade``: the table's own total order tells the rows apart. ``sorted``: a sort stands before."""

    trade: bool = False
    sorted: bool = False


NONE = Ordering()


def of_table(table: Table) -> Ordering:
    """The trade order, where the table declares one that its readers can see."""
    return Ordering(trade=any(column.name in table.trade_order for column in table.columns))


def kept(config: Any, inputs: tuple[Ordering, ...]) -> Ordering:
    """The only input's; rows of several inputs have no order."""
    return inputs[0] if len(inputs) == 1 else NONE


def lost(config: Any, inputs: tuple[Ordering, ...]) -> Ordering:
    """The rows that come out are others than those that went in."""
    return NONE
