"""Bringing the metadata's schema up to date."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import asyncpg

from flowforge.settings import settings

if TYPE_CHECKING:
    from sqlalchemy import Connection

MIGRATIONS = Path(__file__).parent / "migrations"
LOCK = 0x666C6F77  # "flow"; an advisory lock, so that two processes never migrate at once


def head() -> str:
    """The newest revision, by file name: ``0001_….py`` → ``0001``."""
    return max(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


async def current() -> str | None:
    """The revision that the database is at; None before the first migration."""
    connection = await asyncpg.connect(settings().meta_dsn.get_secret_value())
    try:
        if await connection.fetchval("SELECT to_regclass('alembic_version')") is None:
            return None
        return await connection.fetchval("SELECT version_num FROM alembic_version")  # type: ignore[no-any-return]
    finally:
        await connection.close()


async def migrate() -> bool:
    """Upgrade to the newest revision; False if there was nothing to do (the usual case, and quick)."""
    if await current() == head():
        return False
    from sqlalchemy import text

    from flowforge.metadata.session import metadata_engine

    async with (await metadata_engine()).engine.begin() as connection:
        await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        await connection.run_sync(_upgrade)
    return True


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
