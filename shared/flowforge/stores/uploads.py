"""Uploaded tables: Parquet files of a tenant, and beside them what is in them. Never the serving layer.

    <tenant>/tables/<name>.json         columns, rows, and the SHA-256 of the file that holds them
    <tenant>/data/<sha-256>.parquet     the rows; a file of these contents never changes
    <tenant>/staged/<id>/…              read, shown, and not yet committed

A tenant's name is a folder of its own and has neither dots nor slashes, ids are UUIDs and files are named by
their digests: nothing that a caller writes becomes a path.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import re
import shutil
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from flowforge.catalog import Protection, Table
from flowforge.errors import AccessError, ErrorCode, FlowForgeError, StoreError
from flowforge.records import dataclass
from flowforge.settings import settings
from flowforge.tenancy import TENANT_ID
from flowforge.types import Column, Schema, from_json, to_json

if TYPE_CHECKING:
    import pyarrow as pa

log = logging.getLogger(__name__)

DATABASE = "uploads"
TABLE_NAME = re.compile(r"^[A-Za-z][A-Za-z0-9_]{0,62}$")
MAX_TABLES = 200
MAX_TENANT_BYTES = 2_000_000_000
STAGED_SECONDS = 24 * 3600
_SHA256 = re.compile(r"^[0-9a-f]{64}$")


@dataclass(frozen=True, slots=True)
class Contents:
    """What is in a file: ``columns`` in the wire form of schemas; ``source`` is the name it was sent by."""

    digest: str
    columns: list[dict[str, Any]]
    rows: int
    bytes: int
    source: str

    @property
    def schema(self) -> Schema:
        """The typed columns."""
        return from_json(self.columns)


def contents(path: Path, columns: Schema, rows: int, source: str) -> Contents:
    """A description of the Parquet file at ``path``."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Contents(digest, to_json(columns), rows, path.stat().st_size, source)


class Uploads:
    """A tenant's folder."""

    def __init__(self, root: Path, tenant_id: str) -> None:
        assert TENANT_ID.match(tenant_id)
        self._home = root / tenant_id
        self._tables = str(self._home / "tables")

    def stage(self) -> tuple[UUID, Path]:
        """A new folder for a file that is being read; what was never committed is cleared away."""
        self._clear_staged()
        if self._size() > MAX_TENANT_BYTES:
            raise FlowForgeError(
                ErrorCode.RATE_LIMITED,
                f"Your uploads take more than {MAX_TENANT_BYTES // 1_000_000} MB.",
                hint="Replace tables that are no longer needed by smaller ones.",
            )
        upload = uuid4()
        folder = self._staged(upload)
        folder.mkdir(parents=True, mode=0o700)
        return upload, folder

    def discard(self, upload: UUID) -> None:
        """Forget what was staged."""
        shutil.rmtree(self._staged(upload), ignore_errors=True)

    def staged(self, upload: UUID, found: Contents) -> None:
        """The staged file was read and can be committed."""
        _write(self._staged(upload) / "contents.json", asdict(found))

    def commit(self, upload: UUID, name: str, *, replace: bool) -> Contents:
        """Make a staged file the table of that name. 404 for an upload of nobody or of another tenant."""
        folder = self._staged(upload)
        try:
            found = Contents(**json.loads((folder / "contents.json").read_text()))
        except FileNotFoundError:
            raise AccessError(ErrorCode.NOT_FOUND, f"There is no upload {str(upload)!r}.") from None
        before = self._described(name)
        if before is not None and not replace:
            raise FlowForgeError(
                ErrorCode.CONFLICT,
                f"There is a table {DATABASE}.{name} already.",
                field="name",
                hint="Choose another name, or send replace: true.",
            )
        if before is None and sum(1 for _ in self.described()) >= MAX_TABLES:
            raise FlowForgeError(
                ErrorCode.RATE_LIMITED, f"You have {MAX_TABLES} uploaded tables, which is all that can be."
            )
        for each in ("data", "tables"):
            (self._home / each).mkdir(parents=True, exist_ok=True, mode=0o700)
        (folder / "data.parquet").replace(self._data(found.digest))
        _write(self._home / "tables" / f"{name}.json", asdict(found))
        self.discard(upload)
        self._drop_unused(before)
        return found

    def described(self) -> Iterator[tuple[str, Contents]]:
        """All tables by name."""
        folder = self._home / "tables"
        for path in sorted(folder.glob("*.json")) if folder.is_dir() else ():
            if TABLE_NAME.match(path.stem) and (found := self._described(path.stem)) is not None:
                yield path.stem, found

    def changed(self) -> int:
        """A number that changes whenever a table does."""
        try:
            return os.stat(self._tables).st_mtime_ns
        except FileNotFoundError:
            return 0

    def data(self, digest: str) -> Path:
        """The file of these contents."""
        if not _SHA256.match(digest):
            raise ValueError("not a digest")
        return self._data(digest)

    def _described(self, name: str) -> Contents | None:
        try:
            return Contents(**json.loads((self._home / "tables" / f"{name}.json").read_text()))
        except FileNotFoundError:
            return None

    def _drop_unused(self, before: Contents | None) -> None:
        if before is not None and all(each.digest != before.digest for _, each in self.described()):
            self._data(before.digest).unlink(missing_ok=True)

    def _clear_staged(self) -> None:
        folder = self._home / "staged"
        for each in folder.iterdir() if folder.is_dir() else ():
            if each.stat().st_mtime < time.time() - STAGED_SECONDS:
                shutil.rmtree(each, ignore_errors=True)

    def _size(self) -> int:
        return sum(path.stat().st_size for path in self._home.rglob("*.parquet"))

    def _staged(self, upload: UUID) -> Path:
        return self._home / "staged" / str(upload)

    def _data(self, digest: str) -> Path:
        return self._home / "data" / f"{digest}.parquet"


