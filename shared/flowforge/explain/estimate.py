"""``POST /api/v1/estimate``: what a graph would read, from the engines' planners; nothing is run.

A planner looks at whole tables: at granules that hold other tenants' rows too, at a view's states of
all symbols, at statistics of everybody's values. So a tenant who sees a part of a table is never told
more than the rows of that part, and where a planner counts by statistics (PostgreSQL) just those. Bytes
are the rows in the widths of their columns' types, for the real sizes are those of others' values too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from flowforge.catalog import Table
from flowforge.graph import parse_graph
from flowforge.quotas import query_slot
from flowforge.results import plan
from flowforge.results.shapes import GraphDocument, NodeId, Parameters, Strict, UseRollups
from flowforge.schema import catalog_for
from flowforge.schema.owned_rows import owned_rows
from flowforge.stores import ESTIMATE, estimate
from flowforge.tenancy import Access
from flowforge.types import ColumnType

if TYPE_CHECKING:
    from flowforge.compiler import Plan, Statement, TableRead

_TEXT_BYTES = 16
_WIDTHS: Mapping[str, int] = {"boolean": 1, "date": 2, "string": _TEXT_BYTES}


class EstimateRequest(Strict):
    """A graph and the node whose cost is asked for."""

    graph: GraphDocument
    target_node_id: NodeId
    params: Parameters | None = None
    use_rollups: UseRollups = True


class StatementEstimate(BaseModel):
    """At most so many rows, of so many bytes, would be read for one statement."""

    store: str
    rows: int
    bytes: int


class EstimateResponse(BaseModel):
    """The sums over all statements, and each of them."""

    rows: int
    bytes: int
    statements: list[StatementEstimate]


async def estimated(access: Access, request: EstimateRequest) -> dict[str, Any]:
    """The cost of a node as ``EstimateResponse``."""
    compiled = await plan(
        parse_graph(request.graph),
        request.target_node_id,
        access=access,
        params=request.params,
        use_rollups=request.use_rollups,
    )
    tables = (await catalog_for(access)).tables
    found = [await _statement(compiled, each, tables, access) for each in compiled.statements]
    return {
        "rows": sum(each["rows"] for each in found),
        "bytes": sum(each["bytes"] for each in found),
        "statements": found,
    }


async def _statement(
    compiled: Plan, statement: Statement, tables: Mapping[str, Table], access: Access
) -> dict[str, Any]:
    async with query_slot(access.tenant_id):
        planned = await estimate(statement, ESTIMATE)
    scanned = [
        (table, each)
        for each in compiled.reads
        if each.scanned and (table := tables.get(each.table)) is not None and table.store == statement.store
    ]
    named = {table.physical for table, _ in scanned}
    behind_views = sum(rows for place, rows in planned.items() if place not in named)
    rows = size = 0
    for table, read in scanned:
        of_table = planned.get(table.physical, behind_views)
        owned = await owned_rows(table, read.symbols, access)
        if owned is not None:
            of_table = owned if statement.store == "postgres" else min(of_table, owned)
        rows += of_table
        size += of_table * _row_bytes(table, read)
    return {"store": statement.store, "rows": rows, "bytes": size}


def _row_bytes(table: Table, read: TableRead) -> int:
    types = [column.type for column in table.columns if column.name in read.columns]
    return sum(map(_bytes, types))


def _bytes(type_: ColumnType) -> int:
    if type_.kind == "decimal":
        return 8 if type_.precision <= 18 else 16 if type_.precision <= 38 else 32
    return _WIDTHS.get(type_.kind, 8)
