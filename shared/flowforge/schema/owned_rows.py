"""How many rows of a table belong to whom: by symbol, or by tenant.

Counted by our own constant query, at most once a minute. No tenant is told the counts of others; they
keep what engines say about whole tables from being told either.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from flowforge.catalog import Table
from flowforge.remembered import remembered
from flowforge.stores.discovery import counts_by
from flowforge.tenancy import Access, Allowed

SECONDS = 60.0
_NAME = re.compile(r"^[a-z_][a-z0-9_]*$")


async def owned_rows(table: Table, symbols: Allowed, access: Access) -> int | None:
    """Rows of the tenant's symbols, of the tenant, or None where nothing restricts the tenant.

    ``StoreError`` where the store does not answer.
    """
    protection = table.protection
    if protection.kind == "shared" or protection.column is None:
        return None
    if protection.kind == "tenant":
        return (await _counts((table.store, table.physical, protection.column))).get(access.tenant_id, 0)
    if not isinstance(symbols, frozenset):
        return None
    counts = await _counts((table.store, table.physical, protection.column))
    return sum(counts.get(symbol, 0) for symbol in symbols)


@remembered(SECONDS)
async def _counts(counted: tuple[str, tuple[str, str], str]) -> Mapping[str, int]:
    store, table, column = counted
    assert all(map(_NAME.match, (*table, column))), "names of declared tables need no quotes"
    return await counts_by(store, table, column)
