"""Kept results: one Parquet file per finished execution, in the tenant's own folder.

    <tenant>/<execution id>/<attempt>.parquet

Ids are UUIDs, attempts numbers and a tenant's name has neither dots nor slashes: nothing that a caller
writes becomes a path. Which attempt counts is said by the execution's row alone; the other files of its
folder are left-overs of processes that died.
"""

from __future__ import annotations

import logging
import shutil
from pathlib import Path
from uuid import UUID

from flowforge.errors import ErrorCode, FlowForgeError
from flowforge.settings import settings
from flowforge.tenancy import TENANT_ID

log = logging.getLogger(__name__)


class Kept:
    """The folder of one execution."""

    def __init__(self, root: Path, tenant_id: str, execution_id: UUID) -> None:
        assert TENANT_ID.match(tenant_id)
        self.folder = root / tenant_id / str(execution_id)

    def file(self, attempt: int) -> Path:
        """The result of an attempt."""
        return self.folder / f"{attempt}.parquet"

    def draft(self, attempt: int, suffix: str) -> Path:
        """A file that an attempt is still writing; the folder is made."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return self.folder / f"{attempt}.{suffix}"

    def keep_only(self, attempt: int) -> None:
        """Remove what other attempts left."""
        for path in self.folder.glob("*"):
            if path != self.file(attempt):
                path.unlink(missing_ok=True)

    def discard(self, attempt: int) -> None:
        """Remove what an attempt wrote."""
        for path in self.folder.glob(f"{attempt}.*"):
            path.unlink(missing_ok=True)

    def remove(self) -> None:
        """Remove everything."""
        shutil.rmtree(self.folder, ignore_errors=True)


def kept(tenant_id: str, execution_id: UUID) -> Kept:
    """The folder of a tenant's execution; 422 where results are not kept."""
    return Kept(_root(), tenant_id, execution_id)


def require_place() -> None:
    """422 where results are not kept."""
    _root()


def folders() -> list[tuple[str, UUID]]:
    """All executions that have a folder: tenant and id."""
    root = _root()
    found = []
    for path in root.glob("*/*"):
        try:
            found.append((path.parent.name, UUID(path.name)))
        except ValueError:
            log.warning("%s is not the folder of an execution", path)
    return found


def _root() -> Path:
    root = settings().results_dir
    if root is None:
        raise FlowForgeError(
            ErrorCode.UNSUPPORTED_IN_STORE,
            "Results are not kept here.",
            hint="Set FLOWFORGE_RESULTS_DIR, or use POST /api/v1/execute.",
        )
    return Path(root)
