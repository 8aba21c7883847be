"""SQLAlchemy sessions for the functions that edit metadata."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from flowforge.errors import ErrorCode, FlowForgeError, StoreError
from flowforge.resources import resource
from flowforge.settings import settings
from flowforge.stores.edited import set_mark

log = logging.getLogger(__name__)

EDITED = "flowforge.edited"
"""Under this name a session's ``info`` holds the tenants whose workspace its transaction changes."""


class MetadataEngine:
    """The process's SQLAlchemy engine; connects on first use."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine

    async def aclose(self) -> None:
        """Close all connections."""
        await self.engine.dispose()


@resource
async def metadata_engine() -> MetadataEngine:
    """The engine on ``FLOWFORGE_META_DSN``."""
    url = make_url(settings().meta_dsn.get_secret_value()).set(drivername="postgresql+asyncpg")
    return MetadataEngine(
        create_async_engine(
            url,
            pool_size=4,
            max_overflow=4,
            pool_pre_ping=True,
            connect_args={"timeout": 5, "command_timeout": 10},
        )
    )


@asynccontextmanager
async def transaction() -> AsyncIterator[AsyncSession]:
    """A session in one transaction: committed at the end, rolled back on any error.

    Returns once nobody uses what was remembered of a workspace that it changed (``stores.edited``).
    ``StoreError`` (503) when PostgreSQL is out of reach; ``CONFLICT`` (409) when a reference broke.
    """
    engine = (await metadata_engine()).engine
    try:
        async with AsyncSession(engine, expire_on_commit=False) as session, session.begin():
            yield session
    except (OSError, TimeoutError, OperationalError, InterfaceError) as failure:
        raise _out_of_reach(failure) from failure
    except IntegrityError as failure:
        raise FlowForgeError(
            ErrorCode.CONFLICT,
            "Something this refers to was changed at the same moment.",
            hint="Load it again and repeat the change.",
        ) from failure
    except DBAPIError as failure:
        if failure.connection_invalidated:
            raise _out_of_reach(failure) from failure
        raise
    for tenant_id in session.info.get(EDITED, ()):
        await set_mark(tenant_id)


def _out_of_reach(failure: BaseException) -> StoreError:
    log.warning("The metadata store is out of reach", exc_info=failure)
    return StoreError(
        ErrorCode.STORE_UNAVAILABLE, "The metadata store is out of reach.", hint="Try again shortly."
    )