def _write(path: Path, document: Mapping[str, Any]) -> None:
    """Whole or not at all: a reader never sees a half-written file."""
    draft = path.with_suffix(".draft")
    draft.write_text(json.dumps(document, ensure_ascii=False))
    os.replace(draft, path)


def uploads_of(tenant_id: str) -> Uploads | None:
    """The tenant's folder; None where uploads are not taken."""
    root = settings().uploads_dir
    return None if root is None else _folder(root, tenant_id)


@lru_cache(maxsize=1_024)
def _folder(root: str, tenant_id: str) -> Uploads:
    return Uploads(Path(root), tenant_id)


def tables_of(tenant_id: str) -> Iterator[tuple[Table, int]]:
    """The tenant's own tables, and how many rows each has."""
    found = uploads_of(tenant_id)
    for name, each in found.described() if found is not None else ():
        yield _table(name, each), each.rows


def _table(name: str, found: Contents) -> Table:
    return Table(
        database=DATABASE,
        name=name,
        store="uploads",
        columns=found.schema,
        protection=Protection("shared"),  # only ever in the catalogue of the tenant that it belongs to
        physical=(DATABASE, found.digest),
        freshness="static",
        comment=f"Uploaded as {found.source}",
    )


def read(table: Table, tenant_id: str, columns: Schema) -> pa.Table:
    """These columns of an uploaded table, as Arrow, in their order."""
    import pyarrow.parquet as pq

    found = uploads_of(tenant_id)
    path = None if found is None else found.data(table.physical[1])
    names = [column.name for column in columns] or [_narrowest(table.columns).name]
    try:
        return pq.read_table(path, columns=names, partitioning=None).select(names)
    except FileNotFoundError:
        raise StoreError(
            ErrorCode.QUERY_FAILED,
            f"{table.qualified_name} was replaced while it was read.",
            hint="Ask again.",
        ) from None


def _narrowest(columns: Schema) -> Column:
    """The cheapest column to count rows by."""
    return min(columns, key=lambda column: column.type.kind == "string")
