"""Write the corpus to standard output, one JSON object per line: the tables, the graphs, the formulas."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from random import Random
from typing import Any

from flowforge.errors import FlowForgeError
from flowforge.formula import analyse
from flowforge_local.corpus.catalogue import CATALOG
from flowforge_local.corpus.formulas import formula
from flowforge_local.corpus.graphs import expected, graph, place


def main(arguments: list[str] | None = None) -> int:
    """Run the command; the same seed and counts give the same bytes."""
    parser = argparse.ArgumentParser(prog="python -m flowforge_local.corpus", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--graphs", type=int, default=3000)
    parser.add_argument("--formulas", type=int, default=3000)
    chosen = parser.parse_args(arguments)
    random = Random(chosen.seed)  # noqa: S311 – repeatable, not secret
    for line in _lines(random, chosen.graphs, chosen.formulas):
        sys.stdout.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")
    return 0


def _lines(random: Random, graphs: int, formulas: int) -> Iterator[dict[str, Any]]:
    yield {"tables": _tables()}
    for _ in range(graphs):
        yield _graph(random)
    for _ in range(formulas):
        yield _formula(random)


def _tables() -> list[dict[str, Any]]:
    return [
        {
            "database": table.database,
            "table": table.name,
            "columns": [each.to_json() for each in table.columns],
            "trade_order": list(table.trade_order),
            "adjustable": table.adjustable.columns() if table.adjustable else None,
        }
        for table in CATALOG.tables.values()
    ]


def _graph(random: Random) -> dict[str, Any]:
    document = graph(random)
    return {"graph": document, "expected": expected(document)}


def _formula(random: Random) -> dict[str, Any]:
    table = random.choice(list(CATALOG.tables.values()))
    text = formula(random, table.columns)
    try:
        typed = analyse(text, table.columns)
    except FlowForgeError as error:
        return {"formula": text, "table": table.qualified_name, "expected": {"problem": place(error)}}
    result = {"type": str(typed.type), "nullable": typed.nullable}
    return {"formula": text, "table": table.qualified_name, "expected": result}


if __name__ == "__main__":
    sys.exit(main())
