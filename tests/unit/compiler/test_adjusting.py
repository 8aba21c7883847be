"""A source's adjust: types, refusals, and how little is read for what is asked. Rows: tests/parity/test_adjusted.py."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from flowforge.catalog import ADJUSTMENT_FACTORS, Adjustable, Catalog
from flowforge.compiler import Plan, compile_graph, propagate
from flowforge.errors import ErrorCode
from flowforge.graph import parse_graph
from flowforge.schema.declared import DECLARED
from flowforge.schema.rollups import ROLLUPS
from flowforge.tenancy import Access
from flowforge.types import find
from flowforge_local.workflow.snapshot import shipped
from samples import EVERYONE, FIRM, Step

CATALOGUE = Catalog.of(
    [
        replace(
            table,
            protection=DECLARED[name].protection,
            prewhere=table.store == "clickhouse",
            physical=DECLARED[name].physical or table.physical,
        )
        for name, table in shipped().tables.items()
    ],
    "shipped",
    ROLLUPS,
)
ADJUSTABLE = sorted(name for name, each in DECLARED.items() if each.adjustable is not None)
ONLY_AAPL: Step = ("filter", {"filters": [{"column": "symbol", "operator": "=", "value": "AAPL"}]})
HIGHEST: Step = (
    "group_by",
    {"group_by": ["symbol"], "aggregations": [{"function": "max", "column": "price", "alias": "dearest"}]},
)


def document(
    *steps: Step, table: str = "flowforge.raw_trades", adjust: str | None = "splits"
) -> dict[str, Any]:
    database, _, name = table.partition(".")
    source = {"database": database, "table": name} | ({} if adjust is None else {"adjust": adjust})
    chain: list[Step] = [("data_source", source), *steps]
    nodes = [{"id": f"n{at}", "type": kind, "data": data} for at, (kind, data) in enumerate(chain)]
    return {
        "nodes": nodes,
        "edges": [{"source": f"n{at}", "target": f"n{at + 1}"} for at in range(len(steps))],
    }


def compiled(*steps: Step, access: Access = FIRM, catalog: Catalog = CATALOGUE, **source: Any) -> Plan:
    graph = parse_graph(document(*steps, **source))
    return compile_graph(graph, f"n{len(steps)}", catalog=catalog.visible_to(access), access=access)


@pytest.mark.parametrize("table", ADJUSTABLE)
def test_what_is_declared_is_there_and_can_be_adjusted(table: str) -> None:
    known, changed = CATALOGUE.tables[table], DECLARED[table].adjustable
    assert changed is not None
    for name in (*changed.prices, *changed.quantities, *changed.amounts):
        column = find(known.columns, name)
        assert column is not None
        assert column.type.kind == "decimal"
    assert [find(known.columns, name) for name in (changed.day, changed.symbol, changed.made or changed.day)]
    assert changed.made is None or not changed.amounts
    plan = compiled(table=table, adjust="total_return")
    assert plan.tables == (table, ADJUSTMENT_FACTORS)
    assert plan.verified
    before = {column.name: column for column in known.columns}
    for column in plan.columns:
        if column.name in (*changed.prices, *changed.quantities, *changed.amounts):
            assert str(column.type) == "decimal(38,12)"
        else:
            assert column == before[column.name]


def test_types_are_those_of_products_and_quotients() -> None:
    def types(adjust: str) -> list[str]:
        (outcome,) = propagate(parse_graph(document(adjust=adjust)), catalog=CATALOGUE).nodes.values()
        found = [find(outcome.schema or (), name) for name in ("price", "quantity", "notional")]
        return [f"{column.type}{'?' if column.nullable else ''}" for column in found if column is not None]

    assert types("none") == ["decimal(18,6)", "decimal(18,4)", "decimal(38,10)"]
    assert types("splits") == ["decimal(38,12)", "decimal(38,12)?", "decimal(38,10)"]
    assert types("total_return") == ["decimal(38,12)", "decimal(38,12)?", "decimal(38,12)?"]


def test_none_is_as_if_nothing_were_said() -> None:
    assert compiled(adjust="none").statements == compiled(adjust=None).statements


@pytest.mark.parametrize(
    "table", ["flowforge.raw_orders", "reference.instruments", "materialize.live_quotes"]
)
def test_a_table_without_declared_prices_is_refused(table: str) -> None:
    (problem,) = propagate(parse_graph(document(table=table)), catalog=CATALOGUE).problems
    assert (problem.code, problem.node_id, problem.field) == (ErrorCode.INVALID_CONFIG, "n0", "adjust")
    assert problem.detail == f"{table} has no prices that could be adjusted."
    assert problem.hint == "Set 'adjust' to 'none', or read a table of trades, quotes or bars."


def test_whoever_may_not_read_the_factors_is_refused() -> None:
    access = Access("firm-alpha", frozenset({"AAPL"}), frozenset({"flowforge.raw_trades"}), 3)
    (problem,) = propagate(parse_graph(document()), catalog=CATALOGUE.visible_to(access)).problems
    assert (problem.code, problem.field) == (ErrorCode.INVALID_CONFIG, "adjust")
    assert problem.detail == f"Adjusting needs the table {ADJUSTMENT_FACTORS}, which is not here."


def test_both_scans_are_guarded_and_a_filter_on_the_symbol_reaches_both() -> None:
    plan = compiled(ONLY_AAPL, HIGHEST)
    assert (
        plan.statements[0].sql
        == """\
