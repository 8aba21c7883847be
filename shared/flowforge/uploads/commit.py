"""``POST /api/v1/uploads/{id}/commit``: what was uploaded becomes a table of the database ``uploads``."""

from __future__ import annotations

import asyncio
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, StringConstraints

from flowforge.metadata.telling import record_act
from flowforge.results.shapes import ColumnShape, Strict
from flowforge.stores.uploads import DATABASE, TABLE_NAME
from flowforge.tenancy import Access, Caller
from flowforge.uploads.upload import required


class CommitRequest(Strict):
    """The table's name; ``replace`` takes the place of a table of that name."""

    name: Annotated[str, StringConstraints(pattern=TABLE_NAME.pattern)]
    replace: bool = False


class CommitResponse(BaseModel):
    """The table, as ``data_source`` nodes name it."""

    database: str
    table: str
    columns: list[ColumnShape]
    rows: int


async def commit(caller: Caller, access: Access, upload_id: UUID, request: CommitRequest) -> CommitResponse:
    """404 for an upload that is not there or not the tenant's; 409 if the name is taken."""
    home = required(access)
    found = await asyncio.to_thread(home.commit, upload_id, request.name, replace=request.replace)
    await record_act(caller, "upload.commit", f"{DATABASE}.{request.name}")
    return CommitResponse(
        database=DATABASE,
        table=request.name,
        columns=[ColumnShape(**column) for column in found.columns],
        rows=found.rows,
    )
