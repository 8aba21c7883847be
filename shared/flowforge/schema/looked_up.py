"""Tables of point look-ups: nothing has to be discovered, their layout is our own."""

from __future__ import annotations

from collections.abc import Mapping

from flowforge.catalog import Table
from flowforge.schema.declared import DECLARED
from flowforge.stores.latest import LAYOUTS

DATABASE = "redis"


def looked_up_tables() -> Mapping[str, Table]:
    """By qualified name."""
    found: dict[str, Table] = {}
    for name, layout in LAYOUTS.items():
        declared = DECLARED[f"{DATABASE}.{name}"]
        found[f"{DATABASE}.{name}"] = Table(
            database=DATABASE,
            name=name,
            store="redis",
            columns=layout.columns,
            protection=declared.protection,
            physical=(DATABASE, layout.prefix),
            freshness=declared.freshness,
            time_column=declared.time_column,
            trade_order=declared.trade_order,
            comment=layout.comment,
        )
    return found
