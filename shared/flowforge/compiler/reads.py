"""What a relation reads: per table the columns and the symbols that its rows can depend on.

A change to anything else cannot change the result. Symbols are narrowed by what every row that leaves
the scan must fulfil: ``symbol = 'A'``, ``symbol IN (…)``, joined by AND and OR.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flowforge.catalog import Table
from flowforge.compiler.layers import layers
from flowforge.compiler.plan import TableRead
from flowforge.formula.tree import Constant, Expression, Reference
from flowforge.relation import Relation, Scan
from flowforge.tenancy import EVERYTHING, Access, Allowed
from flowforge.types import find

SYMBOL = "symbol"
"""The column that says whose rows they are also where it does not guard them, as in a tenant's own positions."""


def reads(relations: Sequence[Relation], access: Access) -> tuple[TableRead, ...]:
    """What several forms of one relation read together, the last of which is the one that is scanned.

    One entry per table, in the order of the inputs.
    """
    found: dict[str, TableRead] = {}
    for relation in relations:
        final = relation is relations[-1]
        for layer in layers(relation):
            source = layer.relation.source
            if isinstance(source, Scan):
                table = source.table
                used = layer.reads | _guard_column(table, access)
                columns = tuple([each.name for each in table.columns if each.name in used])
                symbols = _symbols(table, layer.relation, access)
                read = TableRead(table.qualified_name, symbols, columns, scanned=final)
                found[read.table] = read.united(found.get(read.table))
    return tuple(found.values())


def symbols_of(reads: Iterable[TableRead], tables: Iterable[Table], access: Access) -> Allowed:
    """The symbols of all tables that are guarded by them; none where no table is."""
    guarded = {table.qualified_name for table in tables if table.protection.kind == "symbol"}
    found: frozenset[str] = frozenset()
    for read in reads:
        if read.table not in guarded:
            continue
        if not isinstance(read.symbols, frozenset):
            return access.symbols
        found |= read.symbols
    return found


def _guard_column(table: Table, access: Access) -> frozenset[str]:
    """The column that the tenant guard reads, where there is something to guard."""
    column, kind = table.protection.column, table.protection.kind
    unguarded = kind == "shared" or (kind == "symbol" and access.symbols is EVERYTHING)
    return frozenset() if column is None or unguarded else frozenset({column})


def _symbols(table: Table, relation: Relation, access: Access) -> Allowed:
    column = table.symbol_column
    allowed = access.symbols if column is not None else EVERYTHING
    if column is None and find(table.columns, SYMBOL) is None:
        return EVERYTHING
    for predicate in relation.where:
        wanted = _wanted(predicate.expression, column or SYMBOL)
        if wanted is not None:
            allowed = wanted & allowed if isinstance(allowed, frozenset) else wanted
    return allowed


def _wanted(condition: Expression, column: str) -> frozenset[str] | None:
    """The values that the column must have for the condition to hold; None where it may have any."""
    if isinstance(condition, Constant):
        return None if condition.value is True else frozenset()
    if isinstance(condition, Reference):
        return None
    arguments = condition.arguments
    if condition.function in ("AND", "OR"):
        parts = [_wanted(each, column) for each in arguments]
        known = [part for part in parts if part is not None]
        if condition.function == "AND":
            return frozenset.intersection(*known) if known else None
        return frozenset().union(*known) if len(known) == len(parts) else None
    if condition.function == "=" and isinstance(arguments[1], Reference):
        arguments = arguments[::-1]
    if condition.function not in ("=", "IN") or not _is_column(arguments[0], column):
        return None
    values = [each.value if isinstance(each, Constant) else None for each in arguments[1:]]
    return frozenset(map(str, values)) if all(isinstance(each, str) for each in values) else None


def _is_column(expression: Expression, column: str) -> bool:
    return isinstance(expression, Reference) and expression.name == column
