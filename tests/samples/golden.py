"""The golden statements: chains and the SQL that each store gets for them.

python -m samples.golden      (in tests/) writes the statements anew, for a reader to judge
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flowforge.errors import FlowForgeError
from samples.catalogue import EVERYONE, FIRM, LIVE, NOBODY, TRADES, VIEW
from samples.chains import compiled

FILE = Path(__file__).parents[1] / "cases" / "golden" / "chains.json"
AS_OF = datetime(2024, 6, 1, 12, 30, 15, tzinfo=UTC)

_TENANTS = {"*": EVERYONE, "firm": FIRM, "nobody": NOBODY}
_STORES = {"clickhouse": TRADES, "clickhouse view": VIEW, "postgres": LIVE}


def cases() -> list[dict[str, Any]]:
    """All golden cases."""
    return json.loads(FILE.read_text())  # type: ignore[no-any-return]


def answer(case: dict[str, Any]) -> dict[str, Any]:
    """What the compiler makes of a case, store by store, in the form of the file."""
    made: dict[str, Any] = {}
    for store in case.get("stores", ["clickhouse", "postgres"]):
        steps = [(kind, data) for kind, data in case["steps"]]
        try:
            plan = compiled(steps, _STORES[store], access=_TENANTS[case.get("tenant", "firm")], as_of=AS_OF)
        except FlowForgeError as error:
            made[store] = {"error": error.code.value}
            continue
        made[store] = plan.statements[0].sql.split("\n")
        made["barriers"] = {
            name: report.barrier for name, report in plan.nodes.items() if report.barrier is not None
        }
    return made


def main() -> None:
    """Write the file anew."""
    found = [{**_question(case), **answer(case)} for case in cases()]
    FILE.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n")


def _question(case: dict[str, Any]) -> dict[str, Any]:
    return {name: case[name] for name in ("title", "tenant", "stores", "steps") if name in case}


if __name__ == "__main__":
    main()