WITH raw_trades AS (
  SELECT
    symbol,
    price,
    trade_date
  FROM flowforge.raw_trades
  PREWHERE
    symbol IN ('AAPL', 'MSFT')
  WHERE
    symbol = 'AAPL'
), adjustment_factors AS (
  SELECT
    symbol,
    valid_from,
    valid_to,
    split_factor
  FROM reference.adjustment_factors
  PREWHERE
    symbol IN ('AAPL', 'MSFT')
  WHERE
    symbol = 'AAPL'
  ORDER BY
    symbol ASC,
    valid_from ASC,
    source DESC
  LIMIT 1 BY symbol, valid_from
)
SELECT
  l.symbol,
  max(
    toDecimal128(
      round(
        toDecimal256(l.price, 6) * coalesce(if(l.trade_date <= r.valid_to, r.split_factor, NULL), toDecimal128(1, 12)),
        12
      ),
      12
    )
  ) AS dearest
FROM raw_trades AS l
ASOF LEFT JOIN adjustment_factors AS r
  ON l.symbol = r.symbol AND l.trade_date >= r.valid_from
GROUP BY
  l.symbol"""
    )
    assert {read.table: read.symbols for read in plan.reads} == {
        "flowforge.raw_trades": frozenset({"AAPL"}),
        ADJUSTMENT_FACTORS: frozenset({"AAPL"}),
    }
    assert ("reference", "adjustment_factors", "split_factor") in plan.lineage["dearest"]
    assert plan.nodes["n0"].detail == (
        f"opens a query on flowforge.raw_trades, adjusted for splits by {ADJUSTMENT_FACTORS}"
    )


def test_without_an_adjusted_column_nothing_is_joined_and_a_rollup_may_answer() -> None:
    counted: Step = ("group_by", {"group_by": ["symbol"], "aggregations": [{"function": "count"}]})
    plan = compiled(counted, access=EVERYONE)
    assert plan.statements == compiled(counted, access=EVERYONE, adjust=None).statements
    assert plan.tables == ("flowforge.raw_trades", "metrics.trades_5min")
    assert plan.nodes["n0"].detail == (
        "opens a query on flowforge.raw_trades; "
        f"no column is used that {ADJUSTMENT_FACTORS} adjusts, so that it is not read"
    )


def test_no_rollup_answers_for_adjusted_prices() -> None:
    """A bar of raw prices has the highest before the split; the highest adjusted price may be another one."""
    assert "metrics.trades_5min" in compiled(HIGHEST, adjust=None).tables
    plan = compiled(HIGHEST)
    assert plan.tables == ("flowforge.raw_trades", ADJUSTMENT_FACTORS)
    assert plan.nodes["n1"].rollup is None


def test_a_split_leaves_amounts_alone() -> None:
    amount: Step = ("select", {"columns": ["symbol", "notional"]})
    assert compiled(amount, adjust="splits").tables == ("flowforge.raw_trades",)
    assert compiled(amount, adjust="total_return").tables == ("flowforge.raw_trades", ADJUSTMENT_FACTORS)


def test_a_limit_chooses_rows_before_they_meet_their_factors() -> None:
    latest: Step = ("sort", {"sorts": [{"column": "event_time", "direction": "desc"}]})
    sql = compiled(latest, ("limit", {"rows": 5})).statements[0].sql
    assert sql.index("LIMIT 5") < sql.index("ASOF LEFT JOIN")
    dearest: Step = ("sort", {"sorts": [{"column": "price", "direction": "desc"}]})
    sql = compiled(dearest, ("limit", {"rows": 5})).statements[0].sql
    assert sql.index("LIMIT 5") > sql.index("ASOF LEFT JOIN")


def test_a_filter_on_a_price_asks_for_the_adjusted_one() -> None:
    cheap: Step = ("filter", {"filters": [{"column": "price", "operator": "<", "value": 100}]})
    sql = compiled(cheap, ("select", {"columns": ["price"]})).statements[0].sql
    assert sql.index("< 100") > sql.index("ASOF LEFT JOIN")


def test_several_readers_of_a_source_each_have_their_own_filters() -> None:
    graph = document(ONLY_AAPL, HIGHEST)
    graph["nodes"].append(
        {
            "id": "n3",
            "type": "filter",
            "data": {"filters": [{"column": "symbol", "operator": "=", "value": "MSFT"}]},
        }
    )
    graph["nodes"].append({"id": "n4", "type": "group_by", "data": HIGHEST[1]})
    graph["nodes"].append({"id": "n5", "type": "union", "data": {}})
    graph["edges"] += [
        {"source": source, "target": target}
        for source, target in (("n0", "n3"), ("n3", "n4"), ("n2", "n5"), ("n4", "n5"))
    ]
    plan = compile_graph(parse_graph(graph), "n5", catalog=CATALOGUE, access=FIRM)
    assert plan.statements[0].sql.count("FROM flowforge.raw_trades") == 2
    assert plan.reads[0].symbols == frozenset({"AAPL", "MSFT"})


def test_prices_of_another_store_are_adjusted_in_memory() -> None:
    name = "materialize.live_quotes"
    quotes = replace(CATALOGUE.tables[name], adjustable=Adjustable("last_update", ("bid",)))
    plan = compiled(catalog=Catalog({**CATALOGUE.tables, name: quotes}), table=name)
    assert plan.residual is not None
    assert [statement.store for statement in plan.statements] == ["postgres", "clickhouse"]
    assert (
        plan.residual.steps[0].detail
        == f"The rows of a table. They are adjusted for splits by {ADJUSTMENT_FACTORS}."
    )
