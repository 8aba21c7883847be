"""Tables that take no SQL: what is read of each, once for all the nodes that read it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flowforge.catalog import Table
from flowforge.compiler.residual import Lookup
from flowforge.formula.tree import Call, Constant, Expression, Reference
from flowforge.relation import Relation, Scan
from flowforge.tenancy import Access

Reading = tuple[Relation, frozenset[str]]
"""A relation that reads such a table, and the columns that are used of it."""


def looked_up(scans: Sequence[Reading], access: Access) -> Iterator[Lookup]:
    """One look-up for each table, held to the access."""
    readings: dict[str, list[Reading]] = {}
    for relation, used in scans:
        assert isinstance(relation.source, Scan)
        readings.setdefault(relation.source.table.qualified_name, []).append((relation, used))
    for several in readings.values():
        first = several[0][0]
        assert isinstance(first.source, Scan)
        table = first.source.table
        names = frozenset().union(*[used for _, used in several])
        columns = tuple([column for column in table.columns if column.name in names])
        yield Lookup(table, columns, access, first.opened_by, _symbols(table, [each for each, _ in several]))


def _symbols(table: Table, relations: Sequence[Relation]) -> frozenset[str] | None:
    """The symbols that conditions leave, if every reader has such a condition."""
    if table.symbol_column is None:
        return None
    found: set[str] = set()
    for relation in relations:
        listed = [_listed(each.expression, table.symbol_column) for each in relation.where]
        known = [each for each in listed if each is not None]
        if not known:
            return None
        found |= frozenset.intersection(*known)
    return frozenset(found)


def _listed(condition: Expression, column: str) -> frozenset[str] | None:
    """The values that ``column = value`` or ``column IN (values)`` names."""
    if not isinstance(condition, Call) or condition.function not in ("=", "IN"):
        return None
    subject, *values = condition.arguments
    if not isinstance(subject, Reference) or subject.name != column:
        return None
    constants = [each.value for each in values if isinstance(each, Constant)]
    if len(constants) < len(values):
        return None
    return frozenset(each for each in constants if isinstance(each, str))
