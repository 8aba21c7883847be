"""How many rows of a table belong to whom: by symbol, or by tenant.

Counted by our own constant query, at most once a minute. No tenant is told the counts of others; they
keep what engines say about whole tables from being told either.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping

from flowforge.catalog import Table
from flowforge.stores.discovery import counts_by
from flowforge.tenancy import Access, Allowed

SECONDS = 60.0
_NAME = re.compile(r"^[a-z_][a-z0-9_]*$")

_counted: dict[tuple[str, str], tuple[float, Mapping[str, int]]] = {}


async def owned_rows(table: Table, symbols: Allowed, access: Access) -> int | None:
    """Rows of the tenant's symbols, of the tenant, or None where nothing restricts the tenant.

    ``StoreError`` where the store does not answer.
    """
    protection = table.protection
    if protection.kind == "shared" or protection.column is None:
        return None
    if protection.kind == "tenant":
        return (await _counts(table, protection.column)).get(access.tenant_id, 0)
    if not isinstance(symbols, frozenset):
        return None
    counts = await _counts(table, protection.column)
    return sum(counts.get(symbol, 0) for symbol in symbols)


async def _counts(table: Table, column: str) -> Mapping[str, int]:
    key = (table.store, table.qualified_name)
    at, counts = _counted.get(key, (0.0, {}))
    if time.monotonic() - at > SECONDS or key not in _counted:
        assert all(map(_NAME.match, (*table.physical, column))), "names of declared tables need no quotes"
        counts = await counts_by(table.store, table.physical, column)
        _counted[key] = (time.monotonic(), counts)
    return counts
