"""Changing metadata and deciding events in one transaction, without SQLAlchemy.

The same outbox as ``metadata.outbox``, for functions whose cold start cannot afford the ORM.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import orjson

from flowforge.metadata.audited import AUDIT, audit_of
from flowforge.metadata.pool import writing
from flowforge.metadata.waking import wake
from flowforge.tenancy import Caller
from flowforge.trace import current_trace

_INSERT = """
    INSERT INTO outbox (kind, component, subject, tenant_id, data, traceparent)
    VALUES ($1, $2, $3, $4, $5, $6)
"""


class Telling:
    """A connection in a transaction; what is announced on it is sent once the transaction is committed."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self.connection = connection
        self.announced = 0

    async def announce(self, kind: str, *, subject: str, tenant: str | None, data: Mapping[str, Any]) -> None:
        """Put an event of the catalogue into the transaction; the arguments are those of ``outbox.announce``."""
        trace = current_trace.get()
        await self.connection.execute(
            _INSERT,
            kind,
            os.environ.get("K_SERVICE", "flowforge"),
            subject,
            tenant,
            orjson.dumps(data).decode(),
            trace.traceparent if trace else None,
        )
        self.announced += 1

    async def record(self, caller: Caller, action: str, subject: object) -> None:
        """Put the audit entry of a change into the transaction: who did what (``embed_key.create``) to which object."""
        await self.announce(
            AUDIT, subject=str(subject), tenant=caller.tenant_id, data=audit_of(caller, action, subject)
        )


async def record_act(caller: Caller, action: str, subject: object) -> None:
    """Audit a change of something that is not in the metadata, such as a file; in a transaction of its own."""
    async with telling() as open_:
        await open_.record(caller, action, subject)


@asynccontextmanager
async def telling() -> AsyncIterator[Telling]:
    """A transaction that may announce; committed at the end, rolled back on any error (503 if out of reach)."""
    async with writing() as connection:
        open_ = Telling(connection)
        yield open_
    if open_.announced:
        wake()
