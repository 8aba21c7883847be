"""The migrations make exactly the tables that the models describe; provisioning is idempotent."""

from __future__ import annotations

import asyncpg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from flowforge.metadata.migrate import current, head, migrate
from flowforge.metadata.session import metadata_engine
from flowforge.metadata.tables import Base
from flowforge.workspace.provision import provision

pytestmark = pytest.mark.engines


async def test_models_and_migrations_agree(stores) -> None:
    async with (await metadata_engine()).engine.connect() as connection:
        difference = await connection.run_sync(
            lambda sync: compare_metadata(MigrationContext.configure(sync), Base.metadata)
        )
    assert difference == []


async def test_a_database_at_head_is_left_alone(stores) -> None:
    assert await current() == head()
    assert await migrate() is False


async def test_provisioning_again_keeps_what_an_operator_changed(stores) -> None:
    connection = await asyncpg.connect(stores.meta_dsn)
    try:
        await connection.execute("UPDATE tenants SET granted_symbols = '[]' WHERE tenant_id = 'firm-beta'")
        assert await provision() is False
        kept = await connection.fetchval("SELECT granted_symbols FROM tenants WHERE tenant_id = 'firm-beta'")
        assert kept == "[]"
    finally:
        await connection.execute(
            """UPDATE tenants SET granted_symbols = '["JPM", "BAC", "GS", "IBM"]' WHERE tenant_id = 'firm-beta'"""
        )
        await connection.close()
