"""The catalogue: which tables exist, where they live, and what protects each row.

Pure data. ``flowforge.schema`` fills it from the engines and the declarations of
``flowforge.schema.declared``; a table that declares no protection never enters a catalogue.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from typing import Literal

from flowforge.records import dataclass
from flowforge.rollups import Rollup
from flowforge.tenancy import Access
from flowforge.types import Schema

Store = Literal["clickhouse", "postgres", "redis", "uploads"]
"""The engine that answers. ``postgres`` is Materialize in the cluster and PostgreSQL ``live`` locally."""

Freshness = Literal["live", "seconds", "minutes", "hours", "static"]


@dataclass(frozen=True, slots=True)
class Protection:
    """What the tenant guard must put on every scan of a table.

    ``symbol``: ``column IN (<allowed symbols>)``; ``tenant``: ``column = <tenant>``; ``shared``: the
    rows belong to nobody (reference data; never an aggregate over several symbols).
    """

    kind: Literal["symbol", "tenant", "shared"]
    column: str | None = None


ADJUSTMENT_FACTORS = "reference.adjustment_factors"
"""Spans of the exchange's days, each with the factors of a symbol's splits and dividends."""


@dataclass(frozen=True, slots=True)
class Adjustable:
    """The columns of a table that a split or a dividend changes, and the day whose factors hold for a row.

    ``day`` is the exchange's day, or a datetime whose UTC date it is. ``prices`` are per unit, ``quantities``
    count units, ``amounts`` are prices times quantities. ``made`` is the column that says how the source of a
    row has adjusted it already, where sources do: none, splits or total_return. ``symbol`` is whose factors.
    """

    day: str
    prices: tuple[str, ...]
    quantities: tuple[str, ...] = ()
    amounts: tuple[str, ...] = ()
    made: str | None = None
    symbol: str = "symbol"

    def columns(self) -> dict[str, list[str]]:
        """The columns that adjusting changes, by what they are: the wire form."""
        return {
            "prices": list(self.prices),
            "quantities": list(self.quantities),
            "amounts": list(self.amounts),
        }


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the serving layer.

    ``database`` and ``name`` are the API's names; ``physical`` is the (schema, table) pair inside the
    store. ``trade_order`` is the total order of rows that ``first``/``last`` use; ``order_key`` a text of the store
    that orders as these columns do, which is no column for readers, or None. ``prewhere`` says
    that the engine can evaluate the guard before anything else (MergeTree); views cannot. ``as_text``
    are string columns that the engine stores as something else (an enum, a UUID): they order and
    compare as text only after a conversion; ``enums`` are the values of those with a fixed list.
    ``unsigned`` are int64 columns that the engine stores as UInt64, which has no type in common with signed
    ones. ``datetime64`` are datetime columns that the
    engine stores as DateTime64; ``since_1970`` are those that a CHECK constraint keeps from lying before
    1970. ``computed`` are columns that a CHECK constraint holds equal to a formula over the other columns,
    which has the column's very type. ``adjustable`` is None where nothing can be adjusted for splits.
    """

    database: str
    name: str
    store: Store
    columns: Schema
    protection: Protection
    physical: tuple[str, str]
    freshness: Freshness = "seconds"
    time_column: str | None = None
    trade_order: tuple[str, ...] = ()
    order_key: str | None = None
    sorting_key: tuple[str, ...] = ()
    prewhere: bool = False
    final: bool = False
    comment: str = ""
    as_text: frozenset[str] = frozenset()
    enums: Mapping[str, frozenset[str]] = field(default_factory=dict, hash=False)
    unsigned: frozenset[str] = frozenset()
    datetime64: frozenset[str] = frozenset()
    since_1970: frozenset[str] = frozenset()
    computed: tuple[tuple[str, str], ...] = ()
    adjustable: Adjustable | None = None

    @property
    def qualified_name(self) -> str:
        """``database.table`` as users write it."""
        return f"{self.database}.{self.name}"

    @property
    def symbol_column(self) -> str | None:
        """The column that the symbol guard filters on, if this is market data."""
        return self.protection.column if self.protection.kind == "symbol" else None


@dataclass(frozen=True, slots=True)
class Catalog:
    """Tables by qualified name. ``version`` changes whenever a table, a column or a rollup does."""

    tables: Mapping[str, Table] = field(default_factory=dict)
    version: str = "0"
    rollups: tuple[Rollup, ...] = ()

    @staticmethod
    def of(tables: Iterable[Table], version: str = "0", rollups: tuple[Rollup, ...] = ()) -> Catalog:
        """A catalogue of these tables."""
        return Catalog({table.qualified_name: table for table in tables}, version, rollups)

    def visible_to(self, access: Access) -> Catalog:
        """Only what the tenant may know exists; anything else is an unknown table to them."""
        return Catalog(
            {name: table for name, table in self.tables.items() if access.sees_table(name)},
            self.version,
            tuple(rollup for rollup in self.rollups if access.sees_table(rollup.table)),
        )

    def get(self, database: str, table: str) -> Table | None:
        """The table of that name, or None."""
        return self.tables.get(f"{database}.{table}")
