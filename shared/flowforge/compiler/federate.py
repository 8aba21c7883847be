"""The statements of a relation: one where a single store can do it all, else one per part and a residual."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from flowforge.catalog import Catalog
from flowforge.compiler.apply import Steps
from flowforge.compiler.generate import Span
from flowforge.compiler.implied import implied_at, implied_joins
from flowforge.compiler.limited_arms import with_limited_arms
from flowforge.compiler.lookups import looked_up
from flowforge.compiler.plan import Statement
from flowforge.compiler.residual import Part, Residual, Step
from flowforge.compiler.split import SQL_STORES, split, stores_of
from flowforge.compiler.statement import compiled
from flowforge.compiler.stores import STORE_NAMES, refuse_unsupported, sql_store
from flowforge.graph import Graph
from flowforge.nodes import BY_KIND
from flowforge.records import dataclass
from flowforge.relation import Relation, Scan, tables
from flowforge.tenancy import Access

MEMORY = "memory"
"""Where a node runs that no single store can do."""


@dataclass(frozen=True, slots=True)
class Statements:
    """``spans`` are (statement, start and end in its text) by node; ``residual`` None: the one statement
    is the whole answer.
    """

    statements: tuple[Statement, ...]
    spans: Mapping[str, tuple[int, Span]]
    residual: Residual | None = None


def statements(
    relation: Relation, steps: Steps, graph: Graph, *, catalog: Catalog, access: Access, as_of: datetime
) -> Statements:
    """Compile the relation for the stores that its tables live in."""
    read = tables(relation)
    stores = {table.store for table in read}
    if len(stores) == 1 and stores <= SQL_STORES and not (stores == {"postgres"} and implied_at(relation)):
        store = sql_store(read[0].store)
        refuse_unsupported([node for node, _, _ in steps.values()], store)
        whole = compiled(relation, store, catalog=catalog, access=access, as_of=as_of)
        return Statements((whole.statement,), {node: (0, span) for node, span in whole.spans.items()})
    relation = with_limited_arms(relation)
    made: list[Statement] = []
    spans: dict[str, tuple[int, Span]] = {}
    parts: list[Part] = []
    cut = split(relation)
    for original, fetched in cut.parts:
        store = sql_store(tables(fetched)[0].store)
        part = compiled(fetched, store, catalog=catalog, access=access, as_of=as_of)
        parts.append(Part(original, len(made), store.store, fetched.schema, fetched.opened_by))
        for node, span in part.spans.items():
            spans.setdefault(node, (len(made), span))
        made.append(part.statement)
    lookups = tuple(looked_up(cut.scans, access))
    residual = Residual(relation, tuple(parts), lookups, tuple(_steps(steps, graph)), as_of)
    return Statements(tuple(made), spans, residual)


def _steps(steps: Steps, graph: Graph) -> Sequence[Step]:
    """What each node does that no store can do alone."""
    stores = stores_of([after for _, _, after in steps.values()])
    found = []
    for node, before, after in steps.values():
        if stores[id(after)] is not None or (before is None and isinstance(after.source, Scan)):
            continue
        doc = BY_KIND[node.type].doc
        if before is None:
            (join,) = implied_joins(after)
            doc = f"{doc} They are {join.implied}."
        else:
            sources = dict.fromkeys(wire.source for wire in graph.inputs(node.id))
            doc = f"{doc} It reads {' and '.join(sources)}."
        found.append(Step(node.id, node.type, doc))
    return found


def places(steps: Steps, made: Statements) -> dict[str, str]:
    """The store that each node runs in, ``memory`` where it is none."""
    if made.residual is None:
        return dict.fromkeys(steps, made.statements[0].store)
    stores = stores_of([after for _, _, after in steps.values()])
    found: dict[str, str] = {}
    for node_id, (_, before, after) in steps.items():
        if node_id in made.spans:
            found[node_id] = made.statements[made.spans[node_id][0]].store
        elif before is None and isinstance(after.source, Scan):
            found[node_id] = after.source.table.store
        else:
            found[node_id] = stores[id(after)] or MEMORY
    return found


def origins(relation: Relation) -> str:
    """The stores that a relation's rows come from, for people."""
    read = {table.store: table.qualified_name for table in reversed(tables(relation))}
    return " and ".join(f"{STORE_NAMES[store]} ({name})" for store, name in reversed(read.items()))
