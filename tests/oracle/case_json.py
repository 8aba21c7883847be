"""Cases as JSON, so that counter-examples stay."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from flowforge.types import Column, from_json, to_json
from oracle.relation import Relation
from oracle.strategies.case import Case
from oracle.strategies.nodes import wire
from oracle.strategies.tables import Table
from oracle.tables import with_tape


def dumped(case: Case) -> dict[str, Any]:
    """The case; decimals and moments as text, the rest as JSON has it."""
    return {
        "tables": [
            {
                "name": table.name,
                "columns": to_json(table.rows.schema),
                "rows": [[wire(cell) for cell in row] for row in table.rows.rows],
                "trade_order": list(table.trade_order),
                "prewhere": table.prewhere,
            }
            for table in case.tables
        ],
        "graph": {
            "nodes": [{key: node[key] for key in ("id", "type", "data")} for node in case.graph["nodes"]],
            "edges": case.graph["edges"],
        },
        "target": case.target,
        "symbols": None if case.symbols is None else list(case.symbols),
        "as_of": wire(case.as_of),
    }


def loaded(document: Mapping[str, Any]) -> Case:
    """The case that ``dumped`` wrote."""
    symbols = document.get("symbols")
    return Case(
        tuple(_table(each) for each in document["tables"]),
        document["graph"],
        document["target"],
        None if symbols is None else tuple(symbols),
        datetime.fromisoformat(document["as_of"]).astimezone(UTC),
    )


def _table(document: Mapping[str, Any]) -> Table:
    schema = from_json(document["columns"])
    rows = tuple(
        tuple(_value(cell, column) for cell, column in zip(row, schema, strict=True))
        for row in document["rows"]
    )
    order = tuple(document["trade_order"])
    return Table(document["name"], with_tape(Relation(schema, rows), order), order, document["prewhere"])


def _value(cell: Any, column: Column) -> Any:
    if cell is None:
        return None
    match column.type.kind:
        case "decimal":
            return Decimal(cell)
        case "date":
            return date.fromisoformat(cell)
        case "datetime":
            return datetime.fromisoformat(cell).astimezone(UTC)
        case "float64":
            return float(cell)
    return cell
