"""Typed expressions: what a formula, a filter or an aggregate means, before any SQL dialect.

Immutable and shared freely: inlining a formula into another reuses its nodes, so that building is
linear; ``size`` counts the nodes that writing the expression out would take, and bounds inlining.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field
from datetime import date, datetime
from decimal import Decimal

from flowforge.formula import bounds
from flowforge.formula.rules import MAX_SCALE
from flowforge.records import dataclass
from flowforge.types import ColumnType

Scalar = str | int | float | Decimal | bool | date | datetime | None


@dataclass(frozen=True, slots=True)
class Reference:
    """A column of the scope that the expression is evaluated in."""

    name: str
    type: ColumnType
    nullable: bool

    @property
    def size(self) -> int:
        """One node."""
        return 1


@dataclass(frozen=True, slots=True)
class Constant:
    """A value; ``None`` is a typed NULL."""

    value: Scalar
    type: ColumnType

    @property
    def nullable(self) -> bool:
        """Only NULL is."""
        return self.value is None

    @property
    def size(self) -> int:
        """One node."""
        return 1


@dataclass(frozen=True, slots=True)
class Label:
    """The column that a node made of an expression: its name wherever the expression is written once."""

    column: str
    node: str


@dataclass(frozen=True, slots=True)
class Call:
    """An operator, a function or an aggregate applied to arguments. ``function`` is its table name."""

    function: str
    arguments: tuple[Expression, ...]
    type: ColumnType
    nullable: bool
    size: int
    aggregate: bool = False
    """Whether an aggregate stands here or below: such a value exists only after GROUP BY."""
    window: bool = False
    """Whether an OVER stands here or below: such a value exists only after WHERE, GROUP BY and HAVING."""
    label: Label | None = field(default=None, compare=False)
    reads: frozenset[str] = frozenset()
    """The columns of all references below."""
    whole: int = 0
    """An upper bound on the digits before the point, of a number."""
    levels: int = 1
    """About how deep it nests as stores read it: decimal products and quotients come with casts and rounding."""


Expression = Reference | Constant | Call
_NOTHING: frozenset[str] = frozenset()
INT64_DIGITS = 19
_COPIES = {
    **dict.fromkeys(("ROUND", "SQRT", "LN", "LOG10"), 2),
    **dict.fromkeys(("EXP", "TO_NUMBER", "TO_DATE"), 3),
    **dict.fromkeys(("LEFT", "RIGHT"), 4),
    "POWER": 6,
}
"""How often an operand is written of functions that stores only have with conditions on it. Twice it is for
numbers of more than 38 digits as well, to ask whether the result fits.
"""
_FLOAT_COPIES = dict.fromkeys(("=", "<>", "<", "<=", ">", ">=", "BETWEEN", "NULLIF", "%"), 2) | {"IN": 3}
"""The same where an operand is a float64, which may be NaN."""

CAST = frozenset({"*", "/"})
"""Operators that decimals are brought to one type for, and whose result is rounded."""
_CAST_LEVELS = 3


def call(
    function: str,
    arguments: tuple[Expression, ...],
    type_: ColumnType,
    nullable: bool,
    aggregate: bool = False,
) -> Call:
    """A call with what follows from its arguments: size, marks (``aggregate``, ``window``) and columns read."""
    size, depth = 1, 0
    copies = 2 if type_.precision > 38 else 1
    if function in _COPIES:
        copies = _COPIES[function]
    elif function in _FLOAT_COPIES and any(each.type.kind == "float64" for each in arguments):
        copies = _FLOAT_COPIES[function]
    window = function == "OVER"
    reads = _NOTHING
    for argument in arguments:
        kind = type(argument)
        if kind is Call:
            size += copies * argument.size
            depth = max(depth, argument.levels)  # type: ignore[union-attr]
            aggregate = aggregate or argument.aggregate  # type: ignore[union-attr]
            window = window or argument.window  # type: ignore[union-attr]
        else:
            size += 1
        if kind is not Constant:
            below = references(argument)
            if not below <= reads:
                reads = reads | below if reads else below
    decimal = type_.kind == "decimal"
    whole = _whole_digits(function, arguments, type_) if decimal else _declared(type_)
    depth += 1 + (_CAST_LEVELS if decimal and function in CAST else 0)
    return Call(function, arguments, type_, nullable, size, aggregate, window, None, reads, whole, depth)


def whole_digits(expression: Expression) -> int:
    """An upper bound on the digits before the point."""
    if type(expression) is Call:
        return expression.whole
    if isinstance(expression, Constant) and expression.value is None:
        return 0
    if isinstance(expression, Constant) and isinstance(expression.value, int | Decimal):
        return len(str(abs(int(expression.value))))
    return _declared(expression.type)


def _whole_digits(function: str, arguments: tuple[Expression, ...], type_: ColumnType) -> int:
    most = type_.precision - type_.scale
    wholes = [whole_digits(each) for each in arguments]
    if function == "*":
        found: int | None = bounds.product(wholes, [each.type.scale for each in arguments])
    elif function == "/":
        found = quotient_digits(*arguments)
    else:
        found = bounds.bounded(function, wholes)
    return most if found is None else min(most, found)


def quotient_digits(dividend: Expression, divisor: Expression) -> int:
    """An upper bound on the digits before the point of a quotient that is rounded to 12 after it."""
    mean_of = _averaged(dividend, divisor)
    if mean_of is not None:
        return whole_digits(mean_of) + (dividend.type.scale > MAX_SCALE)
    power = -divisor.type.scale
    if isinstance(divisor, Constant) and isinstance(divisor.value, int | Decimal) and divisor.value:
        power = Decimal(divisor.value).adjusted()
    return bounds.quotient(whole_digits(dividend), dividend.type.scale, power)


def _averaged(dividend: Expression, divisor: Expression) -> Expression | None:
    """Of what the quotient is the mean, which is no larger than the largest: a sum by the count of its values."""
    if type(dividend) is not Call or type(divisor) is not Call:
        return None
    names = dividend.function, divisor.function
    if names == ("sum", "count"):
        (value,) = dividend.arguments
        return value if len(divisor.arguments) == 1 and _same(divisor.arguments[0], value) else None
    if names not in (("OVER", "OVER"), ("FILTER", "FILTER")):
        return None
    (total, *others), (count, *alike) = dividend.arguments, divisor.arguments
    return _averaged(total, count) if len(others) == len(alike) and all(map(_same, others, alike)) else None


def _declared(type_: ColumnType) -> int:
    return INT64_DIGITS if type_.kind == "int64" else type_.precision - type_.scale


def labelled(expression: Expression, column: str, node: str) -> Expression:
    """A copy that carries the name of the column which the node makes of it; a bare column has its own."""
    if type(expression) is not Call:
        return expression
    it, label = expression, Label(column, node)
    return Call(
        it.function,
        it.arguments,
        it.type,
        it.nullable,
        it.size,
        it.aggregate,
        it.window,
        label,
        it.reads,
        it.whole,
        it.levels,
    )


def contains_aggregate(expression: Expression) -> bool:
    """Whether the value only exists after GROUP BY."""
    return type(expression) is Call and expression.aggregate


def contains_window(expression: Expression) -> bool:
    """Whether the value looks at other rows, and so only exists once WHERE has chosen them."""
    return type(expression) is Call and expression.window


def references(expression: Expression) -> frozenset[str]:
    """The names of all columns that the expression reads."""
    if type(expression) is Call:
        return expression.reads
    return frozenset((expression.name,)) if type(expression) is Reference else _NOTHING


def levels(expression: Expression) -> int:
    """About how deep the expression nests as stores read it."""
    return expression.levels if type(expression) is Call else 0


def terms(condition: Expression) -> tuple[Expression, ...]:
    """The conditions that must all hold for this one to hold."""
    return condition.arguments if type(condition) is Call and condition.function == "AND" else (condition,)


def substitute(expression: Expression, resolve: Callable[[Reference], Expression]) -> Expression:
    """The expression with every column replaced; shared parts are rewritten once, unchanged ones stay."""
    done: dict[int, Expression] = {}

    def visit(node: Expression) -> Expression:
        if isinstance(node, Constant):
            return node
        if isinstance(node, Reference):
            return resolve(node)
        known = done.get(id(node))
        if known is None:
            arguments = tuple([visit(argument) for argument in node.arguments])
            known = node
            if not all(map(_same, arguments, node.arguments)):
                known = call(node.function, arguments, node.type, node.nullable, is_aggregate(node))
            done[id(node)] = known
        return known

    return visit(expression)


def _same(new: Expression, old: Expression) -> bool:
    return new is old or (type(new) is Reference and new == old)


def is_aggregate(node: Call) -> bool:
    """Whether the call is itself marked: an aggregate, or above one."""
    return node.aggregate
