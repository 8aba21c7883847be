"""A relation as the list of its SELECTs, each after those it reads, with only the columns that are used."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from flowforge.compiler.grouped_apart import grouped_apart, stays_grouped
from flowforge.formula.tree import Expression, Reference, references
from flowforge.records import dataclass
from flowforge.relation import Derived, Field, Joined, Relation, United, walk


@dataclass(frozen=True, slots=True)
class Input:
    """A closed SELECT that another reads: its key in the list, and its names for the scope's columns.

    ``columns`` are all that it may have: what only another SELECT reads of it stands in this one's scope, too.
    """

    key: int
    names: Mapping[str, str]
    columns: Collection[str]


@dataclass(frozen=True, slots=True)
class Layer:
    """One SELECT: ``fields`` are those that a later one (or the caller) reads, ``reads`` the columns of
    its FROM that it uses, ``inputs`` the SELECTs in its FROM. ``ordered`` says whether ORDER BY has an
    effect here, ``uses`` how many SELECTs read it; ``arm``: it is written inside a union.
    """

    key: int
    relation: Relation
    fields: tuple[Field, ...]
    reads: frozenset[str]
    inputs: tuple[Input, ...]
    ordered: bool
    uses: int
    arm: bool


def layers(relation: Relation) -> list[Layer]:
    """Column pruning from the outside in: unused columns never leave the scan.

    A relation that several others read is one layer with the columns that any of them uses.
    """
    wanted: dict[int, set[str]] = {}
    uses: dict[int, int] = {}
    arms: set[int] = set()
    found: list[Layer] = []
    for each in reversed(list(walk(relation))):
        key, outermost = id(each), not found
        if not outermost and key not in wanted:
            continue  # only passed through: whoever reads it reads what it reads
        fields: tuple[Field, ...] = each.fields
        if not outermost:
            fields = tuple([field for field in fields if field.name in wanted[key]]) or fields[:1]
        parts = [each]
        if each.keys == () and not stays_grouped(fields):
            parts = list(grouped_apart(each, fields))
        for part in parts:
            ordered = bool(part.order) and (outermost or part.window is not None or bool(part.first_of))
            fields = part.fields if len(parts) > 1 else fields
            used = used_by(part, fields, ordered=ordered)
            inputs = tuple(_inputs(part))
            part_key = key if part is parts[0] else id(part)
            found.append(
                Layer(part_key, part, fields, used, inputs, ordered, uses.get(part_key, 0), part_key in arms)
            )
            if isinstance(part.source, United):
                arms |= {id(arm) for arm in part.source.arms}
                if part.source.distinct:  # every column decides which rows are equal
                    used = frozenset(part.source.arms[0].fields.by_name)
            for read in inputs:
                uses[read.key] = uses.get(read.key, 0) + 1
                wanted.setdefault(read.key, set()).update(
                    [read.names[name] for name in used if name in read.names]
                )
    return found[::-1]


def used_by(relation: Relation, fields: Iterable[Field], *, ordered: bool = True) -> frozenset[str]:
    """The columns of its FROM that a SELECT of these fields uses."""
    used: set[str] = set()
    for expression in expressions(relation, fields, ordered=ordered):
        used |= references(expression)
    if isinstance(relation.source, Joined):
        for expression in relation.source.on:
            used |= references(expression)
    return frozenset(used)


def expressions(relation: Relation, fields: Iterable[Field], *, ordered: bool = True) -> Iterator[Expression]:
    """All that a SELECT of these fields evaluates, besides what a join in its FROM compares."""
    for field in fields:
        yield field.expression
    for predicate in (*relation.where, *relation.having):
        yield predicate.expression
    yield from relation.keys or ()
    yield from relation.first_of
    if ordered:
        for term in relation.order:
            yield term.expression


def _inputs(relation: Relation) -> Iterator[Input]:
    """The SELECTs in the FROM; what a join's side only passes on is read where it comes from."""
    source = relation.source
    if isinstance(source, Derived):
        yield _same_names(source.relation)
    elif isinstance(source, United):
        yield from map(_same_names, source.arms)
    elif isinstance(source, Joined):
        for side in ("left", "right"):
            names = {name: inner for name, (of, inner) in source.columns.items() if of == side}
            inner = source.left if side == "left" else source.right
            while (passed := passed_on(inner)) is not None:
                inner, renamed = passed
                names = {name: renamed[each] for name, each in names.items()}
            yield Input(id(inner), names, inner.fields.by_name.keys())


def _same_names(relation: Relation) -> Input:
    names = relation.fields.by_name
    return Input(id(relation), {name: name for name in names}, names.keys())


def passed_on(relation: Relation) -> tuple[Relation, Mapping[str, str]] | None:
    """The closed SELECT that a relation reads and does nothing with but choose and rename columns."""
    if not isinstance(relation.source, Derived) or relation.where or relation.keys is not None:
        return None
    if relation.window is not None or relation.first_of:
        return None
    names: dict[str, str] = {}
    for field in relation.fields:
        if not isinstance(field.expression, Reference):
            return None
        names[field.name] = field.expression.name
    return relation.source.relation, names
