"""``GET /api/v1/schema/{database}/{table}/values``: compiled, guarded and verified like every row."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import orjson
from pydantic import BaseModel, ConfigDict, Field

from flowforge.errors import AccessError, ErrorCode, GraphError
from flowforge.graph import Edge, Graph, Node
from flowforge.results import answer, plan
from flowforge.schema import catalog_for
from flowforge.stores import PREVIEW
from flowforge.tenancy import Access
from flowforge.types import find

LIMIT = 1_000


class ValuesQuery(BaseModel):
    """Which column, how many values, and what text values must contain (case-sensitive)."""

    model_config = ConfigDict(extra="forbid")

    column: str = Field(min_length=1, max_length=255)
    limit: int = Field(default=100, ge=1, le=LIMIT)
    search: str | None = Field(default=None, max_length=255)


class ValuesResponse(BaseModel):
    """Values in ascending order, NULL left out; ``truncated`` says that there are more."""

    column: str
    type: str
    values: list[Any]
    truncated: bool
    cache_hit: bool


async def distinct_values(access: Access, database: str, table: str, query: ValuesQuery) -> bytes:
    """The JSON of a ``ValuesResponse``; 404 for a table that the tenant does not see."""
    found = (await catalog_for(access)).get(database, table)
    if found is None:
        raise AccessError(ErrorCode.NOT_FOUND, f"There is no table {f'{database}.{table}'!r}.")
    column = find(found.columns, query.column)
    if column is None:
        raise GraphError(
            ErrorCode.UNKNOWN_COLUMN,
            f"{found.qualified_name} has no column {query.column!r}.",
            field="column",
            column=query.column,
        )
    compiled = await plan(_graph(database, table, query), "sorted", access=access, limit=query.limit + 1)
    result = await answer(compiled, access, limits=PREVIEW, rows=query.limit, kind="values")
    rows = orjson.loads(result.json())
    return orjson.dumps(
        {
            "column": column.name,
            "type": str(column.type),
            "values": [row[0] for row in rows["rows"]],
            "truncated": rows["truncated"],
            "cache_hit": rows["cache_hit"],
        }
    )


def _graph(database: str, table: str, query: ValuesQuery) -> Graph:
    """Source → not NULL (and like) → group by the column → its values alone → in order."""
    conditions: list[dict[str, Any]] = [{"column": query.column, "operator": "IS NOT NULL"}]
    if query.search:
        pattern = query.search.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        conditions.append({"column": query.column, "operator": "LIKE", "value": f"%{pattern}%"})
    nodes = (
        Node("source", "data_source", {"database": database, "table": table}),
        Node("known", "filter", {"filters": conditions, "logic": "AND"}),
        Node(
            "distinct",
            "group_by",
            {"group_by": [query.column], "aggregations": [{"function": "count", "alias": "rows·"}]},
        ),
        Node("values", "select", {"columns": [query.column]}),
        Node("sorted", "sort", {"sorts": [{"column": query.column, "direction": "asc"}]}),
    )
    wires = pairwise(nodes)
    return Graph({node.id: node for node in nodes}, tuple(Edge(left.id, right.id) for left, right in wires))
