"""A graph over several stores: one statement for each largest part that a store can do alone, the rest in memory.

    join(ClickHouse, ClickHouse, live)  →  ClickHouse: its join   live: its scan   in memory: the other join

A part is as large as can be: filters have reached it already (``relation``), and of its columns only
those are fetched that the rest uses.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from flowforge.catalog import Store
from flowforge.compiler.layers import expressions, used_by
from flowforge.formula.tree import Call, Expression, Reference, call
from flowforge.records import dataclass
from flowforge.relation import Derived, Field, Joined, Projection, Relation, Scan, United, reads, walk
from flowforge.types import STRING

SQL_STORES: frozenset[Store] = frozenset({"clickhouse", "postgres"})
_ONLY_CLICKHOUSE = frozenset({"FILTER", "sample_hash", "sampled"})
"""Functions of trees that PostgreSQL has no words for."""


@dataclass(frozen=True, slots=True)
class Split:
    """``parts`` are (relation of the graph, the same with only the columns that are used), or a scan whose
    SELECT its store cannot do, and what can be had of it; ``scans`` the relations that read a table which
    takes no SQL, with the columns that are used.
    """

    parts: tuple[tuple[Relation | Scan, Relation], ...]
    scans: tuple[tuple[Relation, frozenset[str]], ...]


def store_of(relation: Relation) -> Store | None:
    """The SQL store that can do the relation and all that it is built on; None if none can alone."""
    return stores_of([relation]).get(id(relation))


def stores_of(targets: Iterable[Relation]) -> dict[int, Store | None]:
    """``store_of`` of these relations and of all that they are built on, by identity."""
    found: dict[int, Store | None] = {}
    for target in targets:
        for each in walk(target):
            if id(each) not in found:
                found[id(each)] = _store(each, found)
    return found


def _store(relation: Relation, found: Mapping[int, Store | None]) -> Store | None:
    if isinstance(relation.source, Scan):
        store: Store | None = relation.source.table.store
    else:
        stores = {found[id(each)] for each in reads(relation)}
        store = stores.pop() if len(stores) == 1 else None
    if store not in SQL_STORES or (store == "postgres" and _needs_clickhouse(relation)):
        return None
    return store


def _needs_clickhouse(relation: Relation) -> bool:
    if isinstance(relation.source, Joined) and relation.source.nearest:
        return True
    compared = relation.source.on if isinstance(relation.source, Joined) else ()
    return any(map(_says_only_clickhouse, (*expressions(relation, relation.fields), *compared)))


def _says_only_clickhouse(expression: Expression) -> bool:
    stack: list[Expression] = [expression]
    seen: set[int] = set()
    while stack:
        each = stack.pop()
        if isinstance(each, Call) and id(each) not in seen:
            seen.add(id(each))
            if each.function in _ONLY_CLICKHOUSE:
                return True
            stack.extend(each.arguments)
    return False


def split(relation: Relation) -> Split:
    """Where the graph of relations is cut; the relation itself is not of one store."""
    stores = stores_of([relation])
    wanted: dict[int, set[str]] = {id(relation): set(relation.fields.by_name)}
    parts: list[tuple[Relation | Scan, Relation]] = []
    scans: list[tuple[Relation, frozenset[str]]] = []
    bare: dict[int, list[tuple[Relation, frozenset[str]]]] = {}
    for each in reversed(list(walk(relation))):
        names = wanted.get(id(each))
        if names is None:
            continue  # below a part
        fields = [field for field in each.fields if field.name in names]
        if stores[id(each)] is not None:
            parts.append((each, _fetched(each, fields)))
            continue
        used = used_by(each, fields)
        if isinstance(each.source, Scan):
            if each.source.table.store in SQL_STORES:
                if id(each.source) not in bare:
                    parts.append((each.source, each))
                bare.setdefault(id(each.source), []).append((each, used))
            else:
                scans.append((each, used))
        for inner, needed in _needed(each, used):
            wanted.setdefault(id(inner), set()).update(needed)
    made = [
        (one, _bare(one, bare[id(one)]) if isinstance(one, Scan) else fetched) for one, fetched in parts[::-1]
    ]
    return Split(tuple(made), tuple(scans[::-1]))


def _fetched(relation: Relation, fields: list[Field]) -> Relation:
    """The relation with the columns that are fetched, in no order unless it chooses rows by one.

    What an engine stores otherwise than as text is converted there: its own numbers mean nothing here.
    """
    table = relation.source.table if isinstance(relation.source, Scan) else None
    kept = [
        replace(each, expression=call("promote", (each.expression,), STRING, each.expression.nullable))
        if table is not None
        and isinstance(each.expression, Reference)
        and each.expression.name in table.as_text
        else each
        for each in (fields or list(relation.fields[:1]))
    ]
    order = relation.order if relation.window is not None or relation.first_of else ()
    return replace(relation, fields=Projection(kept), order=order)


def _bare(scan: Scan, readers: Sequence[tuple[Relation, frozenset[str]]]) -> Relation:
    """The table's columns that are used, of the rows that conditions leave which the store can ask and all
    of its readers have.
    """
    (first, _), *others = readers
    names = frozenset[str]().union(*[used for _, used in readers])
    whole = Relation.scan(scan.table, first.opened_by)
    fields = [field for field in whole.fields if field.name in names]
    where = [
        each
        for each in first.where
        if not _says_only_clickhouse(each.expression)
        and all(any(each.expression is its.expression for its in other.where) for other, _ in others)
    ]
    return replace(_fetched(whole, fields), where=tuple(where))


def _needed(relation: Relation, used: frozenset[str]) -> Iterator[tuple[Relation, set[str]]]:
    """The columns that are used of each relation in the FROM."""
    source = relation.source
    if isinstance(source, Derived):
        yield source.relation, set(used)
    elif isinstance(source, Joined):
        for side in ("left", "right"):
            inner = source.left if side == "left" else source.right
            yield (
                inner,
                {name for scope, (of, name) in source.columns.items() if of == side and scope in used},
            )
    elif isinstance(source, United):
        for arm in source.arms:
            yield arm, set(arm.fields.by_name) if source.distinct else set(used)
