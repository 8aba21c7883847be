"""Materialize and its PostgreSQL stand-in serve the same names and columns."""

from __future__ import annotations

from pathlib import Path

import asyncpg
import pytest
import sqlglot
from sqlglot import expressions as exp

from flowforge_local.engines import Endpoints

MATERIALIZE = Path(__file__).parents[2] / "pipeline" / "materialize"


def views(name: str) -> dict[str, list[str]]:
    """View → output columns of every CREATE … VIEW in a script; other statements must parse, too."""
    statements = sqlglot.parse((MATERIALIZE / name).read_text(encoding="utf-8"), dialect="materialize")
    assert not any(isinstance(statement, exp.Command) for statement in statements)
    return {
        statement.this.name: statement.expression.named_selects
        for statement in statements
        if isinstance(statement, exp.Create) and statement.kind == "VIEW"
    }


async def test_the_same_views_with_the_same_columns(store: Endpoints, migrated: None) -> None:
    reader = await asyncpg.connect(store.live_dsn)
    try:
        records = await reader.fetch(
            "SELECT c.relname AS view, a.attname AS column FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid "
            "WHERE c.relkind = 'v' AND c.relnamespace = 'public'::regnamespace AND a.attnum > 0 ORDER BY a.attnum"
        )
    finally:
        await reader.close()
    served: dict[str, list[str]] = {}
    for record in records:
        served.setdefault(record["view"], []).append(record["column"])
    assert served == views("003_live.sql")


@pytest.mark.parametrize("name", ["002_parsed.sql", "003_live.sql"])
def test_the_views_parse(name: str) -> None:
    assert views(name)
