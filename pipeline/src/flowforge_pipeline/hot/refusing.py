"""Keep one fill that no column can hold from stopping the lane for everybody."""

from __future__ import annotations

import logging
from dataclasses import replace

import asyncpg

from flowforge_pipeline.hot import store
from flowforge_pipeline.hot.batch import Batch
from flowforge_pipeline.hot.positions import Position

log = logging.getLogger(__name__)

_REFUSED = """
    INSERT INTO hot.refused_fills (tenant_id, fill_id, reason) VALUES ($1, $2, $3)
    ON CONFLICT (tenant_id, fill_id) DO NOTHING
"""


async def apply_singly(connection: asyncpg.Connection, batch: Batch) -> store.Positions:
    """Each fill by itself, then the rest with the progress. Killed in between, what was applied is known by
    its id and not applied again.
    """
    changed: dict[store.PositionKey, Position] = {}
    for fill in batch.fills:
        try:
            changed.update(await store.apply(connection, Batch(fills=[fill])))
        except (asyncpg.DataError, asyncpg.IntegrityConstraintViolationError) as refused:
            log.error("Fill %s of %s is refused: %s", fill.fill_id, fill.tenant_id, refused)
            await connection.execute(_REFUSED, fill.tenant_id, fill.fill_id, str(refused))
    await store.apply(connection, replace(batch, fills=[]))
    return changed
