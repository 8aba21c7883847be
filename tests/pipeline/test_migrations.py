"""Migrations: ordered, recorded, idempotent; every column explained; readers confined to the views."""

from __future__ import annotations

import asyncpg
import pytest

from flowforge_local.engines import Endpoints
from flowforge_pipeline import migrations
from flowforge_pipeline.clickhouse import ClickHouse
from flowforge_pipeline.problems import PipelineError


def test_a_second_run_does_nothing(cli, migrated: None, clickhouse: ClickHouse) -> None:
    before = clickhouse.rows(f"SELECT * FROM {migrations.LEDGER} ORDER BY name")
    again = cli("migrate")
    assert (again.returncode, again.stdout.strip()) == (0, "= schemas are up to date")
    assert clickhouse.rows(f"SELECT * FROM {migrations.LEDGER} ORDER BY name") == before
    assert [row["name"] for row in before] == [m.name for m in migrations.migrations("clickhouse")]


def test_a_crash_before_the_record_is_harmless(clickhouse: ClickHouse) -> None:
    """Every statement may run twice."""
    for migration in migrations.migrations("clickhouse"):
        for statement in migration.statements():
            clickhouse.execute(statement)


def test_an_applied_file_must_not_change() -> None:
    first = migrations.migrations("clickhouse")[0]
    with pytest.raises(PipelineError, match=f"{first.name} changed after it was applied"):
        migrations.pending("clickhouse", {first.name: "0" * 64})


def test_every_column_that_users_see_is_explained(clickhouse: ClickHouse) -> None:
    silent = clickhouse.rows(
        "SELECT database, table, name FROM system.columns WHERE comment = '' "
        "AND database IN ('flowforge', 'metrics', 'reference') "
        "AND table NOT LIKE '%\\_state' AND table NOT LIKE '%\\_mv' AND table NOT LIKE '%\\_revised' AND table NOT IN ('schema_migrations', 'imports')"
    )
    assert silent == []


async def test_readers_see_the_views_and_nothing_else(store: Endpoints, migrated: None) -> None:
    reader = await asyncpg.connect(store.live_dsn)
    try:
        for view in ("live_quotes", "live_positions", "live_pnl"):
            assert await reader.fetch(f"SELECT * FROM {view} WHERE symbol = 'NOBODY'") == []
        options = await reader.fetch(
            "SELECT relname FROM pg_class WHERE relname LIKE 'live\\_%' AND relkind = 'v' "
            "AND 'security_barrier=true' = ANY (reloptions)"
        )
        assert len(options) == 3
        await reader.execute("SET default_transaction_read_only = off")
        for forbidden in (
            "SELECT * FROM hot.positions",
            "SELECT * FROM schema_migrations",
            "INSERT INTO live_quotes (symbol, last_update) VALUES ('X', now())",
            "CREATE TABLE mine (x int)",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await reader.execute(forbidden)
    finally:
        await reader.close()


async def test_profit_and_loss_by_the_mark(store: Endpoints, migrated: None) -> None:
    owner = await asyncpg.connect(store.live_admin_dsn)
    try:
        transaction = owner.transaction()
        await transaction.start()
        await owner.execute(
            """
            INSERT INTO hot.quotes (symbol, bid, ask, last_update) VALUES
                ('TWO', 11.99, 12.01, now()), ('LAST', NULL, 12.01, now());
            INSERT INTO hot.last_prices (symbol, price, event_ns, sequence) VALUES
                ('TWO', 5, 1, 1), ('LAST', 12, 1, 1);
            INSERT INTO hot.positions (tenant_id, account, symbol, net_qty, average_cost, net_cash_flow,
                                       realized_pnl, trade_count, last_update) VALUES
                ('t', 'a', 'TWO', 100, 10, 1000, 0, 1, now()),
                ('t', 'a', 'LAST', -100, 10, -1000, 0, 1, now()),
                ('t', 'a', 'NONE', 100, 10, 1000, 7, 1, now());
            """
        )
        rows = await owner.fetch(
            "SELECT symbol, unrealized_pnl, realized_pnl FROM live_pnl WHERE tenant_id = 't' ORDER BY symbol"
        )
        assert [tuple(row) for row in rows] == [("LAST", -200, 0), ("NONE", None, 7), ("TWO", 200, 0)]
        await transaction.rollback()
    finally:
        await owner.close()
