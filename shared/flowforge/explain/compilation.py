"""``POST /api/v1/compile``."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, Field

from flowforge.graph import parse_graph
from flowforge.results import plan
from flowforge.results.shapes import ColumnShape, GraphDocument, NodeId, Parameters, Strict, UseRollups
from flowforge.tenancy import Access, Allowed
from flowforge.types import to_json

if TYPE_CHECKING:
    from flowforge.compiler import NodeReport, Plan


class CompileRequest(Strict):
    """A graph and the node to compile."""

    graph: GraphDocument
    target_node_id: NodeId
    params: Parameters | None = None
    use_rollups: UseRollups = True


class StatementShape(BaseModel):
    """One query for one store."""

    store: str
    dialect: str
    sql: str


class RollupShape(BaseModel):
    """A rollup that holds the rows of ``base`` added up: whether the node's groups come from it, and why."""

    table: str
    base: str
    used: bool
    reason: str


class NodeShape(BaseModel):
    """How a node ended up in the SQL: merged into another node's SELECT, or behind a named barrier.

    ``store`` is where it runs, ``memory`` where no single store can do it; ``sql_span`` lies in the text
    of ``statements[statement]``.
    """

    schema_: list[ColumnShape] = Field(alias="schema")
    merged_into: str | None
    barrier: str | None
    detail: str
    sql_span: tuple[int, int] | None
    store: str
    statement: int | None
    rollup: RollupShape | None


class ColumnOriginShape(BaseModel):
    """A source column."""

    database: str
    table: str
    column: str


class ResidualInputShape(BaseModel):
    """Rows that are fetched: of a statement, or of a table that takes no SQL; only these columns."""

    store: str
    columns: list[str]
    statement: int | None = None
    table: str | None = None


class ResidualStepShape(BaseModel):
    """What a node does in memory."""

    node_id: str
    type: str
    detail: str


class ResidualShape(BaseModel):
    """What is left to do in memory once the statements have answered; null where one of them does it all."""

    engine: Literal["polars"]
    inputs: list[ResidualInputShape]
    steps: list[ResidualStepShape]


class TableReadShape(BaseModel):
    """What a plan reads of one table; ``symbols`` is ``*`` where symbols do not guard it."""

    table: str
    symbols: list[str] | Literal["*"]
    columns: list[str]


class ReadsShape(BaseModel):
    """What a plan reads: a change elsewhere cannot change its result.

    Rollups stand behind the graph's own tables, for which they answer. ``symbols`` are those of all together.
    """

    tables: list[str]
    symbols: list[str] | Literal["*"]
    details: list[TableReadShape]


class CompileResponse(BaseModel):
    """A compiled graph."""

    statements: list[StatementShape]
    residual: ResidualShape | None = None
    columns: list[ColumnShape]
    nodes: dict[str, NodeShape]
    lineage: dict[str, list[ColumnOriginShape]]
    reads: ReadsShape
    freshness: str
    plan_hash: str


async def explain(access: Access, request: CompileRequest) -> dict[str, Any]:
    """The plan of a node as ``CompileResponse``; nothing is run."""
    graph = parse_graph(request.graph)
    return shown(
        await plan(
            graph,
            request.target_node_id,
            access=access,
            params=request.params,
            use_rollups=request.use_rollups,
        )
    )


def shown(plan: Plan) -> dict[str, Any]:
    """A plan in the shape of the API."""
    return {
        "statements": [
            {"store": each.store, "dialect": each.dialect, "sql": each.sql} for each in plan.statements
        ],
        "residual": plan.residual.described() if plan.residual is not None else None,
        "columns": to_json(plan.columns),
        "nodes": {node_id: _node(report) for node_id, report in plan.nodes.items()},
        "lineage": {
            column: [
                {"database": database, "table": table, "column": name} for database, table, name in origins
            ]
            for column, origins in plan.lineage.items()
        },
        "reads": {
            "tables": list(plan.tables),
            "symbols": _listed(plan.symbols),
            "details": [
                {"table": each.table, "symbols": _listed(each.symbols), "columns": list(each.columns)}
                for each in plan.reads
            ],
        },
        "freshness": plan.freshness,
        "plan_hash": plan.plan_hash,
    }


def _listed(symbols: Allowed) -> list[str] | str:
    return sorted(symbols) if isinstance(symbols, frozenset) else "*"


def _node(report: NodeReport) -> dict[str, Any]:
    return {
        "schema": to_json(report.schema),
        "merged_into": report.merged_into,
        "barrier": report.barrier,
        "detail": report.detail,
        "sql_span": report.sql_span,
        "store": report.store,
        "statement": report.statement,
        "rollup": None if report.rollup is None else asdict(report.rollup),
    }
