"""The golden statements: chains and branched graphs, and the SQL that each store gets for them.

python -m samples.golden      (in tests/) writes the statements anew, for a reader to judge
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flowforge.compiler import Plan
from flowforge.errors import FlowForgeError
from samples.branched import plan_of
from samples.catalogue import EVERYONE, FIRM, LIVE, LIVE_QUOTES, NOBODY, QUOTES, TRADES, VIEW
from samples.chains import compiled

FOLDER = Path(__file__).parents[1] / "cases" / "golden"
FILES = ("chains.json", "branched.json", "windows.json")
AS_OF = datetime(2024, 6, 1, 12, 30, 15, tzinfo=UTC)

_TENANTS = {"*": EVERYONE, "firm": FIRM, "nobody": NOBODY}
_STORES = {"clickhouse": (TRADES, QUOTES), "clickhouse view": (VIEW, QUOTES), "postgres": (LIVE, LIVE_QUOTES)}


def cases(file: str) -> list[dict[str, Any]]:
    """The golden cases of a file."""
    return json.loads((FOLDER / file).read_text())  # type: ignore[no-any-return]


def answer(case: dict[str, Any]) -> dict[str, Any]:
    """What the compiler makes of a case, store by store, in the form of the file."""
    made: dict[str, Any] = {}
    for store in case.get("stores", ["clickhouse", "postgres"]):
        try:
            plan = _plan(case, store)
        except FlowForgeError as error:
            made[store] = {"error": error.code.value}
            continue
        made[store] = plan.statements[0].sql.split("\n")
        made["barriers"] = {
            name: report.barrier for name, report in plan.nodes.items() if report.barrier is not None
        }
    return made


def _plan(case: dict[str, Any], store: str) -> Plan:
    trades, quotes = _STORES[store]
    access = _TENANTS[case.get("tenant", "firm")]
    if "tables" not in case:
        steps = [(kind, data) for kind, data in case["steps"]]
        return compiled(steps, trades, access=access, as_of=AS_OF)
    known = {"trades": trades, "quotes": quotes}
    tables = {name: known[name] for name in case["tables"]}
    return plan_of(tables, [tuple(step) for step in case["steps"]], access=access, as_of=AS_OF)


def main() -> None:
    """Write the files anew."""
    for file in FILES:
        found = [{**_question(case), **answer(case)} for case in cases(file)]
        (FOLDER / file).write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n")


def _question(case: dict[str, Any]) -> dict[str, Any]:
    return {name: case[name] for name in ("title", "tenant", "stores", "tables", "steps") if name in case}


if __name__ == "__main__":
    main()
