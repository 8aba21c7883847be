"""Where a table's data ends, for this tenant: so that what begins there shows something."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import orjson

from flowforge.graph import Edge, Graph, Node
from flowforge.results import answer, plan
from flowforge.stores import EXECUTE
from flowforge.tenancy import Access

Table = tuple[str, str]


async def newest_days(access: Access, table: Table, column: str, days: int) -> tuple[str, str] | None:
    """From the start of the first day (UTC) to the newest value, as configuration values; None without rows.

    A date's range is of dates, a datetime's of datetimes.
    """
    newest = {"function": "max", "column": column, "alias": "newest"}
    ((value,),) = await _rows(access, table, ("group_by", {"aggregations": [newest]}))
    if value is None:
        return None
    if "T" not in value:
        return (date.fromisoformat(value) - timedelta(days=days - 1)).isoformat(), value
    day = datetime.fromisoformat(value[:19]).date() - timedelta(days=days - 1)
    # Up to the whole second after the newest row: parameters of a day are easier to read and to change.
    end = datetime.fromisoformat(value[:19]).replace(tzinfo=UTC) + timedelta(seconds=1)
    return f"{day.isoformat()}T00:00:00Z", end.isoformat().replace("+00:00", "Z")


async def busiest_symbol(
    access: Access, table: Table, column: str | None, period: tuple[str, str] | None
) -> str | None:
    """The symbol with most rows in a period; None without rows."""
    steps: list[tuple[str, dict[str, Any]]] = []
    if column is not None and period is not None:
        bounds = {"column": column, "operator": "BETWEEN", "value": list(period)}
        steps.append(("filter", {"filters": [bounds]}))
    steps += [
        ("group_by", {"group_by": ["symbol"], "aggregations": [{"function": "count", "alias": "rows"}]}),
        ("sort", {"sorts": [{"column": "rows", "direction": "desc"}, {"column": "symbol"}]}),
    ]
    rows = await _rows(access, table, *steps)
    return str(rows[0][0]) if rows else None


async def _rows(access: Access, table: Table, *steps: tuple[str, dict[str, Any]]) -> Sequence[Sequence[Any]]:
    """The first row of a table behind these steps: compiled, guarded and verified like every other."""
    source = ("data_source", {"database": table[0], "table": table[1]})
    nodes = [Node(f"n{index}", kind, data) for index, (kind, data) in enumerate((source, *steps))]
    wires = tuple(Edge(left.id, right.id) for left, right in pairwise(nodes))
    graph = Graph({node.id: node for node in nodes}, wires)
    compiled = await plan(graph, nodes[-1].id, access=access, limit=2)
    found = await answer(compiled, access, limits=EXECUTE, rows=1, kind="newest")
    rows: Sequence[Sequence[Any]] = orjson.loads(found.json())["rows"]
    return rows
