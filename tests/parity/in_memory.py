"""A case evaluated by ``flowforge.residual`` alone: every table is held in memory, nothing is fetched."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Context, Decimal
from typing import Any

import polars as pl

from flowforge.catalog import Catalog, Protection, Table
from flowforge.compiler.apply import apply_nodes
from flowforge.errors import FlowForgeError
from flowforge.formula.recursion import deep_recursion
from flowforge.graph import parse_graph
from flowforge.relation import Relation as Planned
from flowforge.relation import Scan
from flowforge.residual.rows import Rows
from flowforge.residual.select import Evaluation
from flowforge.residual.values import dtype, held
from flowforge.types import ColumnType
from oracle.relation import Relation, Row
from oracle.strategies.case import DATABASE, Case

WIDE = Context(prec=400)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def column(values: list[Any], type_: ColumnType) -> pl.Series:
    """Oracle values as a held column."""
    kept = [held(value, type_) for value in values]
    if type_.kind == "datetime":
        return pl.Series(kept, dtype=pl.Int64).cast(dtype(type_))
    return pl.Series(kept, dtype=dtype(type_))


def values(series: pl.Series, type_: ColumnType) -> list[Any]:
    """A held column as oracle values."""
    assert series.dtype == dtype(type_), (series.dtype, type_)
    if type_.kind == "decimal":
        return [
            None if each is None else Decimal(each).scaleb(-type_.scale, WIDE) for each in series.to_list()
        ]
    if type_.kind == "datetime":
        return [
            None if each is None else EPOCH + timedelta(microseconds=each // 1000)
            for each in series.cast(pl.Int64).to_list()
        ]
    return series.to_list()


class Held:
    """The tables of a case, as far as the tenant that asks may see them."""

    def __init__(self, case: Case) -> None:
        self._visible = case.visible()

    def part(self, relation: Planned) -> Rows | None:
        """Nothing was worked out before."""
        return None

    def scan(self, scan: Scan) -> Rows:
        """A table."""
        table: Relation = self._visible[scan.table.qualified_name]
        columns = {
            each.name: column([row[index] for row in table.rows], each.type)
            for index, each in enumerate(table.schema)
        }
        return Rows(columns, len(table.rows))


def planned(case: Case, *, merge: bool = True) -> Planned:
    """The relation of a case's target."""
    tables = [
        Table(
            DATABASE,
            each.name,
            "clickhouse",
            each.rows.schema,
            Protection("shared"),
            (DATABASE, each.name),
            trade_order=each.trade_order,
        )
        for each in case.tables
    ]
    graph = parse_graph(case.graph)
    nodes = graph.upstream(case.target)
    steps, page = apply_nodes(graph, nodes, Catalog.of(tables), {}, merge=merge)
    relation: Planned = steps[case.target][2]
    return relation if page is None else relation.limit(page.limit, page.offset)


def evaluated(case: Case, *, merge: bool = True) -> list[Row] | FlowForgeError:
    """The rows of a case, or why there are none."""
    relation = planned(case, merge=merge)
    try:
        with deep_recursion():
            rows = Evaluation(Held(case), case.as_of).rows(relation)
            columns = [values(rows.columns[each.name], each.expression.type) for each in relation.fields]
    except FlowForgeError as error:
        return error
    return list(zip(*columns, strict=True)) if columns else [()] * rows.height
