"""Relations of several inputs: joins, as-of joins and unions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from flowforge.formula.floats import one_zero
from flowforge.formula.tree import Constant, Expression, Reference, call
from flowforge.records import dataclass
from flowforge.relation.agreeing import agreeing
from flowforge.relation.barriers import Barrier
from flowforge.relation.fields import Field, Order, Predicate, Projection
from flowforge.relation.relation import Relation
from flowforge.relation.signs import SIGNED, sign_of
from flowforge.relation.sources import Joined, JoinKind, Side, United
from flowforge.types import BOOLEAN, DATETIME, FLOAT64, INT64, STRING, Column, Schema

Pairs = Sequence[tuple[str, str]]
"""(left, right): names of columns that must be equal, each as its own side calls it."""

_MISSING: Mapping[JoinKind, frozenset[Side]] = {
    "inner": frozenset(),
    "left": frozenset({"right"}),
    "right": frozenset({"left"}),
    "full": frozenset({"left", "right"}),
}
"""The sides that a row can lack."""


def joined(left: Relation, right: Relation, kind: JoinKind, pairs: Pairs, names: Sequence[str]) -> Relation:
    """The rows of both where all pairs are equal; NULL equals nothing.

    ``names`` are those of the columns that come out: the left ones, then the right ones.
    """
    left, right = agreeing(left, right, kind, pairs)
    scope = _Scope(left, right, names)
    on = tuple([scope.equal(*pair) for pair in pairs])
    return scope.read(kind, on, pairs, nearest=False)


@dataclass(frozen=True, slots=True)
class AsOf:
    """Which right row is the nearest to a left one.

    ``times`` are the columns (left, right) to compare; ``forward`` looks for the earliest not before,
    otherwise for the latest not after; ``exact``: an equal time counts. ``tolerance``: how far it may
    be, as a count of a unit (second, minute, hour, day).
    """

    times: tuple[str, str]
    forward: bool = False
    exact: bool = True
    tolerance: tuple[int, str] | None = None


def joined_as_of(
    left: Relation, right: Relation, kind: JoinKind, pairs: Pairs, as_of: AsOf, names: Sequence[str]
) -> Relation:
    """Each left row with the nearest right row of equal keys; ``kind`` is left or inner."""
    left, right = agreeing(left, right, kind, pairs)
    right = _one_per_moment(right, [*(each for _, each in pairs), as_of.times[1]], last=not as_of.forward)
    scope = _Scope(left, right, names)
    mine, other = scope.left(as_of.times[0]), scope.right(as_of.times[1])
    comparison = ("<" if as_of.forward else ">") + ("=" if as_of.exact else "")
    on = [scope.equal(*pair) for pair in pairs] or [call("any", (mine, other), BOOLEAN, nullable=False)]
    on.append(call(comparison, (mine, other), BOOLEAN, mine.nullable or other.nullable))
    found = scope.read(kind, tuple(on), pairs, nearest=True)
    if as_of.tolerance is None:
        return found
    near = _within(mine, other, as_of)
    if kind == "inner":
        return replace(found, where=(Predicate(near, found.node),))
    return replace(found, fields=Projection([_if_near(field, near, scope) for field in found.fields]))


def _one_per_moment(right: Relation, names: Sequence[str], *, last: bool) -> Relation:
    """The row that decides among those of equal keys and time."""
    by = [right.field(name).expression for name in dict.fromkeys(names)]
    if right.keys and all(any(key is each for each in by) for key in right.keys):
        return right
    ties = right.trade_order or tuple(field.expression for field in right.fields)
    if right.window is not None or not all(isinstance(each, Reference) for each in (*by, *ties)):
        return _one_per_moment(right.closed(Barrier.JOIN_INPUT), names, last=last)
    ties = tuple(each for each in ties if not any(each is other for other in by))
    if not ties:
        return right
    keys = tuple(map(one_zero, by))  # PostgreSQL wants the very expressions first in ORDER BY
    order = [Order(each, False, right.node) for each in keys] + [
        Order(each, last, right.node) for each in ties
    ]
    return replace(right, order=tuple(order), first_of=keys)


def _within(mine: Reference, other: Reference, as_of: AsOf) -> Expression:
    assert as_of.tolerance is not None
    count, unit = as_of.tolerance
    earlier, later = (mine, other) if as_of.forward else (other, mine)
    reach = (Constant(unit, STRING), Constant(count, INT64), earlier)
    limit = call("later", reach, DATETIME, earlier.nullable)
    return call(">=", (limit, later), BOOLEAN, nullable=True)


def _if_near(field: Field, near: Expression, scope: _Scope) -> Field:
    """A right column, NULL where the row that it comes from is too far away."""
    if scope.columns[field.name][0] == "left":
        return field
    type_ = field.expression.type
    chosen = call("IF", (near, field.expression, Constant(None, type_)), type_, nullable=True)
    return replace(field, expression=chosen)


class _Scope:
    """The columns of both sides under the names that they come out by."""

    def __init__(self, left: Relation, right: Relation, names: Sequence[str]) -> None:
        self._left, self._right = left, right
        self._fields = [*left.fields, *right.fields]
        self._names = names
        sides: list[Side] = ["left" for _ in left.fields]
        sides += ["right" for _ in right.fields]
        self.columns: dict[str, tuple[Side, str]] = {
            name: (side, field.name) for name, side, field in zip(names, sides, self._fields, strict=True)
        }
        self._of_right = dict(
            zip([field.name for field in right.fields], names[len(left.fields) :], strict=True)
        )

    def left(self, name: str) -> Reference:
        """A column of the left side."""
        column = self._left.field(name).column
        return Reference(name, column.type, column.nullable)

    def right(self, name: str) -> Reference:
        """A column of the right side."""
        column = self._right.field(name).column
        return Reference(self._of_right[name], column.type, column.nullable)

    def equal(self, left: str, right: str) -> Expression:
        """A pair of keys."""
        a, b = self.left(left), self.right(right)
        return call("same", (a, b), BOOLEAN, a.nullable or b.nullable)

    def read(self, kind: JoinKind, on: tuple[Expression, ...], pairs: Pairs, *, nearest: bool) -> Relation:
        """All columns of the joined rows."""
        missing, node = _MISSING[kind], self._left.node
        keys = tuple([(a, self._of_right[b]) for a, b in pairs])
        source = Joined(self._left, self._right, kind, self.columns, on, keys, nearest)
        fields = Projection(
            Field(
                name,
                Reference(
                    name,
                    field.expression.type,
                    field.expression.nullable or self.columns[name][0] in missing,
                ),
                field.origins,
            )
            for name, field in zip(self._names, self._fields, strict=True)
        )
        return Relation(source, fields, node, node, barrier=Barrier.JOIN_INPUT)


def united(inputs: Sequence[Relation], schema: Schema, *, distinct: bool) -> Relation:
    """The rows of all inputs as rows of ``schema``: columns by name, NULL where an input has none."""
    node = inputs[0].node
    mixed = frozenset(column.name for column in schema if _mixes_signs(column, inputs))
    arms = tuple([_aligned(each, schema, mixed, distinct=distinct) for each in inputs])
    source = United(arms, distinct)
    fields = Projection(
        Field(
            column.name,
            Reference(column.name, column.type, column.nullable),
            frozenset().union(*[arm.field(column.name).origins for arm in arms]),
        )
        for column in schema
    )
    return Relation(source, fields, node, node, barrier=Barrier.UNION_ARM)


def _mixes_signs(column: Column, inputs: Sequence[Relation]) -> bool:
    """Whether whole numbers may be kept as signed in one input and as unsigned in another."""
    if column.type != INT64:
        return False
    signs = {
        sign_of(each.source, field.expression)
        for each in inputs
        if (field := each.fields.by_name.get(column.name)) is not None
    }
    return len(signs) > 1 or None in signs


def _aligned(relation: Relation, schema: Schema, mixed: frozenset[str], *, distinct: bool) -> Relation:
    """The relation with exactly these columns; those of ``mixed`` are converted even to their own type."""
    if relation.window is not None:
        relation = relation.closed(Barrier.UNION_ARM)
    known = relation.fields.by_name
    fields: list[Field] = []
    for column in schema:
        field = known.get(column.name)
        if field is None:
            fields.append(Field(column.name, Constant(None, column.type), node=relation.node))
        elif distinct and field.expression.type == FLOAT64:
            fields.append(replace(field, expression=one_zero(field.expression)))
        elif field.expression.type == column.type and (
            column.name not in mixed or sign_of(relation.source, field.expression) == SIGNED
        ):
            fields.append(field)
        else:
            value = field.expression
            fields.append(replace(field, expression=call("promote", (value,), column.type, value.nullable)))
    return replace(relation, fields=Projection(fields), order=(), trade_order=())
