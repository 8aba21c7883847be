"""One relation of one store → one guarded, verified statement."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from flowforge.catalog import Catalog
from flowforge.compiler.generate import Span, generate, has_private_text
from flowforge.compiler.guard import guard
from flowforge.compiler.order_keys import by_order_key
from flowforge.compiler.plan import Statement
from flowforge.compiler.stores import SqlStore
from flowforge.compiler.verifier import verify
from flowforge.compiler.write import write
from flowforge.records import dataclass
from flowforge.relation import Relation
from flowforge.tenancy import Access


@dataclass(frozen=True, slots=True)
class Compiled:
    """A statement, and the offsets of each node's part in its text."""

    statement: Statement
    spans: Mapping[str, Span]


def compiled(
    relation: Relation, store: SqlStore, *, catalog: Catalog, access: Access, as_of: datetime
) -> Compiled:
    """The relation, all of whose tables live in this store, as SQL: order keys → write → guard → generate → verify."""
    if store.dialect == "clickhouse":
        relation = by_order_key(relation)
    written = write(relation, store.dialect, as_of)
    settings = dict(store.settings) | written.settings
    settings |= guard(written.scans, access, store.dialect)
    plain = any(map(has_private_text, written.texts))
    sql, spans = generate(written.tree, written.pieces, store.dialect, plain=plain)
    proof = verify(
        written.tree, sql, dialect=store.dialect, settings=settings, catalog=catalog, access=access
    )
    return Compiled(Statement(store.store, store.dialect, sql, settings, proof), spans)
