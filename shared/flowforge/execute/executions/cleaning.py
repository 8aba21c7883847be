"""Removing what nobody can read any more: results whose time is up, and what dead processes left behind."""

from __future__ import annotations

import asyncio
import logging
import time

from flowforge.errors import StoreError
from flowforge.metadata.executions import drop_expired, living
from flowforge.settings import settings
from flowforge.stores.kept import folders, kept

log = logging.getLogger(__name__)

EVERY_SECONDS = 60.0

_next = 0.0


async def clean_now_and_then() -> None:
    """Clean, at most once a minute per process. Failing is no failure of what was asked for."""
    global _next
    if time.monotonic() < _next or settings().results_dir is None:
        return
    _next = time.monotonic() + EVERY_SECONDS
    try:
        await clean()
    except (StoreError, OSError) as failure:
        log.warning("Kept results could not be cleaned up: %s", failure)


async def clean() -> int:
    """Delete rows whose time is up, and the folders of no row; how many folders."""
    await drop_expired()
    # The folders first: a row is there before its folder, so that none of a new execution is taken for old.
    found = await asyncio.to_thread(folders)
    alive = await living()
    gone = [(tenant_id, execution) for tenant_id, execution in found if execution not in alive]
    for tenant_id, execution in gone:
        await asyncio.to_thread(kept(tenant_id, execution).remove)
    return len(gone)
