"""What is left to do in memory once every store has answered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from flowforge.catalog import Store, Table
from flowforge.records import dataclass
from flowforge.relation import Relation, Scan
from flowforge.tenancy import Access
from flowforge.types import Schema


@dataclass(frozen=True, slots=True)
class Part:
    """A relation, or a table, that one statement gives the rows of: ``columns`` are fetched, in this order."""

    relation: Relation | Scan
    statement: int
    store: Store
    columns: Schema
    node: str


@dataclass(frozen=True, slots=True)
class Lookup:
    """A table that takes no SQL, read for ``access``: only these columns are needed of it, and only the rows
    of these symbols (None: of all that the access allows).
    """

    table: Table
    columns: Schema
    access: Access
    node: str
    symbols: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """What one node does in memory, in words."""

    node: str
    kind: str
    detail: str


@dataclass(frozen=True)
class Residual:
    """The relation whose rows are the result; ``parts`` and ``lookups`` are what it is worked out from."""

    relation: Relation
    parts: tuple[Part, ...]
    lookups: tuple[Lookup, ...]
    steps: tuple[Step, ...]
    as_of: datetime

    def described(self) -> dict[str, object]:
        """As the API shows it."""
        inputs: list[Mapping[str, object]] = [
            {
                "statement": part.statement,
                "store": part.store,
                "columns": [column.name for column in part.columns],
            }
            for part in self.parts
        ]
        inputs += [
            {
                "table": lookup.table.qualified_name,
                "store": lookup.table.store,
                "columns": [column.name for column in lookup.columns],
            }
            for lookup in self.lookups
        ]
        steps = [{"node_id": each.node, "type": each.kind, "detail": each.detail} for each in self.steps]
        return {"engine": "polars", "inputs": inputs, "steps": steps}
