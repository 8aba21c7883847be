"""Whether what a kept result holds may still be seen.

A result was computed under the entitlements of its time. It is shown for as long as every table that it
read, and every symbol whose rows it may hold, is still the tenant's; otherwise there is no such execution.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from flowforge.catalog import Catalog
from flowforge.stores.uploads import DATABASE
from flowforge.tenancy import EVERYTHING, Access

if TYPE_CHECKING:
    from flowforge.compiler import Plan


def reads_of(plan: Plan, catalog: Catalog) -> list[dict[str, Any]]:
    """Tables that a plan reads; ``symbols`` is null where symbols do not guard the rows."""
    found: list[dict[str, Any]] = []
    for read in plan.reads:
        table = catalog.tables.get(read.table)
        guarded = table is None or table.symbol_column is not None
        symbols = sorted(read.symbols) if isinstance(read.symbols, frozenset) else "*"
        found.append({"table": read.table, "symbols": symbols if guarded else None})
    return found


def still_sees(access: Access, reads: Iterable[Mapping[str, Any]]) -> bool:
    """Whether all of this is within the tenant's entitlements now."""
    return access.version > 0 and all(
        _sees_table(access, str(read["table"])) and _sees_symbols(access, read["symbols"]) for read in reads
    )


def _sees_table(access: Access, name: str) -> bool:
    # Uploads are their tenant's by the place they lie in, and no operator grants them.
    return access.sees_own if name.startswith(f"{DATABASE}.") else access.sees_table(name)


def _sees_symbols(access: Access, symbols: list[str] | str | None) -> bool:
    if symbols is None or access.symbols is EVERYTHING:
        return True
    return symbols != "*" and all(symbol in access.symbols for symbol in symbols)
