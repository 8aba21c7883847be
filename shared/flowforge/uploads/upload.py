"""``POST /api/v1/uploads?filename=trades.csv``: the file as body; its typed columns and first rows as answer."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
from pydantic import BaseModel, ConfigDict, Field

from flowforge.auth import require_registered
from flowforge.errors import AccessError, ErrorCode, FlowForgeError, StoreError
from flowforge.metadata.telling import record_act
from flowforge.results.shapes import ColumnShape
from flowforge.stores.uploads import Contents, Uploads, contents, uploads_of
from flowforge.tenancy import Access, Caller
from flowforge.types import Schema, from_json, to_json
from flowforge.uploads import limits

log = logging.getLogger(__name__)

KINDS = {".csv": "csv", ".tsv": "csv", ".txt": "csv", ".parquet": "parquet", ".pq": "parquet"}
AT_ONCE = 2
"""Files that one process has read for it at the same time."""
_turn: asyncio.Semaphore | None = None


class UploadQuery(BaseModel):
    """The file's name, by whose ending it is known what it is. It becomes no path."""

    model_config = ConfigDict(extra="forbid")

    filename: str = Field(
        min_length=1, max_length=255, description="For example trades.csv or trades.parquet"
    )


class UploadResponse(BaseModel):
    """What was read: nothing is a table before it is committed under a name."""

    id: UUID
    format: str
    columns: list[ColumnShape]
    rows: list[list[Any]]
    row_count: int
    truncated: bool


async def upload(caller: Caller, access: Access, query: UploadQuery, body: AsyncIterator[bytes]) -> bytes:
    """The JSON of an ``UploadResponse``."""
    kind = KINDS.get(Path(query.filename).suffix.lower())
    if kind is None:
        raise FlowForgeError(
            ErrorCode.UNSUPPORTED_MEDIA_TYPE,
            f"{query.filename[-64:]!r} is neither CSV nor Parquet by its name.",
            field="filename",
            hint="Send a .csv or .parquet file; unpack archives first.",
        )
    home = required(access)
    upload_id, folder = await asyncio.to_thread(home.stage)
    try:
        source, target = folder / "source", folder / "data.parquet"
        await _receive(body, source)
        columns, rows = await _read(kind, source, target)
        await asyncio.to_thread(source.unlink)
        found = await asyncio.to_thread(contents, target, columns, rows, query.filename)
        await asyncio.to_thread(home.staged, upload_id, found)
        await record_act(caller, "upload.create", upload_id)
        return await asyncio.to_thread(_answer, upload_id, kind, found, target)
    except BaseException:
        home.discard(upload_id)
        raise


def required(access: Access) -> Uploads:
    """The tenant's folder; refused where uploads are not taken, and (403) to a tenant that may see no table."""
    require_registered(access)
    if not access.sees_own:
        raise AccessError(
            ErrorCode.FORBIDDEN,
            "Your tenant may see no table.",
            hint="An operator or your admin allows some.",
        )
    home = uploads_of(access.tenant_id)
    if home is None:
        raise StoreError(
            ErrorCode.STORE_UNAVAILABLE,
            "Uploads are not taken here.",
            hint="An operator sets FLOWFORGE_UPLOADS_DIR.",
        )
    return home


async def _receive(body: AsyncIterator[bytes], source: Path) -> None:
    with source.open("wb") as file:
        async for piece in body:
            await asyncio.to_thread(file.write, piece)


async def _read(kind: str, source: Path, target: Path) -> tuple[Schema, int]:
    """The file's columns and number of rows, as the reader's process finds them."""
    global _turn
    _turn = _turn or asyncio.Semaphore(AT_ONCE)
    async with _turn:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "flowforge.uploads.reader",
            *(kind, str(source), str(target)),
            env={name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            async with asyncio.timeout(limits.SECONDS):
                printed, complaints = await process.communicate()
        except TimeoutError:
            raise _refused("The file takes too long to read.") from None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
    if process.returncode != 0:
        log.warning(
            "The reader of uploads ended with %s: %s",
            process.returncode,
            complaints[-2000:].decode(errors="replace"),
        )
        raise _refused("The file cannot be read: it is broken, or needs more memory than an upload may.")
    found = orjson.loads(printed)
    if "detail" in found:
        raise _refused(found["detail"], found["column"], found["hint"])
    return from_json(found["columns"]), found["rows"]


def _refused(detail: str, column: str | None = None, hint: str | None = None) -> FlowForgeError:
    return FlowForgeError(ErrorCode.INVALID_REQUEST, detail, column=column, hint=hint)


def _answer(upload_id: UUID, kind: str, found: Contents, target: Path) -> bytes:
    import pyarrow.parquet as pq

    from flowforge.residual.arrow_columns import rows_of
    from flowforge.residual.output import json_lines

    with pq.ParquetFile(target) as file:
        first = next(file.iter_batches(limits.PREVIEW_ROWS), None)
        table = file.schema_arrow.empty_table() if first is None else _table(first)
    rows = json_lines(rows_of(table, found.schema), found.schema)
    head = {
        "id": str(upload_id),
        "format": kind,
        "columns": to_json(found.schema),
        "row_count": found.rows,
        "truncated": found.rows > limits.PREVIEW_ROWS,
    }
    return orjson.dumps(head)[:-1] + b',"rows":' + rows.json() + b"}"


def _table(batch: Any) -> Any:
    import pyarrow as pa

    return pa.Table.from_batches([batch])
