"""Repeated sub-expressions of one ClickHouse SELECT: each is written once, and used by its name.

    WITH toDecimal128(price, 6) * quantity AS notional
    SELECT symbol, sum(notional) AS total FROM trades WHERE notional > 1000 GROUP BY symbol

An output column is its own name: ``SELECT toStartOfHour(event_time) AS hour … GROUP BY hour``. A name
stands for its expression, so that nothing is evaluated elsewhere or otherwise than if it were written
out; but ClickHouse does write it out when it analyses, which is why ``relation`` still bounds sizes.

Two expressions repeat one another where they are built alike, in one formula or in several.

What nests deep is cut into steps that have names, too: ``x1 * 1.01 AS x2`` instead of brackets in brackets.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import field

from flowforge.compiler.names import free
from flowforge.formula.tree import CAST, Call, Expression, Reference, levels
from flowforge.records import dataclass
from flowforge.relation import Field

LEAST_SIZE = 3
LEAST_UNNAMED_SIZE = 5
"""Nodes from which an expression is worth a name: of a user's column, or one made up for it."""

DEEP, DEEP_UNNAMED = 6, 12
"""Levels of brackets from which an expression gets a name though it is used once: of a user's column, or made up."""
_FLAT = frozenset({"+", "-", "AND", "OR"})
"""Chains of these are written without brackets."""

_ARITHMETIC = {"+": "total", "-": "difference", "*": "product", "/": "quotient", "%": "remainder"}
"""What is called so where nobody named it. On decimals it is worth a name at once: it is written with casts."""

_IN_PLACE = frozenset({"FILTER", "ASC", "DESC", "ROWS"})
"""Calls whose own shape the writer of their parent relies on."""
_HOLDING = _IN_PLACE | {"OVER"}
"""Calls whose first operand must stand where it is: the function that an OVER follows, for one."""


@dataclass(frozen=True, slots=True)
class Bindings:
    """``scalars`` are defined by WITH, each after those it uses; ``outputs`` by the SELECT list.

    ``alike``: by its identity, the one that stands for all calls built like it.
    """

    scalars: Mapping[str, Call] = field(default_factory=dict)
    outputs: Mapping[str, Call] = field(default_factory=dict)
    alike: Mapping[int, Call] = field(default_factory=dict)

    def names(self) -> dict[int, str]:
        """The name of each bound expression and of those built like it, by their identity."""
        named = {id(call): name for bound in (self.scalars, self.outputs) for name, call in bound.items()}
        return {each: named[id(one)] for each, one in self.alike.items() if id(one) in named}


def bindings(
    roots: Sequence[Expression],
    fields: Sequence[Field],
    *,
    scope: Collection[str],
    taken: Collection[str],
    with_: bool,
) -> Bindings:
    """What to bind in a SELECT of these fields that uses the expressions ``roots`` (fields included).

    ``scope`` are the columns of its FROM: no name may hide one. ``taken`` are names that WITH must not
    give. Without ``with_`` only output columns serve as names.
    """
    found = _surveyed(roots)
    alike, uses, order, fixed = found.alike, found.uses, found.order, found.fixed
    whole = {id(alike.get(id(each))) for each in roots}
    deep = _deep(order, alike, whole | fixed) if with_ and _nests_deep(roots) else frozenset()
    own = {
        id(alike.get(id(each.expression))): each.name for each in reversed(fields) if each.name not in scope
    }
    outputs: dict[str, Call] = {}
    scalars: list[tuple[str, Call]] = []
    used = {*scope, *taken}
    inside: set[int] = set()
    """What a scalar is made of: it cannot wait for the SELECT list."""
    for call in reversed(order):  # each before its operands
        name = own.get(id(call))
        often = uses[id(call)] > 1 or id(call) in deep
        bound = often and call.function not in _IN_PLACE and id(call) not in fixed
        if bound and name is not None and name not in outputs and id(call) not in inside:
            outputs[name] = call
            continue
        if bound and with_ and _worth_a_name(call) and not call.aggregate:
            if name is None or name in outputs:
                name = free(_suggested(call, fields, alike), used | {each.name for each in fields})
            used.add(name)
            scalars.append((name, call))
        elif id(call) not in inside:
            continue
        inside.update(id(alike.get(id(each))) for each in call.arguments)
    return Bindings(dict(reversed(scalars)), outputs, alike)


