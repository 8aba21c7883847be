"""A tenant's own tables: its uploads, in nobody else's catalogue."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from flowforge.catalog import Catalog, Table
from flowforge.stores.uploads import tables_of, uploads_of
from flowforge.tenancy import Access


def changed(access: Access) -> int:
    """A number that changes whenever the tenant's own tables do; 0 where it has none."""
    own = uploads_of(access.tenant_id) if access.sees_own else None
    return own.changed() if own is not None else 0


def own_tables(access: Access) -> dict[str, tuple[Table, int]]:
    """The tables and their numbers of rows, by qualified name."""
    if not changed(access):
        return {}
    return {table.qualified_name: (table, rows) for table, rows in tables_of(access.tenant_id)}


def with_own_tables(known: Catalog, access: Access) -> Catalog:
    """The catalogue with the tenant's own tables in it, and a version of its own if there are any."""
    own = {name: table for name, (table, _) in own_tables(access).items()}
    if not own:
        return known
    digest = hashlib.sha256(repr(sorted(own.items())).encode()).hexdigest()[:16]
    return replace(known, tables={**known.tables, **own}, version=f"{known.version}-{digest}")
