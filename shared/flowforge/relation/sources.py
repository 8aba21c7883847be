"""What a SELECT reads from: a table, a closed SELECT, two of them joined, or several united.

Relations read from relations, so together they are a graph without cycles in which one that several
nodes use occurs once: walk it with ``walk``, which visits every relation by identity.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Literal

from flowforge.catalog import Table
from flowforge.formula.tree import Expression
from flowforge.records import dataclass
from flowforge.relation.fields import Origin, Scan

if TYPE_CHECKING:
    from flowforge.relation.relation import Relation

JoinKind = Literal["inner", "left", "right", "full"]
Side = Literal["left", "right"]


@dataclass(frozen=True, slots=True)
class Derived:
    """FROM a closed SELECT; the scope's columns are its fields, by name.

    ``shared``: other nodes read it too, so that nothing of one of them may be moved into it.
    """

    relation: Relation
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Joined:
    """FROM one closed SELECT JOIN another.

    ``columns`` are the scope's columns by name: of which side, and what they are called there. ``on``
    are conditions over the scope that must all hold. ``keys`` are the pairs (left, right) of scope
    columns that ``on`` demands to be equal. ``nearest``: an as-of join; ``on`` ends with its comparison
    of times, and each left row has at most one partner. ``implied``: what for, in words, where no node
    asks for the join itself but a column that it makes; it then keeps every left row once, in its order,
    and is left out where no such column is used.
    """

    left: Relation
    right: Relation
    kind: JoinKind
    columns: Mapping[str, tuple[Side, str]]
    on: tuple[Expression, ...]
    keys: tuple[tuple[str, str], ...]
    nearest: bool = False
    implied: str = ""

    def side(self, side: Side) -> Relation:
        """One of the two inputs."""
        return self.left if side == "left" else self.right

    @property
    def kept(self) -> frozenset[Side]:
        """The sides whose rows are all there, with or without a partner, or of which no row is made up."""
        return _KEPT[self.kind]


_KEPT: Mapping[JoinKind, frozenset[Side]] = {
    "inner": frozenset({"left", "right"}),
    "left": frozenset({"left"}),
    "right": frozenset({"right"}),
    "full": frozenset(),
}


@dataclass(frozen=True, slots=True)
class United:
    """FROM several SELECTs one under the other, which all have the scope's columns as their fields.

    ``distinct``: of equal rows only one, so that every column counts.
    """

    arms: tuple[Relation, ...]
    distinct: bool


Source = Scan | Derived | Joined | United


def reads(relation: Relation) -> tuple[Relation, ...]:
    """The relations in its FROM."""
    source = relation.source
    if isinstance(source, Scan):
        return ()
    if isinstance(source, Derived):
        return (source.relation,)
    if isinstance(source, Joined):
        return (source.left, source.right)
    return source.arms


def walk(relation: Relation) -> Iterator[Relation]:
    """The relation and all that it is built on, each once and after what it reads."""
    seen: set[int] = set()
    stack = [(relation, False)]
    while stack:
        each, expanded = stack.pop()
        if expanded:
            yield each
        elif id(each) not in seen:
            seen.add(id(each))
            stack.append((each, True))
            stack.extend([(inner, False) for inner in reversed(reads(each))])


def tables(relation: Relation) -> tuple[Table, ...]:
    """The tables that a relation reads, each once, in the order of its inputs."""
    found: dict[str, Table] = {}
    for each in walk(relation):
        if isinstance(each.source, Scan):
            found.setdefault(each.source.table.qualified_name, each.source.table)
    return tuple(found.values())


def origins_by_scope(source: Source) -> Mapping[str, frozenset[Origin]]:
    """The source columns behind each column of a FROM scope."""
    if isinstance(source, Scan):
        table = source.table
        return {each.name: frozenset({(table.database, table.name, each.name)}) for each in table.columns}
    if isinstance(source, Derived):
        return {field.name: field.origins for field in source.relation.fields}
    if isinstance(source, Joined):
        return {
            name: source.side(side).field(inner).origins for name, (side, inner) in source.columns.items()
        }
    found: dict[str, frozenset[Origin]] = {}
    for arm in source.arms:
        for field in arm.fields:
            found[field.name] = found.get(field.name, frozenset()) | field.origins
    return found