def _worth_a_name(call: Call) -> bool:
    named = call.label is not None or (call.function in _ARITHMETIC and call.type.kind == "decimal")
    return call.size >= (LEAST_SIZE if named else LEAST_UNNAMED_SIZE)


def _suggested(call: Call, fields: Sequence[Field], alike: Mapping[int, Call]) -> str:
    output = next((each.name for each in fields if alike.get(id(each.expression)) is call), None)
    if output is None and call.label is None and call.function == "OVER":
        return _function_and_column(call)
    if output is None and call.label is None:
        return "condition" if call.type.kind == "boolean" else _ARITHMETIC.get(call.function, "value")
    return output or call.label.column  # type: ignore[union-attr]


def _function_and_column(over: Call) -> str:
    """``lag_price``, as a window node calls its column."""
    function = over.arguments[0]
    assert isinstance(function, Call)
    read = [each.name for each in function.arguments if isinstance(each, Reference)]
    return "_".join([function.function.lower(), *read[:1]])


@dataclass(frozen=True, slots=True)
class _Survey:
    """The calls below some roots. ``alike``: for each, by its identity, the first that is built like it, which
    stands for all of them; ``order``: those, each after its operands; ``uses``: how often each is used;
    ``fixed``: the aggregates that must stand where they are; both by identity.
    """

    alike: dict[int, Call]
    uses: dict[int, int]
    order: list[Call]
    fixed: set[int]


def _surveyed(roots: Sequence[Expression]) -> _Survey:
    alike: dict[int, Call] = {}
    uses: dict[int, int] = {}
    order: list[Call] = []
    fixed: set[int] = set()
    first: dict[tuple[object, ...], Call] = {}
    for root in roots:
        stack: list[tuple[Expression, bool]] = [(root, False)]
        while stack:
            node, done = stack.pop()
            if type(node) is not Call or id(node) in alike:
                continue
            if not done:
                stack.append((node, True))
                stack += [(each, False) for each in node.arguments]
                continue
            operands = [_operand(each, alike) for each in node.arguments]
            one = first.setdefault((node.function, node.type, node.nullable, *operands), node)
            alike[id(node)] = one
            if one is not node:
                continue
            order.append(node)
            uses[id(node)] = 0
            for each in node.arguments:  # what is written once uses its operands once
                if type(each) is Call:
                    uses[id(alike[id(each)])] += 1
            if node.function in _HOLDING:
                fixed.add(id(alike.get(id(node.arguments[0]))))
        if type(root) is Call:
            uses[id(alike[id(root)])] += 1
    return _Survey(alike, uses, order, fixed)


def _operand(each: Expression, alike: Mapping[int, Call]) -> object:
    """What two operands have in common that are the same: a value says its type, 1 is not 1.0."""
    if isinstance(each, Call):
        return id(alike[id(each)])
    return each if isinstance(each, Reference) else (type(each.value), repr(each.value), each.type)


def _nests_deep(roots: Sequence[Expression]) -> bool:
    """Whether anything may have to be cut: ``levels`` counts no fewer than ``_brackets`` does."""
    return any(levels(each) >= DEEP for each in roots)


def _deep(order: Sequence[Call], alike: Mapping[int, Call], whole: Collection[int]) -> frozenset[int]:
    """Where to cut what nests deep, by identity: calls but those of ``whole``, each after its operands."""
    levels: dict[int, int] = {}
    found = set()
    for each in order:
        below = (levels.get(id(alike.get(id(argument))), 0) for argument in each.arguments)
        nested = max(below, default=0) + _brackets(each)
        if nested >= (DEEP_UNNAMED if each.label is None else DEEP) and not (
            each.aggregate or id(each) in whole
        ):
            found.add(id(each))
            nested = 0
        levels[id(each)] = nested
    return frozenset(found)


def _brackets(call: Call) -> int:
    if call.function in _FLAT:
        return 0
    return 2 if call.function in CAST and call.type.kind == "decimal" else 1
