"""Compiles chains with the peers, in their own environment: one JSON question per line, one answer.

{"peer": "prql", "chain": {...}}  →  {"seconds": 0.0021, "characters": 204}

Seconds are of CPU, from the peer's own form of the chain (text or calls) to SQL text.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from typing import Any


def prql(chain: dict[str, Any]) -> Callable[[], str]:
    """PRQL text → ClickHouse SQL, by its Rust compiler."""
    import prqlc

    lines = ["from trades", f"filter ({' || '.join(f'symbol == {json.dumps(s)}' for s in chain['symbols'])})"]
    for step in chain["steps"]:
        if step["kind"] == "filter":
            lines.append(f"filter {step['column']} > {step['value']}")
        else:
            lines.append(f"derive {step['name']} = {step['column']} + quantity * {step['value']}")
    lines += [f"group symbol (aggregate {{ total = sum {chain['total']} }})", "sort {-total}"]
    text = "\n".join(lines)
    options = prqlc.CompileOptions(format=True, signature_comment=False, target="sql.clickhouse")
    return lambda: str(prqlc.compile(text, options))


def ibis(chain: dict[str, Any]) -> Callable[[], str]:
    """Calls on an ibis table → DuckDB SQL (its ClickHouse back end needs a server to be chosen)."""
    import ibis as library

    schema = {
        "symbol": "string",
        "event_time": "timestamp",
        "price": "decimal(18,6)",
        "quantity": "decimal(18,4)",
    }

    def compiled() -> str:
        table = library.table(schema, name="trades")
        table = table.filter(table.symbol.isin(chain["symbols"]))
        for step in chain["steps"]:
            column, value = table[step["column"]], Decimal(step["value"])
            if step["kind"] == "filter":
                table = table.filter(column > value)
            else:
                table = table.mutate(**{step["name"]: column + table.quantity * value})
        grouped = table.group_by("symbol").aggregate(total=table[chain["total"]].sum())
        return str(library.to_sql(grouped.order_by(library.desc("total")), dialect="duckdb"))

    return compiled


def sqlglot_builder(chain: dict[str, Any]) -> Callable[[], str]:
    """SQLGlot's own builder; formulas put in by hand where they are used."""
    from sqlglot import exp, select

    def compiled() -> str:
        meaning: dict[str, exp.Expr] = {"price": exp.column("price")}
        query = select("symbol").from_("flowforge.trades")
        query = query.where(exp.column("symbol").isin(*chain["symbols"]))
        for step in chain["steps"]:
            value = exp.Literal.number(step["value"])
            if step["kind"] == "filter":
                query = query.where(meaning[step["column"]] > value)
            else:
                meaning[step["name"]] = meaning[step["column"]] + exp.column("quantity") * value
        total = exp.func("sum", meaning[chain["total"]]).as_("total")
        query = query.select(total).group_by("symbol").order_by("total DESC")
        return query.sql(dialect="clickhouse", pretty=True)

    return compiled


def sqlglot_optimize(chain: dict[str, Any]) -> Callable[[], str]:
    """One sub-query per step, merged by SQLGlot's general optimizer."""
    from sqlglot import parse_one
    from sqlglot.optimizer import optimize

    columns = {"symbol": "String", "price": "Decimal(18, 6)", "quantity": "Decimal(18, 4)"}
    symbols = ", ".join(f"'{each}'" for each in chain["symbols"])
    query = f"SELECT symbol, price, quantity FROM trades WHERE symbol IN ({symbols})"
    for step in chain["steps"]:
        if step["kind"] == "filter":
            query = f"SELECT * FROM ({query}) AS t WHERE {step['column']} > {step['value']}"
        else:
            made = f"{step['column']} + quantity * {step['value']} AS {step['name']}"
            query = f"SELECT *, {made} FROM ({query}) AS t"
    query = f"SELECT symbol, SUM({chain['total']}) AS total FROM ({query}) AS t GROUP BY symbol ORDER BY total DESC"
    tree = parse_one(query, read="clickhouse")
    return lambda: optimize(tree, schema={"trades": columns}, dialect="clickhouse").sql(dialect="clickhouse")


PEERS = {each.__name__: each for each in (prql, ibis, sqlglot_builder, sqlglot_optimize)}


def main() -> None:
    """Answer until the questions end."""
    sys.setrecursionlimit(20_000)
    for line in sys.stdin:
        question = json.loads(line)
        try:
            compiled = PEERS[question["peer"]](question["chain"])
            started = time.process_time()
            sql = compiled()
            answer = {"seconds": time.process_time() - started, "characters": len(sql)}
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"[:200]}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
