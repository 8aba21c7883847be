"""Registering tenants where they are missing, without loading SQLAlchemy: this runs at every start."""

from __future__ import annotations

from collections.abc import Mapping

import asyncpg
import orjson

from flowforge.settings import settings

_INSERT = """
    INSERT INTO tenants (tenant_id, granted_symbols, granted_tables) VALUES ($1, $2, '"*"')
    ON CONFLICT (tenant_id) DO NOTHING
"""


async def register(tenants: Mapping[str, str | list[str]]) -> None:
    """Grant each new tenant its symbols (``"*"`` or a list) on all tables; known tenants stay as they are."""
    connection = await asyncpg.connect(settings().meta_dsn.get_secret_value())
    try:
        await connection.executemany(
            _INSERT, [(name, orjson.dumps(symbols).decode()) for name, symbols in tenants.items()]
        )
    finally:
        await connection.close()
