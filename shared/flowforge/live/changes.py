"""What an announced change touches: the table itself, and the tables that the same write changes through views."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from flowforge.records import dataclass
from flowforge.rollups import Rollup
from flowforge.schema.declared import DECLARED
from flowforge.schema.rollups import ROLLUPS, WRITTEN_WITH

Names = frozenset[str] | None
"""Some names; None stands for all."""

MOST_REMEMBERED = 512
_REFERENCE = re.compile(r"\[([^\]]+)\]")


@dataclass(frozen=True, slots=True)
class Change:
    """Rows of ``table`` were written: of these symbols, and in them these columns.

    ``tenant``: only rows of this tenant; None where they may be anybody's.
    """

    table: str
    symbols: Names = None
    columns: Names = None
    tenant: str | None = None


def changes_of(data: Mapping[str, Any], tenant: str | None) -> tuple[Change, ...]:
    """The changes that a ``flowforge.data.changed.v1`` tells of, its own table first, each table once."""
    symbols, columns = _names(data.get("symbols")), _names(data.get("columns"))
    return _changes(str(data["table"]), tuple(data.get("derived_tables", ())), symbols, columns, tenant)


@lru_cache(maxsize=MOST_REMEMBERED)
def _changes(
    table: str, named: tuple[str, ...], symbols: Names, columns: Names, tenant: str | None
) -> tuple[Change, ...]:
    """The same objects for what is announced again and again."""
    changed = Change(table, symbols, _with_computed(table, columns), tenant)
    derived = (*named, *WRITTEN_WITH.get(table, ()))
    return (changed, *_derived(changed, [name for name in derived if name != table]))


def _names(listed: Iterable[str] | None) -> Names:
    return None if listed is None else frozenset(listed)


def _with_computed(table: str, columns: Names) -> Names:
    """Columns that are computed from others change with them."""
    declared = DECLARED.get(table)
    if columns is None or declared is None:
        return columns
    return columns.union(
        column for column, formula in declared.computed if not columns.isdisjoint(_REFERENCE.findall(formula))
    )


def _derived(changed: Change, tables: Iterable[str]) -> Iterator[Change]:
    rollups = {rollup.table: rollup for rollup in ROLLUPS if rollup.base == changed.table}
    for table in dict.fromkeys(tables):
        columns = _columns_of(rollups.get(table), changed)
        if columns is None or columns:
            yield Change(table, changed.symbols, columns, changed.tenant)


def _columns_of(rollup: Rollup | None, changed: Change) -> Names:
    """The columns of a rollup that change with those of its base; all of them where that is not known."""
    columns = changed.columns
    if columns is None or rollup is None or not rollup.measures:
        return None
    order = DECLARED[changed.table].trade_order if changed.table in DECLARED else ()
    places = {*rollup.keys, *order, *([rollup.bucket.of] if rollup.bucket else ())}
    if not columns.isdisjoint(places):
        return None  # rows moved from one row of the rollup to another, or became first or last
    return frozenset(
        measure.column
        for measure in rollup.measures
        if not columns.isdisjoint(_REFERENCE.findall(measure.expression))
    )
