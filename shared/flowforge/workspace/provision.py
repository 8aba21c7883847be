"""``python -m flowforge.workspace.provision``: bring the metadata up to date and, in development, make tenants.

Idempotent and quick when there is nothing to do; what an operator or admin changed later stays.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping

from flowforge.metadata.migrate import migrate
from flowforge.metadata.registration import register
from flowforge.resources import close_all
from flowforge.settings import settings

DEVELOPMENT_TENANTS: Mapping[str, str | list[str]] = {
    "demo": "*",
    "firm-alpha": ["AAPL", "MSFT", "GOOGL", "SPY"],
    "firm-beta": ["JPM", "BAC", "GS", "IBM"],
}


async def provision() -> bool:
    """Migrate, then register the development tenants; True if the schema changed."""
    changed = await migrate()
    if settings().development:
        await register(DEVELOPMENT_TENANTS)
    return changed


async def _main() -> None:
    try:
        await provision()
    finally:
        await close_all()


if __name__ == "__main__":
    asyncio.run(_main())
    sys.exit(0)
