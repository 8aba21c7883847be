"""What a plan says it reads is all that its result depends on: change anything else, and ask the oracle.

Rows of other symbols are taken away, and columns that are not read are shuffled.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from flowforge.catalog import Catalog, Store
from flowforge.compiler.plan import TableRead
from oracle import Overflow, Relation, Unspecified, evaluate
from oracle.compare import difference, must_fail
from oracle.strategies import Case, cases, graphs
from oracle.strategies.nodes import WEIGHTED
from oracle.strategies.tables import SYMBOLS
from oracle.tables import with_tape
from parity.checking import compiled
from parity.engine import described
from parity.test_generated_graphs import FURTHER


@dataclass(frozen=True)
class Nowhere:
    """An engine that is only described."""

    store: Store = "clickhouse"

    def schema(self) -> str:
        return "flowforge"


def only_of(symbols: tuple[str, ...], case: Case) -> Case:
    """The case with a filter on symbols behind every source."""
    nodes, edges, ends = [*case.graph["nodes"]], [*case.graph["edges"]], {}
    for node in case.graph["nodes"]:
        if node["type"] == "data_source":
            ends[node["id"]] = f"{node['id']} only"
            condition = {"column": "symbol", "operator": "IN", "value": [*symbols]}
            nodes.append({"id": ends[node["id"]], "type": "filter", "data": {"filters": [condition]}})
    edges = [{**edge, "source": ends.get(edge["source"], edge["source"])} for edge in edges]
    edges += [{"id": f"only {end}", "source": source, "target": end} for source, end in ends.items()]
    target = ends.get(case.target, case.target)
    return replace(case, graph={"nodes": nodes, "edges": edges}, target=target)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    case=st.one_of(cases(), graphs((*WEIGHTED, *FURTHER))),
    symbols=st.sampled_from([None, SYMBOLS[:1], SYMBOLS[1:]]),
    seed=st.integers(0, 9),
)
def test_nothing_else_counts(case: Case, symbols: tuple[str, ...] | None, seed: int) -> None:
    asked = case if symbols is None else only_of(symbols, case)
    expected = answer(asked)
    catalog = Catalog.of(described(Nowhere(), each, each.name) for each in case.tables)  # type: ignore[arg-type]
    plan = compiled(asked, catalog, merge=True)
    reads = {read.table: read for read in plan.reads}
    assert set(reads) == set(plan.tables)
    changed = replace(
        asked,
        tables=tuple(
            replace(table, rows=with_tape(other_rows(table.rows, read, seed), table.trade_order))
            if (read := reads.get(f"flowforge.{table.name}")) is not None
            else table
            for table in case.tables
        ),
    )
    assert difference(expected, answer(changed).rows) is None


def answer(case: Case) -> Relation:
    """The oracle's, where there is one single answer."""
    try:
        found = evaluate(case.graph, case.target, case.visible(), as_of=case.as_of)
    except (Overflow, Unspecified):
        found = None
    assume(found is not None and not found.overflowed and not found.choices and not must_fail(found))
    assert found is not None
    return found


def other_rows(rows: Relation, read: TableRead, seed: int) -> Relation:
    """Without the rows of other symbols; what is not read is shuffled."""
    draw = random.Random(seed)
    symbol = rows.index("symbol")
    kept = [
        row for row in rows.rows if not isinstance(read.symbols, frozenset) or row[symbol] in read.symbols
    ]
    columns = [[row[at] for row in kept] for at in range(len(rows.schema))]
    for column, values in zip(rows.schema, columns, strict=True):
        if column.name not in read.columns:
            draw.shuffle(values)
    return Relation(rows.schema, tuple(zip(*columns, strict=True)))
